"""How well an invoice line and an order line fit: article, words, price, quantity; which pairs are worth asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

import numpy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from matching import normalise, units
from matching.goods_words import EXACT, RELATED, SIMILAR, contradict, likeness, words_of
from matching.lines import CENT, InvoiceLine, Slot, in_order_unit
from matching.weights import weights

WORTH_ASKING = 45
"""Rough likeness of words (0 to 100) from which a pair is compared closely."""

MOST = 60
"""Order lines of like words that a line is compared with closely; more of them share one stock phrase."""


class Identity(IntEnum):
    """What says that two lines are about the same goods, strongest last."""

    NONE = 0
    AMOUNTS = 1
    WORDS = 2
    SAME_WORDS = 3
    ARTICLE = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """An invoice line and an order line that may be about the same goods."""

    identity: Identity
    score: float
    """0 to 1."""
    why: tuple[str, ...]
    price_equal: bool = False
    near_words: bool = False
    """Alike in words, whatever the price."""

    @property
    def sure(self) -> bool:
        """Whether the goods are the same even where price and quantity are not."""
        return self.identity >= Identity.SAME_WORDS or self.near_words


SHARES = {name: entry.weight for name, entry in weights()["line"]["score"].items()}
"""What each part of a pair's score counts."""
NOTHING = Pair(Identity.NONE, 0.0, ())


# ---------------------------------------------------------------- article numbers


@lru_cache(maxsize=50_000)
def article_key(text: str) -> str:
    """An article number without case, punctuation and leading zeros."""
    return normalise.article(normalise.plain(text)).lstrip("0")


@lru_cache(maxsize=50_000)
def _look_alike(text: str) -> str:
    return normalise.folded(normalise.plain(text)).lstrip("0")


def _long(key: str) -> bool:
    """Whether an article number inside other words is hardly there by chance."""
    return len(key) >= 7 or (len(key) >= 5 and not key.isdigit())


def _article(line: InvoiceLine, slot: Slot, words: float, price_equal: bool) -> tuple[float, str] | None:
    """How surely the article number is the order line's, and the reason."""
    wanted = article_key(slot.line.sku or "")
    printed = {article_key(sku) for sku in line.skus} - {""}
    supported = words >= 0.4 or price_equal
    if wanted and wanted in printed:
        return 1.0, "article number equal"
    alike = {_look_alike(sku) for sku in line.skus}
    if wanted and _look_alike(slot.line.sku or "") in alike and supported:
        return 0.97, "article number equal but for look-alikes"
    if len(wanted) >= 4 and wanted in words_of(line.description).runs and (_long(wanted) or supported):
        return 0.95, "article number in the description"
    if not wanted and any(
        len(sku) >= 4 and sku in words_of(slot.line.description).runs and (_long(sku) or supported) for sku in printed
    ):
        return 0.95, "article number in the order's description"
    if len(wanted) >= 5 and words >= 0.8 and price_equal and any(_one_edit(sku, wanted) for sku in printed):
        return 0.9, "article number one character off, description and price equal"
    return None


def _one_edit(one: str, other: str) -> bool:
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _contradicted(line: InvoiceLine, slot: Slot) -> bool:
    """Whether the seller's article number is another one; a GTIN or the buyer's number says nothing against it."""
    return bool(article_key(slot.line.sku or "") and article_key(line.seller_sku or ""))


# ---------------------------------------------------------------- one pair


def compare(line: InvoiceLine, slot: Slot, room: Decimal) -> Pair:
    """How well a pair fits; `room` is the quantity that the order line still has for it."""
    price_part = quantity_part = 0.0
    converted = in_order_unit(line, slot)
    if converted is not None:
        quantity, price = converted
        off = abs((price - slot.price) * quantity)
        price_part = 1.0 if off <= CENT else 0.5 if abs(price - slot.price) <= slot.price / 10 else 0.0
        quantity_part = 1.0 if abs(quantity) in (room, slot.line.quantity) else 0.5 if abs(quantity) <= room else 0.0
    words = likeness(line.description, slot.line.description)
    dearer = converted is not None and converted[1] > slot.price
    identity, likely, reason = _identity(line, slot, words, price_part == 1.0, quantity_part == 1.0, dearer)
    if identity is Identity.NONE:
        return NOTHING
    why = [reason]
    if price_part == 1.0:
        why.append("price equal")
    if quantity_part == 1.0:
        why.append("quantity equal")
    parts = {"identity": likely, "price": price_part, "quantity": quantity_part}
    parts |= {"tax rate": float(line.tax_rate == slot.line.tax_rate), "came in": float(_came_in(slot, converted))}
    score = sum(SHARES[name] * part for name, part in parts.items())
    return Pair(identity, score, tuple(why), price_part == 1.0, words >= SIMILAR)


def _came_in(slot: Slot, converted: tuple[Decimal, Decimal] | None) -> bool:
    """Whether the quantity came in, so that of two alike the order line that was delivered is taken."""
    received = slot.progress.received
    return received is None or (converted is not None and converted[0] <= received - slot.progress.billed_quantity)


def _identity(
    line: InvoiceLine, slot: Slot, words: float, price_equal: bool, quantity_equal: bool, dearer: bool
) -> tuple[Identity, float, str]:
    if article := _article(line, slot, words, price_equal):
        return Identity.ARTICLE, *article
    told = f"description {words:.2f}"
    if _contradicted(line, slot):
        # another article number: only the same words at the same price can still mean the same goods
        same = words >= 0.95 and price_equal
        return (Identity.WORDS, 0.7, told) if same else (Identity.NONE, 0.0, "")
    named = line.order_line is not None and normalise.line_key(line.order_line) == normalise.line_key(
        slot.line.line_number
    )
    if named and (words >= 0.4 or (price_equal and not _other_goods(line, slot, words))):
        return Identity.ARTICLE, 0.95, "order line named"
    if words >= EXACT:
        return Identity.SAME_WORDS, 0.95, "description equal"
    # a higher price is told as such; a lower one may be that of other goods
    if words >= SIMILAR or (words >= RELATED and (price_equal or (quantity_equal and dearer))):
        return Identity.WORDS, 0.9 * words, told
    near = words >= 0.45 or not words_of(line.description).letters
    if price_equal and quantity_equal and near and not contradict(line.description, slot.line.description):
        return Identity.AMOUNTS, 0.4, "price and quantity equal"
    return Identity.NONE, 0.0, ""


def _other_goods(line: InvoiceLine, slot: Slot, words: float) -> bool:
    """Whether the words are in the way of what a line says of its order line."""
    return words < 0.2 and bool(words_of(line.description).letters and words_of(slot.line.description).letters)


# ---------------------------------------------------------------- many pairs


def pairs(lines: Sequence[InvoiceLine], every: Sequence[Slot], rooms: Sequence[Decimal]) -> dict[tuple[int, int], Pair]:
    """Every pair that fits, by place in `lines` and `every`.

    A line that has the article or the very words of an order line is no other order line's: so its price is not
    explained by a neighbour's.
    """
    found: dict[tuple[int, int], Pair] = {}
    asked = _worth_asking(lines, every)
    for row, line in enumerate(lines):
        named = _named_orders(line, every)
        fitting = {
            column: pair
            for column in asked[row]
            if (not named or every[column].order.po_number in named)
            and (pair := compare(line, every[column], rooms[column])).identity is not Identity.NONE
        }
        best = max((pair.identity for pair in fitting.values()), default=Identity.NONE)
        floor = best if best >= Identity.SAME_WORDS else Identity.AMOUNTS
        found.update({(row, column): pair for column, pair in fitting.items() if pair.identity >= floor})
    return found


def _worth_asking(lines: Sequence[InvoiceLine], every: Sequence[Slot]) -> list[list[int]]:
    """For each line the order lines that share an article number, a price, or roughly the words."""
    rough = process.cdist(
        [words_of(line.description).joined for line in lines],
        [words_of(slot.line.description).joined for slot in every],
        scorer=fuzz.token_set_ratio,
        score_cutoff=WORTH_ASKING,
        dtype=numpy.uint8,
    )
    prices = numpy.array([[float(slot.price), _of_base_unit(slot.price, slot.line.unit)] for slot in every])
    articles: dict[str, list[int]] = {}
    numbered: dict[str, list[int]] = {}
    for column, slot in enumerate(every):
        if slot.line.sku:
            articles.setdefault(_look_alike(slot.line.sku), []).append(column)
        numbered.setdefault(normalise.line_key(slot.line.line_number), []).append(column)
    asked = []
    for row, line in enumerate(lines):
        columns = {column for sku in line.skus for column in articles.get(_look_alike(sku), ())}
        skus = {article_key(sku) for sku in line.skus}
        if not any(article_key(every[column].line.sku or "") in skus for column in columns):
            near = rough[row] > 0
            if int(near.sum()) > MOST:
                near = rough[row] >= numpy.partition(rough[row], -MOST)[-MOST]
            if line.price is not None:
                ours = numpy.array([float(line.price), _of_base_unit(line.price, line.unit)])
                near = near | (numpy.abs(prices - ours) <= 0.0101).any(axis=1)
            columns.update(int(column) for column in numpy.flatnonzero(near))
            for run in words_of(line.description).runs:
                columns.update(articles.get(_look_alike(run), ()))
        if line.order_line:
            columns.update(numbered.get(normalise.line_key(line.order_line), ()))
        asked.append(sorted(columns))
    return asked


def _of_base_unit(price: Decimal, unit: str | None) -> float:
    """The price of one of the dimension's base unit, as near as a float."""
    known = units.unit(unit) if unit else None
    return float(price / known.factor if known else price)


def _named_orders(line: InvoiceLine, every: Sequence[Slot]) -> frozenset[str]:
    """The orders that a line names: it is compared with these only; empty where it names none of them."""
    if not line.purchase_order:
        return frozenset()
    named = normalise.folded(line.purchase_order)
    orders = {slot.order.po_number: normalise.folded(slot.order.po_number) for slot in every}
    exact = frozenset(number for number, key in orders.items() if key == named)
    return exact or frozenset(number for number, key in orders.items() if len(key) >= 5 and key in named)
