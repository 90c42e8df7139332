"""The worked examples of the contract, through reader, extraction, store and decision, in their order."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from matching_desk import EXAMPLES, NOW, TODAY
from sqlite_utils import Database

from ingest.database import transaction
from ingest.document import Door, ReceivedFile
from ingest.extract import extract
from ingest.readers import read_document
from ingest.store import Arrival, DocumentStore
from matching.deciding import decide_document
from matching.policy import Policy
from matching.results import CheckResult, MatchResult, Severity, Verdict
from matching.store import MatchStore

OUTCOMES = [json.loads(line) for line in (EXAMPLES / "outcomes.jsonl").read_text("utf-8").splitlines()]
PARTS = ["status", "codes", "supplier", "customer", "orders", "lines"]


def process(db: Database, name: str) -> tuple[str, MatchResult]:
    content = (EXAMPLES / name).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction(db):
        document, arrival = DocumentStore(db).add(ReceivedFile(name, content, Door.COMMAND), sha256, NOW)
    if arrival is Arrival.KNOWN:
        return "known", MatchResult()
    read = read_document(content, sha256)
    with transaction(db):
        DocumentStore(db).save_reading(document.id, read, extract(read), "test", NOW)
    decision = decide_document(db, document.id, Policy(), TODAY, NOW)
    found = MatchStore(db).match(document.id)
    assert found is not None
    return decision.verdict.value, found


def faults(outcome: dict[str, Any], status: str, found: MatchResult) -> list[str]:
    """What differs from the expected outcome, in words."""
    scored = outcome.get("scored", PARTS)
    wrong = []
    if status not in {outcome["expected_status"], *outcome.get("accept_status", [])}:
        wrong.append(f"status {status}")
    counted = {item.code for item in found.discrepancies if item.severity is not Severity.INFO}
    if counted != set(outcome["expected_discrepancies"]) and outcome.get("allowed_discrepancies") != ["*"]:
        wrong.append(f"codes {sorted(counted)}")
    for part, got in (("supplier", found.supplier), ("customer", found.customer)):
        if part in scored and (got.id if got else None) != outcome.get(f"{part}_id"):
            wrong.append(f"{part} {got}")
    if "orders" in scored and {order.id for order in found.purchase_orders} != set(outcome.get("purchase_orders", [])):
        wrong.append(f"orders {found.purchase_orders}")
    if "lines" in scored:
        pairs = {(pair.invoice_line, pair.purchase_order, pair.order_line) for pair in found.line_matches}
        wanted = {tuple(pair.values()) for pair in outcome.get("line_matches", [])}
        wrong += [f"lines {pairs}"] if pairs != wanted else []
    told = {item.code for item in found.discrepancies if item.severity is Severity.INFO}
    wrong += [f"no info {code}" for code in outcome.get("info_discrepancies", []) if code not in told]
    if suggested := outcome.get("suggested_order"):
        missing = [item.expected for item in found.discrepancies if item.code == "order_missing"]
        wrong += [f"suggested {missing}"] if missing != [suggested] else []
    for code in outcome.get("not_checked", []):
        checks = [check for check in found.checks if check.code == code]
        if not all(check.result is CheckResult.NOT_CHECKED and check.why for check in checks):
            wrong.append(f"{code} {checks}")
    return wrong


def test_every_worked_example_is_decided_as_the_contract_has_it(db: Database) -> None:
    wrong = {}
    for outcome in OUTCOMES:
        status, found = process(db, outcome["path"])
        if status == "known":
            # the command line answers known bytes without a second document
            assert outcome["expected_status"] == Verdict.DUPLICATE
        elif differing := faults(outcome, status, found):
            wrong[outcome["path"]] = differing
    assert wrong == {}


@pytest.mark.parametrize("policy", [Policy(), Policy(min_confidence=0.5)])
def test_nothing_passes_without_any_records(empty_db: Database, policy: Policy) -> None:
    for outcome in OUTCOMES[:8]:
        status, found = process(empty_db, outcome["path"])
        assert status == "needs_review"
        assert [item.code for item in found.discrepancies] == ["supplier_unknown", "customer_unknown"]
