from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from matching_desk import NOW, TODAY, Desk, invoice, row

from matching import reviewing
from matching.backtest import backtest
from matching.policy_values import changed
from matching.results import Verdict

DEARER = row(unit_price="1.90")
"""Ten dowels, five cents each above the order's 1.85: 0.50 EUR too much."""
LENIENT = {"tolerance.price_percent": "3", "tolerance.price_amount": "5", "severity.total_over_order": "warning"}


def test_a_wider_tolerance_approves_more_and_tells_the_money(desk: Desk) -> None:
    dearer, _ = desk.decide(invoice(DEARER))
    clean, decision = desk.decide(invoice(invoice_number="RE-2"))
    assert decision.verdict is Verdict.APPROVED
    before = dump(desk)
    found = backtest(desk.db, desk.policy, changed(desk.policy, LENIENT))
    assert (found.documents, found.approved_before, found.approved_after) == (2, 1, 2)
    (one,) = found.approved_more
    assert (one.document_id, one.before.codes, one.by_person) == (dearer, ("price_differs",), False)
    assert found.let_through == {"EUR": Decimal("0.50")}
    assert found.reviewed_more == ()
    assert dump(desk) == before


def test_a_narrower_setting_reviews_more(desk: Desk) -> None:
    lenient = desk.under(**{"tolerance": changed(desk.policy, LENIENT).tolerance})
    number, decision = lenient.decide(invoice(DEARER))
    assert decision.verdict is Verdict.APPROVED
    found = backtest(desk.db, lenient.policy, desk.policy)
    assert [one.document_id for one in found.reviewed_more] == [number]
    assert found.let_through == {}


def test_the_same_policy_changes_nothing(desk: Desk) -> None:
    desk.decide(invoice(DEARER))
    desk.decide(invoice(DEARER))
    found = backtest(desk.db, desk.policy, desk.policy)
    assert (found.documents, found.changed) == (2, ())


def test_what_passes_under_the_other_policy_bills_its_order_for_those_that_follow(desk: Desk) -> None:
    first, _ = desk.decide(invoice(DEARER))
    twin, _ = desk.decide(invoice(DEARER, invoice_number="RE-9"))
    found = backtest(desk.db, desk.policy, changed(desk.policy, LENIENT))
    assert [one.document_id for one in found.approved_more] == [first]
    assert twin not in [one.document_id for one in found.approved_more]


def test_documents_decided_by_people_are_told_apart(desk: Desk) -> None:
    number, _ = desk.decide(invoice(DEARER))
    reviewing.reject(desk.db, number, desk.version(number), "anna", "too dear", desk.policy, TODAY, NOW)
    (one,) = backtest(desk.db, desk.policy, changed(desk.policy, LENIENT)).changed
    assert one.by_person


def test_only_documents_received_since_the_day_are_replayed(desk: Desk) -> None:
    desk.decide(invoice(DEARER))
    assert backtest(desk.db, desk.policy, desk.policy, since=TODAY).documents == 1
    assert backtest(desk.db, desk.policy, desk.policy, since=TODAY + timedelta(days=1)).documents == 0


def dump(desk: Desk) -> list[str]:
    """The whole database as text."""
    return list(desk.db.conn.iterdump())
