"""One consistent set of totals for the whole document: what adds up wins over what is merely well placed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from ingest.extraction import FieldValue, TaxLine
from ingest.fields.amounts import NAMES, PAID, Total
from ingest.repair import repaired
from ingest.total_pools import (
    CENT,
    TOP,
    add_advances,
    add_paid,
    after_allowances,
    after_withholding,
    is_what_was_paid,
    merged,
    pool_of,
    too_high,
    with_lesser,
    with_sums,
)

TOLERANCE = Decimal("0.05")
"""What rounding may make between totals of one document (contract: default tolerance of a document)."""
COIN = Decimal("0.05")
"""The smallest coin of countries that round what is paid in cash (Switzerland, Malaysia, Canada, Belgium, Finland)."""
_BY_CASH = 0.35
"""What it is worth to a printed total that cash given less change makes it: as much as that the lines do."""
_NETS = frozenset({"net_total", "lines_total"})
PRINTED = 0.95
"""Score of an amount that stands right beside a label of its own."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The totals that were chosen and whether arithmetic confirms them."""

    chosen: dict[str, Total]
    confirmed: frozenset[str]
    """Fields that take part in an equation that holds."""
    contradicted: bool
    """Net, tax and gross are all read and do not add up."""


def consistent_totals(
    found: Sequence[Total], lines_sum: Decimal | None, rows: tuple[TaxLine, ...], *, slip: bool = False
) -> Sums:
    """The set of totals that labels, places and arithmetic together speak for.

    Args:
        found: readings of every total.
        lines_sum: sum of the line items, where they could be read.
        rows: tax by rate, rows that hold in themselves.
        slip: whether a till printed the document, which calls what is paid in cash the total.
    """
    tax_rows = _sum(row.tax for row in rows)
    if lines_sum and lines_sum > 0 and any(one.name in _NETS and one.value == -lines_sum for one in found):
        # "Subtotal - €2.562,03": a dash between label and amount is no sign
        found = [replace(one, value=abs(one.value)) for one in found]
    pools = {name: pool_of(found, name) for name in NAMES}
    _add_tax_of_rows(pools["tax_total"], found, tax_rows)
    unnamed = not pools["gross_total"] and not pools["amount_due"]
    if unnamed and pools["rounding"] and (slip or not pools["tax_total"]):
        # what is rounded is what is paid: till slips call it "net total"
        pools["gross_total"], pools["net_total"] = pools["net_total"], []
    pools["tax_total"] = with_sums(pools)
    pools["net_total"] = with_lesser(pools)
    _add_net_of_rows(pools, found, _sum(row.taxable for row in rows), tax_rows)
    grosses = merged(pools["gross_total"], pools["amount_due"], 0.8)
    best: tuple[float, Total | None, Total | None, Total | None] = (float("-inf"), None, None, None)
    extras = _extras(pools)
    kept_back = after_withholding(pools, found)
    if kept_back:
        return Sums(kept_back, frozenset(kept_back), contradicted=False)
    if slip:
        # a rate's row of a tax table adds up as well as the whole does, but nobody paid it
        grosses = [one for one in grosses if is_what_was_paid(one, found)] or grosses
    cash = [total.value for total in found if total.label == PAID]
    for gross in (*grosses[:TOP], None):
        for net in (*pools["net_total"][:TOP], None):
            for tax in (*pools["tax_total"][:TOP], None):
                score = _score(gross, net, tax, extras, lines_sum, tax_rows)
                score += _worth_of_cash(gross, cash) + _worth_of_rest(gross, pools)
                if score > best[0]:
                    best = (score, gross, net, tax)
    _, gross, net, tax = best
    if tax is None and gross is not None and net is not None:
        # a tax that is printed under its own label may be wrong, but it is not left out
        tax = next((one for one in pools["tax_total"][:1] if one.score >= PRINTED and one.value), None)
    rates = {total.rate for total in found if total.rate is not None}
    rates |= {row.rate.number for row in rows if row.rate and row.rate.number}
    in_cash = gross is not None and is_what_was_paid(gross, found)
    if (
        gross
        and net
        and tax
        and not in_cash
        and not any(abs(net.value + tax.value + one - gross.value) <= CENT for one in extras)
    ):
        fixed = repaired(net, tax, gross, rates)
        if fixed is not None:
            name, total = fixed
            gross = total if name == "gross_total" else gross
            net = total if name == "net_total" else net
            tax = total if name == "tax_total" else tax
    if slip and gross is not None:
        gross = _less_discount(_rounded(gross, grosses, pools["rounding"]), found)
        # a till's subtotal holds the tax that is told under it
        net = None if net is not None and tax is not None and tax.value and net.value == gross.value else net
    if gross is not None and gross.name == "amount_due" and _is_rest(gross, net, tax, pools):
        # without tax the net total is the whole; with it, no total is printed
        gross = net if tax is None or not tax.value else None
    left = _left_over(pools)
    if left is not None and (gross is None or gross.value == left[0].value):
        gross, net, tax = None, *left[1:]
        pools["amount_due"] = [replace(left[0], name="amount_due"), *pools["amount_due"]]
    chosen = {"gross_total": gross, "net_total": net, "tax_total": tax}
    kept = {name: total for name, total in chosen.items() if total is not None}
    _add_due(kept, pools, gross)
    for name in ("lines_total", "shipping_total", "discount_total", "prepaid", "rounding"):
        if pools[name] and pools[name][0].score >= 0.45:
            kept[name] = pools[name][0]
    after_allowances(kept, pools, rates)
    _drop_other(kept)
    add_paid(kept, pools)
    add_advances(kept, found)
    if kept.get("gross_total") is not None and kept["gross_total"].name == "amount_due":
        kept.setdefault("amount_due", kept["gross_total"])
    in_cash = gross is not None and is_what_was_paid(gross, found)
    if in_cash and slip:
        # what was given at the till is no payment before
        kept.pop("prepaid", None)
    sums = _checked(kept, extras, lines_sum, _sum(row.taxable for row in rows), tax_rows)
    return replace(sums, confirmed=sums.confirmed | {"gross_total"}) if in_cash else sums


def _worth_of_cash(gross: Total | None, cash: Sequence[Decimal]) -> float:
    """What it says for a total that cash given less change makes it too, but for the rounding to the smallest coin."""
    told = gross is not None and gross.label != PAID and any(abs(one - gross.value) < COIN for one in cash)
    return _BY_CASH if told else 0.0


def _worth_of_rest(gross: Total | None, pools: dict[str, list[Total]]) -> float:
    """What it says for a printed total that it less what was paid before makes what is due."""
    if gross is None or gross.name != "gross_total":
        return 0.0
    paid = [abs(one.value) for one in pools["prepaid"] if one.score >= PRINTED and one.value]
    dues = {one.value for one in pools["amount_due"] if one.value}
    return _BY_CASH if any(gross.value - one in dues for one in paid) else 0.0


def _is_rest(due: Total, net: Total | None, tax: Total | None, pools: dict[str, list[Total]]) -> bool:
    """Whether what is due is what net and tax make less what was paid."""
    whole = (net.value if net is not None else Decimal(0)) + (tax.value if tax is not None else Decimal(0))
    paid = [abs(total.value) for total in pools["prepaid"] if total.score >= PRINTED and total.value]
    return any(abs(whole - one - due.value) <= CENT for one in paid)


def _left_over(pools: dict[str, list[Total]]) -> tuple[Total, Total, Total] | None:
    """A "Total" that is what net and tax make less what was paid, with these: it is what is due; None without one."""
    for total, net, tax in product(*(pools[name][:TOP] for name in ("gross_total", "net_total", "tax_total"))):
        if total.value and tax.value and _is_rest(total, net, tax, pools):
            return total, net, tax
    return None


def _drop_other(kept: dict[str, Total]) -> None:
    """Drops what is said of other bills: payments of the last one, and charges that are the whole of this one."""
    gross, due, paid, charges = (kept.get(name) for name in ("gross_total", "amount_due", "prepaid", "shipping_total"))
    if gross and due and paid and paid.value and gross.value == due.value:
        # all of it is still due
        del kept["prepaid"]
    if gross and charges and charges.value == gross.value:
        del kept["shipping_total"]


def _rounded(gross: Total, grosses: Sequence[Total], rounding: Sequence[Total]) -> Total:
    """The total after rounding to the smallest coin, where a slip prints both and the rounding between them."""
    if gross.value % COIN == 0 or not any(0 < abs(one.value) < COIN for one in rounding):
        return gross
    coins = (one for one in grosses if one.value % COIN == 0 and abs(one.value - gross.value) < COIN)
    return next(coins, gross)


def _less_discount(gross: Total, found: Sequence[Total]) -> Total:
    """What was paid where a discount is all that the total is more, or "Net total" under it says so: vouchers."""
    if is_what_was_paid(gross, found):
        return gross
    off = {abs(one.value) for one in found if one.name == "discount_total" and one.value}
    top = gross.amount.segment.box.top
    below = {one.value for one in found if one.name == "net_total" and one.amount.segment.box.top > top}
    paid = (one for one in found if one.label == PAID and one.value < gross.value)
    return next((one for one in paid if gross.value - one.value in off or one.value in below), gross)


def _sum(values: Iterable[FieldValue | None]) -> Decimal | None:
    numbers = [value.number for value in values if value is not None]
    return sum((number for number in numbers if number is not None), Decimal(0)) if numbers else None


def _add_tax_of_rows(pool: list[Total], found: Sequence[Total], tax_rows: Decimal | None) -> None:
    """The sum of the breakdown's taxes, for documents that print tax by rate only."""
    if tax_rows is None or any(total.value == tax_rows for total in pool):
        return
    near = next((total for total in found if total.name == "tax_total"), None) or next(iter(found), None)
    if near is not None:
        pool.append(Total("tax_rows", near.amount, tax_rows, 0.75, near.label))
        pool.sort(key=lambda total: -total.score)


def _add_net_of_rows(
    pools: dict[str, list[Total]], found: Sequence[Total], taxable: Decimal | None, tax_rows: Decimal | None
) -> None:
    """What the breakdown's taxes are taken of, where no net total is printed and both make the total."""
    wholes = [total for name in ("gross_total", "amount_due") for total in pools[name]]
    if pools["net_total"] or taxable is None or tax_rows is None:
        return
    if any(abs(taxable + tax_rows - total.value) <= CENT for total in wholes):
        pools["net_total"].append(Total("tax_rows", wholes[0].amount, taxable, 0.75, wholes[0].label))


def _extras(pools: dict[str, list[Total]]) -> tuple[Decimal, ...]:
    """What may stand between net and tax on one side and gross on the other: charges, discounts, rounding."""
    shipping = next((t.value for t in pools["shipping_total"] if t.score >= 0.5), Decimal(0))
    discount = next((abs(t.value) for t in pools["discount_total"] if t.score >= 0.5), Decimal(0))
    rounding = next((t.value for t in pools["rounding"] if t.score >= 0.5), Decimal(0))
    sums = {Decimal(0)}
    for value in (shipping, -discount, rounding, -rounding):
        sums |= {one + value for one in sums}
    return tuple(sorted(sums, key=abs))


def _score(
    gross: Total | None,
    net: Total | None,
    tax: Total | None,
    extras: tuple[Decimal, ...],
    lines_sum: Decimal | None,
    tax_rows: Decimal | None,
) -> float:
    score = (gross.score if gross else 0.0) + 0.7 * (net.score if net else 0.0) + 0.7 * (tax.score if tax else 0.0)
    if net and tax and too_high(net.value, tax.value):
        score -= 1.5
    if gross and net and tax:
        gap = abs(net.value + tax.value - gross.value)
        same = net.value == gross.value and tax.value != 0
        if gap <= CENT and not same:
            rounded = any(
                abs(net.value + tax.value + extra - gross.value) == 0 for extra in extras if abs(extra) <= CENT
            )
            score += (1.2 if tax.value else 0.7) - (0.5 if gap and not rounded else 0.0)
        elif any(abs(net.value + tax.value + extra - gross.value) <= CENT for extra in extras):
            score += 0.6
        else:
            score -= 0.9
    elif (
        gross
        and tax
        and not net
        and lines_sum
        and any(abs(lines_sum + tax.value + extra - gross.value) <= CENT for extra in extras)
    ):
        # the lines are the net total that is not printed
        score += 0.8
    elif gross and net and not tax and net.value == gross.value:
        score += 0.2
    elif gross and tax and not net and abs(tax.value) >= abs(gross.value):
        score -= 0.8
    if gross and net and abs(net.value) > abs(gross.value) + CENT and not any(extras):
        score -= 0.5
    if tax and tax_rows is not None and abs(tax.value - tax_rows) <= CENT:
        score += 0.4
    if net and tax and tax.rate and abs(net.value * tax.rate / 100 - tax.value) <= 2 * CENT:
        score += 0.4
    if lines_sum is not None and lines_sum:
        hits = [t for t in (net, gross) if t and abs(t.value - lines_sum) <= CENT]
        score += 0.35 if hits else 0.0
    return score


def _add_due(kept: dict[str, Total], pools: dict[str, list[Total]], gross: Total | None) -> None:
    dues = [total for total in pools["amount_due"] if total.score >= 0.45]
    if not dues:
        return
    paid = [total.value for total in pools["prepaid"] if total.score >= 0.5]
    if gross is not None:
        left = [
            due for due in dues if any(one and abs(gross.value - abs(one) - due.value) <= TOLERANCE for one in paid)
        ]
        dues = left or [due for due in dues if due.value == gross.value] or dues
    kept["amount_due"] = dues[0]


def _checked(
    kept: dict[str, Total],
    extras: tuple[Decimal, ...],
    lines_sum: Decimal | None,
    taxable: Decimal | None,
    tax_rows: Decimal | None,
) -> Sums:
    confirmed: set[str] = set()
    net, tax, gross = (kept.get(name) for name in ("net_total", "tax_total", "gross_total"))
    contradicted = False
    if net and tax and gross:
        gap = net.value + tax.value - gross.value
        if abs(gap) <= CENT and tax.value and not too_high(net.value, tax.value):
            confirmed |= {"net_total", "tax_total", "gross_total"}
        elif any(extra and abs(gap + extra) <= CENT for extra in extras):
            confirmed |= {"tax_total", "gross_total"}
        else:
            contradicted = abs(gap) > TOLERANCE
    if gross and taxable and tax_rows and abs(taxable + tax_rows - gross.value) <= CENT:
        # the breakdown of tax adds up to the total on its own
        confirmed |= {"gross_total"} | ({"tax_total"} if tax and tax.value == tax_rows else set())
    for name in ("net_total", "gross_total", "lines_total"):
        total = kept.get(name)
        # the lines make a net total that with the tax is not the total: charges may be missing in it
        doubtful = contradicted and name == "net_total"
        if total and lines_sum and abs(total.value - lines_sum) <= CENT and not doubtful:
            confirmed.add(name)
    due = kept.get("amount_due")
    if due and gross and "gross_total" in confirmed and due.value == gross.value:
        confirmed.add("amount_due")
    return Sums(kept, frozenset(confirmed), contradicted)
