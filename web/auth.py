"""Who may do what: sessions, roles and the tokens that forms carry; checked here for every route, before any view."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ingest.errors import CoordinatorError, NotAllowed
from web.factor_store import FactorStore
from web.people_store import Scope, TokenStore
from web.services import Services
from web.session_store import HALF_WAY, Session, SessionLimits, SessionStore
from web.store import Role, User

log = logging.getLogger(__name__)

SESSION_COOKIE = "coordinator_session"
FORM_COOKIE = "coordinator_form"
"""Ties the forms that are shown before log-in to the browser they were shown in."""
HALF_WAY_COOKIE = "coordinator_code"
"""Between the password and the code of the second factor; it opens no page but that of the code."""
WITHOUT_FACTOR = frozenset({"factor.show", "factor.change", "login.log_out"})
"""What is open to whoever has to set up a second factor first."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS_PUBLIC = frozenset({"static"})

View = TypeVar("View", bound=Callable[..., Any])


class FormExpired(CoordinatorError):
    """A form without the token of this session: too old, or sent by another site."""

    code = "form_expired"


class LogInNeeded(CoordinatorError):
    """A program or a part of a page asks without a session."""

    code = "log_in_needed"


def requires(role: Role) -> Callable[[View], View]:
    """Say which role a view needs at least."""

    def mark(view: View) -> View:
        view.required_role = role  # type: ignore[attr-defined]
        return view

    return mark


def needs_scope(scope: Scope) -> Callable[[View], View]:
    """Say which scope a program's token needs for a view; browsers' sessions do not open it."""

    def mark(view: View) -> View:
        view.required_scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Say that a view is reachable without log-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def guard(app: Flask) -> None:
    """Check every request; a route that does not say who may use it stops the start of the program."""
    for endpoint, view in app.view_functions.items():
        said = any(hasattr(view, name) for name in ("required_role", "required_scope", "is_public"))
        if endpoint not in ALWAYS_PUBLIC and not said:
            raise RuntimeError(f"{endpoint} says neither @requires(role), @needs_scope(scope) nor @public")
    app.before_request(_check_request)
    app.after_request(_set_form_cookie)


def current_user() -> User | None:
    """Who is logged in."""
    session: Session | None = g.get("session")
    return session.user if session else None


def user() -> User:
    """Who is logged in, in a view that requires it."""
    found = current_user()
    if found is None:
        raise LogInNeeded("Log in first.")
    return found


def may(role: Role) -> bool:
    """Whether the user's role includes this one."""
    found = current_user()
    return found is not None and found.role.includes(role)


def csrf_token() -> str:
    """The token that every form of this page must carry."""
    session: Session | None = g.get("session")
    if session:
        return session.csrf
    if "form_token" not in g:
        g.form_token = request.cookies.get(_cookie(FORM_COOKIE)) or secrets.token_urlsafe(24)
        g.new_form_token = True
    token: str = g.form_token
    return token


def log_in(address: str, who: User, *, proven: bool = False) -> AnyResponse:
    """Give the browser a new session and send it on; whoever has a second factor is asked for its code before.

    `proven`: the code was right just now.
    """
    services: Services = current_app.extensions["services"]
    sessions, agent = session_store(), request.headers.get("User-Agent", "")
    sessions.end(request.cookies.get(_cookie(SESSION_COOKIE), ""))
    half_way = not proven and FactorStore(services.db).has(who.id)
    token = sessions.start(who, request.remote_addr or "", agent, half_way=half_way)
    if half_way:
        response = _sent_to(f"{url_for('factor.ask')}?{urlencode({'next': address})}")
        _set_cookie(response, HALF_WAY_COOKIE, token, HALF_WAY)
        return response
    log.info("%r logged in from %s", who.name, request.remote_addr)
    response = _sent_to(address)
    _set_cookie(response, SESSION_COOKIE, token, sessions.limits.longest)
    for name in (FORM_COOKIE, HALF_WAY_COOKIE):
        response.delete_cookie(_cookie(name), secure=is_secure())
    g.new_form_token = False
    return response


def half_way() -> User | None:
    """Who has given the right password in this browser and owes the code of the second factor."""
    return session_store().half_way(request.cookies.get(_cookie(HALF_WAY_COOKIE), ""))


def end_half_way() -> None:
    """The code was given, or is no longer waited for."""
    session_store().end(request.cookies.get(_cookie(HALF_WAY_COOKIE), ""))


def session_store() -> SessionStore:
    """Sessions with the limits of the settings."""
    services: Services = current_app.extensions["services"]
    server = services.settings.server
    limits = SessionLimits(timedelta(minutes=server.idle_minutes), timedelta(hours=server.session_hours))
    return SessionStore(services.db, limits)


def session() -> Session:
    """The session of a view that requires one."""
    found: Session | None = g.get("session")
    if found is None:
        raise LogInNeeded("Log in first.")
    return found


def log_out(response: AnyResponse) -> AnyResponse:
    """End the browser's session."""
    session_store().end(request.cookies.get(_cookie(SESSION_COOKIE), ""))
    response.delete_cookie(_cookie(SESSION_COOKIE), secure=is_secure())
    # nothing of what was shown stays in the browser; what it stores are its user's keys and unfinished uploads' names
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def owes_factor(who: Session) -> bool:
    """Whether the user's role demands a second factor that the user has not set up yet."""
    services: Services = current_app.extensions["services"]
    return who.user.role.value in services.settings.server.second_factor and not who.has_factor


def _sent_to(address: str) -> AnyResponse:
    if "HX-Request" in request.headers:
        return AnyResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _set_cookie(response: AnyResponse, name: str, token: str, lasts: timedelta) -> None:
    response.set_cookie(_cookie(name), token, max_age=lasts, httponly=True, samesite="Lax", secure=is_secure())


def is_secure() -> bool:
    """Whether the browser speaks HTTPS: by the settings, or by the word of a trusted proxy."""
    services: Services = current_app.extensions["services"]
    return services.settings.server.secure_cookies or request.is_secure


def wants_part() -> bool:
    """Whether a script of our pages asks, not the address bar."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


def _check_request() -> AnyResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    services: Services = current_app.extensions["services"]
    if request.endpoint in ALWAYS_PUBLIC:
        return None
    if scope := getattr(view, "required_scope", None):
        _demand_token(services, scope)
        return None
    token = request.cookies.get(_cookie(SESSION_COOKIE))
    g.session = session_store().find(token) if token else None
    if not hasattr(view, "is_public"):
        if g.session is None:
            return _ask_to_log_in()
        needed: Role = getattr(view, "required_role", Role.VIEWER)
        if not g.session.user.role.includes(needed):
            raise NotAllowed(
                "Your role ({role}) does not allow this; it needs at least the role {needed}. Ask an administrator.",
                role=g.session.user.role,
                needed=needed,
            )
        if owes_factor(g.session) and request.endpoint not in WITHOUT_FACTOR:
            return _ask_for_factor()
    if request.method not in SAFE_METHODS:
        _demand_form_token()
    return None


def _demand_token(services: Services, scope: Scope) -> None:
    """A program's key in the header; no cookie counts here, so that no page elsewhere can use a browser's session."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    found = TokenStore(services.db).find(key.strip()) if kind.lower() == "bearer" and key else None
    if found is None:
        raise LogInNeeded(
            "Send a token that is in force, as `Authorization: Bearer icp_...`; administrators make them."
        )
    if scope not in found.scopes:
        raise NotAllowed("This token may not {scope}; it may {scopes}.", scope=scope, scopes=", ".join(found.scopes))
    g.api_token = found


def _cookie(name: str) -> str:
    """A cookie's name; behind HTTPS with the prefix that binds it to this host, over HTTPS only."""
    return f"__Host-{name}" if is_secure() else name


def _ask_to_log_in() -> AnyResponse:
    if wants_part():
        raise LogInNeeded("You are logged out. Log in again in another tab, then repeat this; nothing typed is lost.")
    target = {"next": request.full_path.rstrip("?")} if request.method == "GET" and request.path != "/" else {}
    return redirect(f"{url_for('login.show')}{'?' if target else ''}{urlencode(target)}", 303)


def _ask_for_factor() -> AnyResponse:
    if wants_part():
        raise NotAllowed("Your role needs a second factor. Set it up on the page of your account, then repeat this.")
    return redirect(url_for("factor.show"), 303)


def _demand_form_token() -> None:
    session: Session | None = g.get("session")
    expected = session.csrf if session else request.cookies.get(_cookie(FORM_COOKIE), "")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not expected or not hmac.compare_digest(expected.encode(), sent.encode()):
        raise FormExpired("This form is too old or did not come from this service. Load the page again and repeat it.")


def _set_form_cookie(response: Response) -> Response:
    if g.get("new_form_token"):
        response.set_cookie(
            _cookie(FORM_COOKIE),
            g.form_token,
            httponly=True,
            samesite="Strict",
            secure=is_secure(),
        )
    return response
