"""Units and packs, and what an invoice in other units is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from matching_desk import Desk, invoice, row

from matching import units


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("szt.", "H87", "1"),
        ("pz", "ks", "1"),
        ("Stück", "stuks", "1"),
        ("Dutzend", "douzaine", "1"),
        ("DZN", "pcs", "12"),
        ("Paar", "H87", "2"),
        ("Tsd.", "EA", "1000"),
        ("t", "kg", "1000"),
        ("lfm", "CMT", "100"),
        ("qm", "m²", "1"),
        ("hl", "LTR", "100"),
        ("MWH", "kWh", "1000"),
        ("godz.", "HUR", "1"),
        ("kvm", "MTK", "1"),
        ("heures", "min", "60"),
        ("Quartal", "MON", "3"),
        ("Rolle", "rouleau", "1"),
        ("KTN", "carton", "1"),
        ("sac", "Beutel", "1"),
        ("forfait", "pauschal", "1"),
        ("u", "H87", "1"),
        ("u", "HUR", "1"),
        ("u", "KGM", None),
        ("kpl", "SET", "1"),
        ("CL", "LTR", None),
        ("Karton", "H87", None),
        ("Rolle", "MTR", None),
        ("Set", "Stk", None),
        ("Palette", "Karton", None),
        ("Tag", "Manntag", None),
        ("kg", "l", None),
        ("Schlumpf", "H87", None),
    ],
)
def test_factors(one: str, other: str, factor: str | None) -> None:
    assert units.factor(one, other) == (Decimal(factor) if factor else None)
    assert units.factor(other, one) == (1 / Decimal(factor) if factor else None)


def test_every_word_is_of_a_unit_that_is_known() -> None:
    assert set(units._WORDS.values()) <= set(units.UNITS)
    assert len(units.UNITS) > 150


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Karton à 100", "100"),
        ("100er Pack", "100"),
        ("VE 50", "50"),
        ("box of 25", "25"),
        ("Karton", None),
        ("x 1", None),
    ],
)
def test_pack_sizes(text: str, size: str | None) -> None:
    assert units.pack_size(text) == (Decimal(size) if size else None)


def test_a_pack_is_proposed_and_never_taken(desk: Desk) -> None:
    # 600 dowels at 1.85 are ordered
    boxes = row(unit="KTN", quantity="2", unit_price="185.00")
    document, decision = desk.decide(invoice(boxes))
    assert (decision.verdict, desk.codes(document)) == ("needs_review", {"unit_differs"})
    (told,) = [item for item in desk.match(document).discrepancies if item.code == "unit_differs"]
    assert "1 KTN = 100 H87" in told.message
    assert "200 are billed" in told.message


@pytest.mark.parametrize(
    ("unit", "quantity", "price"),
    # too many pieces, or a price that no whole pack makes
    [("KTN", "7", "185.00"), ("KTN", "2", "187.77")],
)
def test_no_pack_is_proposed_that_does_not_fit(desk: Desk, unit: str, quantity: str, price: str) -> None:
    document, _ = desk.decide(invoice(row(unit=unit, quantity=quantity, unit_price=price)))
    (told,) = desk.match(document).discrepancies
    assert told.code == "unit_differs"
    assert " = " not in told.message


def test_a_price_that_is_printed_rounded_is_no_other_price(desk: Desk) -> None:
    # ordered at 12.50 a hundred: 0.125 each
    rivets = row(sku="KV-5600", description="Blindniet 4x10", quantity="100", unit_price="0.125", line_total="12.50")
    assert desk.outcome(invoice(rivets, purchase_order="4500026010")) == ("approved", set())
    rounded = {**rivets, "unit_price": "0.13"}
    codes = desk.outcome(invoice(rounded, purchase_order="4500026010", invoice_number="RE-2"))[1]
    assert "price_differs" not in codes
    dearer = {**rounded, "line_total": "13.00"}
    codes = desk.outcome(invoice(dearer, purchase_order="4500026010", invoice_number="RE-3"))[1]
    assert codes == {"price_differs"}
