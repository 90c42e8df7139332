"""A sign of life for whoever watches the service."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from ingest.database import DatabaseUnavailable
from ingest.store import DocumentStore
from web.alarms import Alarm, standing
from web.auth import public
from web.views.current import services

blueprint = Blueprint("health", __name__)


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
