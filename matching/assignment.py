"""Which invoice line is which order line: one optimal assignment over all, then 1:n, n:1 and sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy

from matching import normalise, units
from matching.goods_words import EXACT, has, likeness, words_of
from matching.line_scores import Identity, Pair, article_key, pairs
from matching.lines import CENT, ZERO, InvoiceLine, LinePart, Slot, in_order_unit

PLACE = 1e-4
"""What the place on the paper weighs: it decides between equals only."""
AS_ORDERED = re.compile(
    r"\b(?:laut|lt|gemaess|gem|wie|nach) (?:ihrer? |unserer? )?(?:bestellung|auftrag|bestellt)|"
    r"\b(?:as per|according to|per|as) (?:your |our )?(?:purchase )?(?:order|ordered|po)\b|"
    r"\b(?:selon|suivant|conforme a) (?:votre )?(?:bon de )?commande|"
    r"\b(?:segun|conforme a?) (?:su |a )?(?:pedido|encomenda)|\b(?:come da|secondo|da) (?:vostro )?ordine|"
    r"\b(?:volgens|conform) (?:uw )?(?:bestelling|order|opdracht)|\b(?:zgodnie z|wg|wedlug) (?:zamowieni\w+)|"
    r"\b(?:enligt|ifoelge|iht|jf) (?:er |jeres )?(?:order|bestaellning|ordre|bestilling)|\b(?:dle|podle) objednavky"
)
"""Words that say: all that was ordered, in one sum."""
PLACES = re.compile(
    r"\b(?:pos|position(?:en)?|items?|lines?|lignes?|zeilen?|poste?n?)\W{0,2}"
    r"((?:\d{1,5}\W{0,3}(?:und|and|bis|to|et|a)?\W{0,2})+)"
)
"""Order lines named by their numbers."""


def assign(lines: Sequence[InvoiceLine], every: Sequence[Slot], *, credit: bool = False) -> tuple[LinePart, ...]:
    """Every invoice line's order line or lines; a line without any is not among the answers.

    On credit notes the room of an order line is what was billed of it, else what is still open.
    """
    if not lines or not every:
        return ()
    rooms = [slot.progress.billed_quantity if credit else slot.open_quantity for slot in every]
    found = pairs(lines, every, rooms)
    priced = {row for (row, _), pair in found.items() if pair.price_equal}
    summed = _sums([line for row, line in enumerate(lines) if row not in priced], every, [], rooms)
    gone = {part.invoice.number for part in summed}
    taken = {_key(part.slot) for part in summed}
    found = {
        (row, column): pair
        for (row, column), pair in found.items()
        if lines[row].number not in gone and _key(every[column]) not in taken
    }
    chosen = _optimal(lines, every, found)
    parts = summed + _Spreading(lines, every, found, chosen, rooms).parts()
    parts += _sums(lines, every, parts, rooms)
    if not parts:
        parts = _by_amounts(lines, every, rooms)
    return tuple(sorted(parts, key=lambda part: part.invoice.number))


def _key(slot: Slot) -> tuple[str, str]:
    return slot.order.po_number, slot.line.line_number


def _optimal(
    lines: Sequence[InvoiceLine], every: Sequence[Slot], found: Mapping[tuple[int, int], Pair]
) -> dict[int, int]:
    """The best assignment of one order line to one invoice line, by place in the sequences."""
    if not found:
        return {}
    # loaded with the first invoice that has lines to assign: it takes longer than all else that a command loads
    from scipy.optimize import linear_sum_assignment

    weights = numpy.zeros((len(lines), len(every)))
    places = max(len(lines), len(every))
    for (row, column), pair in found.items():
        place = 1 - abs(lines[row].number - 1 - column) / places
        # the surer identity is worth more than any agreement of amounts
        weights[row, column] = pair.score + (1.0 if pair.identity >= Identity.SAME_WORDS else 0.0) + PLACE * place
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if weights[row, column] > 0}


# ---------------------------------------------------------------- 1:n and n:1


@dataclass
class _Spreading:
    """Gives lines their order lines, one line after the other, and counts what is left of each."""

    lines: Sequence[InvoiceLine]
    every: Sequence[Slot]
    found: Mapping[tuple[int, int], Pair]
    chosen: Mapping[int, int]
    free: list[Decimal]

    def parts(self) -> list[LinePart]:
        """Lines with an order line of their own first, those that are too much for it next, then what joins others."""
        self.free = list(self.free)
        rows = sorted({row for row, _ in self.found}, key=self._turn)
        return [part for row in rows for part in self._of_line(row)]

    def _turn(self, row: int) -> tuple[object, ...]:
        line = self.lines[row]
        own = self.chosen.get(row)
        too_much = own is not None and (self._quantity(row, own) or ZERO) > self.free[own]
        # nothing here depends on the place on the paper but the last: lines that are equal in all
        return own is None, too_much, -(line.quantity or ZERO), line.description, line.net or ZERO, line.number

    def _of_line(self, row: int) -> list[LinePart]:
        ranked = sorted((c for r, c in self.found if r == row), key=lambda c: (-self.found[row, c].score, c))
        first = self.chosen.get(row)
        if first is None:
            # n:1 - only what is surely the same goods joins an order line that another line has
            sure = [c for c in ranked if self.found[row, c].sure]
            if not sure:
                return []
            first = next((c for c in sure if (self._quantity(row, c) or ZERO) <= self.free[c]), None)
            if first is None:
                first = max(sure, key=lambda c: (self.free[c] > 0, self.found[row, c].score))
        return self._spread(row, first, ranked)

    def _spread(self, row: int, first: int, ranked: Sequence[int]) -> list[LinePart]:
        """Give a line to its order line, and what is too much for it to others of the same goods (1:n)."""
        line, quantity = self.lines[row], self._quantity(row, first)
        if quantity is None or quantity <= self.free[first] or quantity <= 0:
            if quantity is not None:
                self.free[first] -= quantity
            return [self._part(row, first, quantity, line.net)]
        shares = {first: max(self.free[first], ZERO)}
        left = quantity - shares[first]
        for column in ranked:
            if column != first and self.free[column] > 0 and left > 0 and _same_goods(self.every, first, column):
                shares[column] = min(left, self.free[column])
                left -= shares[column]
        # what no order line has room for stays with one that has some and is told there as too much
        kept = [column for column, share in shares.items() if share > 0] or [first]
        shares[kept[0]] += left
        for column in kept:
            self.free[column] -= shares[column]
        if len(kept) == 1:
            return [self._part(row, kept[0], quantity, line.net)]
        nets = _shared(line.net, [shares[column] / quantity for column in kept])
        return [self._part(row, column, shares[column], net) for column, net in zip(kept, nets, strict=True)]

    def _part(self, row: int, column: int, quantity: Decimal | None, net: Decimal | None) -> LinePart:
        pair = self.found[row, column]
        return LinePart(self.lines[row], self.every[column], min(pair.score, 1.0), pair.why, quantity, net)

    def _quantity(self, row: int, column: int) -> Decimal | None:
        converted = in_order_unit(self.lines[row], self.every[column])
        return converted[0] if converted else None


def _shared(net: Decimal | None, parts: Sequence[Decimal]) -> list[Decimal | None]:
    """An amount in parts that sum up to it."""
    if net is None:
        return [None for _ in parts]
    shares = [(net * part).quantize(CENT) for part in parts[:-1]]
    return [*shares, net - sum(shares, ZERO)]


def _same_goods(every: Sequence[Slot], one: int, other: int) -> bool:
    """Whether two order lines order the same article in the same unit: what is too much for one may be the other's."""
    left, right = every[one].line, every[other].line
    if units.factor(left.unit, right.unit) != 1:
        return False
    if left.sku and right.sku:
        return article_key(left.sku) == article_key(right.sku)
    return likeness(left.description, right.description) >= EXACT


# ---------------------------------------------------------------- one line for several articles


@dataclass(frozen=True, slots=True)
class SumHint:
    """Order lines nobody bills whose open amounts sum up to an invoice line."""

    line: int
    slots: tuple[Slot, ...]


def _untouched(
    every: Sequence[Slot], parts: Sequence[LinePart], rooms: Sequence[Decimal]
) -> dict[str, list[tuple[Slot, Decimal]]]:
    """Order lines that have room and that no invoice line has, by order."""
    taken = {_key(part.slot) for part in parts}
    left: dict[str, list[tuple[Slot, Decimal]]] = {}
    for slot, room in zip(every, rooms, strict=True):
        if room > 0 and _key(slot) not in taken:
            left.setdefault(slot.order.po_number, []).append((slot, room))
    return left


def sum_hints(lines: Sequence[InvoiceLine], every: Sequence[Slot], parts: Sequence[LinePart]) -> tuple[SumHint, ...]:
    """Lines without an order line whose amount is exactly what several untouched order lines cost together."""
    matched = {part.invoice.number for part in parts}
    left = _untouched(every, parts, [slot.open_quantity for slot in every])
    return tuple(
        SumHint(line.number, tuple(slot for slot, _ in several))
        for line in lines
        if line.number not in matched and line.net
        for several in left.values()
        if len(several) > 1 and abs(_cost(several) - line.net) <= CENT
    )


def _cost(several: Sequence[tuple[Slot, Decimal]]) -> Decimal:
    return sum(((slot.price * room).quantize(CENT) for slot, room in several), ZERO)


def _sums(
    lines: Sequence[InvoiceLine], every: Sequence[Slot], parts: Sequence[LinePart], rooms: Sequence[Decimal]
) -> list[LinePart]:
    """Lines that say in words which order lines they sum up, and cost exactly as much."""
    matched = {part.invoice.number for part in parts}
    left = _untouched(every, parts, rooms)
    answers: list[LinePart] = []
    for line in sorted(lines, key=lambda line: (-(line.net or ZERO), line.number)):
        if line.number in matched or not line.net or line.net <= 0:
            continue
        named = _named_slots(line, left)
        if len(named) < 2 or abs(_cost(named) - line.net) > CENT:
            continue
        nets = _shared(line.net, [slot.price * room / _cost(named) for slot, room in named])
        why = (f"the sum of {len(named)} order lines that it names", "amount equal")
        answers += [
            LinePart(line, slot, 0.8, why, room, net, summed=True)
            for (slot, room), net in zip(named, nets, strict=True)
        ]
        taken = {_key(slot) for slot, _ in named}
        left = {
            number: [(slot, room) for slot, room in several if _key(slot) not in taken]
            for number, several in left.items()
        }
    return answers


def _named_slots(
    line: InvoiceLine, left: Mapping[str, Sequence[tuple[Slot, Decimal]]]
) -> Sequence[tuple[Slot, Decimal]]:
    """The untouched order lines that a line's words name: by number, by their own words, or as all of the order."""
    low = " ".join(normalise.plain(line.description).split())
    key = normalise.folded(line.purchase_order or "")
    orders = [several for number, several in left.items() if not key or normalise.folded(number) == key]
    if len(orders) == 1 and (numbers := _places(low)):
        return [pair for pair in orders[0] if normalise.line_key(pair[0].line.line_number) in numbers]
    by_words = [pair for several in orders for pair in several if _holds(line.description, pair[0].line.description)]
    if len(by_words) > 1:
        return by_words
    return orders[0] if len(orders) == 1 and AS_ORDERED.search(low) else ()


def _holds(text: str, part: str) -> bool:
    """Whether every word and number of `part` stands in `text`."""
    ours, theirs = words_of(text), words_of(part)
    words = set(ours.joined.split())
    return bool(theirs.letters) and set(theirs.letters) <= words and has(ours.numbers, theirs.numbers)


def _places(low: str) -> frozenset[str]:
    """The order lines named in words such as `Pos. 1-3` or `items 10, 20 and 30`."""
    found = PLACES.search(low)
    if not found:
        return frozenset()
    if span := re.fullmatch(r"(\d+)\s*(?:-|–|bis|to|a)\s*(\d+)\W*", found.group(1)):
        first, last = int(span.group(1)), int(span.group(2))
        return frozenset(str(number) for number in range(first, last + 1)) if last - first < 200 else frozenset()
    return frozenset(normalise.line_key(number) for number in re.findall(r"\d+", found.group(1)))


# ---------------------------------------------------------------- by amounts alone


def _by_amounts(lines: Sequence[InvoiceLine], every: Sequence[Slot], rooms: Sequence[Decimal]) -> list[LinePart]:
    """Lines in words that nothing compares (another language): price and quantity of all of them, or of none.

    One equal price and quantity may be chance; that every line of several has its own order line is none.
    """
    numbered = any(line.seller_sku for line in lines) and any(slot.line.sku for slot in every)
    if len(lines) < 2 or numbered:
        return []
    parts = []
    for line in lines:
        fitting = [slot for slot, room in zip(every, rooms, strict=True) if _same_amounts(line, slot, room)]
        if len(fitting) != 1 or line.quantity is None:
            return []
        converted = in_order_unit(line, fitting[0])
        why = ("price and quantity equal, as on every line",)
        parts.append(LinePart(line, fitting[0], 0.45, why, converted[0] if converted else None, line.net))
    different = {_key(part.slot) for part in parts}
    prices = {part.slot.price for part in parts}
    return parts if len(different) == len(parts) and len(prices) > 1 else []


def _same_amounts(line: InvoiceLine, slot: Slot, room: Decimal) -> bool:
    converted = in_order_unit(line, slot)
    if converted is None or line.purchase_order and _other_order(line, slot):
        return False
    quantity, price = converted
    return quantity == room and abs((price - slot.price) * quantity) <= CENT


def _other_order(line: InvoiceLine, slot: Slot) -> bool:
    return normalise.folded(line.purchase_order or "") != normalise.folded(slot.order.po_number)
