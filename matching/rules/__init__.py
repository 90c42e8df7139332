"""The discrepancies that are looked for: DISCREPANCY_RULES is the list, one entry a code, each explains itself."""

from __future__ import annotations

from matching.policy import Policy
from matching.results import Severity
from matching.rules.arithmetic import ARITHMETIC_RULES
from matching.rules.asked import ASKED_RULES
from matching.rules.case import Rule
from matching.rules.documents import DOCUMENT_RULES, DOUBT_RULES
from matching.rules.identity import IDENTITY_RULES
from matching.rules.line_checks import LINE_RULES
from matching.rules.ordered import ORDER_RULES
from matching.rules.payment import PAYMENT_RULES
from matching.rules.twins import TWIN_RULES

DISCREPANCY_RULES: tuple[Rule, ...] = (
    *DOCUMENT_RULES,
    *ARITHMETIC_RULES,
    *IDENTITY_RULES,
    *LINE_RULES,
    *ORDER_RULES,
    *TWIN_RULES,
    *PAYMENT_RULES,
    *ASKED_RULES,
    *DOUBT_RULES,
)
"""In the order in which a person reads them."""

DEFAULTS = {rule.code: rule.default for rule in DISCREPANCY_RULES}


def severity_of(policy: Policy, code: str) -> Severity:
    """How much a discrepancy weighs under a policy."""
    return policy.severity.get(code, DEFAULTS[code])
