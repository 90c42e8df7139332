"""The readings of every total, by its label and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.dates import dates_in
from ingest.document import Box
from ingest.fields.money import CODE, Amount, amounts_in, amounts_of_row
from ingest.fields.names import has_form
from ingest.fields.spots import Spot, with_next_line
from ingest.labels import label_key, modifiers
from ingest.layout import Segment, Sheet
from ingest.lines.rows import carries_on

NAMES = (
    "lines_total",
    "shipping_total",
    "discount_total",
    "net_total",
    "tax_total",
    "gross_total",
    "prepaid",
    "rounding",
    "amount_due",
)
NET_TAX_GROSS = ("net_total", "tax_total", "gross_total")
_LIKELY = 0.6
"""Score of a reading that may well be right."""
_BEHIND = 0.7
"""What the last amount of a row is worth for the label that begins it, where others stand between."""
PAID = "paid"
"""Label of what cash given less change makes."""
_SUMS = frozenset({"gross_total", "net_total", "lines_total", "subtotal"})
_LAST = 5
"""Rows above what was given in which the total stands."""
_WHOLES = frozenset({"gross_total", "amount_due"})
_GUESS = 0.4
"""Score up to which a label says too little to make an amount the total."""
_PHONE = re.compile(r"(?:\+|^0)\d[\d ()/\-]{8,}$")


@dataclass(frozen=True, slots=True)
class Total:
    """A reading of one of the totals, before the sums are compared."""

    name: str
    amount: Amount
    value: Decimal
    score: float
    label: str
    rate: Decimal | None = None
    """A percentage that stands between label and amount."""


def total_candidates(
    sheets: Sequence[Sheet],
    spots: Sequence[Spot],
    lines: frozenset[tuple[int, int]],
    point: str,
    parts: frozenset[Box] = frozenset(),
) -> list[Total]:
    """Readings of every total, by label, outside the rows of the line items and their headings.

    `parts` are the places of amounts that are known for parts of a total.
    """
    found: list[Total] = []
    taken = {
        segment.box
        for sheet in sheets
        for index, row in enumerate(sheet.rows)
        if (sheet.page.number, index) in lines
        for segment in row.segments
    }
    found.extend(_paid(spots, point))
    for spot in spots:
        # "Brandt Packaging GmbH" is whom it comes from
        named = len(spot.label.words) < len(spot.segment.words) and has_form(spot.segment.text)
        if spot.segment.box in taken or named or _heads_documents(spot):
            continue
        names = {name: weight for name, weight in spot.meanings.items() if name in NAMES}
        if "subtotal" in spot.meanings:
            # what is added up so far: the lines, and the net total where no charge follows
            weight = spot.meanings["subtotal"]
            names.setdefault("net_total", 0.85 * weight)
            names.setdefault("lines_total", 0.85 * weight)
        names = _modified(names, spot)
        if not names or (_in_sentence(spot) and max(names.values()) < 1):
            continue
        amounts = [one for one in _amounts_of(spot, point, taken)]
        if not amounts and names.get("prepaid", 0.0) >= 1.0 and spot.opens:
            # "Advance - invoice no. 12/2026: | -6,150.00"
            row = [one for one in amounts_of_row(spot.sheet.rows[spot.row], point) if one.money]
            amounts = [(one, _BEHIND) for one in row[-1:]]
        rate = next(_percents(spot, point), None)
        for name, weight in names.items():
            for amount, share in amounts:
                if not amount.money and _counts(spot, amount):
                    continue
                for order, value in enumerate(amount.readings):
                    score = weight * share * (1.0 if order == 0 else 0.6)
                    found.append(Total(name, amount, value, score, spot.text, rate))
                for value in amount.others:
                    found.append(Total(name, amount, value, 0.8 * weight * share, spot.text, rate))
    found = [total for total in found if total.amount.segment.box not in parts]
    found.extend(_both_halves(spots, point))
    found.extend(_three(spots, taken, parts, point))
    found.extend(_rated(sheets, taken, found, point))
    found.extend(_without_tax(sheets, taken, found, point))
    found.extend(_unnamed(sheets, found, point))
    found.extend(_summed(sheets, found, point))
    found.extend(_given(spots, found, point))
    found.extend(_settled(spots, found, point))
    return found


def _heads_documents(spot: Spot) -> bool:
    """Whether a label heads amounts of other documents, each in a row with its day: earlier invoices, payments."""
    if spot.rest is not None or spot.rights or len(spot.belows) < 2:
        return False
    rows = [row for below in spot.belows[:2] for row in spot.sheet.rows if below in row.segments]
    return all(len(row.segments) > 2 and bool(dates_in(row.text)) for row in rows)


def _three(spots: Sequence[Spot], taken: set[Box], parts: frozenset[Box], point: str) -> Iterator[Total]:
    """Net, tax and gross behind one label: the row that sums up a table with a column of each."""
    for spot in spots:
        if spot.segment.box in taken or _SUMS.isdisjoint(spot.meanings) or not spot.opens:
            continue
        amounts = [amount for segment in spot.beside() for amount in amounts_in(segment, point) if amount.money]
        if len(amounts) != len(NET_TAX_GROSS) or any(amount.segment.box in parts for amount in amounts):
            continue
        net, tax, gross = (amount.readings[0] for amount in amounts)
        if 0 < tax < net and net + tax == gross:
            for name, amount in zip(NET_TAX_GROSS, amounts, strict=True):
                yield Total(name, amount, amount.readings[0], 0.85, spot.text)


def is_slip(spots: Sequence[Spot]) -> bool:
    """Whether a till printed the document: it says what was given, or the change.

    "We accept Visa" and "Master agreement" say no amount.
    """
    told = (spot for spot in spots if {"tendered", "change"} & spot.meanings.keys())
    return any(amount.money for spot in told for amount, _ in _amounts_of(spot, "", set()))


def _paid(spots: Sequence[Spot], point: str) -> Iterator[Total]:
    """The total that cash given less change returned makes, as till slips print them."""
    for given in spots:
        # before a change, "paid amount" is what was given
        if not {"tendered", "prepaid"} & given.meanings.keys():
            continue
        cash = next((a for a, _ in _amounts_of(given, point, set()) if a.money), None)
        if cash is None:
            continue
        row = 0
        for back in spots:
            if "change" in back.meanings and back.sheet is given.sheet and 0 < back.row - given.row <= 4:
                change = next((a for a, _ in _amounts_of(back, point, set()) if a.money), None)
                row = back.row
                if change is not None and 0 <= change.readings[0] < cash.readings[0]:
                    yield Total("gross_total", cash, cash.readings[0] - change.readings[0], 0.62, PAID)
        if not row and "tendered" in given.meanings:
            yield from _less_next(given, cash, point)


def _less_next(given: Spot, cash: Amount, point: str) -> Iterator[Total]:
    """The amount that cash less the one in the row below makes, where it is printed above: "BAL" is the change."""
    rows = given.sheet.rows
    below = (
        [one for one in amounts_of_row(rows[given.row + 1], point) if one.money] if given.row + 1 < len(rows) else []
    )
    rest = cash.readings[0] - below[-1].readings[0] if len(below) == 1 else Decimal(0)
    above = {
        one.readings[0] for row in rows[max(0, given.row - _LAST) : given.row] for one in amounts_of_row(row, point)
    }
    if below and below[0].readings[0] > 0 and rest in above and rest > 0:
        yield Total("gross_total", cash, rest, 0.62, PAID)


def _rated(sheets: Sequence[Sheet], taken: set[Box], found: Sequence[Total], point: str) -> Iterator[Total]:
    """The tax under a label that is not known: the rate beside it of the net total, and both make the total."""
    if any(total.name == "tax_total" and total.score >= _LIKELY for total in found):
        return
    nets = {total.value for total in found if total.name == "net_total" and total.value > 0}
    wholes = {total.value for total in found if total.name in {"gross_total", "amount_due"}}
    gaps = {whole - net: net for whole in wholes for net in nets if 0 < whole - net < net}
    rows = [row for sheet in sheets for row in sheet.rows if "%" in row.text] if gaps else []
    for row in rows:
        amounts = amounts_of_row(row, point) if not any(segment.box in taken for segment in row.segments) else []
        for rate in (value for one in amounts if one.percent for value in one.readings):
            for tax in (one for one in amounts if one.money):
                net = gaps.get(tax.readings[0])
                if net is not None and abs(net * rate / 100 - tax.readings[0]) <= Decimal("0.01"):
                    yield Total("tax_total", tax, tax.readings[0], 0.9, row.segments[0].text, rate)


def _without_tax(sheets: Sequence[Sheet], taken: set[Box], found: Sequence[Total], point: str) -> Iterator[Total]:
    """The net total that no label names: the tax's rate of it is the tax, both make the total, and it is printed."""
    if any(total.name == "net_total" and total.score >= _LIKELY for total in found):
        return
    wholes = {total.value for total in found if total.name in {"gross_total", "amount_due"}}
    nets = {
        whole - tax.value
        for tax in found
        for whole in wholes
        if tax.name == "tax_total" and tax.rate and 0 < tax.value < whole - tax.value
        if abs((whole - tax.value) * tax.rate / 100 - tax.value) <= Decimal("0.01")
    }
    rows = [row for sheet in sheets for row in sheet.rows] if nets else []
    for row in rows:
        if not any(segment.box in taken for segment in row.segments):
            for amount in (one for one in amounts_of_row(row, point) if one.money and one.readings[0] in nets):
                yield Total("net_total", amount, amount.readings[0], 0.8, row.segments[0].text)


def _unnamed(sheets: Sequence[Sheet], found: Sequence[Total], point: str) -> Iterator[Total]:
    """The amount that net and tax make, where it is printed under a label that is not known or was misread.

    Where what is due is less, a part of it was paid before.
    """
    if any(total.name == "gross_total" for total in found):
        return
    due = max((total.value for total in found if total.name == "amount_due"), default=None)
    coins = {Decimal(0)} | {total.value for total in found if total.name == "rounding"}
    wanted = {
        net.value + tax.value + coin
        for net in found
        for tax in found
        for coin in coins
        if net.name == "net_total" and tax.name == "tax_total" and net.score >= 0.7 and tax.score >= 0.7
        if due is None or net.value + tax.value > due
    }
    rows = [row for sheet in sheets for row in sheet.rows] if wanted else []
    for amount in (amount for row in rows for amount in amounts_of_row(row, point) if amount.money):
        for value in wanted.intersection(amount.readings):
            yield Total("gross_total", amount, value, 0.6, "sum")


_BELOW = 0.8
"""How well an amount right below its label stands."""
_CENTRAL = frozenset({"cgst", "addcgst", "outputcgst", "centraltax"})
_STATE = frozenset({"sgst", "addsgst", "outputsgst", "utgst", "statetax", "statetaxuttax"})


def _both_halves(spots: Sequence[Spot], point: str) -> Iterator[Total]:
    """India levies half of the tax for the union and half for the state: both together are the tax."""
    halves = [
        {
            amount.readings[0]: amount
            for spot in spots
            if label_key(re.sub(r"[@\d.%]", "", spot.text)) in keys
            for amount, share in _amounts_of(spot, point, set())
            if amount.money and share >= _BELOW
        }
        for keys in (_CENTRAL, _STATE)
    ]
    for value in halves[0].keys() & halves[1].keys():
        yield Total("tax_total", halves[0][value], 2 * value, 0.95, "halves")


def _summed(sheets: Sequence[Sheet], found: Sequence[Total], point: str) -> Iterator[Total]:
    """The last amount of a column that the two and more right above it make, where no total is named."""
    if any(total.name in {"gross_total", "amount_due", "net_total"} for total in found):
        return
    for sheet in sheets[:1]:
        column: list[Amount] = []
        for row in sheet.rows:
            amount = next((one for one in reversed(amounts_of_row(row, point)) if one.money), None)
            if amount is None or carries_on(row):
                # what is carried over is no total: the next page is missing
                continue
            edge = amount.segment.box.x1
            column = [one for one in column if abs(one.segment.box.x1 - edge) < 2 * sheet.height]
            if len(column) > 1 and sum(one.readings[0] for one in column) == amount.readings[0] > 0:
                yield Total("gross_total", amount, amount.readings[0], 0.6, "sum")
            elif len(column) > 2 and sum(one.readings[0] for one in column[-2:]) == amount.readings[0] > 0:
                # a sum of what stands above, a tax, and both together
                yield Total("gross_total", amount, amount.readings[0], 0.65, "sum")
            column.append(amount)


def _given(spots: Sequence[Spot], found: Sequence[Total], point: str) -> Iterator[Total]:
    """What was paid by card, or in cash without change, where no total is named: the total, probably."""
    if any(total.name in {"gross_total", "amount_due"} and total.score > 0.4 for total in found):
        return
    changed = any("change" in spot.meanings for spot in spots)
    for spot in spots:
        if "tendered" in spot.meanings and not changed:
            for amount, share in _amounts_of(spot, point, set()):
                if amount.money and amount.readings[0] > 0:
                    yield Total("gross_total", amount, amount.readings[0], 0.5 * share, spot.text)


def _settled(spots: Sequence[Spot], found: Sequence[Total], point: str) -> Iterator[Total]:
    """The printed total once more, where what was paid makes it: by card, or in several ways less the change."""
    wholes = {one.value for one in found if one.name in _WHOLES and one.label != PAID and one.score > _GUESS}
    given: dict[Box, Amount] = {}
    back = Decimal(0)
    for spot in spots:
        paid = bool({"tendered", "prepaid"} & spot.meanings.keys())
        if not paid and "change" not in spot.meanings:
            continue
        amount = next((one for one, _ in _amounts_of(spot, point, set()) if one.money), None)
        if amount is not None and paid and amount.readings[0] > 0:
            given.setdefault(amount.segment.box, amount)
        elif amount is not None and not paid:
            back = max(back, amount.readings[0])
    sums = [] if back else [(one, one.readings[0]) for one in given.values()]
    if len(given) > 1:
        together = sum((one.readings[0] for one in given.values()), -back)
        sums.append((next(iter(given.values())), together))
    for amount, value in sums:
        if value in wholes and not any(
            one.amount.segment.box == amount.segment.box for one in found if one.name in _WHOLES
        ):
            yield Total("gross_total", amount, value, 0.62, PAID)


def _modified(names: dict[str, float], spot: Spot) -> dict[str, float]:
    """The totals meant, where a word behind the label says so: "Total excl. VAT", "Rechnungssumme ohne USt."."""
    if not names.keys() & {"gross_total", "net_total", "lines_total", "amount_due"} or spot.rest is None:
        return names
    known = modifiers()
    said = {known[key] for word in spot.rest.words[:4] if (key := label_key(word.text)) in known}
    said |= {known[key] for word in spot.label.words[1:] if (key := label_key(word.text)) in known}
    worded = [word for word in spot.rest.words if not any(sign.isdigit() for sign in word.text)]
    if said == {"net"} and "amount_due" in names and len(worded) == 1:
        # "Restforderung netto" is due with its tax
        return {}
    if said == {"net"} and "gross_total" in names:
        return {"net_total": max(names.values())}
    if said == {"gross"} and "net_total" in names and len(spot.label.words) == 1:
        return {"gross_total": max(names.values())}
    return names


def _in_sentence(spot: Spot) -> bool:
    return len(spot.segment.words) > 9 and not spot.colon


def _percents(spot: Spot, point: str) -> Iterator[Decimal]:
    """The percentages in a label's row; "9,975 %" is no ten thousand."""
    for segment in (spot.segment, *spot.rights):
        for amount in amounts_in(segment, point):
            values = [value for value in reversed(amount.readings) if amount.percent and 0 < value < 100]
            yield from values[:1]


def _amounts_of(spot: Spot, point: str, taken: set[Box]) -> Iterator[tuple[Amount, float]]:
    """Amounts that the label may name, each with how well it stands: the last in the row before the others."""
    cells = [_with_wrapped(spot, segment) for segment in spot.beside() if not _PHONE.search(segment.text)]
    beside = [a for segment in cells for a in amounts_in(segment, point) if not a.percent]
    beside = [a for a in beside if a.money or not _is_small_count(a, beside)]
    for place, amount in enumerate(reversed(beside)):
        yield amount, (1.0 if amount.money else 0.6) * (1.0 if place == 0 else 0.62)
    if beside:
        return
    for place, below in enumerate(spot.belows[:2]):
        for amount in amounts_in(below, point) if below.box not in taken else ():
            if amount.money:
                yield amount, _BELOW if place == 0 else 0.5


def _with_wrapped(spot: Spot, segment: Segment) -> Segment:
    """A currency's sign with the amount that a narrow cell puts under it: "€" over "18.610,00"."""
    return with_next_line(spot, segment) if all(CODE.match(word.text) for word in segment.words) else segment


def _counts(spot: Spot, amount: Amount) -> bool:
    """Whether a number without decimals has a word behind it: "Verpackung: 10 Stück" is no price of packing."""
    last = amount.segment.words[-1].box
    return any(
        word.box.x0 >= last.x1 for segment in spot.beside() if segment.box.x1 > last.x1 for word in segment.words
    )


def _is_small_count(amount: Amount, beside: list[Amount]) -> bool:
    """A bare whole number beside amounts of money is a count or a rate, not a total."""
    return any(other.money for other in beside) or abs(amount.readings[0]) < 1
