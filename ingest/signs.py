"""A credit note's amounts as EN 16931 has them: positive, the type carries the sign."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.extraction import FieldValue, LineItem, TaxLine
from ingest.fields.amounts import NAMES


def unsigned(values: dict[str, FieldValue]) -> dict[str, FieldValue]:
    """A credit note's totals as EN 16931 has them: positive, the type carries the sign."""
    gross = values.get("gross_total") or values.get("amount_due") or values.get("net_total")
    if gross is None or not gross.value.startswith("-"):
        return values
    return {name: _turned(value) if name in NAMES else value for name, value in values.items()}


def unsigned_lines(items: tuple[LineItem, ...]) -> tuple[LineItem, ...]:
    """A credit note's lines, positive where they are printed negative, all of them or their sum."""
    totals = [item.line_total.number or Decimal(0) for item in items if item.line_total is not None]
    if not totals or sum(totals) >= 0:
        return items
    return tuple(replace(item, **{name: _turned(dict(item.cells())[name]) for name in _signed(item)}) for item in items)


def _signed(item: LineItem) -> set[str]:
    """The cells of a line whose signs turn: its total, and that of its quantity and price which makes it so."""
    if item.line_total is None:
        return set()
    one, other = (cell is not None and cell.value.startswith("-") for cell in (item.quantity, item.unit_price))
    return {"line_total"} | ({"quantity"} if one else {"unit_price"} if other else set())


def unsigned_rows(rows: tuple[TaxLine, ...]) -> tuple[TaxLine, ...]:
    """A credit note's taxes, positive where they are printed negative."""
    taxes = [row.tax.number or Decimal(0) for row in rows if row.tax is not None]
    if not taxes or sum(taxes) >= 0:
        return rows
    return tuple(
        replace(row, **{name: _turned(value) for name, value in row.cells() if name != "rate"}) for row in rows
    )


def _turned(value: FieldValue) -> FieldValue:
    return replace(value, value=value.value[1:] if value.value.startswith("-") else "-" + value.value)
