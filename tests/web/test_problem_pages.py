"""What people are told when something goes wrong."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from office import add_users
from visitor import Visitor

from ingest.database import DatabaseUnavailable
from ingest.errors import Conflict, CoordinatorError, NotAllowed, NotFound, SettingsError, UnreadableFile
from matching.reviewing import ReasonNeeded
from web.app import create_app
from web.auth import public
from web.services import Services
from web.store import InvalidInput, TooManyAttempts

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    "address", ["/nowhere", "/documents/99", "/documents/99/original", "/records/orders/NOPE", "/records/x"]
)
def test_what_is_not_there_is_said_kindly(visit: Visit, address: str) -> None:
    response = visit("viewer").get(address)
    assert response.status_code == 404
    assert "<h1>Not found</h1>" in response.text
    assert "Back to the queue" in response.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (NotAllowed("x"), 403),
        (InvalidInput("x"), 422),
        (ReasonNeeded("x"), 422),
        (UnreadableFile("damaged", "x"), 422),
        (TooManyAttempts("x"), 429),
        (SettingsError("x"), 500),
        (CoordinatorError("x"), 400),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (DatabaseUnavailable("database is locked"), 503),
    ],
)
def test_each_family_of_failures_has_its_status(app: Flask, error: Exception, status: int) -> None:
    @public
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail)
    assert app.test_client().get("/fails").status_code == status


def test_a_bug_shows_a_number_and_no_traceback(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @public
    def fail() -> str:
        raise ZeroDivisionError("secret detail")

    app.add_url_rule("/fails", "fails", fail)
    response = app.test_client().get("/fails")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    number = response.text.split("this number: ")[1][:8]
    assert number in caplog.text
    assert "secret detail" in caplog.text


def test_htmx_gets_the_message_alone_and_the_form_stays(visit: Visit) -> None:
    response = visit("coordinator").post("/documents/99/decide", htmx=True, step="reject", reason="no", version="1")
    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#problem"
    assert "<html" not in response.text
    assert 'role="alert"' in response.text


def test_a_plain_form_that_fails_shows_what_was_typed(visit: Visit) -> None:
    response = visit("coordinator").post(
        "/documents/99/decide", step="reject", reason="a long <b>thought</b>", version="1"
    )
    assert "a long &lt;b&gt;thought&lt;/b&gt;" in response.text


def test_too_large_a_request_is_refused_with_a_reason(services: Services) -> None:
    settings = replace(services.settings, server=replace(services.settings.server, request_mb=1))
    small = Services(settings, services.files)
    add_users(small)
    browser = Visitor(create_app(small))
    browser.log_in("coordinator")
    response = browser.client.post(
        "/upload",
        data=b"x" * 1_100_000,
        content_type="multipart/form-data; boundary=b",
        headers={"X-CSRF-Token": browser.token, "Accept": "application/json"},
    )
    small.close()
    assert response.status_code == 413
    assert "more than the service takes" in response.json["error"]["message"]


def test_the_sign_of_life_says_nothing_but_ok(visit: Visit) -> None:
    response = visit().get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
