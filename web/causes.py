"""What waits, grouped by what it waits for: one question over many documents, answered once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from matching.queue import QueueRow
from matching.review import Step
from web.presenters import Presenter
from web.questions import Question, questions
from web.reasons import reasons_for

ANSWERED_TOGETHER: dict[Step, frozenset[str]] = {
    Step.APPROVE: frozenset({
        "price_differs", "charge_differs", "payment_terms_differ", "billing_address_differs", "quantity_over_received",
        "total_over_order", "unit_differs", "tax_rate_differs",
    }),
    Step.REJECT: frozenset({
        "price_differs", "charge_differs", "quantity_over_ordered", "order_missing", "order_not_found",
        "customer_unknown", "supplier_unknown", "billing_address_differs", "not_an_invoice", "total_over_order",
    }),
    Step.HOLD: frozenset({
        "price_differs", "charge_differs", "quantity_over_ordered", "quantity_over_received", "order_missing",
        "order_not_found", "supplier_unknown", "customer_unknown", "payment_terms_differ", "total_over_order",
    }),
}  # fmt: skip
"""Causes that may be the same for many documents, by what is then decided. Doubts in reading, twins and bank accounts
are looked at one by one."""

MOST = 200
"""Documents that one answer takes."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a group, and what else is asked about it."""

    row: QueueRow
    question: Question
    others: tuple[Question, ...]

    @property
    def fits(self) -> bool:
        """Whether the group's question is the only one."""
        return not self.others


@dataclass(frozen=True, slots=True)
class Cause:
    """One question and the documents that wait for its answer, longest waiting first."""

    key: str
    question: Question
    sender: str
    members: tuple[Member, ...]

    @property
    def fitting(self) -> tuple[Member, ...]:
        """The documents that one answer settles."""
        return tuple(member for member in self.members if member.fits)[:MOST]

    @property
    def money(self) -> tuple[tuple[str, Decimal], ...]:
        """What is asked about in all, by currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for member in self.members:
            if member.question.money is not None:
                sums[member.row.currency] += member.question.money
        return tuple(sorted(sums.items()))

    @property
    def answers(self) -> tuple[tuple[Step, str], ...]:
        """What can be decided for all of them at once, and why; empty where each needs a look of its own."""
        return tuple(
            (step, reason)
            for step, codes in ANSWERED_TOGETHER.items()
            if self.question.code in codes
            for reason in reasons_for(step, {self.question.code})[:3]
        )


def causes_of(rows: Iterable[QueueRow], present: Presenter) -> tuple[Cause, ...]:
    """The groups, those with most documents first; a document stands in the group of each of its questions."""
    groups: dict[str, list[Member]] = defaultdict(list)
    for row in rows:
        asked = questions(row.discrepancies, present)
        for question in asked:
            others = tuple(other for other in asked if other is not question)
            groups[_key(row, question)].append(Member(row, question, others))
    made = [
        Cause(key, members[0].question, members[0].row.supplier_name, tuple(members)) for key, members in groups.items()
    ]
    return tuple(sorted(made, key=lambda cause: (-len(cause.members), cause.sender, cause.question.text)))


def _key(row: QueueRow, question: Question) -> str:
    """The same for documents of one sender on which the same stands against the same."""
    sides = sorted({(found.expected or "", found.found or "") for found in question.found if _is_shared(found.code)})
    parts = [question.code, row.supplier_name, row.currency, *(side for pair in sides for side in pair)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _is_shared(code: str) -> bool:
    """Whether the values of a cause are those of an order or record, not of the single document."""
    return code not in ("total_over_order", "totals_do_not_add_up", "low_confidence", "quantity_over_ordered")
