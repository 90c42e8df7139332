"""Figures for Prometheus: asked of the database when they are fetched, and how long pages took."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from ingest.document import IN_WORK, State
from ingest.sources.door_store import DoorStore
from ingest.store import DocumentStore
from web.alarms import standing
from web.services import Services

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds; pages are to answer within a tenth."""


class Metrics(Collector):
    """One application's figures; no names, numbers or amounts of documents are among them."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.registry = CollectorRegistry()
        self.pages = Histogram(
            "coordinator_request_seconds",
            "How long requests took",
            ["view", "status"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def describe(self) -> list[Metric]:
        """Nothing beforehand: the database is asked only when somebody fetches."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Documents, doors, alarms and the disk, as they are now."""
        yield from self._documents()
        yield from self._doors()
        yield GaugeMetricFamily("coordinator_alarms", "Alarms that stand", value=len(standing(self.services)))
        free = shutil.disk_usage(self.services.settings.data).free
        yield GaugeMetricFamily("coordinator_disk_free_bytes", "Bytes free where the data lie", value=free)

    def _documents(self) -> Iterator[Metric]:
        store = DocumentStore(self.services.db)
        counts = store.counts()
        documents = GaugeMetricFamily("coordinator_documents", "Documents by state", labels=["state"])
        for state in State:
            documents.add_metric([state.value], counts.get(state, 0))
        yield documents
        waiting = store.in_states(IN_WORK, limit=100_000) if any(counts.get(state) for state in IN_WORK) else ()
        oldest = min((one.received_at for one in waiting), default=None)
        age = (self.services.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("coordinator_oldest_in_work_seconds", "Age of what is read or matched", value=age)

    def _doors(self) -> Iterator[Metric]:
        failing = GaugeMetricFamily("coordinator_door_failing", "1 while a door fails", labels=["door"])
        silent = GaugeMetricFamily("coordinator_door_silent_seconds", "Since it brought something", labels=["door"])
        stuck = GaugeMetricFamily("coordinator_door_stuck", "Files that cannot be taken yet", labels=["door"])
        now = datetime.now(UTC)
        for door in DoorStore(self.services.db).all():
            failing.add_metric([door.name], int(door.failing_since is not None))
            silent.add_metric([door.name], (now - (door.delivered_at or door.watched_since)).total_seconds())
            stuck.add_metric([door.name], len(door.stuck))
        yield from (failing, silent, stuck)
