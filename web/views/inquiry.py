"""Questions to people without an account: asked beside the document, answered on a page of its own."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from ingest.errors import NotFound
from ingest.store import DocumentStore
from web.auth import public, requires, user
from web.inquiries import head_of, mail_question, take_answer
from web.inquiry_store import Inquiry, InquiryStore
from web.languages import gettext
from web.limits import RateLimit
from web.store import InvalidInput, Role
from web.talk_store import TalkStore
from web.told import problem as told_of
from web.views.current import go, is_part, present, services
from web.views.review import facts

blueprint = Blueprint("inquiry", __name__)

REQUESTS, REQUEST_SECONDS = 600, 60.0
"""Of one address to the pages behind links, pictures included."""
GUESSES, GUESS_SECONDS = 20, 600.0
"""Links of one address that never were."""


@blueprint.after_request
def _keep_to_itself(response: Response) -> Response:
    """The address is the key: no search engine may keep it, and no other site is told it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post("/documents/<int:document_id>/inquiries")
@requires(Role.COORDINATOR)
def ask(document_id: int) -> Response:
    """Ask somebody without an account; the link is shown once, and mailed where an address is given."""
    form = request.form
    asked, token = InquiryStore(services().db).ask(
        document_id,
        user(),
        form.get("question", ""),
        form.get("colleague", ""),
        form.get("email", ""),
        services().now(),
        services().settings.question_days,
    )
    link = _link(token)
    trouble = mail_question(services(), asked, link, present())
    made = {"asked": asked, "link": link, "trouble": trouble}
    if is_part():
        mailed = asked.email and not trouble
        said = gettext("The question was mailed.") if mailed else gettext("Copy the link and hand it over.")
        return make_response(render_template("parts/facts.html", **facts(document_id, said), **made))
    return make_response(render_template("asked.html", document_id=document_id, **made))


@blueprint.post("/inquiries/<int:inquiry_id>/revoke")
@requires(Role.COORDINATOR)
def revoke(inquiry_id: int) -> Response:
    """End a link that nobody has answered."""
    ended = InquiryStore(services().db).revoke(inquiry_id, user().name)
    return _shown(ended.document_id, gettext("The link is taken back."))


@blueprint.post("/documents/<int:document_id>/inquiries/noted")
@requires(Role.COORDINATOR)
def note(document_id: int) -> Response:
    """The answers on this document are seen."""
    InquiryStore(services().db).note_answers(document_id, user().name, services().now())
    TalkStore(services().db).note_read(document_id, user(), services().now())
    return _shown(document_id, gettext("Noted."))


@blueprint.get("/ask/<token>")
@public
def show(token: str) -> Response:
    """The page behind a link: the document, the question, and a field for the answer."""
    return _question_page(_open(token), token)


@blueprint.post("/ask/<token>")
@public
def answer(token: str) -> Response:
    """Take the answer; the link shows nothing any more."""
    asked, form = _open(token), request.form
    try:
        take_answer(services(), token, form.get("choice", ""), form.get("answer", ""), form.get("name", ""))
    except InvalidInput as error:
        return _question_page(asked, token, told_of(error))
    return make_response(render_template("answered.html", asked_by=asked.asked_by.name))


@blueprint.get("/ask/<token>/pages/<int:page>.png")
@public
def picture(token: str, page: int) -> Response:
    """The picture of one of the document's own pages; other pages of its file stay closed."""
    asked = _open(token)
    if page not in {number for number, _, _ in _pages(asked.document_id)}:
        raise NotFound("The document has no such page.")
    record = DocumentStore(services().db).get(asked.document_id)
    return send_file(services().files.picture(record.sha256, page).resolve(), mimetype="image/png", conditional=True)


def _open(token: str) -> Inquiry:
    """The open question behind a link; every address has only so many tries."""
    address = request.remote_addr or ""
    limits: tuple[RateLimit, RateLimit] = current_app.extensions.setdefault(
        "inquiry_limits", (RateLimit(REQUESTS, REQUEST_SECONDS), RateLimit(GUESSES, GUESS_SECONDS))
    )
    requests, guesses = limits
    requests.knock(address)
    store = InquiryStore(services().db)
    if not store.was_made(token):
        # only what was never a link counts: a whole office may share one address
        guesses.knock(address)
    return store.of_token(token)


def _question_page(asked: Inquiry, token: str, problem: str = "") -> Response:
    document = DocumentStore(services().db).document(asked.document_id)
    response = make_response(
        render_template(
            "ask.html",
            asked=asked,
            token=token,
            head=head_of(services(), asked.document_id, present()),
            pages=_pages(asked.document_id),
            document=document,
            problem=problem,
            given=request.form,
        )
    )
    response.status_code = 422 if problem else 200
    return response


def _pages(document_id: int) -> list[tuple[int, float, float]]:
    """(number, width, height) of each of the document's own pages that has a picture."""
    store = DocumentStore(services().db)
    record, document = store.get(document_id), store.document(document_id)
    return [
        (page.number, page.width, page.height)
        for page in (document.pages if document else ())
        if services().files.picture(record.sha256, page.number).exists()
    ]


def _link(token: str) -> str:
    """The address as the colleague's browser needs it: by the settings, else as the asker's own browser has it."""
    public_url = services().settings.public_url.rstrip("/")
    path = url_for("inquiry.show", token=token)
    return f"{public_url}{path}" if public_url else url_for("inquiry.show", token=token, _external=True)


def _shown(document_id: int, said: str) -> Response:
    if not is_part():
        return go(url_for("review.show", document_id=document_id) + "#talk")
    return make_response(render_template("parts/facts.html", **facts(document_id, said)))
