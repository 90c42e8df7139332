"""A sign of life for whoever watches the service."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from ingest.store import DocumentStore
from web.auth import public
from web.views.current import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def check() -> Response:
    """Says that the service answers and its database can be read; nothing about what is in it."""
    DocumentStore(services().db).counts()
    return Response("ok\n", mimetype="text/plain")
