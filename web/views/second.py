"""A first approval is taken back by who gave it."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from matching.second_person import withdraw
from web.auth import requires, user
from web.store import Role
from web.views.current import go, services

blueprint = Blueprint("second", __name__)


@blueprint.post("/documents/<int:document_id>/first-approval/withdraw")
@requires(Role.COORDINATOR)
def take_back(document_id: int) -> Response:
    """One's own first approval counts no more; the document waits as before."""
    withdraw(services().db, document_id, user().name)
    return go(url_for("review.show", document_id=document_id))
