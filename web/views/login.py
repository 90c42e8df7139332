"""Log in, log out, and make the first user through the set-up link."""

from __future__ import annotations

import logging

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import Conflict, NotFound
from web import auth, told
from web.auth import public, requires
from web.languages import gettext
from web.passwords import demand_unknown_to_thieves
from web.store import SHORTEST_PASSWORD, InvalidInput, Role, TooManyAttempts, UserStore
from web.views.current import go, services

log = logging.getLogger(__name__)

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
@public
def show() -> Response:
    """The log-in page."""
    if auth.current_user():
        return redirect(url_for("queue.show"), 303)
    return _page()


@blueprint.post("/login")
@public
def log_in() -> Response:
    """Check name and password."""
    name = request.form.get("name", "")
    try:
        user = UserStore(services().db).authenticate(name, request.form.get("password", ""), request.remote_addr or "")
    except TooManyAttempts as error:
        return _page(told.problem(error), name, 429)
    if user is None:
        log.info("log-in as %r from %s refused", name[:80], request.remote_addr)
        return _page(gettext("Name and password do not fit together. Check both, and the shift key."), name, 401)
    return auth.log_in(local(request.form.get("next", "")), user)


@blueprint.post("/logout")
@requires(Role.VIEWER)
def log_out() -> Response:
    """End the session."""
    return auth.log_out(go(url_for("login.show")))


@blueprint.get("/setup/<token>")
@public
def set_up(token: str) -> Response:
    """The page behind the one-time link."""
    if not UserStore(services().db).knows_setup_token(token):
        raise NotFound(
            "This set-up link was used or is older than a day. "
            "Start the service again: while there is no user, it prints a new one."
        )
    return _setup_page(token)


@blueprint.get("/account/form-token")
@requires(Role.VIEWER)
def token() -> Response:
    """The token that forms of this session carry, for a page that outlived the session it was opened in."""
    return make_response({"csrf": auth.csrf_token()})


@blueprint.post("/setup/<token>")
@public
def make_first_user(token: str) -> Response:
    """Make the first administrator and log them in."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _setup_page(token, gettext("The two passwords differ. Enter the same one twice."), name, 422)
    try:
        demand_unknown_to_thieves(password, services().settings.server.breached_passwords)
        user = UserStore(services().db).use_setup_token(token, name, password)
    except (InvalidInput, Conflict) as error:
        return _setup_page(token, told.problem(error), name, 422)
    return auth.log_in(url_for("queue.show"), user)


def _page(problem: str = "", name: str = "", status: int = 200) -> Response:
    response = make_response(
        render_template(
            "login.html",
            problem=problem,
            name=name,
            next=local(request.values.get("next", "")),
            demo=current_app.extensions["demo_login"],
            any_user=UserStore(services().db).any(),
        )
    )
    response.status_code = status
    return response


def _setup_page(token: str, problem: str = "", name: str = "", status: int = 200) -> Response:
    response = make_response(
        render_template("setup.html", token=token, problem=problem, name=name, shortest=SHORTEST_PASSWORD)
    )
    response.status_code = status
    return response


def local(address: str) -> str:
    """The address, if it is one of ours: a link in a mail must not lead to another site by way of the log-in."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours and address.isprintable() else url_for("queue.show")
