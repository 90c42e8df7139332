"""New accounts of suppliers: proposed by one person beside the invoice, accepted or refused by another."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import NotAllowed
from matching import accounts
from matching.account_store import AccountStore
from matching.store import RecordStore
from web.auth import may, requires, user
from web.people_store import PeopleStore
from web.store import Role, UserStore
from web.views.current import go, services

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@requires(Role.VIEWER)
def show() -> Response:
    """What waits for a second person, and what became of the others."""
    store, records = AccountStore(services().db), RecordStore(services().db)
    waiting, decided = store.waiting(), store.decided()
    suppliers = {one.supplier_id: records.supplier(one.supplier_id) for one in (*waiting, *decided)}
    return make_response(
        render_template(
            "accounts.html",
            waiting=waiting,
            decided=decided,
            suppliers=suppliers,
            alone=is_alone(),
            may_accept=may(Role.APPROVER),
        )
    )


@blueprint.post("/documents/<int:document_id>/account")
@requires(Role.COORDINATOR)
def propose(document_id: int) -> Response:
    """Say that the account printed on the document is the supplier's."""
    form = request.form
    accounts.propose(
        services().db, document_id, form.get("account", ""), form.get("note", ""), user().name, services().now()
    )
    return go(url_for("review.show", document_id=document_id))


@blueprint.post("/accounts/<int:number>/accept")
@requires(Role.APPROVER)
def accept(number: int) -> Response:
    """The second person's yes, or the only person's, with the password again."""
    alone = is_alone()
    if alone and UserStore(services().db).authenticate(user().name, request.form.get("password", "")) is None:
        raise NotAllowed("The password is not right. Nobody else may accept accounts, so it is asked again.")
    accounts.accept(
        services().db,
        number,
        request.form.get("note", ""),
        user().name,
        services().policy,
        services().settings.current_day(),
        services().now(),
        alone=alone,
    )
    return go(_back())


@blueprint.post("/accounts/<int:number>/refuse")
@requires(Role.COORDINATOR)
def refuse(number: int) -> Response:
    """The account is not the supplier's, or nobody could confirm it."""
    accounts.refuse(services().db, number, request.form.get("note", ""), user().name, services().now())
    return go(_back())


def is_alone() -> bool:
    """Whether nobody but the user may accept accounts."""
    return not PeopleStore(services().db).others(user(), Role.APPROVER)


def _back() -> str:
    document_id = request.form.get("document", "")
    if document_id.isdecimal():
        return url_for("review.show", document_id=int(document_id))
    return url_for("accounts.show")
