"""What every view needs of the running request: the services, the reader's way of writing, who asks."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, g, redirect, request, send_file
from werkzeug.wrappers import Response

from web.presenters import Presenter
from web.services import Services


def services() -> Services:
    """The opened data folder."""
    found: Services = current_app.extensions["services"]
    return found


def present() -> Presenter:
    """How this reader wants dates and numbers written."""
    found: Presenter = g.present
    return found


def download(path: Path, name: str) -> Response:
    """A foreign file, handed over to be saved: should a browser open it all the same, nothing in it runs."""
    response = send_file(path.resolve(), mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_part() -> bool:
    """Whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers


def go(address: str) -> Response:
    """Send the browser on to another page, whether a form or htmx asked."""
    if is_part():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)
