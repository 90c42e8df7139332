"""Correct a value, or decide on a document; every form carries the version that its user saw."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.database import transaction
from ingest.document import Box, State
from ingest.errors import Conflict, CoordinatorError, NotFound
from ingest.extraction import DocumentType, Extraction
from ingest.normalise import normalise_field
from ingest.store import DocumentRecord, DocumentStore
from matching import reviewing
from matching.records import Supplier
from matching.review import JOIN_LINE, PARTIES, SPLIT_LINE, TABLES, Correction, PickedWord, Step, cell_path, line_path
from matching.store import MatchStore, RecordStore
from web import words
from web.approving import authority
from web.auth import requires, user
from web.export.store import ExportStore
from web.languages import gettext
from web.lock_store import LockStore
from web.pasting import pasted_cells
from web.presenters import causes, value_of
from web.reasons import kept
from web.store import InvalidInput, Role
from web.views.current import go, is_part, present, services
from web.views.queue import QueueView
from web.views.review import facts

blueprint = Blueprint("decide", __name__)

GOES_ON = (Step.APPROVE, Step.REJECT, Step.HOLD, Step.DUPLICATE, Step.NOT_AN_INVOICE)
"""Steps after which the next document opens."""
NEEDS_REASON = (Step.REJECT, Step.HOLD)
LONGEST_VALUE = 2000
LONGEST_PASTE = 200_000
LONGEST_PASSWORD = 127
"""Bytes of a password that the PDF standard (ISO 32000-2) has room for."""


@blueprint.post("/documents/<int:document_id>/correct")
@requires(Role.COORDINATOR)
def correct(document_id: int) -> Response:
    """Set one value, have the document checked again, and show what follows."""
    extraction = MatchStore(services().db).corrected_extraction(document_id)
    if extraction is None:
        raise InvalidInput("This document was not read, so there is nothing to correct.")
    corrections = _corrections(extraction)
    LockStore(services().db).demand(document_id, user())
    reviewing.correct(
        services().db,
        document_id,
        _version(),
        corrections,
        user().name,
        services().policy,
        services().settings.current_day(),
        services().now(),
    )
    LockStore(services().db).take(document_id, user())
    if not is_part():
        return go(url_for("review.show", document_id=document_id))
    return make_response(render_template("parts/facts.html", **facts(document_id, _said(document_id, corrections[0]))))


@blueprint.post("/documents/<int:document_id>/decide")
@requires(Role.COORDINATOR)
def decide(document_id: int) -> Response:
    """Approve, reject, hold, open again, say "not a duplicate", or have it read again; then go on."""
    try:
        step = Step(request.form.get("step", ""))
    except ValueError:
        raise InvalidInput("Choose what to do with the document: the form did not say.") from None
    view = QueueView.of(request.args)
    # asked before the step: afterwards the document has left the queue, and its place in it is lost
    next_id = MatchStore(services().db).neighbour(document_id, view.filter())
    waits = _take_step(step, document_id).state is State.NEEDS_REVIEW
    LockStore(services().db).release(document_id, user())
    done = "approve_first" if step is Step.APPROVE and waits else step.value
    notice: dict[str, Any] = {"done": done, "document": str(document_id)}
    if request.form.get("from") == "inbox":
        return go(url_for("inbox.show", **notice))
    where: dict[str, Any] = {name: value for name, value in view.arguments().items() if name != "page"}
    if step not in GOES_ON:
        return go(url_for("review.show", document_id=document_id, **where))
    if next_id is None or next_id == document_id:
        return go(url_for("queue.show", **where, **notice))
    return go(url_for("review.show", document_id=next_id, **where, **notice))


def _take_step(step: Step, document_id: int) -> DocumentRecord:
    reason = kept(step, request.form.get("reason", "").strip())
    if step in NEEDS_REASON and not reason:
        raise InvalidInput("Say why in the field beside the buttons: the next person should know.")
    take: Callable[..., DocumentRecord] = {
        Step.APPROVE: reviewing.approve,
        Step.REJECT: reviewing.reject,
        Step.HOLD: reviewing.hold,
        Step.DUPLICATE: reviewing.duplicate,
        Step.NOT_AN_INVOICE: reviewing.not_an_invoice,
        Step.REOPEN: reviewing.reopen,
        Step.NOT_A_DUPLICATE: reviewing.not_a_duplicate,
        Step.READ_AGAIN: reviewing.read_again,
    }[step]
    db, policy, day, now = services().db, services().policy, services().settings.current_day(), services().now()
    more = _more(step, document_id)
    LockStore(db).demand(document_id, user())
    if step is Step.REOPEN:
        with transaction(db):
            ExportStore(db).demand_not_exported(document_id)
            return take(db, document_id, _version(), user().name, reason, policy, day, now)
    return take(db, document_id, _version(), user().name, reason, policy, day, now, **more)


def _more(step: Step, document_id: int) -> dict[str, Any]:
    """As what somebody approves; and when a held document comes back by itself."""
    form = request.form
    if step is Step.APPROVE:
        return {"authority": authority(document_id, form.get("password", ""))}
    if step is not Step.HOLD:
        return {}
    day = form.get("until", "").strip()
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError:
        raise InvalidInput("'{day}' is no day. Write it like 2026-12-24, or leave it out.", day=day) from None
    return {"until": until, "for_receipts": bool(form.get("for_receipts"))}


@blueprint.post("/documents/<int:document_id>/password")
@requires(Role.COORDINATOR)
def unlock(document_id: int) -> Response:
    """Read a protected PDF with its password, which is forgotten when it is read."""
    password, day, now = request.form.get("password", ""), services().settings.current_day(), services().now()
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise InvalidInput("Type the password of the PDF.")
    if DocumentStore(services().db).get(document_id).error_code != "encrypted":
        raise InvalidInput("This document needs no password.")
    services().passwords[document_id] = password
    try:
        reviewing.read_again(
            services().db, document_id, _version(), user().name, "with its password", services().policy, day, now
        )
    except CoordinatorError:
        services().passwords.pop(document_id, None)
        raise
    return go(url_for("review.show", document_id=document_id))


@blueprint.post("/documents/undo")
@requires(Role.COORDINATOR)
def undo() -> Response:
    """Take one's own last decisions back; the documents are named by the form."""
    numbers = [int(text) for text in request.form.getlist("document") if text.isdecimal()]
    if not numbers:
        raise InvalidInput("The form did not say which document is meant. Load the page again.")
    if len(numbers) > 1:
        return _undo_answer(numbers)
    day, now = services().settings.current_day(), services().now()
    reviewing.undo(services().db, numbers[0], user().name, services().policy, day, now)
    return go(url_for("review.show", document_id=numbers[0], done=Step.UNDO.value, document=numbers[0]))


def _undo_answer(numbers: list[int]) -> Response:
    """Take an answer to many documents back, of all to which nothing has happened since."""
    day, now = services().settings.current_day(), services().now()
    undone: list[str] = []
    left: list[str] = []
    steps: set[str] = set()
    for number in numbers:
        decided = MatchStore(services().db).review_decisions(number)
        try:
            reviewing.undo(services().db, number, user().name, services().policy, day, now)
            undone.append(str(number))
            steps.add(decided[-1].step.value)
        except (Conflict, NotFound):
            left.append(str(number))  # it stays as it is, and is told
    step = steps.pop() if len(steps) == 1 else None
    return go(url_for("causes.show", undone=",".join(undone), left=",".join(left), step=step))


def _version() -> int:
    text = request.form.get("version", "")
    if not text.isdecimal():
        raise InvalidInput("The form did not say which version of the document it shows. Load the page again.")
    return int(text)


def _corrections(extraction: Extraction) -> tuple[Correction, ...]:
    path = request.form.get("field", "")
    table, _, number = path.partition("/")
    if table in TABLES and "/" not in number and number:
        step = request.form.get("value", "")
        if table == "line_items" and step in (SPLIT_LINE, JOIN_LINE):
            return (Correction(path, step),)
        return _remove_row(extraction, table, number)
    if path in PARTIES:
        return (Correction(path, _record_id(path, request.form.get("value", "").strip())),)
    cell = cell_path(path)
    if not (cell.is_on(extraction) if cell else path in words.KINDS or path == "document_type"):
        raise InvalidInput("There is no value named '{path}' to correct.", path=path)
    if cell and cell.table == "line_items" and (pasted := request.form.get("pasted")):
        cells = pasted_cells(cell, pasted[:LONGEST_PASTE])
        return tuple(Correction(each, _value(each, text, extraction, ()), text) for each, text in cells)
    return (_correction(path, extraction),)


def _record_id(party: str, text: str) -> str:
    """The id of the record that was chosen, by its id or its exact name; empty takes a choice back."""
    store = RecordStore(services().db)
    by_id, by_text = (store.supplier, store.suppliers) if party == "supplier" else (store.customer, store.customers)
    if not text or by_id(text):
        return text
    named = [record for record in by_text(20, text) if record.name.casefold() == text.casefold()]
    if len(named) != 1:
        if party == "supplier":
            raise InvalidInput(
                "There is no supplier \u201c{text}\u201d. Give its number or its full name, as on the Records page.",
                text=text,
            )
        raise InvalidInput(
            "There is no billed party \u201c{text}\u201d. Give its number or its full name, as on the Records page.",
            text=text,
        )
    return named[0].supplier_id if isinstance(named[0], Supplier) else named[0].customer_id


def _remove_row(extraction: Extraction, table: str, number: str) -> tuple[Correction, ...]:
    rows = getattr(extraction, table)
    if not number.isdecimal() or not 1 <= int(number) <= len(rows):
        raise InvalidInput("There is no row {number} to remove.", number=number)
    return tuple(Correction(f"{table}/{number}/{name}", "") for name, _ in rows[int(number) - 1].cells())


def _correction(path: str, extraction: Extraction) -> Correction:
    text = " ".join(request.form.get("value", "").split())
    if len(text) > LONGEST_VALUE:
        raise InvalidInput("A value has at most {longest_value} characters.", longest_value=LONGEST_VALUE)
    picked = _picked_words()
    value = text if request.form.get("plain") else _value(path, text, extraction, picked)
    return Correction(
        field=path,
        value=value,
        raw=" ".join(word.text for word in picked) or text,
        words=picked,
    )


def _value(path: str, text: str, extraction: Extraction, picked: tuple[PickedWord, ...]) -> str:
    """What was typed or clicked, in the contract's form; typed numbers are read as the typist writes them."""
    if not text:
        return ""
    kind, name = words.kind_of(path), path.split("/")[-1]
    if path == "document_type":
        if text not in list(DocumentType):
            raise InvalidInput("'{text}' is no kind of document.", text=text)
        return text
    if kind in ("amount", "number", "percent") and not picked:
        typed = present().typed_number(text.rstrip("% "))
        if typed is not None:
            return typed
    value = normalise_field(name, text, extraction.language if picked else present().language)
    if value is None:
        label = words.within(words.field_label(path))
        if example := _example(kind):
            raise InvalidInput(
                "\u201c{text}\u201d cannot be taken as {label}. Write it like {example}.",
                text=text,
                label=label,
                example=example,
            )
        raise InvalidInput("\u201c{text}\u201d cannot be taken as {label}.", text=text, label=label)
    return value


def _example(kind: str) -> str:
    """How the reader writes a value of this kind; empty where any text may be one."""
    shown = {"date": "2026-11-23", "currency": "EUR", "amount": "1234.50", "number": "12", "percent": "19"}
    return present().value(kind, shown.get(kind))


def _picked_words() -> tuple[PickedWord, ...]:
    """The words that were clicked, as the page's script sends them."""
    try:
        sent = json.loads(request.form.get("picked") or "[]")
        return tuple(
            PickedWord(str(word["text"])[:200], int(word["page"]), Box(*(float(edge) for edge in word["box"])))
            for word in sent[:100]
        )
    except (ValueError, TypeError, KeyError):
        raise InvalidInput("The words that were clicked did not come through. Click them again.") from None


def _said(document_id: int, correction: Correction) -> str:
    match = MatchStore(services().db).match(document_id)
    found = causes(match.discrepancies) if match else []
    left = words.count(len(found), "open question") if found else gettext("nothing is open any more")
    if (row := line_path(correction.field)) is not None:
        texts = {SPLIT_LINE: gettext("Line %(row)s is split in two; %(left)s.", row=row, left=left)}
        return texts.get(correction.value) or gettext("Line %(row)s is joined; %(left)s.", row=row, left=left)
    value = value_of(correction.field, correction.value, present()) or gettext("nothing")
    return gettext(
        "%(field)s is %(value)s now; %(left)s.", field=words.field_label(correction.field), value=value, left=left
    )
