"""`serve`: web, watchers and workers in one process group, stopped cleanly by SIGTERM."""

from __future__ import annotations

import fcntl
import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from ingest.database import DatabaseUnavailable
from ingest.errors import CoordinatorError
from ingest.printed_labels import prepare
from ingest.sources.door_store import DoorReport
from ingest.sources.folder import FolderSettings, FolderWatcher, Refusal
from ingest.sources.mailbox import MailboxSettings, MailboxWatcher
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from web.alarms import Bell
from web.services import Services
from web.settings import ServerSettings
from web.uploads import Uploads
from web.worker import Worker

log = logging.getLogger(__name__)

WEB_THREADS = 8
LOOP_SECONDS = 0.3
DRAIN_SECONDS = 10
SWEEP_SECONDS = 600
LONGEST_PAUSE = 600.0
"""Seconds between two starts of a watcher that breaks again and again; the first pause is a second."""


Job = Callable[[DoorReport], None]
"""Watches one door until it is told to stop, and reports how it fares."""


class AlreadyRunning(CoordinatorError):
    """Another service works on the same data folder."""

    code = "already_running"


class CannotListen(CoordinatorError):
    """The address is taken or not ours."""

    code = "cannot_listen"


def serve(services: Services, app: Flask, announce: Callable[[str], object]) -> None:
    """Run until SIGTERM or SIGINT; open requests end, what is being read is handed back."""
    settings = services.settings.server
    sockets: dict[int, Any] = {}
    with _sole_service(services.settings.data):
        server = _listen(settings, app, sockets)
        stop = _stop_on_signals()
        worker = Worker(services)
        worker.start()
        threading.Thread(target=prepared, args=(app,), name="prepare", daemon=True).start()
        watchers = _start_watchers(services, stop)
        announce(f"http://{settings.host}:{_port(sockets)}/")
        try:
            while not stop.is_set():
                wasyncore.loop(timeout=LOOP_SECONDS, map=sockets, count=1)
            _let_requests_end(sockets)
        finally:
            stop.set()
            server.task_dispatcher.shutdown()
            wasyncore.close_all(sockets)
            worker.stop()
            for watcher in watchers:
                watcher.join()
            services.close()


def prepared(app: Flask) -> None:
    """What the first pages would wait for, made beforehand; what is there to stay is kept from garbage collection."""
    prepare()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()


def _listen(settings: ServerSettings, app: Flask, sockets: dict[int, Any]) -> MultiSocketServer | BaseWSGIServer:
    try:
        return create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=WEB_THREADS,
            max_request_body_size=settings.request_mb * 1024 * 1024,
            ident=None,
            # they are judged by TrustedProxies, and tell of a request that was passed on
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise CannotListen(
            f"The service cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Stop the program that has the port, or take another one with --port."
        ) from None


def _port(sockets: dict[int, Any]) -> int:
    """The port that is listened on, also where any free one was asked for."""
    return next(int(each.effective_port) for each in sockets.values() if hasattr(each, "effective_port"))


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop


def _let_requests_end(sockets: dict[int, Any]) -> None:
    """Take no new connection and answer the open requests, for a while."""
    for each in list(sockets.values()):
        if each.accepting:
            each.del_channel(sockets)
            each.socket.close()
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and any(
        getattr(each, "requests", None) or getattr(each, "total_outbufs_len", 0) for each in sockets.values()
    ):
        wasyncore.loop(timeout=LOOP_SECONDS, map=sockets, count=1)


@contextmanager
def _sole_service(data: Path) -> Iterator[None]:
    """Hold the data folder: two services on one folder would watch the same doors."""
    with (data / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"A service is already running on {data}. Stop it first, or name another --data."
            ) from None
        yield


def _start_watchers(services: Services, stop: threading.Event) -> list[threading.Thread]:
    settings = services.settings
    folders = [(settings.folder, services.inbox), *((one, Path(one.path)) for one in settings.folders)]
    jobs: list[tuple[str, Job]] = [
        (folder.door, partial(_watch_folder, services, folder, place, stop))
        for folder, place in folders
        if folder.enabled
    ]
    jobs += [(mailbox.door, partial(_watch_mailbox, services, mailbox, stop)) for mailbox in settings.mailbox]
    threads = [
        threading.Thread(target=keep_watching, args=(door, job, services, stop), name=door) for door, job in jobs
    ]
    threads.append(threading.Thread(target=_ring, args=(services, stop), name="alarms"))
    threads.append(threading.Thread(target=_sweep, args=(services, stop), name="uploads"))
    for thread in threads:
        thread.start()
    return threads


def _watch_folder(
    services: Services, folder: FolderSettings, inbox: Path, stop: threading.Event, report: DoorReport
) -> None:
    inside = folder is not services.settings.folder
    tell = partial(refusals, services)
    FolderWatcher(folder, inbox, services.receive, tell, report, inside).run(stop, time.monotonic)


def _watch_mailbox(services: Services, mailbox: MailboxSettings, stop: threading.Event, report: DoorReport) -> None:
    MailboxWatcher(mailbox, services.receive, MailStore(services.db), services.files.put_mail, report).run(stop)


def keep_watching(door: str, job: Job, services: Services, stop: threading.Event, first_pause: float = 1.0) -> None:
    """Run a watcher until `stop` is set; one that dies of a fault of ours is told of and started again."""
    report = DoorReport(lambda: services.db, door)
    report.begin()
    pause = first_pause
    try:
        while not stop.is_set():
            begun = time.monotonic()
            try:
                job(report)
            except Exception as error:  # the watchers' last handler: a door must not stay closed unseen
                log.exception("the watcher of the %s broke off; it is started again", door)
                report.fails(f"The service made a mistake ({type(error).__name__}); the log has the details.")
                pause = first_pause if time.monotonic() - begun > LONGEST_PAUSE else pause
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
    finally:
        services.close()


def _ring(services: Services, stop: threading.Event) -> None:
    try:
        Bell(services).run(stop)
    finally:
        services.close()


def _sweep(services: Services, stop: threading.Event) -> None:
    """Look after uploads that broke off, at the start and now and then."""
    try:
        while not stop.is_set():
            try:
                Uploads(services).sweep()
            except (DatabaseUnavailable, OSError, CoordinatorError) as error:
                log.warning("unfinished uploads: %s; looked at again later", error)
            stop.wait(SWEEP_SECONDS)
    finally:
        services.close()


def refusals(services: Services) -> list[Refusal]:
    """Files of the watched folder that turned out unreadable, with the reason."""
    return [Refusal(Path(path), reason) for path, reason in DocumentStore(services.db).failed_from_folder()]
