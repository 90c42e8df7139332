"""Every route and every role: who may what stands in one table, and a route that is not in it fails the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from office import add_document, invoice
from visitor import Visitor

from ingest.audit import trail
from web.services import Services
from web.store import Role

Visit = Callable[..., Visitor]

NEEDED: dict[str, str] = {
    "accounts.accept": "approver", "accounts.propose": "coordinator", "accounts.refuse": "coordinator",
    "accounts.show": "viewer",
    "api.description": "public", "api.export": "export", "api.one": "read", "api.several": "read", "api.take": "upload",
    "api_uploads.begin": "upload", "api_uploads.documents": "upload", "api_uploads.go_on": "upload",
    "api_uploads.stop": "upload", "api_uploads.tell": "upload",
    "causes.answer": "coordinator", "causes.ask": "coordinator", "causes.documents": "viewer", "causes.show": "viewer",
    "decide.correct": "coordinator", "decide.decide": "coordinator", "decide.undo": "coordinator",
    "decide.unlock": "coordinator",
    "editing.edit": "approver", "editing.new": "approver", "editing.save": "approver",
    "export.show": "viewer", "export.write": "coordinator",
    "factor.ask": "public", "factor.change": "viewer", "factor.check": "public", "factor.show": "viewer",
    "health.check": "public", "health.metrics": "public",
    "inbox.mail": "viewer", "inbox.show": "viewer",
    "inquiry.answer": "public", "inquiry.ask": "coordinator", "inquiry.note": "coordinator",
    "inquiry.picture": "public", "inquiry.revoke": "coordinator", "inquiry.show": "public",
    "letter.show": "coordinator",
    "login.log_in": "public", "login.log_out": "viewer", "login.make_first_user": "public", "login.set_up": "public",
    "login.show": "public", "login.token": "viewer",
    "home.show": "viewer", "queue.save_view": "viewer", "queue.show": "viewer",
    "importing.show": "admin", "importing.take": "admin", "records.one": "viewer",
    "ordering.change": "approver", "ordering.edit": "approver", "ordering.new": "approver",
    "ordering.choices": "approver", "ordering.receipt": "approver", "ordering.receive": "approver",
    "ordering.save": "approver",
    "pages.join": "coordinator", "pages.read_box": "coordinator", "pages.split": "coordinator",
    "pages.take_back": "coordinator",
    "records.home": "viewer", "records.order": "viewer", "records.show": "viewer",
    "review.labels": "viewer", "review.original": "viewer", "review.page_words": "viewer", "review.picture": "viewer",
    "people.lock": "coordinator", "people.presence": "viewer", "review.show": "viewer", "review.show_facts": "viewer",
    "second.take_back": "coordinator",
    "settings.go_back": "admin", "settings.save": "admin", "settings.show": "viewer", "settings.version": "viewer",
    "talk.assign": "coordinator", "talk.comment": "coordinator", "talk.seen": "viewer",
    "upload.show": "viewer", "upload.take": "coordinator", "upload.verdict": "viewer",
    "uploads.begin": "coordinator", "uploads.documents": "coordinator", "uploads.go_on": "coordinator",
    "uploads.stop": "coordinator", "uploads.tell": "coordinator",
    "users.add": "admin", "users.change": "admin", "users.link": "public", "users.make_token": "admin",
    "users.end_sessions": "viewer", "users.own": "viewer", "users.revoke_token": "admin",
    "users.set_language": "viewer", "users.set_own": "viewer", "users.show": "admin", "users.use_link": "public",
}  # fmt: skip
"""The least role (or a program's scope, or `public`) of each route."""


METHODS = ("GET", "POST", "HEAD", "PATCH", "DELETE", "PUT")


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of every route but the style sheets and scripts."""
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method))
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or ())
        and rule.endpoint != "static"
        and (method != "HEAD" or "GET" not in (rule.methods or ()))
    ]


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in routes(app)} == set(NEEDED)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(app: Flask, visit: Visit, services: Services, role: Role) -> None:
    add_document(services, invoice())
    for endpoint, method, address in routes(app):
        needed = NEEDED[endpoint]
        if needed not in set(Role) or endpoint in ("login.log_out",):
            continue
        browser = visit(role.value)
        answer = browser.ask(method, address)
        refused = answer.status_code == 403 and (method == "HEAD" or "does not allow this" in answer.text)
        assert refused is not role.includes(Role(needed)), (endpoint, method, role, answer.status_code)


def test_a_session_opens_nothing_that_is_for_programs(app: Flask, visit: Visit) -> None:
    browser = visit("admin")
    for endpoint, method, address in routes(app):
        if NEEDED[endpoint] in ("upload", "read", "export"):
            assert browser.ask(method, address).status_code == 401, endpoint


CHANGES: dict[str, tuple[str, dict[str, str], str]] = {
    "users.add": ("/users", {"name": "Nora", "role": "viewer"}, "user_added"),
    "users.change": ("/users/1", {"step": "log_out"}, "user_log_out"),
    "users.make_token": ("/tokens", {"name": "import", "scope": "read", "days": "30"}, "token_made"),
    "users.revoke_token": ("/tokens/1/revoke", {}, "token_revoked"),
    "decide.decide": ("/documents/{document}/decide", {"step": "reject", "reason": "not ours"}, "reject"),
    "decide.correct": (
        "/documents/{document}/correct",
        {"field": "invoice_number", "value": "HM-2", "path": "invoice_number"},
        "corrected",
    ),
    "decide.undo": ("/documents/undo", {"document": "1"}, "undo"),
    "users.set_language": ("/account/language", {"language": "de"}, "language_set"),
}
"""Routes that change something: address, form, and the row that the audit trail gets."""
TOLD_ELSEWHERE = {
    "accounts.accept": "test_accounts.py", "accounts.propose": "test_accounts.py",
    "accounts.refuse": "test_accounts.py", "causes.answer": "test_causes.py", "decide.unlock": "test_passwords.py",
    "export.write": "test_export.py", "importing.take": "test_records_and_export_pages.py",
    "editing.save": "test_editing.py",
    "second.take_back": "test_second_person.py",
    "settings.save": "test_policy_versions.py", "settings.go_back": "test_policy_versions.py",
    "talk.assign": "test_talk.py", "talk.comment": "test_talk.py", "talk.seen": "a sign of having read",
    "uploads.begin": "no document yet", "uploads.go_on": "test_resumable.py", "uploads.stop": "no document yet",
    "uploads.documents": "test_resumable.py", "api_uploads.begin": "no document yet",
    "api_uploads.go_on": "test_resumable.py", "api_uploads.stop": "no document yet",
    "api_uploads.documents": "test_resumable.py",
    "upload.take": "test_intake.py", "api.take": "test_api.py", "api.export": "test_api.py",
    "factor.change": "test_second_factor.py", "factor.check": "sessions are no facts about invoices",
    "users.end_sessions": "test_second_factor.py", "users.set_own": "test_users.py", "users.use_link": "test_users.py",
    "inquiry.answer": "test_inquiries.py", "inquiry.ask": "test_inquiries.py", "inquiry.note": "test_inquiries.py",
    "inquiry.revoke": "test_inquiries.py",
    "login.log_in": "sessions are no facts about invoices", "login.log_out": "sessions are no facts about invoices",
    "pages.read_box": "it changes nothing", "queue.save_view": "test_saved_views.py",
    "ordering.change": "test_ordering.py", "ordering.receive": "test_ordering.py", "ordering.save": "test_ordering.py",
    "pages.join": "test_parting.py", "pages.split": "test_parting.py", "pages.take_back": "test_parting.py",
    "login.make_first_user": "there is nobody else who could have", "people.presence": "a sign of life",
    "people.lock": "test_locks.py",
}  # fmt: skip


def test_every_route_that_changes_something_is_accounted_for(app: Flask) -> None:
    changing = {endpoint for endpoint, method, _ in routes(app) if method not in ("GET", "HEAD")}
    assert changing == set(CHANGES) | set(TOLD_ELSEWHERE)


def test_what_changes_something_leaves_a_row(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    told = (
        "users.set_language",
        "users.add",
        "users.make_token",
        "users.revoke_token",
        "decide.correct",
        "decide.decide",
        "decide.undo",
    )
    for endpoint in told:
        address, form, action = CHANGES[endpoint]
        version = {"version": str(services.db.execute("SELECT version FROM documents").fetchone()[0])}
        answer = browser.post(address.format(document=number), **form, **version)
        assert answer.status_code in (200, 204, 303), (endpoint, answer.text[-600:])
        rows = list(services.db.query("SELECT action, actor FROM audit ORDER BY id DESC LIMIT 3"))
        assert (action, "admin") in {(row["action"], row["actor"]) for row in rows}, endpoint
    assert trail(services.db, number)[-1].actor == "admin"
