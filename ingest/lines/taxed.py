"""Taxes among the lines: told twice, with tax in the row below, as amounts in place of rates, or by letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from ingest.layout import Sheet
from ingest.lines.arithmetic import CENT
from ingest.lines.rows import Entry, Kind

_HIGHEST = Decimal(30)
_ENOUGH = 3
"""Lines whose taxes, printed with decimals, are one share of their totals by no chance."""
_NAMES = ("unit_price", "line_total")
_LETTER = re.compile(
    r"(?<![^\W\d_])([A-Z])\s*[=:)]?\s+(\d{1,2}(?:[.,]\d{1,2})?)\s?%|\b([A-Z1-9])\s*[=:]\s*[^\d%]{0,14}(\d{1,2}(?:[.,]\d{1,2})?)\s?%"
)


def taxed_below(entries: Sequence[Entry]) -> None:
    """Takes rows for texts whose price and total are those of the line above with its tax, and that count nothing."""
    lines = [entry for entry in entries if entry.kind is Kind.LINE]
    for above, below in pairwise(lines):
        if above.agrees and _is_with_tax(above, below):
            below.kind = Kind.TEXT if below.text else Kind.OTHER
            below.numbers.clear()


def _is_with_tax(above: Entry, below: Entry) -> bool:
    if not below.numbers.keys() >= set(_NAMES) or below.numbers.keys() & {"quantity", "tax_rate"}:
        return False
    if any(below.cells.get(name) for name in ("line_number", "sku")):
        return False
    price, total = (below.numbers[name].readings[0] for name in _NAMES)
    net_price, net_total = (above.numbers[name].readings[0] for name in _NAMES)
    rate = above.numbers.get("tax_rate")
    if rate is not None:
        share = rate.readings[-1]
    elif net_total:
        share = ((total / net_total - 1) * 100).quantize(Decimal("0.1"))
    else:
        return False
    return 0 < share <= _HIGHEST and all(
        abs(net * (100 + share) / 100 - gross) <= 2 * CENT for net, gross in ((net_price, price), (net_total, total))
    )


def rates_of_amounts(entries: Sequence[Entry]) -> None:
    """Takes what stands under a tax's name for amounts, where each is the same share of its line's total.

    A column that is headed "GST" or "IVA" holds rates or amounts; only the figures say which.
    """
    wanted = {"tax_rate", "line_total"}
    lines = [entry for entry in entries if entry.kind is Kind.LINE and entry.numbers.keys() >= wanted]
    if any(entry.numbers["tax_rate"].percent for entry in lines):
        return
    pairs = {(entry.numbers["tax_rate"].readings[0], entry.numbers["line_total"].readings[0]) for entry in lines}
    share = _common_share({(tax, total) for tax, total in pairs if tax})
    # two rates may happen to be one share of their totals; what no land levies is no rate
    no_rates = any(tax > _HIGHEST or tax != tax.to_integral() for tax, _ in pairs)
    many = len(pairs) >= _ENOUGH and all(entry.numbers["tax_rate"].money for entry in lines)
    if share is None or not (no_rates or many):
        return
    for entry in lines:
        amount = entry.numbers["tax_rate"]
        entry.numbers["tax_amount"] = amount
        rate = share if amount.readings[0] else Decimal(0)
        entry.numbers["tax_rate"] = replace(amount, readings=(rate.normalize(),), others=())


def _common_share(pairs: Collection[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The rate that two amounts of tax or more are of their totals, each of its own."""
    if len({tax for tax, _ in pairs}) < 2:
        return None
    tax, total = max(pairs, key=lambda pair: abs(pair[1]))
    share = (100 * tax / total).quantize(Decimal("0.1")) if total else Decimal(0)
    fits = all(abs(total * share / 100 - tax) <= CENT for tax, total in pairs)
    return share if fits and 0 < share <= _HIGHEST else None


def tax_letters(sheets: Sequence[Sheet]) -> dict[str, Decimal]:
    """What letters in the place of a rate stand for: "A = 19 %", "B: MwSt 7 %"; none that are told twice apart."""
    found: dict[str, set[Decimal]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if "%" in row.text:
                for match in _LETTER.finditer(row.text):
                    letter, rate = match[1] or match[3], match[2] or match[4]
                    found.setdefault(letter, set()).add(Decimal(rate.replace(",", ".")))
    return {letter: next(iter(rates)) for letter, rates in found.items() if len(rates) == 1}
