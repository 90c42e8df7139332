"""VAT and register numbers as they are printed: by country they end where their form ends, not where the line does."""

from __future__ import annotations

import re

from stdnum.ch import vat as ch_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.no import mva as no_vat

from ingest.normalise import compact

_FORMS = {
    "AT": r"ATU\d{8}",
    "BE": r"BE[01]?\d{9}",
    "BG": r"BG\d{9,10}",
    "CH": r"CHE\d{9}(?:MWST|TVA|IVA|TPV)?",
    "CY": r"CY\d{8}[A-Z]",
    "CZ": r"CZ\d{8,10}",
    "DE": r"DE\d{9}",
    "DK": r"DK\d{8}",
    "EE": r"EE\d{9}",
    "EL": r"EL\d{9}",
    "ES": r"ES[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"FI\d{8}",
    "FR": r"FR[A-Z0-9]{2}\d{9}",
    "GB": r"GB(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "HR": r"HR\d{11}",
    "HU": r"HU\d{8}",
    "IE": r"IE\d[A-Z0-9]\d{5}[A-Z]{1,2}",
    "IT": r"IT\d{11}",
    "LT": r"LT(?:\d{9}|\d{12})",
    "LU": r"LU\d{8}",
    "LV": r"LV\d{11}",
    "MT": r"MT\d{8}",
    "NL": r"NL\d{9}B\d{2}",
    "NO": r"NO\d{9}(?:MVA)?",
    "PL": r"PL\d{10}",
    "PT": r"PT\d{9}",
    "RO": r"RO\d{2,10}",
    "SE": r"SE\d{12}",
    "SI": r"SI\d{8}",
    "SK": r"SK\d{10}",
}
_WHOLE = {country: re.compile(form) for country, form in _FORMS.items()}
_START = re.compile(rf"\b(?:{'|'.join(_FORMS)})(?=[A-Z]?[ .\-]?[A-Z0-9])")
_NUMBER = re.compile(r"[A-Z]{0,4}[- ]?\d[\dA-Z./\-]*(?: +(?=[\dA-Z./\-]*\d)[\dA-Z./\-]+)*(?: (?:MWST|TVA|IVA|MVA)\b)?")
_REGISTER = re.compile(r"(?:\b[A-Z]{1,4}[ .:]{0,2})?\d[\d./\-]*(?: \d[\d./\-]*)*(?:[A-Z]\b)?")
LONGEST = 17
"""Letters and digits of a VAT number, at most."""


def is_valid_vat(value: str) -> bool:
    """Whether a VAT number's form and check digits are right, for the EU and its neighbours."""
    others = (("CHE", ch_vat), ("GB", gb_vat), ("NO", no_vat))
    neighbour = any(value.startswith(country) and rules.is_valid(value) for country, rules in others)
    # a Swiss number is often printed without the tax's name behind it
    return neighbour or bool(eu_vat.is_valid(value)) or (value[:3] == "CHE" and bool(ch_vat.is_valid(value + "MWST")))


def vat_ids_in(text: str) -> list[tuple[str, str]]:
    """VAT numbers of known form in a text, as value and print, from left to right."""
    found: list[tuple[str, str]] = []
    upper = text.upper()
    end = 0
    for match in _START.finditer(upper):
        if match.start() < end:
            continue
        printed = _longest(upper, match.start(), match[0])
        if printed:
            end = match.start() + len(printed)
            found.append((compact(printed), text[match.start() : end]))
    return found


def _longest(text: str, start: int, country: str) -> str | None:
    """The longest part from `start` to the end of a word that has its country's form; right check digits go first."""
    ends = [m.end() + start for m in re.finditer(r"[A-Z0-9](?![A-Z0-9])", text[start : start + 2 * LONGEST])]
    fitting = [end for end in ends if _WHOLE[country].fullmatch(compact(text[start:end]))]
    fitting.sort(key=lambda end: (is_valid_vat(compact(text[start:end])), end), reverse=True)
    return text[start : fitting[0]] if fitting else None


def vat_id_beside(text: str) -> tuple[str, str] | None:
    """The VAT number that stands behind its label: of a known form, else words of digits up to the next plain word."""
    known = vat_ids_in(text)
    if known:
        return known[0]
    match = _NUMBER.match(text.strip(" :.").upper())
    value = compact(match[0]) if match else ""
    if match is None or not 7 <= len(value) <= LONGEST or sum(sign.isdigit() for sign in value) < 6:
        return None
    return value, match[0]


def registration_in(text: str) -> str | None:
    """A register's number, with the register's letters where they stand before it: "HRB 218814"."""
    match = _REGISTER.search(text)
    if match is None or sum(sign.isdigit() for sign in match[0]) < 4:
        return None
    return match[0].strip(" .-/:")
