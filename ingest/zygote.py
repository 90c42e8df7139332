"""A process that has loaded all a reader needs, and forks one for every file: what Android and Chromium call a zygote.

A reader is still a process of its own that enters its cage, reads one file and ends; it need not load Python, the
parsers and the labels again, which takes many times as long as to read a page.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from ingest.sandbox import clean_environment

NUMBER = struct.Struct("<q")
"""How lengths, process numbers and exit statuses are written to the pipes."""


class Forked:
    """A reader that a zygote has forked; like `subprocess.Popen` as far as a watcher needs it."""

    def __init__(self, pid: int, answers: int) -> None:
        self.pid = pid
        self._answers = answers
        self._ended = False

    def wait(self, timeout: float | None = None) -> None:
        """Return when it has ended, with all that it started; raises `subprocess.TimeoutExpired` when it has not."""
        if self._ended:
            return
        if not select.select([self._answers], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("reader", timeout or 0)
        os.read(self._answers, NUMBER.size)  # its status; nothing where the zygote has died, and it with that
        self._ended = True

    def kill_group(self) -> None:
        """End it with all that it started."""
        if not self._ended:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.wait()


class Zygote:
    """Starts readers, one after the other, for the thread that made it; starts its process when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0.0

    def start(self, arguments: Sequence[str], scratch: Path, password: str) -> Forked:
        """Fork a reader with these arguments of `ingest.read_child`.

        Raises:
            ChildProcessError: when the process that forks has ended, and another one too.
            OSError: when no process can be started.
        """
        try:
            return self._fork(arguments, scratch, password)
        except ChildProcessError:
            return self._fork(arguments, scratch, password)

    def _fork(self, arguments: Sequence[str], scratch: Path, password: str) -> Forked:
        process, self._asked = self._living(), time.monotonic()
        assert process.stdin is not None
        assert process.stdout is not None
        job = json.dumps({"arguments": list(arguments), "scratch": str(scratch), "secret": len(password.encode())})
        try:
            process.stdin.write(NUMBER.pack(len(job.encode())) + job.encode() + password.encode())
            process.stdin.flush()
        except BrokenPipeError as fault:
            self.close()
            raise ChildProcessError("the process that starts readers has ended") from fault
        told = os.read(process.stdout.fileno(), NUMBER.size)
        if len(told) < NUMBER.size:
            self.close()
            raise ChildProcessError("the process that starts readers has ended")
        return Forked(NUMBER.unpack(told)[0], process.stdout.fileno())

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ingest.zygote_child", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # one thread, as whoever forks should have
                env=clean_environment(os.environ, Path(tempfile.gettempdir())) | {"OPENBLAS_NUM_THREADS": "1"},
                # a group, no session: Linux weighs sessions against each other, whatever their niceness
                process_group=0,
                bufsize=0,
            )
        return self._process

    def rest(self, seconds: float) -> None:
        """End the process when it was not asked for so long: it holds some 200 MB."""
        if self._process is not None and time.monotonic() - self._asked > seconds:
            self.close()

    def close(self) -> None:
        """End the process; the next reader starts another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()


class Zygotes:
    """One for each thread that asks: a reader ends with the thread that its zygote was started by."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._all: list[Zygote] = []
        # whoever forgets to close them leaves no process behind
        weakref.finalize(self, _close_all, self._all)

    def own(self) -> Zygote:
        """That of this thread."""
        if not hasattr(self._local, "zygote"):
            self._local.zygote = Zygote()
            self._all.append(self._local.zygote)
        found: Zygote = self._local.zygote
        return found

    def close(self) -> None:
        """End them all, when their threads have ended."""
        _close_all(self._all)

    def __enter__(self) -> Zygotes:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _close_all(zygotes: list[Zygote]) -> None:
    while zygotes:
        zygotes.pop().close()
