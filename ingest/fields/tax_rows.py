"""Tax by rate: rows in which a rate, what is taxed and the tax agree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.document import Box, Source
from ingest.extraction import FieldValue, TaxLine
from ingest.fields.amounts import Total
from ingest.fields.money import Amount, amounts_of_row
from ingest.labels import field_labels, label_key
from ingest.layout import Row, Segment, Sheet
from ingest.numbers import plain

CENT = Decimal("0.01")
_HIGHEST = 30
_CLEAR = 0.95
"""Score of an amount that stands alone beside a label of its own."""


def tax_rows(sheets: Sequence[Sheet], lines: frozenset[tuple[int, int]], point: str) -> tuple[TaxLine, ...]:
    """Rows outside the lines that hold a rate, an amount and its tax; rows of one rate are added up."""
    found: dict[Decimal, dict[tuple[Decimal, Decimal], tuple[Read, Read, Read]]] = {}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) in lines:
                continue
            row_amounts = amounts_of_row(row, point)
            hit = _matching(row_amounts)
            if hit is not None:
                rate, base, tax = hit
                found.setdefault(rate[1], {}).setdefault((base[1], tax[1]), (rate, base, tax))
    return tuple(_together(list(rows.values())) for rows in found.values())


def cells_of_rates(sheets: Sequence[Sheet], lines: frozenset[tuple[int, int]], point: str) -> frozenset[Box]:
    """Where the amounts of a breakdown by rates of two and more stand: each is a part, never the total.

    One row alone may be where the document says its totals; what stands beside a breakdown is none of it.
    """
    found: set[Box] = set()
    for sheet in sheets:
        rows: list[tuple[list[Box], bool]] = []
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) not in lines and any(sign.isdigit() for sign in row.text):
                amounts = amounts_of_row(row, point)
                hit = _matching(amounts)
                if hit is not None:
                    whole = hit[1][1] + hit[2][1]
                    gross = [amount for amount in amounts if whole in amount.readings and amount.money]
                    rows.append(([amount.segment.box for amount in (hit[1][0], hit[2][0], *gross[:1])], True))
                elif _is_free(amounts):
                    rows.append(([amount.segment.box for amount in amounts if amount.money], False))
        least = 1.5 * sheet.height
        for cells, hit_ in rows:
            group = [(others, full) for others, full in rows if _aligned(cells, others, least)] if hit_ else []
            for others, full in group if len(group) > 1 else ():
                # what stands beside a row of what is free is another sum
                found |= {box for box in others if full or any(abs(box.x1 - cell.x1) < least for cell in cells)}
    return frozenset(found)


def _aligned(cells: Sequence[Box], others: Sequence[Box], least: float) -> bool:
    """Whether two amounts and more of two rows end under one another: cells of the same columns."""
    return sum(any(abs(cell.x1 - other.x1) < least for other in others) for cell in cells) > 1


def _is_free(amounts: list[Amount]) -> bool:
    """Whether a row says what is free of tax: a rate of zero, an amount, and a tax of nothing."""
    rates = [amount for amount in amounts if amount.percent]
    money = [amount.readings[0] for amount in amounts if amount.money]
    return len(rates) == 1 and not rates[0].readings[0] and len(money) > 1 and Decimal(0) in money and any(money)


Read = tuple[Amount, Decimal]


def _matching(amounts: list[Amount]) -> tuple[Read, Read, Read] | None:
    """A rate, an amount and the tax on it among the numbers of one row."""
    if not 3 <= len(amounts) <= 7:
        return None
    rates = [(a, r) for a in amounts for r in a.readings if 0 < r <= 30 and (a.percent or not _cents_only(a))]
    rates.sort(key=lambda item: not item[0].percent)
    money = [(a, r) for a in amounts for r in a.readings if not a.percent and a.money]
    for rate in rates:
        for base in money:
            for tax in money:
                if rate[0] is base[0] or rate[0] is tax[0] or base[0] is tax[0] or abs(base[1]) < 1:
                    continue
                if not tax[1]:
                    continue
                if abs(base[1] * rate[1] / 100 - tax[1]) <= 2 * CENT:
                    return rate, base, tax
                if base[1] < 0 < tax[1] and abs(base[1] * rate[1] / 100 + tax[1]) <= 2 * CENT:
                    # brackets around what is taxed: "VAT 21 % (2,194.35)  460.81"
                    return rate, (base[0], -base[1]), tax
    return None


def _cents_only(amount: Amount) -> bool:
    return amount.money and amount.readings[0] != amount.readings[0].to_integral_value()


def rows_by_rate(found: Sequence[Total]) -> tuple[TaxLine, ...]:
    """Rows of taxes below the net total, each with its rate and without what it is taken of: "VAT 20 %  12.40"."""
    taxes = [total for total in found if total.name == "tax_total" and total.rate and total.score >= _CLEAR]
    rates = [total.rate for total in taxes]
    if len(rates) < 2 or len(set(rates)) < len(rates):
        return ()
    return tuple(
        TaxLine(
            _value(plain(total.rate.normalize()), total.amount.segment, 0.93),
            None,
            _value(plain(total.value), total.amount.segment, 0.93),
        )
        for total in taxes
        if total.rate
    )


def rows_with_rate(sheets: Sequence[Sheet], lines: frozenset[tuple[int, int]], point: str) -> tuple[TaxLine, ...]:
    """Rows of a tax, its rate and its amount alone ("of which VAT 21 %  37.50"), as far as printed amounts bear it out.

    The amount is the rate's of an amount without tax, or is in one with tax, or the amounts of all rates make a sum
    that is printed; a tax of nothing at a rate of zero needs no proof.
    """
    taxes: dict[Decimal, tuple[Amount, Amount, Decimal]] = {}
    printed: set[Decimal] = set()
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            if (sheet.page.number, index) in lines:
                continue
            amounts = amounts_of_row(row, point)
            rates = [amount for amount in amounts if amount.percent and 0 <= amount.readings[-1] <= _HIGHEST]
            money = [amount for amount in amounts if amount.money]
            if len(rates) == 1 and len(money) == 1 and _names_tax(row):
                taxes.setdefault(rates[0].readings[-1], (rates[0], money[0], money[0].readings[0]))
            else:
                printed |= {abs(value) for amount in money for value in amount.readings}
    if not taxes:
        return ()
    summed = len(taxes) > 1 and sum((tax for _, _, tax in taxes.values()), Decimal(0)) in printed
    found = [
        TaxLine(
            _value(plain(rate.normalize() + 0), percent.segment, 0.9),
            None,
            _value(plain(tax), amount.segment, 0.9),
        )
        for rate, (percent, amount, tax) in taxes.items()
        if summed or _borne_out(rate, abs(tax), printed)
    ]
    return tuple(found)


def _names_tax(row: Row) -> bool:
    """Whether a row names a tax of sales."""
    keys = [label_key(word.text) for word in row.words]
    return any(
        meaning.name == "tax_total" and meaning.weight == 1.0
        for key in keys
        if key
        for meaning in field_labels().get(key, ())
    )


def _borne_out(rate: Decimal, tax: Decimal, printed: set[Decimal]) -> bool:
    if not rate or not tax:
        return not rate and not tax
    return any(
        abs(value * rate / 100 - tax) <= 2 * CENT or abs(value * rate / (100 + rate) - tax) <= 2 * CENT
        for value in printed
    )


def row_from_totals(net: Total | None, tax: Total | None, certain: bool) -> TaxLine | None:
    """The one row that the totals themselves make where a rate stands beside the tax.

    Where they are `certain`, the row stands also if its tax is not the rate's: then the document is wrong.
    """
    if net is None or tax is None or tax.rate is None or not tax.value:
        return None
    if not certain and abs(net.value * tax.rate / 100 - tax.value) > 3 * CENT:
        return None
    sure = 0.93
    return TaxLine(
        _value(plain(tax.rate.normalize()), tax.amount.segment, sure),
        _value(plain(net.value), net.amount.segment, sure),
        _value(plain(tax.value), tax.amount.segment, sure),
    )


def _together(rows: list[tuple[Read, Read, Read]]) -> TaxLine:
    """Goods and freight are often taxed at one rate in rows of their own."""
    rate, base, tax = rows[0]
    sure = 0.95 if len(rows) == 1 else 0.85
    return TaxLine(
        _value(plain(rate[1].normalize()), rate[0].segment, sure),
        _value(plain(sum((row[1][1] for row in rows), Decimal(0))), base[0].segment, sure),
        _value(plain(sum((row[2][1] for row in rows), Decimal(0))), tax[0].segment, sure),
    )


def _value(value: str, segment: Segment, sure: float) -> FieldValue:
    sure *= 0.9 if segment.source is Source.OCR else 1.0
    return FieldValue(value, segment.text, round(sure, 3), segment.page, segment.box, segment.source)
