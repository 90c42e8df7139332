"""What waits for a person is checked again when policy or records change, and nobody notices where nothing changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from matching_desk import NOW, TODAY, Desk, invoice, row

from ingest.audit import trail
from ingest.document import State
from matching.deciding import recheck_outdated
from matching.load_records import import_records
from matching.policy import Policy
from matching.records import RecordKind

HEAD = "po_number,supplier_id,line_number,description,quantity,unit_price,customer_id,currency,sku,unit,tax_rate\n"


def again(desk: Desk, policy: Policy | None = None) -> list[int]:
    """Every document that is checked again until none is left."""
    checked = []
    while (found := recheck_outdated(desk.db, policy or desk.policy, TODAY, NOW)) is not None:
        checked.append(found)
    return checked


def test_an_order_that_comes_later_answers_the_question(desk: Desk, tmp_path: Path) -> None:
    waits, _ = desk.decide(invoice(purchase_order="4500099999"))
    other, _ = desk.decide(invoice(row(unit_price="1.95"), invoice_number="RE-2", issue_date="2026-10-10"))
    version = desk.version(other)
    assert desk.codes(waits) == {"order_not_found"}
    assert again(desk) == []
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + "4500099999,S-101,1,Schwerlastdübel 16 mm,600,1.85,C-01,EUR,KV-D16,H87,19\n", "utf-8")
    import_records(desk.db, RecordKind.PURCHASE_ORDERS, path)
    assert again(desk) == [waits, other]
    assert (desk.codes(waits), desk.codes(other)) == (set(), {"price_differs"})
    # it stays with its person, and what says the same as before was not touched
    assert desk.state(waits) is State.NEEDS_REVIEW
    assert [entry.action for entry in trail(desk.db, waits)] == ["decided", "rechecked"]
    assert [entry.action for entry in trail(desk.db, other)] == ["decided"]
    assert desk.version(other) == version
    assert again(desk) == []


def test_another_policy_is_taken_to_what_waits_and_not_to_what_passed(desk: Desk) -> None:
    passed, _ = desk.decide(invoice())
    dear, _ = desk.decide(invoice(row(unit_price="1.87"), invoice_number="RE-2", issue_date="2026-10-10"))
    tolerance = replace(desk.policy.tolerance, price_percent=Decimal(2), price_amount=Decimal(50))
    lenient = replace(desk.policy, tolerance=tolerance)
    assert again(desk, lenient) == [dear]
    assert desk.codes(dear) == set()
    assert desk.state(dear) is State.NEEDS_REVIEW
    assert [entry.action for entry in trail(desk.db, passed)] == ["decided"]
    assert again(desk, lenient) == []
