"""The process behind a `Zygote`: `python -m ingest.zygote_child PARENT`.

On standard input comes, for each reader, the length of a job, the job (JSON: `arguments` of `ingest.read_child`, the
`scratch` folder, and `secret`, the length of a password) and the password itself, which only the reader takes in. On
standard output stands its process number when it is started, and its exit status when it and all it started have ended.
No foreign byte is read here.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

from ingest.document import Box, Document, Page, Word
from ingest.extract import extract_all
from ingest.read_child import main as read
from ingest.serialise import to_json
from ingest.zygote import NUMBER

WARMING = "INVOICE Number A-1 Date 12 November 2026 Quantity Price Amount Hinges 2 10.00 20.00 Total EUR 20.00"
"""A page that makes labels, patterns and names of months be loaded."""


def main(parent: int) -> None:
    """Fork readers until the service closes the pipe, or ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            return
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the service ends its readers itself, when it is told to stop
    _warm()
    while length := _received(NUMBER.size):
        job = json.loads(_received(NUMBER.unpack(length)[0]))
        reader = os.fork()
        if not reader:
            _be_reader(job, parent)
        with suppress(OSError):
            os.setpgid(reader, reader)
        os.write(1, NUMBER.pack(reader))
        # as long as it is not fetched its number stays its own
        os.waitid(os.P_PID, reader, os.WEXITED | os.WNOWAIT)
        with suppress(OSError):
            os.killpg(reader, signal.SIGKILL)
        os.write(1, NUMBER.pack(os.waitpid(reader, 0)[1]))


def _warm() -> None:
    words = tuple(
        Word(text, Box(40 + 90 * (place % 6), 40 + 20 * (place // 6), 100 + 90 * (place % 6), 52 + 20 * (place // 6)))
        for place, text in enumerate(WARMING.split())
    )
    page = Page(1, 595.0, 842.0, words)
    to_json(extract_all(Document(sha256="", media_type="application/pdf", page_count=1, pages=(page,))))
    Image.init()


def _received(length: int) -> bytes:
    """So many bytes of standard input; none at its end. Read without a buffer: what follows may be a reader's alone."""
    got = b""
    while len(got) < length:
        piece = os.read(0, length - len(got))
        if not piece:
            return b""
        got += piece
    return got


def _be_reader(job: dict[str, Any], service: int) -> None:
    """Become a reader as if started by itself: its own group, scratch folder, error output; never returns."""
    status = 1
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        password = _received(job["secret"]).decode()
        nothing = os.open(os.devnull, os.O_RDWR)
        told = os.open(Path(job["scratch"], "stderr"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        for stream, target in ((nothing, 0), (nothing, 1), (told, 2)):
            os.dup2(stream, target)
        os.environ["HOME"] = os.environ["TMPDIR"] = job["scratch"]
        tempfile.tempdir = None
        status = read([*job["arguments"], f"--parent={os.getppid()}", f"--service={service}"], password)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(int(sys.argv[1]))
