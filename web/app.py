"""The web application: pages behind a log-in, with one table that maps failures to HTTP status."""

from __future__ import annotations

import errno
import hashlib
import logging
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from ingest.database import DatabaseUnavailable
from ingest.errors import Conflict, CoordinatorError, DiskLow, NotAllowed, NotFound, SettingsError, UnreadableFile
from matching.reviewing import ReasonNeeded
from web import auth, told, words
from web.auth import FormExpired, LogInNeeded
from web.languages import SOURCE_LANGUAGE, Tongue, choose_tongue, gettext, script_texts, speak
from web.languages import lazy_gettext as _
from web.lock_store import Locked
from web.presenters import Presenter
from web.proxies import TrustedProxies, networks
from web.services import Services
from web.store import InvalidInput, Role, TooManyAttempts
from web.uploads import TooLarge, UploadBusy
from web.views import BLUEPRINTS
from web.views.resumable import WrongType, WrongVersion

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[CoordinatorError], int], ...] = (
    (NotFound, 404),
    (ReasonNeeded, 422),
    (Locked, 423),
    (Conflict, 409),
    (NotAllowed, 403),
    (FormExpired, 403),
    (DiskLow, 507),
    (TooLarge, 413),
    (UploadBusy, 423),
    (WrongVersion, 412),
    (WrongType, 415),
    (LogInNeeded, 401),
    (InvalidInput, 422),
    (UnreadableFile, 422),
    (TooManyAttempts, 429),
    (SettingsError, 500),
    (CoordinatorError, 400),
)
"""Which failure answers with which HTTP status; the first family that fits counts."""

TITLES = {
    400: _("That did not work"),
    401: _("Please log in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    409: _("This has changed meanwhile"),
    413: _("Too large"),
    422: _("Please check what you entered"),
    423: _("Somebody else has it"),
    429: _("Please wait"),
    500: _("Something went wrong"),
    503: _("Busy for a moment"),
    507: _("The disk is full"),
}

SECURITY_HEADERS = {
    # no inline script or style anywhere: everything comes from our own files
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """The log-in that a demonstration shows on its log-in page."""

    name: str
    password: str


def create_app(services: Services, *, demo_login: DemoLogin | None = None) -> Flask:
    """The application over one data folder."""
    app = Flask(__name__, static_url_path=f"/static/{static_version()}")
    app.config["MAX_CONTENT_LENGTH"] = services.settings.server.request_mb * 1024 * 1024
    app.extensions["services"] = services
    app.extensions["demo_login"] = demo_login
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    speak(app, _language, services.settings.language)
    auth.guard(app)
    app.before_request(_choose_presenter)
    app.jinja_env.filters |= {"evidence": told.evidence, "upfirst": words.upfirst}
    app.after_request(_set_headers)
    app.context_processor(_template_names)
    app.register_error_handler(CoordinatorError, _show_failure)
    app.register_error_handler(HTTPException, _show_http_failure)
    app.register_error_handler(Exception, _show_bug)
    if trusted := networks(services.settings.server.trusted_proxies):
        app.wsgi_app = TrustedProxies(app.wsgi_app, trusted)  # type: ignore[method-assign]
    return app


@lru_cache
def static_version() -> str:
    """Stands in the addresses of style sheets and scripts, and of what these import; new where one of them is."""
    digest, folder = hashlib.sha256(), Path(__file__).parent / "static"
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _choose_presenter() -> None:
    g.present = Presenter(_tongue().locale)


def _tongue() -> Tongue:
    """What this request is answered in; known once the guard has looked who asks."""
    if request.path.startswith("/api/"):
        return choose_tongue(SOURCE_LANGUAGE, (), SOURCE_LANGUAGE)  # programs are told the same everywhere
    who, house = auth.current_user(), current_app.extensions["services"].settings.language
    return choose_tongue(who.language if who else "", request.accept_languages.values(), house)


def _language() -> str:
    return _tongue().language


def _template_names() -> dict[str, object]:
    return {
        "present": g.get("present") or Presenter(_tongue().locale),
        "tongue": _tongue().language,
        "script_texts": script_texts(_tongue().language),
        "words": words,
        "evidence": told.evidence,
        "failure": told.failure,
        "finding": told.finding,
        "phrase": told.phrase,
        "door_phrase": told.door_phrase,
        "user": auth.current_user(),
        "may_decide": auth.may(Role.COORDINATOR),
        "may_administer": auth.may(Role.ADMIN),
        "csrf_token": auth.csrf_token,
    }


def _set_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if auth.is_secure():
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and response.status_code in (200, 304):
        # its address changes with it: a browser asks for it once
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if "Cache-Control" not in response.headers:
        # what was shown must not reappear from a cache after log-out
        response.headers["Cache-Control"] = "no-store"
    return response


def _show_failure(error: CoordinatorError) -> AnyResponse:
    status = next(status for family, status in STATUS if isinstance(error, family))
    if status in (401, 403, 429):
        who = auth.current_user()
        log.info(
            "refused (%s) to %r from %s: %s %s",
            error.code, who.name if who else "nobody", request.remote_addr, request.method, _logged_path(),
        )  # fmt: skip
    return _failure_page(status, error.code, told.problem(error))


def _show_http_failure(error: HTTPException) -> AnyResponse:
    messages = {
        404: gettext("There is no such page. It may have been moved, or the address is mistyped."),
        405: gettext("This address cannot be opened like that. Go back and use the page's own buttons."),
        413: gettext("This is more than the service takes at once. Send fewer files, or ask for a higher limit."),
    }
    status = error.code or 500
    return _failure_page(
        status, f"http_{status}", messages.get(status, error.description or gettext("That did not work."))
    )


def _show_bug(error: Exception) -> AnyResponse:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        log.error("request %s %s: the disk is full", request.method, _logged_path())
        message = gettext(
            "The service's disk is full; nothing was taken or changed. Tell your administrator, then repeat this."
        )
        return _failure_page(507, "disk_full", message)
    if isinstance(error, DatabaseUnavailable):
        log.error("request %s %s: %s", request.method, _logged_path(), error)
        message = gettext(
            "The database is busy or its disk full; nothing was changed. Wait a moment, then repeat this."
        )
        return _failure_page(503, "database_busy", message)
    number = secrets.token_hex(4)
    log.error("request %s %s failed (%s)", request.method, _logged_path(), number, exc_info=error)
    message = gettext(
        "The service made a mistake; nothing was changed. Tell your administrator this number: %(number)s.",
        number=number,
    )
    return _failure_page(500, "internal", message)


def _logged_path() -> str:
    """The path without what opens a door: whoever reads the log must not be able to use a link."""
    token = (request.view_args or {}).get("token", "")
    return request.path.replace(token, "...") if token else request.path


def _failure_page(status: int, code: str, message: str) -> AnyResponse:
    if request.accept_mimetypes.best == "application/json" or request.path.startswith("/api/"):
        response: AnyResponse = jsonify({"error": {"code": code, "message": message}})
    else:
        part = "HX-Request" in request.headers
        title = TITLES.get(status, TITLES[400] if status < 500 else TITLES[500])
        typed = [(name, value) for name, value in request.form.items() if value and name in words.TYPED]
        template = "parts/problem.html" if part else "problem.html"
        response = make_response(render_template(template, title=title, message=message, status=status, typed=typed))
        if part:
            # the form stays as it is, with what was typed; only the message appears
            response.headers["HX-Retarget"] = "#problem"
            response.headers["HX-Reswap"] = "innerHTML"
    response.status_code = status
    return response
