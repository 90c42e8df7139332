"""For whoever watches the service: a sign of life, figures for Prometheus, and alarms for every page."""

from __future__ import annotations

import hmac
import time

from flask import Blueprint, current_app, g, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from ingest.database import DatabaseUnavailable
from ingest.errors import NotAllowed
from ingest.store import DocumentStore
from web.alarms import Alarm, standing
from web.auth import public
from web.metrics import Metrics
from web.views.current import services

blueprint = Blueprint("health", __name__)

LOCAL = ("127.0.0.1", "::1")
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
"""What proxies add: behind one, every request comes from this machine."""


@blueprint.record_once
def _start_counting(state: BlueprintSetupState) -> None:
    state.app.extensions["metrics"] = Metrics(state.app.extensions["services"])


@blueprint.before_app_request
def _begin() -> None:
    g.begun = time.perf_counter()


@blueprint.after_app_request
def _count(response: Response) -> Response:
    if "begun" in g:
        figures: Metrics = current_app.extensions["metrics"]
        figures.pages.labels(request.endpoint or "none", response.status_code).observe(time.perf_counter() - g.begun)
    return response


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus: with the token of the settings, or, without one, from this machine only."""
    token = services().settings.metrics.token
    if token:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(sent.encode(), token.encode())
    else:
        allowed = request.remote_addr in LOCAL and not any(name in request.headers for name in PASSED_ON)
    if not allowed:
        raise NotAllowed(
            "The figures are for this machine, or for who sends the token `metrics.token` of the settings."
        )
    figures: Metrics = current_app.extensions["metrics"]
    return Response(figures.text(), mimetype="text/plain")


@blueprint.app_context_processor
def _for_every_page() -> dict[str, object]:
    """What the frame of every page shows; asked for by the template, and only for those who can do something."""
    return {"alarms": _alarms}


def _alarms() -> tuple[Alarm, ...]:
    try:
        return standing(services())
    except (DatabaseUnavailable, OSError):
        return ()  # the page itself says what is wrong


@blueprint.get("/healthz")
@public
def check() -> Response:
    """Says that the service answers and its database can be read; nothing about what is in it."""
    DocumentStore(services().db).counts()
    return Response("ok\n", mimetype="text/plain")
