"""Which invoice line is which order line: one optimal assignment over all, then 1:n and n:1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

import numpy
from scipy.optimize import linear_sum_assignment

from ingest.extraction import FieldValue, LineItem
from matching import normalise, units
from matching.charges import charge_kind
from matching.comparisons import measures_differ, text_similarity
from matching.records import OrderLine, OrderLineProgress, PurchaseOrder
from matching.results import LineMatch

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line as it is compared: price of one unit after the line's discount, without tax."""

    number: int
    """From 1, by place on the invoice."""
    description: str = ""
    skus: tuple[str, ...] = ()
    quantity: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None
    net: Decimal | None = None
    tax_rate: Decimal | None = None
    purchase_order: str | None = None
    order_line: str | None = None

    @property
    def says_nothing(self) -> bool:
        """A line of text only: no quantity, price or amount, or an amount of nothing."""
        return not self.net and not self.price and (self.net is not None or self.quantity is None)

    @property
    def label(self) -> str:
        """What a person recognises the line by."""
        return self.description or (self.skus[0] if self.skus else f"line {self.number}")


@dataclass(frozen=True, slots=True)
class Slot:
    """An order line with what is left of it to bill."""

    order: PurchaseOrder
    line: OrderLine
    progress: OrderLineProgress

    @property
    def price(self) -> Decimal:
        """Of one unit."""
        return self.line.unit_price / self.line.price_base

    @property
    def open_quantity(self) -> Decimal:
        """Ordered and not yet billed."""
        return self.line.quantity - self.progress.billed_quantity


class Identity(IntEnum):
    """What says that two lines are about the same thing, strongest last."""

    NONE = 0
    AMOUNTS = 1
    WORDS = 2
    REFERENCE = 3
    ARTICLE = 4


@dataclass(frozen=True, slots=True)
class LinePart:
    """The part of an invoice line that one order line takes."""

    invoice: InvoiceLine
    slot: Slot
    score: float
    why: tuple[str, ...]
    quantity: Decimal | None
    """In the order line's unit; None where it cannot be told."""
    net: Decimal | None

    def match(self) -> LineMatch:
        """The pair as the result shows it."""
        return LineMatch(
            invoice_line=self.invoice.number,
            purchase_order=self.slot.order.po_number,
            order_line=self.slot.line.line_number,
            score=round(self.score, 3),
            why=self.why,
            quantity=self.quantity,
            net=self.net,
        )


def invoice_line(number: int, item: LineItem, tax_factor: Decimal = Decimal(1)) -> InvoiceLine:
    """A line item in the form in which it is compared; `tax_factor` takes tax out of prices that contain it."""
    quantity, total, price = _number(item.quantity), _number(item.line_total), _number(item.unit_price)
    base = _number(item.price_base) or Decimal(1)
    if price is not None:
        price = price / base
        # where both are stated the amount is what was taken off, the percentage its reason
        if quantity and (discount := _number(item.line_discount)):
            price = price - abs(discount) / abs(quantity)
        elif percent := _number(item.line_discount_percent):
            price = price * (1 - abs(percent) / 100)
    elif quantity and total is not None:
        price = total / quantity
    if quantity is None and price and total is not None:
        quantity = _quantity_of(total, price)
    if total is None and quantity is not None and price is not None:
        total = (quantity * price).quantize(CENT)
    return InvoiceLine(
        number=number,
        description=_text(item.description) or "",
        skus=tuple(text for cell in (item.sku, item.gtin, item.buyer_sku) if (text := _text(cell))),
        quantity=quantity,
        unit=_text(item.unit),
        price=price * tax_factor if price is not None else None,
        net=(total * tax_factor).quantize(CENT) if total is not None else None,
        tax_rate=_number(item.tax_rate),
        purchase_order=_text(item.purchase_order),
        order_line=_text(item.order_line),
    )


def _quantity_of(total: Decimal, price: Decimal) -> Decimal:
    """The roundest quantity that makes the total at this price: the total itself was rounded to cents."""
    exact = total / price
    for decimals in range(6):
        quantity = round(exact, decimals)
        if (quantity * price).quantize(CENT) == total.quantize(CENT):
            return quantity
    return exact


def slots(order: PurchaseOrder, progress: Sequence[OrderLineProgress]) -> tuple[Slot, ...]:
    """The order's lines with what is left of them."""
    by_line = {item.line_number: item for item in progress}
    return tuple(
        Slot(order, line, by_line.get(line.line_number, OrderLineProgress(line.line_number))) for line in order.lines
    )


def is_charge(line: InvoiceLine, every: Sequence[Slot]) -> bool:
    """Whether a line is a charge: its words say so, and its article is none of the goods ordered."""
    if charge_kind(line.description) is None:
        return False
    articles = {normalise.article(sku) for sku in line.skus}
    return not any(
        slot.line.sku and normalise.article(slot.line.sku) in articles and charge_kind(slot.line.description) is None
        for slot in every
    )


# ---------------------------------------------------------------- one pair


def in_order_unit(line: InvoiceLine, slot: Slot) -> tuple[Decimal, Decimal] | None:
    """Quantity and price of one unit in the order line's unit; None where units, quantity or price stand in the way."""
    factor = units.factor(line.unit, slot.line.unit)
    if factor is None or line.quantity is None or line.price is None:
        return None
    return line.quantity * factor, line.price / factor


def _identity(line: InvoiceLine, slot: Slot, price_equal: bool, quantity_equal: bool) -> tuple[Identity, float, str]:
    wanted = normalise.article(slot.line.sku or "")
    printed = {normalise.article(sku) for sku in line.skus} - {""}
    words = text_similarity(line.description, slot.line.description)
    if wanted and wanted in printed:
        return Identity.ARTICLE, 1.0, "article number equal"
    if (
        wanted
        and normalise.folded(wanted) in {normalise.folded(sku) for sku in printed}
        and (words >= 0.5 or price_equal)
    ):
        return Identity.ARTICLE, 0.95, "article number equal but for look-alikes"
    if len(wanted) >= 4 and wanted in normalise.article(line.description):
        return Identity.ARTICLE, 0.95, "article number in the description"
    contradicted = bool(wanted and printed)
    named = line.order_line is not None and normalise.line_key(line.order_line) == normalise.line_key(
        slot.line.line_number
    )
    if named and not contradicted and (words >= 0.4 or price_equal or not line.description):
        return Identity.REFERENCE, 0.95, "order line named"
    if contradicted:
        # another article number: only the same words at the same price can still mean the same goods
        same = words >= 0.95 and price_equal
        return (Identity.WORDS, 0.7, f"description {words:.2f}") if same else (Identity.NONE, 0.0, "")
    if words >= 0.85 or (words >= 0.5 and price_equal):
        return Identity.WORDS, words, f"description {words:.2f}"
    other_size = measures_differ(line.description, slot.line.description)
    if price_equal and quantity_equal and not other_size and (words >= 0.25 or not line.description):
        return Identity.AMOUNTS, max(words, 0.4), "price and quantity equal"
    return Identity.NONE, 0.0, ""


def _compare(line: InvoiceLine, slot: Slot, places: int) -> tuple[float, tuple[str, ...]]:
    """Score and reasons of a pair; 0 where nothing says that they are about the same thing."""
    converted = in_order_unit(line, slot)
    price_part = quantity_part = 0.0
    why: list[str] = []
    if converted is not None:
        quantity, price = converted
        off = abs((price - slot.price) * quantity)
        price_part = 1.0 if off <= CENT else 0.5 if abs(price - slot.price) <= slot.price / 10 else 0.0
        exact = quantity in (slot.open_quantity, slot.line.quantity)
        quantity_part = 1.0 if exact else 0.5 if abs(quantity) <= slot.open_quantity else 0.0
    identity, likeness, reason = _identity(line, slot, price_part == 1.0, quantity_part == 1.0)
    if identity is Identity.NONE:
        return 0.0, ()
    why.append(reason)
    if price_part == 1.0:
        why.append("price equal")
    if quantity_part == 1.0:
        why.append("quantity equal")
    place = 1 - abs(line.number - 1 - slot.order.lines.index(slot.line)) / max(places, 1)
    return 0.62 * likeness + 0.2 * price_part + 0.15 * quantity_part + 0.03 * max(place, 0.0), tuple(why)


# ---------------------------------------------------------------- all of them


def assign(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> tuple[LinePart, ...]:
    """Every invoice line's order line or lines; a line without any is not among the answers."""
    if not lines or not every:
        return ()
    places = max(len(lines), len(every))
    pairs = {
        (row, column): _compare(line, slot, places)
        for row, line in enumerate(lines)
        for column, slot in enumerate(every)
        if _may_be_of(line, slot, every)
    }
    scores = numpy.zeros((len(lines), len(every)))
    for (row, column), (score, _) in pairs.items():
        scores[row, column] = score
    chosen: dict[int, list[int]] = {}
    rows, columns = linear_sum_assignment(scores, maximize=True)
    for row, column in zip(rows, columns, strict=True):
        if scores[row, column] > 0:
            chosen[int(row)] = [int(column)]
    free = {column: slot.open_quantity for column, slot in enumerate(every)}
    parts: list[LinePart] = []
    for row in sorted(range(len(lines)), key=lambda row: row not in chosen):
        ranked = sorted((c for c in range(len(every)) if scores[row, c] > 0), key=lambda c: -scores[row, c])
        if not ranked:
            continue
        # n:1 - a line that got no order line of its own joins the best one that has room, else the best one
        first = chosen.get(row, [next((c for c in ranked if free[c] > 0), ranked[0])])[0]
        taken = {column for other, columns_ in chosen.items() if other != row for column in columns_}
        parts += _spread(lines[row], first, ranked, every, free, taken, pairs, row)
    return tuple(sorted(parts, key=lambda part: part.invoice.number))


def _may_be_of(line: InvoiceLine, slot: Slot, every: Sequence[Slot]) -> bool:
    """A line that names its order is compared with that order only."""
    if not line.purchase_order:
        return True
    named = normalise.folded(line.purchase_order)
    if all(normalise.folded(other.order.po_number) != named for other in every):
        return True
    return normalise.folded(slot.order.po_number) == named


def _spread(
    line: InvoiceLine,
    first: int,
    ranked: Sequence[int],
    every: Sequence[Slot],
    free: dict[int, Decimal],
    taken: set[int],
    pairs: dict[tuple[int, int], tuple[float, tuple[str, ...]]],
    row: int,
) -> list[LinePart]:
    """Give a line to its order line, and what is too much for it to others of the same article (1:n)."""
    score, why = pairs[row, first]
    converted = in_order_unit(line, every[first])
    whole = LinePart(line, every[first], score, why, converted[0] if converted else None, line.net)
    if converted is None or converted[0] <= free[first] or converted[0] <= 0:
        if converted is not None:
            free[first] -= converted[0]
        return [whole]
    quantity = converted[0]
    shares: list[tuple[int, Decimal]] = [(first, max(free[first], ZERO))]
    left = quantity - shares[0][1]
    for column in ranked:
        same_unit = units.factor(every[column].line.unit, every[first].line.unit) == 1
        if column == first or column in taken or free[column] <= 0 or left <= 0 or not same_unit:
            continue
        share = min(left, free[column])
        shares.append((column, share))
        left -= share
    # what no order line has room for stays with the first one and is told as too much
    shares[0] = (first, shares[0][1] + left)
    for column, share in shares:
        free[column] -= share
    kept = [(column, share) for column, share in shares if share > 0]
    if len(kept) == 1:
        column = kept[0][0]
        return [replace(whole, slot=every[column], score=pairs[row, column][0], why=pairs[row, column][1])]
    return [
        LinePart(line, every[column], *pairs[row, column], share, line.net * share / quantity if line.net else None)
        for column, share in kept
    ]


def _number(cell: FieldValue | None) -> Decimal | None:
    return cell.number if cell else None


def _text(cell: FieldValue | None) -> str | None:
    return cell.value.strip() or None if cell else None
