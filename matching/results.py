"""What matching found and decided: the values between the matcher, the store and the screen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How much a discrepancy weighs: only an error stops a document."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"
    """Not looked for; only where a rule runs at the policy's wish."""


class CheckResult(StrEnum):
    """The three answers of a check."""

    PASS = "pass"
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


class Verdict(StrEnum):
    """What the service itself decides."""

    APPROVED = "approved"
    NEEDS_REVIEW = "needs_review"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant, with its score (0 to 1) and the reasons, strongest first."""

    id: str
    score: float
    why: tuple[str, ...] = ()
    name: str = ""
    """What a person calls it."""
    weights: tuple[str, ...] = ()
    """How the score came about, in bits (log2 of odds): the evidence, what any record starts with, and the sum."""


@dataclass(frozen=True, slots=True)
class LineMatch:
    """One pair of invoice line (counted from 1) and order line."""

    invoice_line: int
    purchase_order: str
    order_line: str
    score: float
    why: tuple[str, ...] = ()
    quantity: Decimal | None = None
    """The part of the invoice line's quantity that this order line takes, in the order line's unit."""
    net: Decimal | None = None
    """The part of the invoice line's net amount that this order line takes."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something about the invoice that differs from what was expected, in words and money."""

    code: str
    severity: Severity
    message: str
    field: str | None = None
    line: int | None = None
    """Invoice line, counted from 1."""
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    """In money where that makes sense, as a decimal string."""
    related_document: str | None = None
    """The other document: the twin of a duplicate."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's answer; `why` says what a check that could not run was missing."""

    code: str
    result: CheckResult
    why: str = ""


@dataclass(frozen=True, slots=True)
class MatchResult:
    """Records, lines, discrepancies and checks of one document."""

    supplier: Candidate | None = None
    """Absent when unknown or ambiguous."""
    customer: Candidate | None = None
    purchase_orders: tuple[Candidate, ...] = ()
    line_matches: tuple[LineMatch, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    checks: tuple[Check, ...] = ()
    supplier_candidates: tuple[Candidate, ...] = ()
    """Best first, the chosen one among them: the runner-up shows how sure the choice is."""
    customer_candidates: tuple[Candidate, ...] = ()
    order_candidates: tuple[Candidate, ...] = ()
    charge_lines: tuple[int, ...] = ()
    """Invoice lines (from 1) that are charges: freight, packing, deposits."""
    charge_matches: tuple[LineMatch, ...] = ()
    """Charges and the order lines that carry them; `invoice_line` is 0 for a charge below the lines."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a match, and why; `policy_version` is the policy it was made under."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    policy_version: str = ""
