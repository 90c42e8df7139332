"""Identifiers that OCR misread, put right where their form and check digits leave one reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from stdnum import numdb
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.in_ import gstin

from ingest.normalise import compact, iban

_DIGITS = str.maketrans("ODQILZSGBT", "0001125687")
_LETTERS = str.maketrans("0125678", "OIZSGTB")
_PAIRS = {"0": "O", "O": "0", "1": "I", "I": "1", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "Z": "2", "6": "G"}
_BBAN = re.compile(r"(\d+)!([anc])")
_VAT = (
    *("ATU" + "n" * 8, "BE" + "n" * 10, "DE" + "n" * 9, "DK" + "n" * 8, "EE" + "n" * 9, "EScnnnnnnnc", "FI" + "n" * 8),
    *("FRcc" + "n" * 9, "GB" + "n" * 9, "IT" + "n" * 11, "LU" + "n" * 8, "NLnnnnnnnnnBnn", "PL" + "n" * 10),
    *(
        "PT" + "n" * 9,
        "SE" + "n" * 12,
        "SI" + "n" * 8,
        "SK" + "n" * 10,
        "CZ" + "n" * 8,
        "HU" + "n" * 8,
        "HR" + "n" * 11,
    ),
    *("IE" + "n" * 7 + "a", "IE" + "n" * 7 + "aa", "IEnannnnna"),
)
"""Forms of VAT numbers: `n` a digit, `a` a letter, `c` either, everything else itself."""
_GSTIN = "nnaaaaannnnaccc"

_LOOK_ALIKE = re.compile(
    r"(?<![^\W\d_])[OQISZGl](?=\d)|(?<=\d)[OQISZGl](?![^\W\d_])|(?<![^\W_])[A-Z][05](?=\d)|0O|O0", re.ASCII
)
"""A letter by itself beside digits that is printed like one; a letter with a digit behind it that is like a letter."""


def may_be_misread(number: str) -> bool:
    """Whether a number that only OCR vouches for has signs that are letters or digits alike: "P0O-90208", "40S16"."""
    return bool(_LOOK_ALIKE.search(number))


def iban_of(text: str) -> str | None:
    """The valid IBAN that a misread one is, by its country's form; None where none or more than one fits."""
    printed = compact(text)
    country = printed[:2].translate(_LETTERS)
    (found, facts), *_ = numdb.get("iban").info(country + "00")
    if found != country or "bban" not in facts:
        return None
    form = country + "nn" + "".join(kind * int(count) for count, kind in _BBAN.findall(facts["bban"]))
    valid = {value for read in _of_form(printed, form) if (value := iban(read))}
    return valid.pop() if len(valid) == 1 else None


def vat_id_of(text: str) -> str | None:
    """The VAT or GST number with right check digits that a misread one is; None where none or more than one fits."""
    printed = compact(text)
    valid = {
        read for form in _VAT for read in _of_form(printed, form) if eu_vat.is_valid(read) or gb_vat.is_valid(read)
    }
    valid |= {read for read in _of_form(printed, _GSTIN) if gstin.is_valid(read)}
    return valid.pop() if len(valid) == 1 else None


def with_country(text: str) -> str:
    """A VAT number, its country's letters put right where they were read as digits: "G8012345678"."""
    printed = compact(text)
    country = printed[:2].translate(_LETTERS)
    for form in _VAT if country != printed[:2] else ():
        read = country + printed[2:]
        if form.startswith(country) and read in _of_form(read, form):
            return read
    return text


def _of_form(printed: str, form: str) -> Iterator[str]:
    """What a number of this form may be that was read so; signs that may be letter or digit stand for both."""
    if len(printed) != len(form):
        return
    choices: list[str] = []
    for sign, kind in zip(printed, form, strict=True):
        if kind == "n":
            sign = sign.translate(_DIGITS)
            if not sign.isdigit():
                return
            choices.append(sign)
        elif kind == "a":
            sign = sign.translate(_LETTERS)
            if not sign.isalpha():
                return
            choices.append(sign)
        elif kind == "c":
            choices.append(sign + _PAIRS.get(sign, ""))
        elif kind in (sign, sign.translate(_LETTERS)):
            choices.append(kind)
        else:
            return
    yield from ("".join(signs) for signs in product(*choices))
