"""Matches, decisions, corrections and the queue in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlite_utils import Database

from ingest.document import State
from ingest.extraction import Extraction
from ingest.serialise import from_json, to_json
from ingest.store import IN_ORDER, DocumentStore
from matching import normalise
from matching.ask_store import AskStore
from matching.queue import QueueFilter, QueuePage, QueueRow
from matching.results import Decision, Discrepancy, MatchResult, Severity
from matching.review import Correction, ReviewDecision, apply_corrections

_RECEIPT = IN_ORDER.format("d.")
SORTS = {
    "newest": "(coalesce(m.errors, 0) = 0), coalesce(d.parent_id, d.id) DESC, d.part",
    "oldest": _RECEIPT,
    "due": f"m.due_date IS NULL, m.due_date, {_RECEIPT}",
    "amount": f"m.amount_order IS NULL, m.amount_order DESC, {_RECEIPT}",
    "discount": f"m.discount_until IS NULL, m.discount_until, {_RECEIPT}",
    "arrived": "d.id DESC",
}
_BY_INDEX = {"due": "due_date", "amount": "amount_order"}
"""Orders of a column with an index: the first pages of all that is approved are read without sorting the rest."""
_NEWEST_DECIDED = "coalesce(d.parent_id, d.id) DESC, d.part"
"""`newest` where no problems stand first: in the order of an index."""

LONGEST_DISCOUNT = 365
"""Days: a cash discount is no matter of years."""
MOST_COUNTED = 1000
"""Documents that a search finds are counted so far; nobody pages through more."""
SHORTEST_PART = 3
"""Characters of a part of a word that is found inside it; shorter ones are found at the beginning of a word."""


class MatchStore:
    """Questions and changes about what was matched and decided; changes belong inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # ------------------------------------------------------------ one document

    def match(self, document_id: int) -> MatchResult | None:
        """What matching found; None before it."""
        text = self._text("match", document_id)
        return from_json(text, MatchResult) if text else None

    def decision(self, document_id: int) -> Decision | None:
        """What the service decided; None before it."""
        text = self._text("decision", document_id)
        return from_json(text, Decision) if text else None

    def received_on(self, document_id: int) -> date | None:
        """The day of receipt as the first decision took it."""
        text = self._text("received_on", document_id)
        return date.fromisoformat(text) if text else None

    def corrected_extraction(self, document_id: int) -> Extraction | None:
        """What the document says with people's corrections; None before reading."""
        extraction = DocumentStore(self.db).extraction(document_id)
        return apply_corrections(extraction, self.corrections(document_id)) if extraction else None

    def corrections(self, document_id: int) -> tuple[Correction, ...]:
        """Every correction that counts, oldest first: not those of other pages, before it was split or joined."""
        rows = self.db.query("SELECT content FROM corrections WHERE document_id = ? ORDER BY id", [document_id])
        found = tuple(from_json(row["content"], Correction) for row in rows)
        if all(item.pages is None for item in found):
            return found
        pages = DocumentStore(self.db).get(document_id).pages
        return tuple(item for item in found if item.pages in (None, pages))

    def bind_corrections(self, document_id: int, pages: tuple[int, int]) -> None:
        """Let what was corrected until now count for these pages alone."""
        rows = self.db.query("SELECT id, content FROM corrections WHERE document_id = ?", [document_id])
        for row in list(rows):
            item = from_json(row["content"], Correction)
            if item.pages is None:
                content = to_json(replace(item, pages=pages))
                self.db.execute("UPDATE corrections SET content = ? WHERE id = ?", [content, row["id"]])

    def add_corrections(self, document_id: int, corrections: Sequence[Correction]) -> None:
        """Keep what a person corrected."""
        self.db.table("corrections").insert_all(
            {"document_id": document_id, "content": to_json(correction)} for correction in corrections
        )

    def review_decisions(self, document_id: int) -> tuple[ReviewDecision, ...]:
        """What people decided, oldest first."""
        rows = self.db.query("SELECT content FROM review_decisions WHERE document_id = ? ORDER BY id", [document_id])
        return tuple(from_json(row["content"], ReviewDecision) for row in rows)

    def add_review_decision(self, document_id: int, decision: ReviewDecision) -> None:
        """Keep what a person decided."""
        self.db.table("review_decisions").insert({"document_id": document_id, "content": to_json(decision)})

    def save(
        self,
        document_id: int,
        extraction: Extraction,
        found: MatchResult,
        decision: Decision,
        *,
        received_on: date,
        at: datetime,
    ) -> None:
        """Keep a match and its decision, in place of an earlier one, with what the queue shows of it."""
        row = _queue_columns(extraction, found)
        row |= {"document_id": document_id, "decided_at": at.isoformat(), "received_on": received_on.isoformat()}
        row |= {"match": to_json(found), "decision": to_json(decision)}
        row["made_under"] = self.made_under(decision.policy_version)
        self.db.table("matches").upsert(row, pk="document_id")
        self.db.execute("DELETE FROM match_texts WHERE rowid = ?", [document_id])
        self.db.execute("INSERT INTO match_texts (rowid, text) VALUES (?, ?)", [document_id, row["search"]])
        self.db.execute("DELETE FROM match_codes WHERE document_id = ?", [document_id])
        codes: dict[str, bool] = {}
        for item in found.discrepancies:
            codes[item.code] = codes.get(item.code, False) or item.severity is not Severity.INFO
        self.db.conn.executemany(
            "INSERT INTO match_codes (code, document_id, counts) VALUES (?, ?, ?)",
            [(code, document_id, int(counts)) for code, counts in codes.items()],
        )
        sender, currency = str(row["supplier_name"] or ""), str(row["currency"] or "")
        AskStore(self.db).save(document_id, found.discrepancies, sender, currency)

    def made_under(self, policy_version: str) -> str:
        """What a match of this moment is made under: the policy, and how often records were imported."""
        imports = self.db.execute("SELECT number FROM record_generation").fetchone()[0]
        return f"{policy_version}/{imports}"

    def outdated(self, made_under: str) -> int | None:
        """A document that waits for a person and was matched under another policy or other records, the oldest."""
        row = self.db.execute(
            "SELECT d.id FROM documents d JOIN matches m ON m.document_id = d.id "
            "WHERE d.state = ? AND m.made_under <> ? ORDER BY d.id LIMIT 1",
            [State.NEEDS_REVIEW.value, made_under],
        ).fetchone()
        return row[0] if row else None

    def still_holds(self, document_id: int, made_under: str) -> None:
        """Note that a match says the same under the present policy and records."""
        self.db.execute("UPDATE matches SET made_under = ? WHERE document_id = ?", [made_under, document_id])

    # ------------------------------------------------------------ the queue

    def queue(self, filter: QueueFilter) -> tuple[QueueRow, ...]:
        """One page of the queue."""
        return self._rows(self._ids(filter, limit=filter.limit, offset=filter.offset))

    def queue_page(self, filter: QueueFilter) -> QueuePage:
        """One page of the queue, and how many documents there are; what a search finds is counted to a limit."""
        if not filter.text:
            return QueuePage(self.queue(filter), self.queue_size(filter))
        end = filter.offset + filter.limit
        ids = self._ids(filter, limit=max(end, MOST_COUNTED) + 1)
        return QueuePage(self._rows(ids[filter.offset : end]), min(len(ids), max(end, MOST_COUNTED)), end < len(ids))

    def _rows(self, ids: Sequence[int]) -> tuple[QueueRow, ...]:
        place = {document_id: index for index, document_id in enumerate(ids)}
        rows = self.db.query(
            "SELECT d.id AS id, m.supplier_name, m.invoice_number, m.issue_date, m.due_date, m.currency, m.amount, "
            "m.discount_until, m.discount, m.document_type, m.discrepancies "
            "FROM documents d LEFT JOIN matches m ON m.document_id = d.id "
            "WHERE d.id IN (SELECT value FROM json_each(?))",
            [json.dumps(ids)],
        )
        documents = DocumentStore(self.db).many(ids)
        return tuple(
            QueueRow(
                document=documents[row["id"]],
                supplier_name=row["supplier_name"] or "",
                invoice_number=row["invoice_number"] or "",
                issue_date=date.fromisoformat(row["issue_date"]) if row["issue_date"] else None,
                due_date=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
                discount_until=date.fromisoformat(row["discount_until"]) if row["discount_until"] else None,
                discount=Decimal(row["discount"]) if row["discount"] else None,
                currency=row["currency"] or "",
                amount=Decimal(row["amount"]) if row["amount"] is not None else None,
                document_type=row["document_type"] or "",
                discrepancies=_discrepancies(row["discrepancies"]),
            )
            for row in sorted(rows, key=lambda row: place[row["id"]])
        )

    def _ids(self, filter: QueueFilter, limit: int = -1, offset: int = 0) -> list[int]:
        """The documents in their order, by number; what is shown of them is asked for afterwards, for a page only."""
        whole = QueueFilter(states=(State.APPROVED,), sort=filter.sort, limit=filter.limit, offset=filter.offset)
        if limit > 0 and filter.sort in _BY_INDEX and filter == whole:
            return self._by_index(filter.states[0], filter.sort, limit, offset)
        where, values = _where(filter, self._wide_words(filter))
        order = SORTS.get(filter.sort, SORTS["newest"])
        if order == SORTS["newest"] and State.NEEDS_REVIEW not in filter.states:
            order = _NEWEST_DECIDED
        rows = self.db.query(
            "SELECT d.id AS id FROM documents d LEFT JOIN matches m ON m.document_id = d.id "
            f"WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [row["id"] for row in rows]

    def _by_index(self, state: State, sort: str, limit: int, offset: int) -> list[int]:
        """A page of a whole state in the order of a column's index; documents without a value stand last."""
        column = _BY_INDEX[sort]
        tables = "FROM matches m CROSS JOIN documents d ON d.id = m.document_id WHERE d.state = ?"
        order = SORTS[sort].partition(", ")[2]
        rows = self.db.query(
            f"SELECT d.id AS id {tables} AND m.{column} IS NOT NULL ORDER BY {order} LIMIT ? OFFSET ?",
            [state.value, limit, offset],
        )
        found = [row["id"] for row in rows]
        if len(found) == limit:
            return found
        known = next(iter(self.db.query(f"SELECT count(m.{column}) AS n {tables}", [state.value])))["n"]
        rows = self.db.query(
            "SELECT d.id AS id FROM documents d LEFT JOIN matches m ON m.document_id = d.id "
            f"WHERE d.state = ? AND m.{column} IS NULL ORDER BY {_RECEIPT} LIMIT ? OFFSET ?",
            [state.value, limit - len(found), max(0, offset - known)],
        )
        return [*found, *(row["id"] for row in rows)]

    def queue_size(self, filter: QueueFilter) -> int:
        """How many documents the filter lets through, whatever its limit."""
        where, values = _where(filter)
        rows = self.db.query(f"SELECT count(*) AS n FROM documents d WHERE {where}", values)
        return int(next(iter(rows))["n"])

    def _wide_words(self, filter: QueueFilter) -> frozenset[str]:
        """The words of a search that so many documents have that these are better gone through in their order."""
        return frozenset(word for word in _words(filter) if self._hits(word) > MOST_COUNTED)

    def _hits(self, word: str) -> int:
        found, values = _searched(word)
        return int(self.db.execute(f"SELECT count(*) FROM ({found})", values).fetchone()[0])

    def codes_waiting(self) -> dict[str, int]:
        """How many documents in review have a code (hints in our favour not counted), most frequent first."""
        rows = self.db.query(
            # few wait and many are decided: CROSS JOIN keeps SQLite from reading the codes of all
            "SELECT c.code, count(*) AS n FROM documents d CROSS JOIN match_codes c ON c.document_id = d.id "
            "WHERE d.state = ? AND c.counts = 1 GROUP BY c.code ORDER BY n DESC, c.code",
            [State.NEEDS_REVIEW.value],
        )
        return {row["code"]: row["n"] for row in rows}

    def neighbour(self, document_id: int, filter: QueueFilter) -> int | None:
        """The next document of the queue after this one, after the last the first; None when no other is left."""
        where, values = _where(filter)
        inside = self.db.execute(f"SELECT 1 FROM documents d WHERE d.id = ? AND {where}", [document_id, *values])
        if inside.fetchone() is None:
            return next(iter(self._ids(filter, limit=1)), None)
        ids = self._ids(filter, limit=MOST_COUNTED)
        if document_id not in ids[:-1]:
            # far down, or the last
            ids = self._ids(filter)
        # whoever decided it since it was seen above has taken it off the list
        place = ids.index(document_id) + 1 if document_id in ids else 0
        later = ids[place:] or ids
        return later[0] if later and later[0] != document_id else None

    def approved(self, since: date | None = None, until: date | None = None) -> tuple[int, ...]:
        """Approved documents by the day of their decision (UTC), both days included, oldest decision first."""
        rows = self.db.query(
            "SELECT id FROM documents WHERE state = ? AND substr(state_at, 1, 10) >= ? "
            "AND substr(state_at, 1, 10) <= ? ORDER BY state_at, id",
            [State.APPROVED.value, since.isoformat() if since else "", until.isoformat() if until else "9999"],
        )
        return tuple(row["id"] for row in rows)

    def _text(self, column: str, document_id: int) -> str | None:
        row = self.db.execute(f"SELECT {column} FROM matches WHERE document_id = ?", [document_id]).fetchone()
        return str(row[0]) if row and row[0] is not None else None


def _queue_columns(extraction: Extraction, found: MatchResult) -> dict[str, str | int | float | None]:
    """What the queue shows, sorts by and searches."""
    amount = extraction.amount("gross_total")
    amount = amount if amount is not None else extraction.amount("amount_due")
    return {
        "discrepancies": to_json(found.discrepancies),
        "errors": sum(item.severity is Severity.ERROR for item in found.discrepancies),
        "supplier_id": found.supplier.id if found.supplier else None,
        "customer_id": found.customer.id if found.customer else None,
        "supplier_name": _supplier_name(extraction, found),
        "invoice_number": extraction.text("invoice_number") or "",
        "issue_date": extraction.text("issue_date") if extraction.day("issue_date") else None,
        "due_date": extraction.text("due_date") if extraction.day("due_date") else None,
        **cash_discount(extraction, amount),
        "currency": extraction.text("currency") or "",
        "amount": format(amount, "f") if amount is not None else None,
        "amount_order": float(amount) if amount is not None else None,
        "document_type": str(extraction.document_type.value),
        "search": _search_text(extraction, found, amount),
    }


def cash_discount(extraction: Extraction, amount: Decimal | None) -> dict[str, str | None]:
    """Until when the printed discount may be taken, and what it comes to."""
    percent, days = extraction.amount("discount_percent"), extraction.amount("discount_days")
    issued = extraction.day("issue_date")
    if not percent or not issued or amount is None or days is None or not 0 < days <= LONGEST_DISCOUNT:
        return {"discount_until": None, "discount": None}
    money = (amount * percent / 100).quantize(Decimal("0.01"))
    return {"discount_until": (issued + timedelta(days=int(days))).isoformat(), "discount": format(money, "f")}


def _searched(word: str) -> tuple[str, list[str]]:
    """The SELECT that finds a word, and its values."""
    quoted = '"' + word.replace('"', '""') + '"'
    found, values = "SELECT rowid FROM reading_texts WHERE reading_texts MATCH ?", [f"{quoted} *"]
    if len(word) >= SHORTEST_PART:
        found += " UNION ALL SELECT rowid FROM match_texts WHERE match_texts MATCH ?"
        values.append(quoted)
    return found, values


def _words(filter: QueueFilter) -> list[str]:
    return normalise.plain(filter.text).split()


def _where(filter: QueueFilter, wide: Collection[str] = ()) -> tuple[str, list[str]]:
    # one state is named by equality: its index then gives the order, too
    states = "= ?" if len(filter.states) == 1 else f"IN ({', '.join('?' * len(filter.states))})"
    every = set(filter.states) == set(State)
    parts = ["1"] if every else [f"d.state {states}"]
    values: list[str] = [] if every else [state.value for state in filter.states]
    for word in _words(filter):
        found, more = _searched(word)
        values += more
        # with the sign SQLite goes through the documents in the order of their index, until a page is full
        parts.append(f"{'+' if word in wide else ''}d.id IN ({found})")
    if filter.code:
        parts.append("EXISTS (SELECT 1 FROM match_codes c WHERE c.code = ? AND c.document_id = d.id)")
        values.append(filter.code)
    if filter.customer_id:
        parts.append("d.id IN (SELECT document_id FROM matches WHERE customer_id = ?)")
        values.append(filter.customer_id)
    if filter.supplier_id:
        parts.append("d.id IN (SELECT document_id FROM matches WHERE supplier_id = ?)")
        values.append(filter.supplier_id)
    if filter.only is not None:
        parts.append("d.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filter.only))
    if filter.door:
        parts.append("d.door = ?")
        values.append(filter.door)
    return " AND ".join(parts), values


def _discrepancies(text: str | None) -> tuple[Discrepancy, ...]:
    return from_json(text, tuple[Discrepancy, ...]) if text else ()


def _supplier_name(extraction: Extraction, match: MatchResult) -> str:
    return (match.supplier.name if match.supplier else "") or extraction.text("seller_name") or ""


def _search_text(extraction: Extraction, match: MatchResult, amount: Decimal | None) -> str:
    """What the queue's search looks through: names, numbers, and the amount in both ways of writing it."""
    orders = extraction.fields.get("purchase_order")
    parts = [
        _supplier_name(extraction, match),
        extraction.text("seller_name") or "",
        extraction.text("invoice_number") or "",
        *((orders.value, *orders.others) if orders else ()),
        *(order.id for order in match.purchase_orders),
    ]
    if amount is not None:
        plain = format(amount, ".2f")
        grouped = format(amount, ",.2f")
        parts += [plain, plain.replace(".", ","), grouped, grouped.translate(str.maketrans(",.", ".,"))]
    return normalise.plain(" ".join(dict.fromkeys(parts)))
