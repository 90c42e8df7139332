"""Readings of the totals by field, and what arithmetic alone tells of them: sums of taxes, what was kept back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product

from ingest.document import Box
from ingest.fields.amounts import PAID, Total
from ingest.fields.withheld import WITHHELD

CENT = Decimal("0.01")
MOST_TAX = Decimal("0.45")
"""The tax in shares of the net amount from which it is taken for something else; VAT and GST reach 0.28."""
TOP = 7
"""Readings of a total that are tried."""
_ADVANCES = 8
"""Payments before of which all sums are tried."""
TOGETHER = "together"
"""Label of an amount that several printed ones make."""
_FAIR = 0.5
"""Score from which it may be so, where the sum proves it."""
_CLEAR = 0.6
"""Score of an amount that is likely what its label says."""
_LIKELY = 0.45
"""Score of one that may be: its label can mean other things."""
_FITS = Decimal("0.05")
"""What rounding line by line may make between a tax and its rate of an amount."""


def after_withholding(pools: dict[str, list[Total]], found: Sequence[Total]) -> dict[str, Total]:
    """Net, tax and what is due where a tax or security is kept back of their sum; the gross total if it is printed."""
    dues = merged(pools["amount_due"], pools["gross_total"], 0.9)
    for kept in (total for total in found if total.name == WITHHELD):
        for net, tax in product(pools["net_total"][:TOP], pools["tax_total"][:TOP]):
            due = next((one for one in dues if abs(net.value + tax.value - kept.value - one.value) <= CENT), None)
            if due is None or too_high(net.value, tax.value) or not 0 < kept.value < net.value:
                continue
            chosen = {"net_total": net, "tax_total": tax, "amount_due": due}
            gross = next((one for one in pools["gross_total"] if one.value == net.value + tax.value), None)
            return chosen | ({"gross_total": gross} if gross is not None else {})
    return {}


def add_paid(kept: dict[str, Total], pools: dict[str, list[Total]]) -> None:
    """Takes what was paid before for it, where its words could mean a discount and only so the sum is due."""
    gross, due = kept.get("gross_total"), kept.get("amount_due")
    if gross is None or due is None or "prepaid" in kept or due.value >= gross.value:
        return
    paid = next((one for one in pools["discount_total"] if abs(gross.value - abs(one.value) - due.value) <= CENT), None)
    if paid is not None:
        kept["prepaid"] = paid
        if kept.get("discount_total") in (None, paid):
            kept.pop("discount_total", None)


def add_advances(kept: dict[str, Total], found: Sequence[Total]) -> None:
    """Several payments before for their sum, where only together they leave of the total what is due."""
    gross, due = kept.get("gross_total"), kept.get("amount_due")
    if gross is None or due is None or not 0 <= due.value < gross.value:
        return
    places: dict[Box, Total] = {}
    for total in found:
        box = total.amount.segment.box
        if total.name == "prepaid" and total.score >= _FAIR and total.value:
            places[box] = max(total, places.get(box, total), key=lambda one: one.score)
    paid, gap = list(places.values())[:_ADVANCES], gross.value - due.value
    if any(abs(one.value) == gap for one in paid):
        return
    for count in range(len(paid), 1, -1):
        for parts in combinations(paid, count):
            if sum((abs(part.value) for part in parts), Decimal(0)) == gap:
                kept["prepaid"] = replace(parts[0], value=gap, score=0.95, label=TOGETHER)
                return


def after_allowances(kept: dict[str, Total], pools: dict[str, list[Total]], rates: Collection[Decimal]) -> None:
    """Takes a subtotal for the lines' total, where the tax is levied on what charges and allowances leave of it.

    BT-109 is what remains after them; few print it. What was paid before may be off the total as well: what is called
    the total then is what is due.
    """
    gross, net, tax = (kept.get(name) for name in ("gross_total", "net_total", "tax_total"))
    if gross is None or net is None or not any(one.value == net.value for one in pools["lines_total"]):
        return
    levied = tax.value if tax is not None else Decimal(0)
    paid = next((abs(one.value) for one in pools["prepaid"] if one.score >= _CLEAR and one.value), Decimal(0))
    for change in _changes(pools):
        left = net.value + change
        unpaid = left + levied
        if not left or too_high(left, levied) or (tax is not None and not _levied_on(left, net.value, levied, rates)):
            continue
        if unpaid - gross.value == paid > 0 and kept.get("amount_due", gross).value == gross.value:
            kept["amount_due"] = replace(gross, name="amount_due")
            gross = kept["gross_total"] = replace(gross, name="gross_total", value=unpaid, label=TOGETHER)
        if change and abs(unpaid - gross.value) <= CENT:
            kept["lines_total"] = replace(net, name="lines_total")
            kept["net_total"] = replace(net, value=left, label=TOGETHER)
            return


def _changes(pools: dict[str, list[Total]]) -> list[Decimal]:
    """What charges and allowances add to a subtotal, nothing at all first; that all of it adds up is asked later."""
    charges, allowances = (
        [abs(one.value) for one in pools[name][:1] if one.score >= _LIKELY]
        for name in ("shipping_total", "discount_total")
    )
    return [up - down for up in (Decimal(0), *charges) for down in (Decimal(0), *allowances)]


def _levied_on(left: Decimal, whole: Decimal, tax: Decimal, rates: Collection[Decimal]) -> bool:
    """Whether a tax is rather levied on what is left than on the whole: by the rates known, else by a round rate.

    Where it is one rate of neither, goods have several rates, and the charge is of what is taxed (BT-109 holds it).
    """

    def off(base: Decimal) -> Decimal:
        if rates:
            return min(abs(base * rate / 100 - tax) for rate in rates)
        return abs(base * (200 * tax / base).quantize(Decimal(1)) / 200 - tax) if base else abs(tax)

    return left == whole or off(left) < off(whole) or (bool(rates) and off(whole) > _FITS)


def with_sums(pools: dict[str, list[Total]]) -> list[Total]:
    """The taxes, and what two or three of them make together where a net and a total are just so far apart."""
    taxes = [tax for tax in pools["tax_total"] if tax.score >= _CLEAR and tax.value > 0][:TOP]
    nets, grosses = ([one for one in pools[name][:TOP] if one.score >= _CLEAR] for name in ("net_total", "gross_total"))
    gaps = {gross.value - net.value for gross in grosses for net in nets} - {tax.value for tax in pools["tax_total"]}
    sums = [
        replace(parts[0], name="tax_rows", value=total, score=0.9, rate=None)
        for count in (2, 3)
        for parts in combinations(taxes, count)
        if (total := sum((part.value for part in parts), Decimal(0))) in gaps
        and len({part.amount.segment.box for part in parts}) == count
    ]
    return sorted([*pools["tax_total"], *sums[:1]], key=lambda total: -total.score)


def with_lesser(pools: dict[str, list[Total]]) -> list[Total]:
    """The net totals, and a total that a tax leads from to a greater one: "Summe", "19 % MwSt.", "Gesamt"."""
    grosses, taxes = ({one.value: one for one in reversed(pools[name][:TOP])} for name in ("gross_total", "tax_total"))
    known = {net.value for net in pools["net_total"]}
    lesser = [
        replace(one, name="net_total", score=0.8 * one.score)
        for value, one in grosses.items()
        if value > 0 and value not in known
        if any(tax > 0 and value + tax in grosses and not too_high(value, tax) for tax in taxes)
    ]
    return sorted([*pools["net_total"], *lesser], key=lambda total: -total.score)


def merged(first: list[Total], second: list[Total], factor: float) -> list[Total]:
    """Readings of two totals together, those of the second less sure."""
    known = {total.value for total in first}
    rest = [Total(t.name, t.amount, t.value, t.score * factor, t.label, t.rate) for t in second if t.value not in known]
    return sorted([*first, *rest], key=lambda total: -total.score)


def pool_of(found: Iterable[Total], name: str) -> list[Total]:
    """Readings of one total, the best of each value."""
    best: dict[Decimal, Total] = {}
    for total in found:
        if total.name != name:
            continue
        known = best.get(total.value)
        if known is None:
            best[total.value] = total
            continue
        first, second = sorted((known, total), key=lambda one: (one.label == PAID, -one.score))
        # printed as the total, and what was paid: two witnesses
        raised = min(1.0, first.score + (0.35 if second.label == PAID and first.label != PAID else 0.0))
        best[total.value] = replace(first, score=raised)
    return sorted(best.values(), key=lambda total: -total.score)


def is_what_was_paid(gross: Total, found: Iterable[Total]) -> bool:
    """Whether a total is printed under a label of its own and cash given less change makes it too."""
    labels = {one.label for one in found if one.name in {"gross_total", "amount_due"} and one.value == gross.value}
    return PAID in labels and len(labels) > 1


def too_high(net: Decimal, tax: Decimal) -> bool:
    """Whether no country levies so much: two taxes and their sum add up as well as net, tax and gross do."""
    return abs(tax) > MOST_TAX * abs(net)
