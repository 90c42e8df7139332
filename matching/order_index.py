"""The keys by which orders are found without their exact number: near numbers, and what stands in their lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from matching import normalise
from matching.records import OrderStatus, PurchaseOrder

SYMBOLS = "0123456789ACDEFGHJKMNPQRTUVWXYZ"
"""What a folded number consists of: the look-alikes O, I, L, S, B are digits in it."""
SHORTEST_PART = 6
"""Characters from which a number inside another one is no chance."""
LONGEST_NUMBER = 40
"""Characters of a printed number that are looked at; what is longer is no number."""

_END = re.compile(r"\d+$")


def one_edit(key: str) -> frozenset[str]:
    """Every folded number that one insertion, deletion, substitution or transposition makes of `key`."""
    splits = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    near = {left + right[1:] for left, right in splits if right}
    near.update(left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1)
    near.update(left + symbol + right[1:] for left, right in splits if right for symbol in SYMBOLS)
    near.update(left + symbol + right for left, right in splits for symbol in SYMBOLS)
    near.discard(key)
    return frozenset(near)


def parts(key: str) -> tuple[str, ...]:
    """The runs of a folded number that are long enough to be an order number of their own, longest first."""
    key = key[:LONGEST_NUMBER]
    lengths = range(len(key) - 1, SHORTEST_PART - 1, -1)
    return tuple(dict.fromkeys(key[at : at + length] for length in lengths for at in range(len(key) - length + 1)))


def number_keys(number: str) -> frozenset[int]:
    """The keys of the digits that end a number or a part of it, without prefix and leading zeros.

    `PO-2026-04512345` is 4512345, too: so a number is found whether or not its prefix is printed.
    """
    printed = number[: 2 * LONGEST_NUMBER]
    every = (printed,) if printed.isalnum() else (printed, *re.split(r"\W+", printed))
    ends = {found.group().lstrip("0") for part in every if (found := _END.search(normalise.folded(part)))}
    return frozenset(_key("number", digits) for digits in ends if len(digits) >= SHORTEST_PART)


def content_keys(supplier_id: str, articles: Collection[str], amounts: Collection[Decimal]) -> frozenset[int]:
    """The keys of article numbers or descriptions, and of amounts: unit prices and order totals, net."""
    texts = {key for article in articles if (key := _article(article))}
    sums = {_amount(amount) for amount in amounts if amount}
    return frozenset(
        (
            *(_key(supplier_id, "article", text) for text in texts),
            *(_key(supplier_id, "amount", amount) for amount in sums),
        )
    )


def order_keys(order: PurchaseOrder) -> frozenset[int]:
    """Every key of an order; one that is closed is found by its number only."""
    keys = number_keys(order.po_number)
    if order.status is not OrderStatus.OPEN:
        return keys
    return keys | content_keys(order.supplier_id, tuple(_articles(order)), tuple(_amounts(order)))


def _articles(order: PurchaseOrder) -> Iterator[str]:
    for line in order.lines:
        yield line.sku or line.description


def _amounts(order: PurchaseOrder) -> Iterator[Decimal]:
    yield sum((line.net for line in order.lines), Decimal(0))
    for line in order.lines:
        yield line.unit_price / line.price_base


@lru_cache(normalise.REMEMBERED)
def _article(text: str) -> str:
    return normalise.folded(normalise.plain(text))


def _amount(amount: Decimal) -> str:
    """An amount as a key: to the cent, so that prices printed with more or fewer places meet."""
    return f"{abs(amount):.2f}"


def _key(*texts: str) -> int:
    digest = blake2b("\0".join(texts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
