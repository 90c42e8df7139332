"""Printed or typed text to the contract's normalised values, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from stdnum import iban as iban_rules
from stdnum.exceptions import ValidationError

from ingest.dates import date_readings
from ingest.fields import FIELDS
from ingest.numbers import number_readings, plain
from ingest.units import unit_code

CURRENCY_SIGNS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "zł": "PLN",
    "kč": "CZK",
    "us$": "USD",
    "a$": "AUD",
    "c$": "CAD",
    "s$": "SGD",
    "hk$": "HKD",
    "r$": "BRL",
    "rm": "MYR",
    "rs": "INR",
    "euro": "EUR",
    "euros": "EUR",
    "fr.": "CHF",
    "sfr": "CHF",
    "nz$": "NZD",
    "mx$": "MXN",
    "₺": "TRY",
    "₪": "ILS",
    "₴": "UAH",
    "₽": "RUB",
    "฿": "THB",
    "₫": "VND",
    "₱": "PHP",
    "₩": "KRW",
    "₦": "NGN",
    "ft": "HUF",
    "lei": "RON",
    "us dollar": "USD",
    "us dollars": "USD",
}
"""Signs and names that stand for one currency. A bare `$`, `kr` or `¥` stands for several."""
CURRENCIES: frozenset[str] = frozenset(
    ("AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "GEL")
    + ("HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "KWD", "MAD", "MXN", "MYR", "NGN", "NOK")
    + ("NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD")
    + ("UAH", "USD", "UYU", "VND", "ZAR")
)
_MONTH_FIRST = frozenset({"en-US"})


def currency_code(text: str) -> str | None:
    """The ISO 4217 code that a text names; None where it names none, or a sign that several share."""
    printed = text.strip().strip("()[].,:")
    if printed.upper() in CURRENCIES:
        return printed.upper()
    return CURRENCY_SIGNS.get(printed.lower())


def compact(text: str) -> str:
    """Letters and digits in capitals: how IBANs and VAT numbers are kept."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def iban(text: str) -> str | None:
    """A valid IBAN without blanks; None where the check digits or the country's length are wrong."""
    try:
        return str(iban_rules.validate(compact(text), check_country=False))
    except ValidationError:
        return None


def iso_day(text: str, language: str | None = None) -> str | None:
    """The one date in a text; where day and month can be exchanged the day stands first, but not in American use."""
    readings: tuple[date, ...] = date_readings(text)
    if not readings:
        return None
    return readings[-1 if language in _MONTH_FIRST else 0].isoformat()


def amount(text: str, language: str | None = None) -> str | None:
    """A number as a decimal string. `1.234` is a thousand, unless the language writes decimals with a point."""
    readings = number_readings(text)
    if not readings:
        return None
    if len(readings) > 1 and ((language == "en") == ("." in text)):
        return plain(readings[1])
    return plain(readings[0])


def one_line(text: str, language: str | None = None) -> str | None:
    """Text with its blanks folded."""
    return " ".join(text.split()) or None


def address(text: str, language: str | None = None) -> str | None:
    """One line, the printed lines joined by commas."""
    parts = (" ".join(part.split()).strip(" ,;") for part in re.split(r"[\n\r]+", text))
    return ", ".join(part for part in parts if part) or None


def identifier(text: str, language: str | None = None) -> str | None:
    """A number or code as printed, without what surrounds it."""
    folded = " ".join(text.split()).strip(" :#;,")
    return folded or None


def _vat_id(text: str, language: str | None = None) -> str | None:
    value = compact(text)
    return value if sum(sign.isdigit() for sign in value) >= 5 else None


def _iban_typed(text: str, language: str | None = None) -> str | None:
    return iban(text)


def _currency_typed(text: str, language: str | None = None) -> str | None:
    return currency_code(text)


def _percent(text: str, language: str | None = None) -> str | None:
    readings = number_readings(text)
    if not readings:
        return None
    value = readings[-1]
    return plain(value) if abs(value) <= Decimal(100) else None


def _days(text: str, language: str | None = None) -> str | None:
    found = re.search(r"\d{1,3}", text)
    return str(int(found[0])) if found else None


def _unit(text: str, language: str | None = None) -> str | None:
    return unit_code(text) or one_line(text)


Normaliser = Callable[[str, str | None], str | None]

_BY_KIND: dict[str, Normaliser] = {
    "text": one_line,
    "identifier": identifier,
    "date": iso_day,
    "amount": amount,
    "number": _days,
    "percent": _percent,
    "currency": _currency_typed,
    "address": address,
}
_BY_NAME: dict[str, Normaliser] = {
    **{field.name: _BY_KIND[field.kind] for field in FIELDS},
    "seller_vat_id": _vat_id,
    "buyer_vat_id": _vat_id,
    "seller_iban": _iban_typed,
    "quantity": amount,
    "unit": _unit,
    "unit_price": amount,
    "price_base": amount,
    "line_discount": amount,
    "line_discount_percent": _percent,
    "tax_rate": _percent,
    "line_total": amount,
    "taxable": amount,
    "tax": amount,
    "rate": _percent,
    "line_number": identifier,
    "description": one_line,
    "sku": identifier,
    "buyer_sku": identifier,
    "gtin": identifier,
    "purchase_order": identifier,
    "order_line": identifier,
    "delivery_date": iso_day,
    "delivery_note": identifier,
    "note": one_line,
}


def normalise_field(name: str, text: str, language: str | None = None) -> str | None:
    """What a person typed or clicked, as the contract's value of that field or line cell; None where it can't be one.

    `language` (ISO 639-1, or `en-US`) settles what the text alone leaves open.
    """
    reader = _BY_NAME.get(name)
    return reader(text, language) if reader and text.strip() else None
