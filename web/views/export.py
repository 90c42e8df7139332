"""Export: decided documents as a file for the accounting system, and what was exported before."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from ingest.document import State
from web.auth import requires, user
from web.export import EXPORT_FORMATS
from web.exporting import export_documents, past_exports
from web.languages import gettext
from web.store import InvalidInput, Role
from web.views.current import services

blueprint = Blueprint("export", __name__)


@blueprint.get("/export")
@requires(Role.VIEWER)
def show() -> Response:
    """The form, and past exports."""
    return _page()


@blueprint.post("/export")
@requires(Role.COORDINATOR)
def write() -> Response:
    """Write the file and hand it over; nothing to export is said, not downloaded."""
    form = request.form
    since, until = _day(form.get("since", "")), _day(form.get("until", ""))
    if since and until and since > until:
        raise InvalidInput("The first day is later than the last one. Exchange the two dates.")
    file = export_documents(
        services(),
        form.get("format", ""),
        status=form.get("status") or State.APPROVED.value,
        since=since,
        until=until,
        again=form.get("again") == "yes",
        actor=user().name,
    )
    if not file.documents:
        return _page(
            gettext(
                "There is nothing to export: no document was decided in that time, or all of them were exported "
                "before. Tick \u201cAlso those exported before\u201d to have them again."
            )
        )
    response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response


def _page(message: str = "") -> Response:
    return make_response(
        render_template(
            "export.html",
            formats=EXPORT_FORMATS,
            past=past_exports(services()),
            message=message,
            form=request.form,
        )
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("'{text}' is no date. Write it like 2026-11-23.", text=text) from None
