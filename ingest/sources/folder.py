"""The watched folder: whole files in `inbox/` are taken in and moved to `done/` or `rejected/`."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from ingest.database import DatabaseUnavailable
from ingest.document import Door, ReceivedFile
from ingest.sources.mail_parts import files_in

log = logging.getLogger(__name__)

RESCAN_SECONDS = 1.0
"""Folders are looked through as well as watched: network drives deliver no events."""
LEFT_ALONE = (".part", ".partial", ".crdownload", ".filepart", ".tmp", "~")
"""Endings that programs give to files they are still writing."""


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """The watched folder."""

    enabled: bool = True
    path: str = ""
    """Empty: `inbox` in the data folder; `done` and `rejected` stand beside it."""
    settle_seconds: int = 2
    """A file is whole when its size and time have not changed for so long."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was moved to `done/` and then could not be read."""

    path: Path
    reason: str


class FolderWatcher:
    """Takes whole files in; `receive` makes a file durable before it returns, only then is it moved."""

    def __init__(
        self,
        settings: FolderSettings,
        inbox: Path,
        receive: Callable[[ReceivedFile], object],
        refusals: Callable[[], Sequence[Refusal]],
    ) -> None:
        self.settings = settings
        self.inbox = inbox
        self.done = inbox.parent / "done"
        self.rejected = inbox.parent / "rejected"
        self._receive = receive
        self._refusals = refusals
        self._seen: dict[Path, tuple[int, int, float]] = {}

    def run(self, stop: Event, clock: Callable[[], float]) -> None:
        """Watch until `stop` is set; `clock` is a monotonic one, in seconds."""
        for folder in (self.inbox, self.done, self.rejected):
            folder.mkdir(parents=True, exist_ok=True)
        changed = Event()
        observer = Observer()
        observer.schedule(_Waker(changed), str(self.inbox), recursive=False)
        observer.start()
        try:
            while not stop.is_set():
                self._look_again_later(clock())
                changed.wait(RESCAN_SECONDS)
                changed.clear()
                stop.wait(0.1)
        finally:
            observer.stop()
            observer.join()

    def _look_again_later(self, now: float) -> None:
        try:
            self.look(now)
        except (OSError, DatabaseUnavailable) as error:
            # a full disk or a busy database must not close the door: what was not taken is still in the inbox
            log.warning("the watched folder %s: %s; trying again", self.inbox, error)

    def look(self, now: float) -> None:
        """Take every file that has settled, and move what turned out unreadable to `rejected/`."""
        present = {}
        for path in sorted(self.inbox.iterdir()):
            mark = self._mark(path)
            if mark is None:
                continue
            size, modified = mark
            known = self._seen.get(path)
            since = known[2] if known and known[:2] == (size, modified) else now
            present[path] = (size, modified, since)
            if now - since >= self.settings.settle_seconds:
                self._take(path)
                present.pop(path, None)
        self._seen = present
        for refusal in self._refusals():
            self._reject(refusal)

    def _mark(self, path: Path) -> tuple[int, int] | None:
        try:
            found = path.lstat()
        except OSError:
            return None
        ignored = path.name.startswith(".") or path.name.lower().endswith(LEFT_ALONE)
        if ignored or not stat.S_ISREG(found.st_mode):
            return None
        return found.st_size, found.st_mtime_ns

    def _take(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            log.warning("%s cannot be read yet (%s); it is tried again", path.name, error.strerror)
            return
        target = _free_name(self.done / path.name)
        for file in files_in(path.name, content):
            self._receive(ReceivedFile(file.name, file.content, Door.FOLDER, str(target)))
        try:
            path.replace(target)
        except OSError as error:
            log.warning("%s was taken but cannot be moved to %s (%s)", path.name, self.done, error.strerror)

    def _reject(self, refusal: Refusal) -> None:
        if not refusal.path.exists():
            return
        target = _free_name(self.rejected / refusal.path.name)
        target.with_name(target.name + ".reason.txt").write_text(refusal.reason + "\n", "utf-8")
        refusal.path.replace(target)


class _Waker(FileSystemEventHandler):
    def __init__(self, changed: Event) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Look at the folder soon."""
        self._changed.set()


def _free_name(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free
