"""Tax by rate where no row of the sums tells it: what the lines' own rates make of the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ingest.document import Source
from ingest.extraction import FieldValue, LineItem, TaxLine
from ingest.fields.amounts import Total
from ingest.numbers import plain

CENT = Decimal("0.01")
_SURE = 0.92
_Parts = dict[Decimal, list[Decimal]]


def with_shares(
    rows: tuple[TaxLine, ...], items: Sequence[LineItem], chosen: dict[str, Total], lines_sum: Decimal | None
) -> tuple[TaxLine, ...]:
    """The tax by rate, completed with what the lines of each rate make; all of it where no row tells a rate.

    Args:
        rows: tax by rate as printed.
        items: the lines, each with the rate that it is taxed at.
        chosen: the totals.
        lines_sum: what the lines make together.
    """
    if rows and all(row.taxable is not None for row in rows):
        return rows
    shares = _shares(items, chosen, lines_sum)
    if not rows:
        return shares
    known = {_key(share): share.taxable for share in shares}
    return tuple(row if row.taxable else replace(row, taxable=known.get(_key(row))) for row in rows)


def _key(row: TaxLine) -> tuple[Decimal | None, Decimal | None]:
    return row.rate.number if row.rate else None, row.tax.number if row.tax else None


def _shares(items: Sequence[LineItem], chosen: dict[str, Total], lines_sum: Decimal | None) -> tuple[TaxLine, ...]:
    """A row of each rate of the lines, where their taxes make the tax that is printed."""
    tax, net = chosen.get("tax_total"), _net(chosen, lines_sum)
    parts = _by_rate(items)
    if tax is None or net is None or not tax.value or not parts:
        return ()
    if len(parts) == 1:
        rate = next(iter(parts))
        levied = abs(net * rate / 100 - tax.value) <= 2 * CENT
        return (_row(items, rate, net, tax.value),) if levied else ()
    if sum((value for values in parts.values() for value in values), Decimal(0)) != net:
        return ()
    whole = {rate: _rounded(sum(values), rate) for rate, values in parts.items()}
    each = {rate: sum((_rounded(value, rate) for value in values), Decimal(0)) for rate, values in parts.items()}
    for taxes in (whole, each):
        if sum(taxes.values(), Decimal(0)) == tax.value:
            return tuple(_row(items, rate, sum(values, Decimal(0)), taxes[rate]) for rate, values in parts.items())
    return ()


def _net(chosen: dict[str, Total], lines_sum: Decimal | None) -> Decimal | None:
    """The net total; where none is printed, what the lines make, if the tax makes it the total."""
    net, tax, gross = (chosen.get(name) for name in ("net_total", "tax_total", "gross_total"))
    if net is not None or tax is None or gross is None or lines_sum is None:
        return net.value if net is not None else None
    return lines_sum if lines_sum + tax.value == gross.value else None


def _by_rate(items: Sequence[LineItem]) -> _Parts:
    """The lines' totals by their rate; nothing where a line lacks either."""
    parts: _Parts = {}
    for item in items:
        rate = item.tax_rate.number if item.tax_rate is not None else None
        total = item.line_total.number if item.line_total is not None else None
        if rate is None or total is None:
            return {}
        parts.setdefault(rate.normalize(), []).append(total)
    return parts


def _rounded(value: Decimal | int, rate: Decimal) -> Decimal:
    return (Decimal(value) * rate / 100).quantize(CENT, ROUND_HALF_UP)


def _row(items: Sequence[LineItem], rate: Decimal, taxable: Decimal, tax: Decimal) -> TaxLine:
    said = next(item.tax_rate for item in items if item.tax_rate is not None and item.tax_rate.number == rate)
    printed = replace(said, value=plain(rate), confidence=min(_SURE, said.confidence or 0.0), rivals=())
    return TaxLine(printed, _derived(taxable), _derived(tax))


def _derived(value: Decimal) -> FieldValue:
    return FieldValue(plain(value), None, _SURE, source=Source.DERIVED)
