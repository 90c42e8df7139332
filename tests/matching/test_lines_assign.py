"""Which invoice line is which order line: values in, pairs out."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest

from matching.assignment import assign, sum_hints
from matching.goods_words import contradict, likeness
from matching.lines import InvoiceLine, LinePart, Slot, slots
from matching.records import OrderLine, OrderLineProgress, PurchaseOrder

Rows = dict[tuple[int, str], Decimal | None]


def ordered(*rows: tuple[str, str, str, str], number: str = "P-1", received: tuple[str, ...] = ()) -> tuple[Slot, ...]:
    """Order lines 1, 2, ... of (article, words, quantity, price)."""
    lines = tuple(
        OrderLine(str(at), text, Decimal(quantity), Decimal(price), sku=sku or None)
        for at, (sku, text, quantity, price) in enumerate(rows, start=1)
    )
    progress = tuple(
        OrderLineProgress(str(at), received=Decimal(quantity)) for at, quantity in enumerate(received, start=1)
    )
    return slots(PurchaseOrder(number, "S", lines), progress)


def billed(*rows: tuple[str, str, str, str], **more: str) -> list[InvoiceLine]:
    """Invoice lines of (article, words, quantity, price)."""
    return [
        InvoiceLine(
            at,
            text,
            (sku,) if sku else (),
            sku or None,
            Decimal(quantity),
            None,
            Decimal(price),
            (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01")),
            **more,  # type: ignore[arg-type]
        )
        for at, (sku, text, quantity, price) in enumerate(rows, start=1)
    ]


def pairs(parts: tuple[LinePart, ...]) -> Rows:
    return {(part.invoice.number, part.slot.line.line_number): part.quantity for part in parts}


HINGES = ordered(
    ("", "Türband schwer, verzinkt", "10", "12.60"),
    ("", "Türband leicht, verzinkt", "10", "9.40"),
    ("", "Sechskantschraube M8x40 A2", "500", "0.18"),
)


@pytest.mark.parametrize(
    ("words", "price", "line"),
    [
        ("Türband schwer, verzinkt", "12.60", "1"),
        ("verzinkt schwer TÜRBAND", "12.60", "1"),
        ("Tuerband schwer verz.", "12.60", "1"),
        ("Türband, schw., verzinkt", "12.60", "1"),
        ("Tür-Band schwer verzinkt", "12.60", "1"),
        ("Türbaud schwer, verzinkt", "12.60", "1"),
        ("HOPPE Türband schwer verzinkt", "12.60", "1"),
        # a price that is wrong does not make another article of it
        ("Türband schwer, verzinkt", "9.40", "1"),
        ("Türband leicht, verzinkt", "12.60", "2"),
        ("Sechskant-Schraube M 8 x 40 A2", "0.18", "3"),
        ("6kt-Sechskantschraube M8x40, A2", "0.19", "3"),
        ("Sechskantschraube M8x45 A2", "0.18", None),
        ("Sechskantschraube M10x40 A2", "0.18", None),
        ("Sechskantschraube M8x40 A4", "0.18", None),
        ("Gartenschlauch", "12.60", None),
        ("Beratung", "12.60", None),
    ],
)
def test_words_tell_the_order_line(words: str, price: str, line: str | None) -> None:
    found = pairs(assign(billed(("", words, "10", price)), HINGES))
    assert set(found) == ({(1, line)} if line else set())


@pytest.mark.parametrize(
    ("sku", "words", "price", "found"),
    [
        ("KV-D16", "", "9.99", True),
        ("kv d16", "Anker", "1.85", True),
        ("00KV-D16", "", "1.85", True),
        ("KV-DI6", "Schwerlastdübel", "1.80", True),
        ("", "Art. KV-D16 Anker", "9.99", True),
        ("", "Anker KV D16", "1.85", True),
        ("KV-D17", "Schwerlastdübel 16 mm", "1.85", True),
        ("KV-D17", "Schwerlastdübel 16 mm", "1.95", False),
        ("KV-D17", "Schwerlastanker 16 mm", "1.85", False),
        ("KV-D17", "Schwerlastdübel 18 mm", "1.85", False),
        ("XX-999", "Dübel", "1.85", False),
    ],
)
def test_article_numbers(sku: str, words: str, price: str, found: bool) -> None:
    every = ordered(("KV-D16", "Schwerlastdübel 16 mm", "600", "1.85"))
    assert bool(assign(billed((sku, words, "10", price)), every)) is found


def test_the_buyers_number_or_a_gtin_says_nothing_against_the_sellers() -> None:
    every = ordered(("KV-D16", "Schwerlastdübel 16 mm", "600", "1.85"))
    line = InvoiceLine(1, "Schwerlastdübel 16 mm", ("4006381333931",), None, Decimal(5), None, Decimal(2), Decimal(10))
    assert pairs(assign([line], every)) == {(1, "1"): 5}


def test_the_same_article_goes_by_price_and_open_quantity() -> None:
    every = ordered(("A", "Lochplatte", "10", "5.00"), ("A", "Lochplatte", "20", "4.80"))
    assert pairs(assign(billed(("A", "", "20", "4.80"), ("A", "", "10", "5.00")), every)) == {
        (1, "2"): 20,
        (2, "1"): 10,
    }
    assert pairs(assign(billed(("A", "", "30", "4.80")), every)) == {(1, "2"): 20, (1, "1"): 10}
    assert pairs(assign(billed(("A", "", "8", "5.00"), ("A", "", "18", "5.00")), every)) == {(1, "1"): 8, (2, "2"): 18}


def test_of_two_alike_the_delivered_one_is_billed() -> None:
    twice = (("A", "Lochplatte", "10", "5.00"), ("A", "Lochplatte", "10", "5.00"))
    assert pairs(assign(billed(("A", "", "4", "5.00")), ordered(*twice, received=("0", "10")))) == {(1, "2"): 4}
    assert pairs(assign(billed(("A", "", "4", "5.00")), ordered(*twice, received=("10", "0")))) == {(1, "1"): 4}


def test_what_is_too_much_is_no_other_articles() -> None:
    every = ordered(("", "Kabel schwarz 5 m", "10", "3.00"), ("", "Kabel weiß 5 m", "10", "3.00"))
    assert pairs(assign(billed(("", "Kabel schwarz 5 m", "15", "3.00")), every)) == {(1, "1"): 15}
    twice = billed(("", "Kabel schwarz 5 m", "10", "3.00"), ("", "Kabel schwarz 5 m", "10", "3.00"))
    assert pairs(assign(twice, every)) == {(1, "1"): 10, (2, "1"): 10}


def test_another_article_does_not_join_an_order_line_that_has_room() -> None:
    every = ordered(("", "Türband schwer, verzinkt", "100", "12.60"))
    lines = billed(("", "Türband schwer, verzinkt", "40", "12.60"), ("", "Türband leicht, blank", "40", "12.60"))
    assert pairs(assign(lines, every)) == {(1, "1"): 40}


def test_exchanged_amounts_are_not_hidden() -> None:
    every = ordered(("", "Schraube Stahl", "100", "2.00"), ("", "Schraube Messing", "50", "3.00"))
    found = assign(billed(("", "Schraube Stahl", "50", "3.00"), ("", "Schraube Messing", "100", "2.00")), every)
    assert set(pairs(found)) == {(1, "1"), (2, "2")}


def test_price_and_quantity_alone_are_taken_for_all_lines_or_for_none() -> None:
    every = ordered(("", "Sechskantschraube", "100", "2.10"), ("", "Unterlegscheibe", "70", "0.30"))
    french = billed(("", "Rondelle plate", "70", "0.30"), ("", "Vis à tête", "100", "2.10"))
    assert set(pairs(assign(french, every))) == {(1, "2"), (2, "1")}
    assert assign(french[:1], every) == ()
    one_known = billed(("", "Unterlegscheibe", "70", "0.30"), ("", "Grillzange", "100", "2.10"))
    assert set(pairs(assign(one_known, every))) == {(1, "2")}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Material laut Bestellung", {"1", "2", "3"}),
        ("Goods as per your order 4711", {"1", "2", "3"}),
        ("Marchandises selon votre commande", {"1", "2", "3"}),
        ("Pos. 1-3", {"1", "2", "3"}),
        ("Pumpe, Ventil und Dichtung", {"1", "2", "3"}),
        ("Diverses", set()),
        ("Pumpe", {"1"}),
    ],
)
def test_one_sum_for_several_order_lines(words: str, found: set[str]) -> None:
    every = ordered(("", "Pumpe", "1", "500.00"), ("", "Ventil", "4", "25.50"), ("", "Dichtung", "10", "1.15"))
    line = billed(("", words, "1", "613.50"))
    parts = assign(line, every)
    assert {part.slot.line.line_number for part in parts} == found
    if len(found) > 1:
        assert sum(part.net or 0 for part in parts) == Decimal("613.50")
        # one cent more is another sum
        assert len(assign(billed(("", words, "1", "613.52")), every)) <= 1
    if not found:
        assert [len(hint.slots) for hint in sum_hints(line, every, parts)] == [3]


def test_a_line_that_names_its_order_is_compared_with_that_one() -> None:
    every = (*ordered(("A", "Ventil", "9", "5.00")), *ordered(("A", "Ventil", "9", "5.00"), number="P-2"))
    line = billed(("A", "Ventil", "9", "5.00"), purchase_order="P 2")
    assert [part.slot.order.po_number for part in assign(line, every)] == ["P-2"]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Platte 50x50x30", "Platte 50x30x30", True),
        ("Öl 0,5 l", "Öl 0.50 Liter", False),
        ("Rohr 1.000 mm", "Rohr 1000 mm", False),
        ("Tür links", "Tür rechts", True),
        ("Handschuh Größe L", "Handschuh Größe XL", True),
        ("Kanister 5 l", "Kanister 5 m", False),
        ("Lack rot", "red paint", False),
        ("Lack rot", "Lack, blaue", True),
        ("M10x60", "M10x60, VE 200", False),
    ],
)
def test_sizes_and_variants(one: str, other: str, differ: bool) -> None:
    assert contradict(one, other) is contradict(other, one) is differ
    assert (likeness(one, other) < 0.5) or not differ


def _many(count: int, of: int, rng: random.Random) -> tuple[list[InvoiceLine], tuple[Slot, ...]]:
    nouns = [
        "Sechskantschraube",
        "Unterlegscheibe",
        "Rohrschelle",
        "Kabelbinder",
        "Gewindestange",
        "Montageschiene",
        "Bodenanker",
    ]
    kinds = ["verzinkt", "A2", "schwarz", "blank", "lackiert", "schwer", "leicht"]
    rows = [
        (
            "",
            f"{rng.choice(nouns)} {rng.choice(kinds)} M{rng.randint(4, 30)}x{rng.randint(10, 200)}",
            str(rng.randint(1, 500)),
            f"{rng.randint(10, 9999) / 100:.2f}",
        )
        for _ in range(of)
    ]
    taken = [
        (sku, " ".join(rng.sample(text.split(), 3)), quantity, price)
        for sku, text, quantity, price in rng.sample(rows, count)
    ]
    return billed(*taken), ordered(*rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lines_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    lines, every = _many(12, 20, rng)
    first = {(part.invoice.number, part.slot.line.line_number, part.quantity) for part in assign(lines, every)}
    for _ in range(3):
        shuffled, slots_ = rng.sample(lines, len(lines)), rng.sample(every, len(every))
        again = {(part.invoice.number, part.slot.line.line_number, part.quantity) for part in assign(shuffled, slots_)}
        assert again == first


def test_many_lines_do_not_explode() -> None:
    lines, every = _many(200, 1000, random.Random(1))
    start = time.process_time()
    parts = assign(lines, every)
    # a bound against squares of squares, far above what it takes (half a second)
    assert time.process_time() - start < 5
    assert sum(part.slot.line.unit_price == part.invoice.price for part in parts) >= 198
