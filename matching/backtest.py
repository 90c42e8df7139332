"""Back-test: what would have been decided about past documents under another policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlite_utils import Database

from matching.deciding import STATE_OF, corrected, judge
from matching.ledger import entry, total_of
from matching.policy import Policy
from matching.replay_store import PastDocument, ReplayStore, copied
from matching.results import MatchResult, Severity, Verdict
from matching.store import LedgerStore

MONEY_CODES = ("price_differs", "line_not_ordered", "charge_differs", "tax_rate_differs")
"""Codes whose difference is money that the invoice asks too much, each for another part of it."""
QUANTITY_CODES = ("quantity_over_ordered", "quantity_over_received")
"""The same money told twice where both are said of one line: the larger counts."""
TWICE_CODES = ("duplicate_invoice", "duplicate_suspected")
"""What they are about is the whole invoice: it would be paid again."""
WHOLE_CODES = ("total_over_order", "totals_do_not_add_up", "credit_over_invoiced")
"""The same for the document as a whole: they count where no line says it."""

Progress = Callable[[int, int], None]
"""Called with the documents done and those there are."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one replay decides about one document."""

    verdict: Verdict
    codes: tuple[str, ...]
    """Of errors only."""
    excess: Decimal
    """Money that the errors are about; 0 where none of them says an amount (a wrong account, too short terms)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that would have been decided otherwise, or for other reasons."""

    document_id: int
    label: str
    file: str
    currency: str
    total: Decimal | None
    before: Outcome
    after: Outcome
    by_person: bool
    """People decided about it: what the service says now would have saved, or cost, their look."""

    @property
    def let_through(self) -> Decimal:
        """Money that a person would no longer have been asked about."""
        newly = self.after.verdict is Verdict.APPROVED and self.before.verdict is not Verdict.APPROVED
        return self.before.excess if newly else Decimal(0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The present policy against another one, over the same documents and today's records."""

    documents: int
    approved_before: int
    approved_after: int
    changed: tuple[Changed, ...] = ()
    let_through: Mapping[str, Decimal] = field(default_factory=dict)
    """Per currency; empty text where a document names none."""

    @property
    def approved_more(self) -> tuple[Changed, ...]:
        """Documents that would have passed and did not."""
        return tuple(one for one in self.changed if _passes(one.after) and not _passes(one.before))

    @property
    def reviewed_more(self) -> tuple[Changed, ...]:
        """Documents that passed and would not have."""
        return tuple(one for one in self.changed if _passes(one.before) and not _passes(one.after))


def backtest(
    db: Database,
    present: Policy,
    other: Policy,
    since: date | None = None,
    progress: Progress = lambda done, all: None,
    newest: int | None = None,
) -> Comparison:
    """Decide past documents again under both policies, in order of receipt, on a copy; writes nothing to `db`.

    Both replays use today's records and people's corrections, so that only the policy differs. What people decided
    stands for the documents that come after, unless the service itself would have approved. `newest`: at most so many,
    the last ones; what came before them stands as it is.
    """
    with copied(db) as copy:
        documents = ReplayStore(copy).decided(since)
        documents = documents[-newest:] if newest else documents
        every = 2 * len(documents)
        before = _replay(copy, documents, present, lambda done: progress(done, every))
        after = _replay(copy, documents, other, lambda done: progress(len(documents) + done, every))
        changed = tuple(
            _changed(copy, document, before[document.id], after[document.id])
            for document in documents
            if (before[document.id].verdict, before[document.id].codes)
            != (after[document.id].verdict, after[document.id].codes)
        )
    money: dict[str, Decimal] = defaultdict(Decimal)
    for one in changed:
        if one.let_through:
            money[one.currency] += one.let_through
    return Comparison(
        documents=len(documents),
        approved_before=sum(map(_passes, before.values())),
        approved_after=sum(map(_passes, after.values())),
        changed=changed,
        let_through=dict(money),
    )


def _replay(
    copy: Database, documents: tuple[PastDocument, ...], policy: Policy, progress: Callable[[int], None]
) -> dict[int, Outcome]:
    store, ledger = ReplayStore(copy), LedgerStore(copy)
    outcomes: dict[int, Outcome] = {}
    copy.conn.execute("BEGIN")
    try:
        store.take_back(documents)
        for done, document in enumerate(documents, start=1):
            found, decision = judge(copy, document.id, policy, document.received_on)
            extraction = corrected(copy, document.id)
            ledger.save(entry(document.id, extraction, found))
            approved = decision.verdict is Verdict.APPROVED
            stands = document.state if document.by_person and not approved else STATE_OF[decision.verdict]
            store.settle(document.id, stands)
            outcomes[document.id] = Outcome(decision.verdict, _error_codes(found), _excess(found, total_of(extraction)))
            progress(done)
    finally:
        copy.conn.rollback()
    return outcomes


def _changed(copy: Database, document: PastDocument, before: Outcome, after: Outcome) -> Changed:
    extraction = corrected(copy, document.id)
    label, name = ReplayStore(copy).label(document.id)
    return Changed(
        document_id=document.id,
        label=label,
        file=name,
        currency=extraction.text("currency") or "",
        total=total_of(extraction),
        before=before,
        after=after,
        by_person=document.by_person,
    )


def _passes(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.APPROVED


def _error_codes(found: MatchResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.code for item in found.discrepancies if item.severity is Severity.ERROR))


def _excess(found: MatchResult, total: Decimal | None) -> Decimal:
    errors = [item for item in found.discrepancies if item.severity is Severity.ERROR]

    def asked(codes: tuple[str, ...]) -> Decimal:
        return sum((abs(_amount(item.difference)) for item in errors if item.code in codes), Decimal(0))

    if total is not None and any(item.code in TWICE_CODES for item in errors):
        return abs(total)
    too_many: dict[int | None, Decimal] = defaultdict(Decimal)
    for item in errors:
        if item.code in QUANTITY_CODES:
            too_many[item.line] = max(too_many[item.line], abs(_amount(item.difference)))
    return asked(MONEY_CODES) + sum(too_many.values(), Decimal(0)) or asked(WHOLE_CODES)


def _amount(text: str | None) -> Decimal:
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)
