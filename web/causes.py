"""What waits, grouped by what it waits for: one question over many documents, answered once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matching.ask_store import WaitingAsk
from matching.asking import cause
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
        "customer_unknown", "supplier_unknown", "billing_address_differs", "total_over_order",
    }),
    Step.NOT_AN_INVOICE: frozenset({"not_an_invoice"}),
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
class Group:
    """The documents that wait for the same answer, by number, the longest waiting first."""

    key: str
    asks: tuple[WaitingAsk, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The documents."""
        return tuple(ask.document_id for ask in self.asks)

    @property
    def fitting(self) -> tuple[int, ...]:
        """Those that ask nothing else: one answer settles them."""
        return tuple(ask.document_id for ask in self.asks if ask.alone)[:MOST]

    @property
    def money(self) -> tuple[tuple[str, Decimal], ...]:
        """What is asked about in all, by currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for ask in self.asks:
            if ask.money is not None:
                sums[ask.currency] += ask.money
        return tuple(sorted(sums.items()))


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
    """A group with what it asks, as one of its documents says it."""

    group: Group
    first: Member

    @property
    def key(self) -> str:
        """Names it in addresses."""
        return self.group.key

    @property
    def sender(self) -> str:
        """Whose documents they are."""
        return self.first.row.supplier_name

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.first.question

    @property
    def answers(self) -> tuple[tuple[Step, str], ...]:
        """What can be decided for all of them at once, and why; empty where each needs a look of its own."""
        return tuple(
            (step, reason)
            for step, codes in ANSWERED_TOGETHER.items()
            if self.question.code in codes
            for reason in reasons_for(step, {self.question.code})[:3]
        )


def grouped(waiting: Iterable[WaitingAsk]) -> tuple[Group, ...]:
    """The groups, those with most documents first; a document stands in the group of each of its questions."""
    groups: dict[str, list[WaitingAsk]] = defaultdict(list)
    for ask in waiting:
        groups[ask.cause].append(ask)
    made = [Group(key, tuple(each)) for key, each in groups.items()]
    return tuple(sorted(made, key=lambda group: -len(group.asks)))


def causes_of(groups: Sequence[Group], rows: Mapping[int, QueueRow], present: Presenter) -> tuple[Cause, ...]:
    """Groups with what they ask; `rows` has the first document of each. One that was decided meanwhile is left out."""
    firsts = [(group, member_of(group.key, rows.get(group.numbers[0]), present)) for group in groups]
    return tuple(Cause(group, first) for group, first in firsts if first)


def member_of(key: str, row: QueueRow | None, present: Presenter) -> Member | None:
    """A document as one of a group; None where it asks this no more."""
    asked = questions(row.discrepancies, present) if row else ()
    own = next((one for one in asked if row and cause(one.ask, row.supplier_name, row.currency) == key), None)
    if row is None or own is None:
        return None
    return Member(row, own, tuple(one for one in asked if one is not own))
