"""`demo`: the service on a throw-away data folder filled with the samples."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import samples
from ingest.document import Door, ReceivedFile
from matching.load_records import import_records
from matching.records import RecordKind
from web.app import DemoLogin, create_app
from web.batch import listening
from web.server import serve
from web.services import Services, open_services
from web.settings import load_settings
from web.store import Role, UserStore

FOLDER = Path(samples.__file__).parent
USER = "anna"


def run(host: str | None, port: int | None, say: Callable[[str], object]) -> None:
    """Load the samples into a folder of their own and serve them until stopped."""
    with tempfile.TemporaryDirectory(prefix="coordinator-demo-") as folder:
        settings = replace(load_settings(Path(folder)), today=samples.TODAY)
        services = open_services(listening(settings, host, port))
        login = DemoLogin(USER, secrets.token_urlsafe(9))
        UserStore(services.db).add(login.name, login.password, Role.ADMIN)
        fill(services)
        serve(
            services,
            create_app(services, demo_login=login),
            lambda address: say(f"Demo at {address}  log in as {login.name} with {login.password} (shown on the page)"),
        )


def fill(services: Services) -> None:
    """Import the samples' records and take their documents in, in the order of their names."""
    for kind in RecordKind:
        import_records(services.db, kind, FOLDER / "records" / f"{kind.value}.csv")
    for path in sample_files():
        services.receive(ReceivedFile(path.name, path.read_bytes(), Door.SAMPLE, "samples"))


def sample_files() -> list[Path]:
    """The sample documents in the order in which they come in."""
    return sorted(path for path in (FOLDER / "documents").iterdir() if path.suffix != ".json")
