"""Amounts of a size that no invoice has are no numbers here: arithmetic on them would fail or never end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.extraction import Charge, Extraction, FieldValue, LineItem, TaxLine

LARGEST = Decimal(10) ** 15
MOST_DECIMALS = 12

AMOUNT_FIELDS = frozenset(
    {
        "lines_total",
        "shipping_total",
        "discount_total",
        "net_total",
        "tax_total",
        "gross_total",
        "prepaid",
        "rounding",
        "amount_due",
        "payment_terms_days",
    }
)
AMOUNT_CELLS = (
    "quantity",
    "unit_price",
    "price_base",
    "line_discount",
    "line_discount_percent",
    "tax_rate",
    "line_total",
)


def plausible(extraction: Extraction) -> Extraction:
    """The extraction with amounts beyond all measure turned into texts, which the checks tell as no numbers."""
    return replace(
        extraction,
        fields={name: _checked(value) if name in AMOUNT_FIELDS else value for name, value in extraction.fields.items()},
        line_items=tuple(_line(item) for item in extraction.line_items),
        tax_breakdown=tuple(_tax_line(row) for row in extraction.tax_breakdown),
        charges=tuple(_charge(item) for item in extraction.charges),
    )


def _line(item: LineItem) -> LineItem:
    cells = {name: value for name, value in item.cells() if name in AMOUNT_CELLS}
    return replace(item, **{name: _checked(value) for name, value in cells.items()}) if cells else item


def _tax_line(row: TaxLine) -> TaxLine:
    return TaxLine(*(_checked(value) if value else None for value in (row.rate, row.taxable, row.tax)))


def _charge(item: Charge) -> Charge:
    return replace(item, amount=_checked(item.amount))


def _checked(value: FieldValue) -> FieldValue:
    number = value.number
    if number is None:
        return value
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if abs(number) < LARGEST and decimals <= MOST_DECIMALS:
        return value
    if abs(number) < LARGEST and decimals <= 40:
        return replace(value, value=format(round(number, MOST_DECIMALS), "f"))
    return replace(value, value=f"'{value.value[:40]}'")
