"""Users: added and ended by an administrator, passwords set by themselves; and tokens for programs."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import Conflict, NotAllowed
from web import auth, told
from web.auth import public, requires, user
from web.factor_store import FactorStore
from web.languages import language_names
from web.passwords import demand_unknown_to_thieves
from web.people_store import LINK_HOURS, LONGEST_TOKEN_DAYS, PeopleStore, Scope, TokenStore
from web.store import SHORTEST_PASSWORD, InvalidInput, Role, UserStore
from web.views.current import go, services

blueprint = Blueprint("users", __name__)


@blueprint.get("/users")
@requires(Role.ADMIN)
def show() -> Response:
    """Everybody, and the programs that have a token."""
    return _page()


@blueprint.post("/users")
@requires(Role.ADMIN)
def add() -> Response:
    """A new user; the link for their password is shown once."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    db = services().db
    try:
        with transaction(db):
            made, token = PeopleStore(db).invite(name, role)
            record(db, "user_added", actor=user().name, user=made.name, role=made.role.value)
    except (InvalidInput, Conflict) as error:
        return _page(problem=told.problem(error), status=422)
    return _page(link=(made.name, _address(token)))


@blueprint.post("/users/<int:user_id>")
@requires(Role.ADMIN)
def change(user_id: int) -> Response:
    """Another role, a new link, the end of all sessions, or of the user."""
    db, step = services().db, request.form.get("step", "")
    people = PeopleStore(db)
    with transaction(db):
        person = people.get(user_id)
        link: tuple[str, str] | None = None
        before = after = person.user.role
        match step:
            case "role":
                people.set_role(user_id, request.form.get("role", ""))
                after = people.get(user_id).user.role
            case "link":
                link = (person.user.name, _address(people.new_link(user_id)))
            case "log_out":
                people.log_out_everywhere(user_id)
            case "forget_factor":
                FactorStore(db).remove(user_id)
                people.log_out_everywhere(user_id)
            case "deactivate" | "activate":
                people.set_active(user_id, active=step == "activate")
            case _:
                raise InvalidInput("Choose what to do with this user.")
        record(db, f"user_{step}", actor=user().name, user=person.user.name, before=before.value, after=after.value)
    return _page(link=link) if link else go(url_for("users.show"))


@blueprint.get("/link/<token>")
@public
def link(token: str) -> Response:
    """The page behind a one-time link: choose a password."""
    return _password_page(PeopleStore(services().db).of_link(token).name, token)


@blueprint.post("/link/<token>")
@public
def use_link(token: str) -> Response:
    """Set the password of the link's owner and log them in."""
    db, people = services().db, PeopleStore(services().db)
    owner = people.of_link(token)
    try:
        with transaction(db):
            people.use_link(token, _new_password())
            record(db, "password_set", actor=owner.name, user=owner.name)
    except InvalidInput as error:
        return _password_page(owner.name, token, told.problem(error))
    return auth.log_in(url_for("queue.show"), owner)


@blueprint.get("/account")
@requires(Role.VIEWER)
def own() -> Response:
    """Who is logged in, their language, and another password for them."""
    return _own_page()


@blueprint.post("/account/language")
@requires(Role.VIEWER)
def set_language() -> Response:
    """What the user is told in from now on."""
    db, language = services().db, request.form.get("language", "")
    with transaction(db):
        PeopleStore(db).set_language(user().id, language)
        record(db, "language_set", actor=user().name, user=user().name, language=language)
    return go(url_for("users.own"))


@blueprint.post("/account")
@requires(Role.VIEWER)
def set_own() -> Response:
    """Another password of one's own: the present one is asked, every other browser is logged out."""
    db = services().db
    try:
        store = UserStore(db)
        if store.authenticate(user().name, request.form.get("present", ""), request.remote_addr or "") is None:
            raise NotAllowed("The present password is not right.")
        with transaction(db):
            store.set_password(user().name, _new_password())
            record(db, "password_set", actor=user().name, user=user().name)
    except (InvalidInput, NotAllowed) as error:
        return _own_page(told.problem(error))
    return auth.log_in(url_for("queue.show"), user(), proven=True)


@blueprint.post("/account/sessions")
@requires(Role.VIEWER)
def end_sessions() -> Response:
    """Log another browser of one's own out, or all others."""
    db, sessions, here = services().db, auth.session_store(), auth.session()
    with transaction(db):
        if request.form.get("step") == "others":
            sessions.end_others(user(), here.handle)
        else:
            sessions.end_own(user(), request.form.get("session", ""))
        record(db, "session_ended", actor=user().name, user=user().name)
    return go(url_for("users.own"))


@blueprint.post("/tokens")
@requires(Role.ADMIN)
def make_token() -> Response:
    """A token for a program; it is shown once."""
    form, db = request.form, services().db
    days = form.get("days", "")
    try:
        if not days.isdecimal():
            raise InvalidInput("Say for how many days the token lasts.")
        with transaction(db):
            made, key = TokenStore(db).make(form.get("name", ""), tuple(form.getlist("scope")), int(days), user().name)
            record(db, "token_made", actor=user().name, token=made.name, scopes=" ".join(made.scopes))
    except InvalidInput as error:
        return _page(problem=told.problem(error), status=422)
    return _page(key=(made.name, key))


@blueprint.post("/tokens/<int:token_id>/revoke")
@requires(Role.ADMIN)
def revoke_token(token_id: int) -> Response:
    """End a token."""
    db = services().db
    with transaction(db):
        ended = TokenStore(db).revoke(token_id)
        record(db, "token_revoked", actor=user().name, token=ended.name)
    return go(url_for("users.show"))


def _new_password() -> str:
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise InvalidInput("The two passwords differ. Enter the same one twice.")
    demand_unknown_to_thieves(password, services().settings.server.breached_passwords)
    return password


def _own_page(problem: str = "") -> Response:
    page = make_response(
        render_template(
            "account.html",
            problem=problem,
            shortest=SHORTEST_PASSWORD,
            sessions=auth.session_store().of(user()),
            this_session=auth.session(),
            factors=FactorStore(services().db),
            languages=language_names(),
        )
    )
    page.status_code = 422 if problem else 200
    return page


def _address(token: str) -> str:
    return url_for("users.link", token=token, _external=True)


def _page(
    problem: str = "", link: tuple[str, str] | None = None, key: tuple[str, str] | None = None, status: int = 200
) -> Response:
    db = services().db
    response = make_response(
        render_template(
            "users.html",
            people=PeopleStore(db).all(),
            tokens=TokenStore(db).all(),
            roles=list(Role),
            scopes=list(Scope),
            problem=problem,
            link=link,
            key=key,
            link_hours=LINK_HOURS,
            demanded=services().settings.server.second_factor,
            longest_days=LONGEST_TOKEN_DAYS,
            moment_now=services().now(),
        )
    )
    response.status_code = status
    return response


def _password_page(name: str, token: str, problem: str = "") -> Response:
    response = make_response(
        render_template("link.html", name=name, token=token, problem=problem, shortest=SHORTEST_PASSWORD)
    )
    response.status_code = 422 if problem else 200
    return response
