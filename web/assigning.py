"""Rules of the settings by which a document that needs a person is given to one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State
from ingest.store import DocumentStore
from matching.ledger import total_of
from matching.store import MatchStore
from web.talk_store import TalkStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AssignRule:
    """Whose documents are whose; what is not named does not matter."""

    user: str = ""
    supplier: tuple[str, ...] = ()
    """Supplier ids."""
    customer: tuple[str, ...] = ()
    """Customer ids."""
    least_amount: Decimal = Decimal(0)
    """The document's total from which it fits, in the document's currency; a total that was not read does not fit."""

    def fits(self, supplier: str | None, customer: str | None, total: Decimal | None) -> bool:
        """Whether it is about a document of this supplier for this customer over this total."""
        if self.supplier and supplier not in self.supplier:
            return False
        if self.customer and customer not in self.customer:
            return False
        return not self.least_amount or (total is not None and abs(total) >= self.least_amount)

    @property
    def reason(self) -> str:
        """The rule in words, for the trail."""
        parts = [", ".join(ids) for ids in (self.supplier, self.customer) if ids]
        if self.least_amount:
            parts.append(f"from {self.least_amount:f}")
        return f"by rule ({'; '.join(parts)})" if parts else "by rule (everything else)"


def assign_by_rule(db: Database, document_id: int, rules: Iterable[AssignRule], now: datetime) -> None:
    """Give a document that has come to review to whom the first fitting rule names; what somebody has stays theirs."""
    if not rules or DocumentStore(db).get(document_id).state is not State.NEEDS_REVIEW:
        return
    store = MatchStore(db)
    match, extraction = store.match(document_id), store.corrected_extraction(document_id)
    supplier = match.supplier.id if match and match.supplier else None
    customer = match.customer.id if match and match.customer else None
    total = total_of(extraction) if extraction else None
    talk = TalkStore(db)
    for rule in rules:
        if not rule.fits(supplier, customer, total) or talk.assignment(document_id) is not None:
            continue
        if talk.assign_by_name(document_id, rule.user, now, rule.reason):
            return
        log.warning("a rule gives documents to '%s', who is no user that may work on them", rule.user)
