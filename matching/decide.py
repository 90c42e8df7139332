"""From a match to the service's own decision; a check that did not run is never taken for a pass."""

from __future__ import annotations

from ingest.extraction import DocumentType, Extraction
from matching.ledger import is_credit, total_of
from matching.policy import Policy
from matching.results import CheckResult, Decision, MatchResult, Severity, Verdict

PASSING_TYPES = (DocumentType.INVOICE, DocumentType.CREDIT_NOTE)
"""Only these can pass untouched."""

MUST_RUN = (
    "missing_field",
    "low_confidence",
    "supplier_unknown",
    "supplier_ambiguous",
    "customer_unknown",
    "customer_ambiguous",
    "totals_do_not_add_up",
    "duplicate_invoice",
    "duplicate_suspected",
    "order_missing",
)
"""Identity, arithmetic and duplicates; and whether an order is needed."""

MUST_RUN_WITH_ORDER = ("line_not_ordered", "price_differs", "quantity_over_ordered")
MUST_RUN_ON_CREDIT = ("line_not_ordered", "price_differs", "preceding_invoice_not_found", "credit_over_invoiced")
"""A credit note gives quantity back; what it may give back is checked against its invoice."""

UNFINISHED = ("pages_left_out",)
"""What reading tells when it did not see the whole document: no discrepancy, but nothing that may pass."""


def decide(extraction: Extraction, match: MatchResult, policy: Policy) -> Decision:
    """Approved, for a person, or a duplicate; with the reasons in words."""
    errors = [item for item in match.discrepancies if item.severity is Severity.ERROR]
    twins = [item for item in errors if item.code == "duplicate_invoice"]
    if twins:
        return Decision(Verdict.DUPLICATE, tuple(item.message for item in twins), policy.version)
    reasons = [item.message for item in errors]
    if extraction.document_type.value not in PASSING_TYPES and not reasons:
        kind = str(extraction.document_type.value).replace("_", " ")
        reasons.append(f"A {kind} is always looked at by a person.")
    if not errors:
        results = {check.code: check for check in match.checks}
        for code in _must_run(extraction, match):
            check = results.get(code)
            if check is None or check.result is CheckResult.NOT_CHECKED:
                why = check.why if check else "it did not run"
                reasons.append(f"The check '{code.replace('_', ' ')}' could not be made: {why}.")
        reasons += [warning.message for warning in extraction.warnings if warning.code in UNFINISHED]
        if total_of(extraction) == 0:
            reasons.append("The total is zero: there is nothing to pay.")
    verdict = Verdict.NEEDS_REVIEW if reasons else Verdict.APPROVED
    return Decision(verdict, tuple(reasons), policy.version)


def _must_run(extraction: Extraction, match: MatchResult) -> tuple[str, ...]:
    if is_credit(extraction):
        return (*MUST_RUN, *(MUST_RUN_ON_CREDIT if match.purchase_orders else MUST_RUN_ON_CREDIT[2:]))
    open_order = any(
        item.code in ("order_missing", "order_not_found", "order_ambiguous") for item in match.discrepancies
    )
    return (*MUST_RUN, *(MUST_RUN_WITH_ORDER if match.purchase_orders or open_order else ()))
