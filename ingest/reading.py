"""Reading in a throw-away child process, with limits of time and memory for it and all its children."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psutil

from ingest.document import Document
from ingest.errors import UnreadableFile
from ingest.extraction import Extraction
from ingest.privileges import account_for_readers, hand_over
from ingest.sandbox import KEPT, clean_environment
from ingest.scratch import copy_left, names_left, scratch_folder, text_left
from ingest.serialise import from_json
from ingest.zygote import Forked, Zygote

POLL_SECONDS = 0.05
KEPT_SECONDS = 30
"""For making use of the pages that were read when a limit stopped the rest."""
DEATH = "died"
"""Code of a child that ended without a word: worth another try."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost."""

    seconds: int = 120
    memory_mb: int = 1536
    """Resident memory of the reading process and its children together."""
    file_mb: int = 50
    """Largest file that is read; a larger one is kept and listed as unreadable."""
    user: str = "nobody"
    """Whom reading processes become where the service runs as root; empty: they stay root, without its powers."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a child found, and the folder it drew page pictures into."""

    document: Document
    extractions: tuple[Extraction, ...]
    """One for each document in the file, in the order of their pages."""

    @property
    def extraction(self) -> Extraction:
        """The first, for most files the only one."""
        return self.extractions[0]


class PartlyRead(UnreadableFile):
    """A limit stopped reading, and these pages had been read by then."""

    def __init__(self, cause: UnreadableFile, reading: Reading) -> None:
        super().__init__(cause.code, cause.message, retryable=cause.retryable)
        self.reading = reading


class ReadingCancelled(Exception):
    """The service stops; the document is handed back as it was."""


def never() -> bool:
    """Nobody asks the reader to stop."""
    return False


def read_in_child(
    original: Path,
    sha256: str,
    limits: ReadingLimits,
    pictures: Path | None = None,
    cancelled: Callable[[], bool] = never,
    part: tuple[int, int, int] | None = None,
    password: str = "",
    zygote: Zygote | None = None,
) -> Reading:
    """Read one file in a process of its own; page pictures go to `pictures` (`1.png`, `2.png`, ...) if given.

    `part` (its number, first and last page) is read alone where the file was parted before. The `password` of a
    protected PDF goes to the child through a pipe, and nowhere else. Whoever reads many files one after the other has a
    `zygote` fork the processes.

    Raises UnreadableFile, whose code says why: `timed_out`, `memory`, `died` (retryable), or what the reader
    found; PartlyRead, one of these, where some pages had been read; ReadingCancelled as soon as `cancelled` says so.
    """
    if original.stat().st_size > limits.file_mb * 1024 * 1024:
        raise UnreadableFile(
            "too_large",
            "The file is larger than {file_mb} MB. Ask for a smaller scan (200 dpi is enough), or "
            "raise reading.file_mb in the settings.",
            file_mb=limits.file_mb,
        )
    with scratch_folder("read") as scratch:
        options = ["--pictures"] if pictures is not None else []
        options += [f"--part={':'.join(map(str, part))}"] if part is not None else []
        run = partial(run_child, original, sha256, Path(scratch), cancelled=cancelled, password=password, zygote=zygote)
        try:
            run(limits, options)
            reading = _result(Path(scratch))
        except UnreadableFile as stopped:
            if not list(Path(scratch).glob(f"{KEPT}*.json")):
                raise
            reading = _kept_reading(run, Path(scratch), limits, options, stopped)
            if pictures is not None:
                _keep_pictures(Path(scratch), pictures)
            raise PartlyRead(stopped, reading) from None
        if pictures is not None:
            _keep_pictures(Path(scratch), pictures)
        return reading


def _kept_reading(
    run: Callable[[ReadingLimits, list[str]], None],
    scratch: Path,
    limits: ReadingLimits,
    options: list[str],
    stopped: UnreadableFile,
) -> Reading:
    """What the pages say that had been read, found in a second child; raises `stopped` where that fails too."""
    for left in ("error.json", "document.json", "extractions.json"):
        (scratch / left).unlink(missing_ok=True)
    try:
        run(replace(limits, seconds=KEPT_SECONDS), [*options, "--kept"])
        return _result(scratch)
    except UnreadableFile:
        raise stopped from None


def run_child(
    original: Path,
    sha256: str,
    scratch: Path,
    limits: ReadingLimits,
    options: list[str],
    *,
    cancelled: Callable[[], bool],
    password: str,
    zygote: Zygote | None = None,
) -> None:
    """Start the child over a file and watch it to its end; what it found lies in the scratch folder then.

    Raises:
        UnreadableFile: a limit was reached: `timed_out` or `memory`.
        ReadingCancelled: as soon as `cancelled` says so.
    """
    arguments = [str(original), sha256, str(scratch), *options, *_dropped(scratch, limits)]
    if zygote is None:
        command = [sys.executable, "-P", "-m", "ingest.read_child", *arguments]
        _watched(_Started(command, scratch, password), limits, cancelled)
    else:
        # where it has died there is no result: as if the reader had
        with contextlib.suppress(ChildProcessError):
            _watched(zygote.start(arguments, scratch, password), limits, cancelled)


def run_caged(
    command: list[str], scratch: Path, limits: ReadingLimits, cancelled: Callable[[], bool] = never, password: str = ""
) -> None:
    """Run a child that confines itself to its scratch folder, to its end or a limit; nothing of it is left over."""
    _watched(_Started([*command, *_dropped(scratch, limits)], scratch, password), limits, cancelled)


def _dropped(scratch: Path, limits: ReadingLimits) -> list[str]:
    """Give the scratch folder to whom the child is to become, and the option that tells it so."""
    account = account_for_readers(limits.user, scratch)
    hand_over(scratch, account)
    return [f"--user={account.uid}:{account.gid}"] if account else []


class _Started:
    """A reader that is started as a program, in a session of its own."""

    def __init__(self, command: list[str], scratch: Path, password: str) -> None:
        with (scratch / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [*command, f"--parent={os.getpid()}"],
                stdin=subprocess.PIPE,
                stdout=stderr,
                stderr=stderr,
                env=clean_environment(os.environ, scratch),
                start_new_session=True,
            )
        self.pid = self._process.pid
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin:
            self._process.stdin.write(password.encode())

    def wait(self, timeout: float | None = None) -> None:
        """As `subprocess.Popen.wait`."""
        self._process.wait(timeout)

    def kill_group(self) -> None:
        """End it with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def _watched(child: _Started | Forked, limits: ReadingLimits, cancelled: Callable[[], bool]) -> None:
    try:
        _watch(child, limits, cancelled)
    finally:
        child.kill_group()


def _watch(child: _Started | Forked, limits: ReadingLimits, cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + limits.seconds
    while True:
        try:
            child.wait(POLL_SECONDS)
            return
        except subprocess.TimeoutExpired:
            pass
        if cancelled():
            raise ReadingCancelled
        if time.monotonic() > deadline:
            raise UnreadableFile(
                "timed_out",
                "Reading took longer than {seconds} seconds and was stopped. Ask the sender for a "
                "simpler file, or raise reading.seconds in the settings.",
                seconds=limits.seconds,
            )
        if _resident_mb(child.pid) > limits.memory_mb:
            raise UnreadableFile(
                "memory",
                "Reading needed more than {memory_mb} MB of memory and was stopped. Ask the sender for a "
                "smaller file, or raise reading.memory_mb in the settings.",
                memory_mb=limits.memory_mb,
            )


def _resident_mb(pid: int) -> float:
    total = 0
    try:
        process = psutil.Process(pid)
        for member in (process, *process.children(recursive=True)):
            total += member.memory_info().rss
    except psutil.Error:
        pass  # it ended meanwhile
    return total / 1024 / 1024


def _result(scratch: Path) -> Reading:
    if error := text_left(scratch, "error.json"):
        told = json.loads(error)
        raise UnreadableFile(told["code"], told["message"])
    document, extractions = text_left(scratch, "document.json"), text_left(scratch, "extractions.json")
    if document is None or extractions is None:
        raise UnreadableFile(
            DEATH,
            "Reading ended without a result. Have it read again; if that fails too, ask the sender for a new file.",
            retryable=True,
        )
    return Reading(from_json(document, Document), from_json(extractions, tuple[Extraction, ...]))


def _keep_pictures(scratch: Path, target: Path) -> None:
    drawn = names_left(scratch, "pages")
    if drawn:
        target.mkdir(parents=True, exist_ok=True)
    for name in drawn:
        with contextlib.suppress(FileNotFoundError):
            copy_left(scratch, ("pages", name), target / name)
