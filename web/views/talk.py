"""Comments on a document, with mentions; and whose document it is."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from web.auth import requires, user
from web.languages import gettext
from web.store import InvalidInput, Role
from web.talk_store import TalkStore
from web.views.current import go, is_part, services
from web.views.review import facts

blueprint = Blueprint("talk", __name__)


@blueprint.post("/documents/<int:document_id>/comments")
@requires(Role.COORDINATOR)
def comment(document_id: int) -> Response:
    """Say something about the document; whoever is named behind an @ is told."""
    made = TalkStore(services().db).comment(document_id, user(), request.form.get("comment", ""), services().now())
    said = gettext("Your comment stands.")
    if made.mentioned:
        said += " " + gettext("%(names)s will find it under \u201cFor me\u201d.", names=", ".join(made.mentioned))
    return _shown(document_id, said)


@blueprint.post("/documents/<int:document_id>/assign")
@requires(Role.COORDINATOR)
def assign(document_id: int) -> Response:
    """Give the document to a user, take it oneself, or give it to nobody in particular."""
    to = request.form.get("to", "")
    if to and to != "me" and not to.isdecimal():
        raise InvalidInput("Choose whom the document goes to.")
    user_id = user().id if to == "me" else int(to) if to else None
    store = TalkStore(services().db)
    store.assign(document_id, user_id, user().name, services().now())
    found = store.assignment(document_id)
    name = found.user.name if found else ""
    said = gettext("%(name)s has the document now.", name=name) if found else gettext("Nobody has it now.")
    return _shown(document_id, said)


@blueprint.post("/documents/<int:document_id>/seen")
@requires(Role.VIEWER)
def seen(document_id: int) -> Response:
    """The reader has seen where they are mentioned."""
    TalkStore(services().db).note_read(document_id, user(), services().now())
    return _shown(document_id, gettext("Noted."))


def _shown(document_id: int, said: str) -> Response:
    if not is_part():
        return go(url_for("review.show", document_id=document_id) + "#talk")
    return make_response(render_template("parts/facts.html", **facts(document_id, said)))
