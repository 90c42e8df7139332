"""Watched folders: whole files, in sub-folders too, are taken in and moved to `done/` or `rejected/`.

Names and contents are foreign: nothing is followed out of the folder by a link, what is replaced while it is read is
read again, and what cannot be taken is told and tried again, while the others go on.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from ingest.database import DatabaseUnavailable
from ingest.document import Door, ReceivedFile
from ingest.errors import DiskLow
from ingest.sources.door_store import DoorReport
from ingest.sources.mail_parts import UNPACKED, files_in

log = logging.getLogger(__name__)

RESCAN_SECONDS = 1.0
"""Folders are looked through as well as watched: network drives deliver no events."""
AT_ONCE = 200
"""Files taken in one look; between two looks the service may stop, and refusals are moved."""
DEEPEST = 20
"""Levels of sub-folders that are looked into."""
LONGEST_NAME = 255
"""Bytes of a file's name, on every usual file system."""
LEFT_ALONE = (".part", ".partial", ".crdownload", ".filepart", ".tmp", "~")
"""Endings that programs give to files they are still writing."""
GIVEN_UP_SECONDS = 3600
"""So long a file with such a name may stand still before it is told."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_PASSING = (OSError, DatabaseUnavailable, DiskLow)

Mark = tuple[int, int]
"""Size in bytes and time of change in nanoseconds. No inode: some network drives make up a new one each time."""


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """One watched folder."""

    enabled: bool = True
    path: str = ""
    """Empty: `inbox` in the data folder."""
    settle_seconds: int = 2
    """A file is whole when its size and time have not changed for so long."""
    name: str = ""
    """What people call it; empty: its path."""
    silent_hours: float = 0
    """No file for so long is told on every page and to the administrator; 0: never."""
    failing_minutes: float = 30
    """So is a folder that cannot be read for so long, such as a share that is away; 0: never."""

    @property
    def door(self) -> str:
        """The folder among the doors."""
        return f"folder {self.name or self.path or 'inbox'}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was moved to `done/` and then could not be read."""

    path: Path
    reason: str


class FolderWatcher:
    """Takes whole files in; `receive` makes a file durable before it returns, only then is it moved.

    `done` and `rejected` stand beside the inbox, unless it is told that they lie in it (`inside`): a share has no
    other place for them.
    """

    def __init__(
        self,
        settings: FolderSettings,
        inbox: Path,
        receive: Callable[[ReceivedFile], object],
        refusals: Callable[[], Sequence[Refusal]],
        report: DoorReport | None = None,
        inside: bool = False,
    ) -> None:
        self.settings = settings
        self.inbox = inbox
        self.inside = inside
        self.done = (inbox if inside else inbox.parent) / "done"
        self.rejected = (inbox if inside else inbox.parent) / "rejected"
        self._receive = receive
        self._refusals = refusals
        self._report = report
        self._seen: dict[Path, tuple[Mark, float]] = {}
        self._taken: dict[Path, tuple[Mark, Path]] = {}
        """Taken, and could not be moved yet to where its document says it is."""
        self._stuck: dict[Path, str] = {}

    def run(self, stop: Event, clock: Callable[[], float]) -> None:
        """Watch until `stop` is set; `clock` is a monotonic one, in seconds."""
        changed = Event()
        observer = Observer()
        observing = False
        observer.start()
        try:
            while not stop.is_set():
                more = self._look_again_later(clock())
                observing = observing or _observe(observer, self.inbox, changed)
                if not more:
                    changed.wait(RESCAN_SECONDS)
                    changed.clear()
                    stop.wait(0.1)
        finally:
            observer.stop()
            observer.join()

    def _look_again_later(self, now: float) -> bool:
        """Look; answers whether there is more to take at once."""
        try:
            self._make_folders()
            more = self.look(now)
        except _PASSING as error:
            # a full disk or a busy database must not close the door: what was not taken is still in the inbox
            told = str(error.message if isinstance(error, DiskLow) else error)
            if self._report is None or self._report.fails(told):
                log.warning("the %s: %s; trying again", self.settings.door, told)
            return False
        if self._report:
            self._report.works()
        return more

    def _make_folders(self) -> None:
        if not self.inside:
            # a share that is away must be told, not made
            self.inbox.mkdir(parents=True, exist_ok=True)
        for folder in (self.done, self.rejected):
            folder.mkdir(exist_ok=True)

    def look(self, now: float) -> bool:
        """Take files that have settled, and move what turned out unreadable to `rejected/`.

        Answers whether more of them wait: one look takes AT_ONCE at most.
        """
        self._stuck = {}
        present: dict[Path, tuple[Mark, float]] = {}
        settled: list[Path] = []
        for path, mark in self._files(self.inbox, DEEPEST):
            known = self._seen.get(path)
            since = known[1] if known and known[0] == mark else now
            present[path] = (mark, since)
            if now - since >= self.settings.settle_seconds:
                settled.append(path)
        self._seen = present
        self._taken = {path: known for path, known in self._taken.items() if path in present}
        taken = 0
        for path in sorted(settled):
            if taken == AT_ONCE:
                break
            if self._take(path, present[path][0]):
                taken += 1
                self._seen.pop(path, None)
        for refusal in self._refusals():
            if refusal.path.is_relative_to(self.done):
                self._reject(refusal)
        if self._report:
            self._report.stuck([f"{_printable(path.name)}: {why}" for path, why in sorted(self._stuck.items())])
        return taken == AT_ONCE

    def _files(self, folder: Path, deeper: int) -> Iterator[tuple[Path, Mark]]:
        """Every file that may be taken, in sub-folders too; links are never followed."""
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == self.inbox:
                raise
            self._hold(folder, _why(error, "This folder cannot be opened"))
            return
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # gone meanwhile
            if entry.name.lower().endswith(LEFT_ALONE):
                self._watch_unfinished(path, found)
            elif stat.S_ISDIR(found.st_mode) and path not in (self.done, self.rejected):
                if deeper:
                    yield from self._files(path, deeper - 1)
                else:
                    self._hold(path, "This folder lies too deep; move its files up.")
            elif stat.S_ISREG(found.st_mode):
                yield path, _mark(found)
            elif not stat.S_ISDIR(found.st_mode):
                kind = "a link" if stat.S_ISLNK(found.st_mode) else "no plain file"
                self._hold(path, f"This is {kind}, which is not followed or opened. Put the file itself here.")

    def _watch_unfinished(self, path: Path, found: os.stat_result) -> None:
        """Its program will give it its name; one that has stood still for long was given up."""
        if time.time() - max(found.st_mtime, found.st_ctime) > GIVEN_UP_SECONDS:
            self._hold(path, "Its name says that it is not finished. Rename it, or take it away.")

    def _hold(self, path: Path, why: str) -> None:
        self._stuck[path] = why

    def _take(self, path: Path, mark: Mark) -> bool:
        """Take one file and move it; False where that has to wait."""
        known = self._taken.get(path)
        if known and known[0] == mark:
            return self._move_to_done(path, *known)
        if mark[0] > UNPACKED:
            limit = f"The file is larger than the service takes ({UNPACKED // 2**20} MiB). Send a smaller one."
            return self._move_aside(path, limit)
        try:
            content = _content(self.inbox, path, mark)
        except OSError as error:
            self._hold(path, _why(error, "It cannot be read"))
            return False
        if content is None:
            return False  # replaced or written to while it was read
        target = self._place(self.done, path)
        for file in files_in(target.name, content):
            self._receive(ReceivedFile(file.name, file.content, Door.FOLDER, str(target)))
        if self._report:
            self._report.delivered()
        self._taken[path] = (mark, target)
        return self._move_to_done(path, mark, target)

    def _place(self, folder: Path, path: Path) -> Path:
        """Where a file of the inbox goes: the same sub-folders, names that can be written down anywhere."""
        steps = [_printable(step) for step in path.relative_to(self.inbox).parts]
        return _free_name(folder.joinpath(*steps))

    def _move_to_done(self, path: Path, mark: Mark, target: Path) -> bool:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            if _mark(target.lstat()) != mark:
                # another file had taken its place and was never read: back with it
                target.replace(_free_name(path))
        except OSError as error:
            self._hold(path, _why(error, f"It was taken, but cannot be moved to {self.done}"))
            return False
        self._taken.pop(path, None)
        return True

    def _move_aside(self, path: Path, reason: str) -> bool:
        try:
            self._refuse(path, self._place(self.rejected, path), reason)
        except OSError as error:
            self._hold(path, f"{reason} {_why(error, f'It cannot be moved to {self.rejected}')}")
            return False
        return True

    def _reject(self, refusal: Refusal) -> None:
        if refusal.path.is_file():
            steps = refusal.path.relative_to(self.done)
            self._refuse(refusal.path, _free_name(self.rejected / steps), refusal.reason)

    def _refuse(self, path: Path, target: Path, reason: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        note = _fitting(target.name, "", ".reason.txt")
        target.with_name(note).write_text(reason + "\n", "utf-8")
        path.replace(target)


class _Waker(FileSystemEventHandler):
    def __init__(self, changed: Event) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Look at the folder soon."""
        self._changed.set()


def _observe(observer: object, inbox: Path, changed: Event) -> bool:
    """Be told of changes; where the system cannot, the folder is looked through all the same."""
    try:
        observer.schedule(_Waker(changed), str(inbox), recursive=True)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


def _mark(found: os.stat_result) -> Mark:
    return found.st_size, found.st_mtime_ns


def _content(root: Path, path: Path, mark: Mark) -> bytes | None:
    """The bytes of exactly the file that had settled; None where it is another one by now.

    Opened step by step below the root, so that no link that somebody puts in the way leads out of it.
    """
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        *folders, name = path.relative_to(root).parts
        for step in folders:
            inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    finally:
        os.close(at)
    with os.fdopen(handle, "rb") as stream:
        if _mark(os.fstat(handle)) != mark:
            return None
        content = stream.read(mark[0] + 1)
        return content if _mark(os.fstat(handle)) == mark and len(content) == mark[0] else None


def _why(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return f"{what}: the service's user has no right to. Change its permissions; it is tried again."
    return f"{what} ({error.strerror or error}); it is tried again."


def _printable(name: str) -> str:
    """The name without line breaks, marks that turn the direction of writing, and bytes that are no text."""
    return _fitting(_UNPRINTABLE.sub("_", name), "", "")


def _fitting(stem: str, addition: str, suffix: str) -> str:
    """A name that no file system finds too long; the stem gives way."""
    room = LONGEST_NAME - len((addition + suffix).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + addition + suffix


def _free_name(path: Path) -> Path:
    number, free = 1, path
    while os.path.lexists(free):
        free = path.with_name(_fitting(path.stem, f"-{number}", path.suffix))
        number += 1
    return free
