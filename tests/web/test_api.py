"""For programs: a token with the right scope, files in, outcomes and exports out, as the description says."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import add_document, add_failed, invoice
from openapi_spec_validator import validate

from ingest.store import DocumentStore
from web.people_store import TokenStore
from web.services import Services

SAMPLE = Path(__file__).parents[2] / "samples" / "documents" / "06-kessler-cii.xml"
Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, services: Services) -> Callable[..., FlaskClient]:
    """A program with a token of these scopes."""

    def program(*scopes: str, days: int = 30) -> FlaskClient:
        _, key = TokenStore(services.db).make("import", scopes, days, "admin")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return client

    return program


def test_the_description_is_openapi_and_names_every_route(app: Flask) -> None:
    described = app.test_client().get("/api/openapi.json").json
    validate(described)
    told = {
        (path.replace("{document_id}", "1").replace("{number}", "1"), method)
        for path, ways in described["paths"].items()
        for method in ways
        if method != "parameters"
    }
    adapter = app.url_map.bind("localhost")
    there = {
        (adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1)), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("api.", "api_"))
        for method in (rule.methods or set()) - {"OPTIONS"}
        if method != "HEAD" or "GET" not in (rule.methods or set())
    }
    assert told == there


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer icp_wrong", "Basic aWNwOng="])
def test_without_a_living_token_nothing_is_told(app: Flask, header: str) -> None:
    answer = app.test_client().get("/api/documents", headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "log_in_needed")


def test_a_token_may_only_what_it_was_made_for_and_ends(ask: Ask, services: Services) -> None:
    reading = ask("read")
    assert reading.get("/api/documents").status_code == 200
    assert reading.post("/api/documents?name=a.xml", data=b"<x/>").status_code == 403
    assert reading.post("/api/exports").status_code == 403
    (token,) = TokenStore(services.db).all()
    assert token.last_used_at is not None
    services.db.execute("UPDATE api_tokens SET expires_at = ?", [(token.created_at - timedelta(days=1)).isoformat()])
    assert reading.get("/api/documents").status_code == 401
    services.db.execute("UPDATE api_tokens SET expires_at = ?", [token.expires_at.isoformat()])
    TokenStore(services.db).revoke(token.id)
    assert reading.get("/api/documents").status_code == 401


def test_files_as_a_form_or_as_the_body_are_stored_once(ask: Ask, services: Services) -> None:
    program, content = ask("upload"), SAMPLE.read_bytes()
    body = program.post("/api/documents?name=kessler.xml", data=content, content_type="application/octet-stream")
    assert body.status_code == 201
    (first,) = body.json["documents"]
    assert (first["file"], first["status"], first["seen_before"]) == ("kessler.xml", "received", False)
    form = {"file": [(io.BytesIO(content), "again.xml"), (io.BytesIO(b"%PDF-1.4 other"), "other.pdf")]}
    again = program.post("/api/documents", data=form, content_type="multipart/form-data").json["documents"]
    assert [(one["document_id"], one["seen_before"]) for one in again] == [(first["document_id"], True), ("2", False)]
    stored = DocumentStore(services.db).get(1)
    assert services.files.original(stored.sha256).read_bytes() == content
    rows = list(services.db.query("SELECT actor FROM audit WHERE document_id = 1"))
    assert {row["actor"] for row in rows} == {"program import"} or stored.origin == "program import"


@pytest.mark.parametrize(
    ("query", "data", "told"),
    [("?name=a.pdf", b"", "No file came"), ("", b"%PDF-1.4", "Name the file"), ("?name=%20", b"x", "Name the file")],
)
def test_what_is_no_file_is_told(ask: Ask, query: str, data: bytes, told: str) -> None:
    answer = ask("upload").post(f"/api/documents{query}", data=data, content_type="application/octet-stream")
    assert (answer.status_code, told in answer.json["error"]["message"]) == (422, True)


def test_outcomes_one_by_one_and_page_by_page(ask: Ask, services: Services) -> None:
    for number in range(5):
        add_document(services, invoice(f"HM-{number}"), f"{number}.pdf")
    failed = add_failed(services)
    program = ask("read")
    one = program.get("/api/documents/1").json
    assert (one["document_id"], one["extraction"]["fields"]["invoice_number"]["value"]) == ("1", "HM-0")
    assert program.get(f"/api/documents/{failed}").json["error"]["code"]
    assert program.get("/api/documents/99").status_code == 404
    seen, after = [], 0
    while after is not None:
        page = program.get(f"/api/documents?limit=2&after={after}").json
        seen += [entry["document_id"] for entry in page["documents"]]
        after = page["next_after"]
    assert seen == ["1", "2", "3", "4", "5", "6"]
    assert [d["document_id"] for d in program.get("/api/documents?status=failed").json["documents"]] == [str(failed)]
    for wrong in ("?status=lost", "?limit=0", "?limit=501", "?after=x"):
        assert program.get(f"/api/documents{wrong}").status_code == 422


def test_an_export_gives_each_document_once(ask: Ask, services: Services) -> None:
    number = add_document(services, invoice())
    services.db.execute("UPDATE documents SET state = 'approved' WHERE id = ?", [number])
    program = ask("export")
    written = program.post("/api/exports?format=json")
    assert (written.status_code, b"HM-1" in written.data) == (200, True)
    assert program.post("/api/exports?format=json").status_code == 204
    assert program.post("/api/exports?format=json&again=yes").status_code == 200
    assert program.post("/api/exports?format=doc").status_code == 400
    assert program.post("/api/exports?from=tomorrow").status_code == 422
    rows = list(services.db.query("SELECT actor FROM audit WHERE action = 'exported'"))
    assert {row["actor"] for row in rows} == {"program import"}
