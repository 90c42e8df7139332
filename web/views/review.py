"""Review: one document beside what was read of it; correct, decide, go on to the next."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from ingest.audit import AuditEntry, trail
from ingest.document import IN_WORK, Document, State
from ingest.errors import NotFound
from ingest.extraction import Extraction
from ingest.printed_labels import printed_labels
from ingest.sources.store import MailStore
from ingest.store import DocumentRecord, DocumentStore
from ingest.structured import shows_number
from matching.account_store import AccountProposal, AccountState, AccountStore
from matching.hold_store import HoldStore
from matching.results import Decision, MatchResult
from matching.review import ALLOWED, CORRECTABLE, Step
from matching.reviewing import DUPLICATE_CODES
from matching.store import MatchStore, RecordStore
from web import told, words
from web.answers import menus
from web.approving import second_look
from web.auth import may, requires, user
from web.beside import Pair, beside_customer, beside_supplier, beside_twin
from web.languages import lazy_gettext as _
from web.lock_store import LockStore, PresenceStore
from web.policy_store import PolicyStore
from web.presenters import age, audit_sentence, document_title, place_in_file
from web.questions import sentence
from web.review_page import Orders, review_page, target_of
from web.store import Role
from web.talk_page import talk_of
from web.views.accounts import is_alone
from web.views.current import download, present, services
from web.views.people import lock_told
from web.views.queue import QueueView

blueprint = Blueprint("review", __name__)

MOST_TWINS = 3
"""Documents that are set beside this one."""

DECIDED = (State.APPROVED, State.REJECTED, State.ON_HOLD, State.DUPLICATE)

STEP_BUTTONS: tuple[tuple[Step, str, str], ...] = (
    (Step.APPROVE, _("Approve"), "primary"),
    (Step.NOT_A_DUPLICATE, _("Not a duplicate"), ""),
    (Step.HOLD, _("Put on hold"), ""),
    (Step.DUPLICATE, _("Duplicate"), ""),
    (Step.REJECT, _("Reject"), ""),
    (Step.NOT_AN_INVOICE, _("Not an invoice"), ""),
    (Step.REOPEN, _("Open again"), ""),
    (Step.READ_AGAIN, _("Read again"), "primary"),
)


@blueprint.get("/documents/<int:document_id>")
@requires(Role.VIEWER)
def show(document_id: int) -> Response:
    """The whole page."""
    db = services().db
    document = DocumentStore(db).document(document_id)
    context = facts(document_id)
    record = DocumentStore(db).get(document_id)
    view = QueueView.of(request.args)
    others = PresenceStore(db).look(document_id, user())
    pictures = _pictures(record, document)
    parts = DocumentStore(db).parts(document_id)
    joinable = [one for one in parts if one.state in CORRECTABLE]
    hand = may(Role.COORDINATOR) and record.state in CORRECTABLE
    return make_response(
        render_template(
            "review.html",
            document=document,
            pictures=pictures,
            partable=hand and document is not None and document.e_invoice is None and len(pictures) > 1,
            joinable=joinable if hand and len(joinable) > 1 else (),
            keeper=_keeper(record, parts),
            only_enclosed=document is not None and document.attachment is not None and not shows_number(document),
            siblings=parts if record.parts > 1 else (),
            others=others,
            lock=lock_told(LockStore(db).of(document_id)),
            next_id=MatchStore(db).neighbour(document_id, view.filter()),
            view=view,
            **context,
        )
    )


@blueprint.get("/documents/<int:document_id>/facts")
@requires(Role.VIEWER)
def show_facts(document_id: int) -> Response:
    """The right half alone, for a page that is already open."""
    return make_response(render_template("parts/facts.html", **facts(document_id)))


@blueprint.get("/documents/<int:document_id>/pages/<int:page>.png")
@requires(Role.VIEWER)
def picture(document_id: int, page: int) -> Response:
    """The picture of a page."""
    record = DocumentStore(services().db).get(document_id)
    path = services().files.picture(record.sha256, page)
    if not path.exists():
        raise NotFound("There is no picture of page {page} of {label}.", page=page, label=record.label)
    response = send_file(path.resolve(), mimetype="image/png", conditional=True)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.get("/documents/<int:document_id>/pages/<int:page>.json")
@requires(Role.VIEWER)
def page_words(document_id: int, page: int) -> Response:
    """The words of a page with their boxes, for the layer over its picture."""
    document = DocumentStore(services().db).document(document_id)
    found = next((each for each in document.pages if each.number == page), None) if document else None
    if found is None:
        raise NotFound("Page {page} of #{document_id} was not read.", page=page, document_id=document_id)
    return make_response(
        {
            "page": page,
            "words": [[word.text, *(round(edge, 2) for edge in word.box)] for word in found.words],
        }
    )


@blueprint.get("/documents/<int:document_id>/labels.json")
@requires(Role.VIEWER)
def labels(document_id: int) -> Response:
    """The printed labels that values stand by, with their boxes, by the values' fields."""
    store = DocumentStore(services().db)
    document, extraction = store.document(document_id), store.extraction(document_id)
    found = printed_labels(document, extraction) if document and extraction else {}
    told = {
        name: {"text": one.text, "page": one.page, "box": [round(edge, 2) for edge in one.box]}
        for name, one in found.items()
    }
    response = make_response(told)
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@blueprint.get("/documents/<int:document_id>/original")
@requires(Role.VIEWER)
def original(document_id: int) -> Response:
    """The file as it came, always as a download: foreign files are never shown in our own pages."""
    record = DocumentStore(services().db).get(document_id)
    path = services().files.original(record.sha256)
    if not path.exists():
        raise NotFound(
            "The original of {label} is missing from the data folder. Tell your administrator.", label=record.label
        )
    return download(path, record.name)


def _keeper(record: DocumentRecord, parts: Sequence[DocumentRecord]) -> DocumentRecord | None:
    """The document to which the pages of a joined one belong now."""
    if record.state is not State.JOINED:
        return None
    return next((one for one in parts if one.pages[0] <= record.pages[0] <= one.pages[1]), None)


def facts(document_id: int, said: str = "") -> dict[str, object]:
    """What the right half shows; `said` is read aloud."""
    db = services().db
    record = DocumentStore(db).get(document_id)
    store = MatchStore(db)
    extraction, match = store.corrected_extraction(document_id), store.match(document_id)
    decision, page = store.decision(document_id), None
    if extraction is not None:
        page = review_page(extraction, match, _orders(match, document_id), present(), services().policy.min_confidence)
    steps = [(entry, audit_sentence(entry, present())) for entry in trail(db, document_id)]
    buttons = [button for button in STEP_BUTTONS if _offered(button[0], record, match)]
    return {
        "record": record,
        "extraction": extraction,
        "match": match,
        "decision": decision,
        "policy_version": PolicyStore(db).stamped(decision.policy_version) if decision else None,
        "page": page,
        "records": _records(extraction, match),
        "twins": _twins(extraction, match),
        "title": document_title(record, match, extraction),
        "place": place_in_file(record),
        "place_in_file": place_in_file,
        "buttons": buttons,
        "menus": menus([step for step, _, _ in buttons], page.problems if page else ()),
        "correctable": record.state in CORRECTABLE,
        "in_work": record.state in IN_WORK,
        "deliveries": (deliveries := DocumentStore(db).deliveries(document_id)),
        "mails": [mail for sha256 in {one.mail: None for one in deliveries} if (mail := MailStore(db).get(sha256))],
        "proposals": _proposals(match),
        "may_accept": may(Role.APPROVER),
        "alone": is_alone(),
        "trail": steps,
        "decided_by": _decided_by(record, steps),
        "target_of": target_of,
        "sentence": sentence,
        "reasons": _reasons(decision, match),
        "cell_label": words.cell_label,
        "waited": age(record.received_at, services().now()),
        "talk": talk_of(document_id),
        "second": second_look(document_id) if record.state in CORRECTABLE else None,
        "held": HoldStore(db).of(document_id),
        "said": said,
    }


def _decided_by(record: DocumentRecord, steps: Sequence[tuple[AuditEntry, str]]) -> tuple[AuditEntry, str] | None:
    """What a person decided, where the document stands as it does for that; with its sentence."""
    taken = [(entry, said) for entry, said in steps if entry.action in list(Step)]
    return taken[-1] if taken and record.state in DECIDED else None


def _proposals(match: MatchResult | None) -> dict[str, AccountProposal]:
    """Accounts of the supplier that wait for a second person, by what the discrepancy names."""
    if match is None or match.supplier is None:
        return {}
    waiting = AccountStore(services().db).of_supplier(match.supplier.id, AccountState.PROPOSED)
    return {one.account: one for one in waiting}


def _reasons(decision: Decision | None, match: MatchResult | None) -> tuple[str, ...]:
    """Why the service decided so, in the reader's words."""
    if decision is None:
        return ()
    said = {found.message: sentence(found, present()) for found in (match.discrepancies if match else ())}
    return told.decision_reasons(decision, match, said)


def _records(extraction: Extraction | None, match: MatchResult | None) -> dict[str, tuple[Pair, ...]]:
    """What is printed of each party beside its record."""
    store, found = RecordStore(services().db), {}
    if extraction and match and match.supplier and (supplier := store.supplier(match.supplier.id)):
        found["supplier"] = beside_supplier(extraction, supplier)
    if extraction and match and match.customer and (customer := store.customer(match.customer.id)):
        found["customer"] = beside_customer(extraction, customer)
    return found


def _twins(extraction: Extraction | None, match: MatchResult | None) -> dict[str, tuple[Pair, ...]]:
    """The first documents that this one may repeat, beside it."""
    numbers = [one.related_document for one in (match.discrepancies if match else ()) if one.related_document]
    store, found = MatchStore(services().db), {}
    for number in list(dict.fromkeys(numbers))[:MOST_TWINS]:
        twin = store.corrected_extraction(int(number))
        if extraction and twin:
            found[number] = beside_twin(extraction, twin, present())
    return found


def _offered(step: Step, record: DocumentRecord, match: MatchResult | None) -> bool:
    """Whether the step is allowed, and means something for this document."""
    found = match.discrepancies if match else ()
    twins = [one.related_document for one in found if one.code in DUPLICATE_CODES and one.related_document]
    if (step in (Step.NOT_A_DUPLICATE, Step.DUPLICATE) and not twins) or (
        step is Step.REOPEN and record.state is State.DUPLICATE and twins
    ):
        return False  # nothing it would mean here
    return record.state in ALLOWED[step]


def _orders(match: MatchResult | None, document_id: int) -> Orders:
    """The matched orders; what this document itself bills is left out of their progress."""
    store, found = RecordStore(services().db), Orders()
    for candidate in match.purchase_orders if match else ():
        order = store.order(candidate.id)
        if order is not None:
            found.orders[order.po_number] = order
            lines = store.order_progress(order.po_number, leave_out=document_id)
            found.progress[order.po_number] = {line.line_number: line for line in lines}
    return found


def _pictures(record: DocumentRecord, document: Document | None) -> list[tuple[int, str, float, float]]:
    """(number, address, width, height) of each page that has a picture."""
    return [
        (
            page.number,
            url_for("review.picture", document_id=record.id, page=page.number),
            page.width,
            page.height,
        )
        for page in (document.pages if document else ())
        if services().files.picture(record.sha256, page.number).exists()
    ]
