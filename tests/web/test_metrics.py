"""Figures for Prometheus: right, for those who may see them only, and without anything of a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from office import add_document, add_failed, invoice
from prometheus_client.parser import text_string_to_metric_families

from ingest.sources.door_store import DoorStore
from web.services import Services
from web.settings import MetricsSettings


def figures(app: Flask, **options: object) -> dict[tuple[str, ...], float]:
    text = app.test_client().get("/metrics", **options).text  # type: ignore[arg-type]
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_documents_doors_disk_and_pages_are_counted(services: Services, app: Flask) -> None:
    add_document(services, invoice())
    add_failed(services)
    DoorStore(services.db).begin("folder inbox", datetime.now(UTC))
    DoorStore(services.db).failing("folder inbox", "away", datetime.now(UTC))
    app.test_client().get("/login")
    found = figures(app)
    assert found["coordinator_documents", "needs_review"] == 1
    assert found["coordinator_documents", "failed"] == 1
    assert found["coordinator_documents", "approved"] == 0
    assert found["coordinator_door_failing", "folder inbox"] == 1
    assert found["coordinator_disk_free_bytes",] > 0
    assert found["coordinator_request_seconds_count", "200", "login.show"] == 1
    assert found["process_resident_memory_bytes",] > 0
    text = app.test_client().get("/metrics").text
    assert "Harbour" not in text
    assert "HM-1" not in text


@pytest.mark.parametrize(
    ("token", "options", "status"),
    [
        ("", {}, 200),
        ("", {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, 403),
        ("", {"headers": {"X-Forwarded-For": "192.0.2.7"}}, 403),
        ("s3cret", {}, 403),
        ("s3cret", {"headers": {"Authorization": "Bearer wrong"}}, 403),
        ("s3cret", {"headers": {"Authorization": "Bearer s3cret"}, "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, 200),
    ],
)
def test_they_are_for_this_machine_or_for_who_has_the_token(
    services: Services, app: Flask, token: str, options: dict[str, object], status: int
) -> None:
    services.settings = replace(services.settings, metrics=MetricsSettings(token))
    assert app.test_client().get("/metrics", **options).status_code == status
