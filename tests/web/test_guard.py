"""Tokens, roles and headers: checked for every route there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from office import add_document, add_failed, invoice
from visitor import PUBLIC, Visitor

from ingest.document import State
from ingest.store import DocumentStore
from web import auth
from web.app import create_app, static_version
from web.services import Services
from web.store import Role

Visit = Callable[..., Visitor]

FOR_VIEWERS = {
    "factor.change", "login.log_out", "people.presence", "queue.save_view", "talk.seen", "users.end_sessions",
    "users.set_language",
    "users.set_own",
}  # fmt: skip


def changing_rules(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of every route that a session opens and that may change something."""
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method))
        for rule in app.url_map.iter_rules()
        for method in ("POST", "PATCH", "PUT", "DELETE")
        if method in (rule.methods or ())
        and rule.endpoint not in PUBLIC
        and not rule.endpoint.startswith(("api.", "api_"))
    ]


def test_every_form_needs_its_token(app: Flask, visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    right = browser.token
    for token in ("", "wrong", right + "x", "\u00e4"):
        browser.token = token
        for endpoint, method, address in changing_rules(app):
            fields = {"csrf": token, "step": "reject", "reason": "no", "version": "99"}
            response = browser.client.open(address, method=method, data=fields)
            assert response.status_code == 403, endpoint
            assert "too old" in response.text
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW


def test_the_token_of_another_session_does_not_fit(visit: Visit) -> None:
    one, other = visit("admin"), visit("coordinator")
    one.token = other.token
    assert one.post("/logout").status_code == 403


def test_a_log_in_form_from_elsewhere_is_refused(visit: Visit) -> None:
    browser = visit()
    browser.token = "made up"
    assert browser.post("/login", name="admin", password="correct horse battery").status_code == 403


def test_the_token_may_come_in_a_header(visit: Visit) -> None:
    browser = visit("viewer")
    token, browser.token = browser.token, ""
    assert browser.post("/logout", headers={"X-CSRF-Token": token}).status_code == 303


def test_viewers_change_nothing(app: Flask, visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    before = DocumentStore(services.db).get(number)
    browser = visit("viewer")
    for endpoint, method, address in changing_rules(app):
        if endpoint not in FOR_VIEWERS:
            assert browser.ask(method, address).status_code == 403, endpoint
    assert browser.get("/queue").status_code == 200
    assert DocumentStore(services.db).get(number) == before


def test_viewers_see_pages_without_forms_to_decide(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    add_failed(services)
    browser = visit("viewer")
    page = browser.get(f"/documents/{number}").text
    assert 'id="decide"' not in page
    assert 'id="correct"' not in page
    assert "Read again" not in browser.get("/inbox").text
    assert 'id="files"' not in browser.get("/upload").text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.APPROVER, Role.ADMIN])
def test_the_other_roles_decide(visit: Visit, services: Services, role: Role) -> None:
    number = add_document(services, invoice())
    version = DocumentStore(services.db).get(number).version
    response = visit(role.value).post(f"/documents/{number}/decide", step="reject", reason="not ours", version=version)
    assert response.status_code == 303
    assert DocumentStore(services.db).get(number).state is State.REJECTED


def test_a_route_that_says_nothing_about_roles_stops_the_start(services: Services) -> None:
    app = create_app(services)
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(RuntimeError, match="forgotten"):
        auth.guard(app)


@pytest.mark.parametrize(
    "address", ["/login", "/queue", "/nowhere", "/healthz", f"/static/{static_version()}/style.css", "/upload"]
)
def test_every_answer_carries_the_security_headers(visit: Visit, address: str) -> None:
    headers = visit("viewer").get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_hold_no_inline_script_or_style(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    for address in ("/login", "/queue", f"/documents/{number}", "/upload", "/inbox", "/records/orders", "/export"):
        page = browser.get(address).text
        assert "style=" not in page, address
        assert "<style" not in page, address
        assert " onclick=" not in page, address
        assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src='), address
