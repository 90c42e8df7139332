"""The child that reads one file: `python -m ingest.read_child ORIGINAL SHA256 SCRATCH --parent=PID [OPTIONS]`.

`--pictures` draws its pages, `--part=2:3:4` reads its second part alone, pages 3 to 4. `--kept` reads nothing: it takes
the pages that a child before it had read when a limit stopped it. `--region={...}` reads one box of one page.

The password of a protected PDF comes on standard input, which is closed behind it, or from the zygote's pipe.

Whatever foreign bytes do to a parser happens here; the result, or the error in words, is left in SCRATCH.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import signal
import sys
import traceback
from functools import partial
from pathlib import Path

from ingest.document import Document, Page
from ingest.errors import UnreadableFile
from ingest.extract import extract, extract_all, extract_part
from ingest.extraction import Extraction
from ingest.privileges import drop
from ingest.readers import kept_document, read_document, render_pages
from ingest.readers.pdf import unlocked
from ingest.region import keep_region
from ingest.sandbox import KEPT, confine
from ingest.serialise import from_json, to_json

MOST_WRITTEN = 512 * 1024 * 1024
PICTURES_AT_MOST = 50


def main(arguments: list[str], password: str) -> int:
    """Read, extract and draw; answers the exit status."""
    sha256, scratch = arguments[1], Path(arguments[2])
    content = Path(arguments[0]).read_bytes()
    enter_cage(scratch, arguments)
    try:
        if password:
            content = unlocked(content, password)
        if region := _option(arguments, "--region="):
            keep_region(content, region, scratch)
            return 0
        if "--kept" in arguments:
            document = _kept(content, sha256, scratch)
            most = len(document.pages)  # a page that was not read may be the one that hangs
        else:
            document = read_document(content, sha256, partial(_keep, scratch))
            most = PICTURES_AT_MOST
        extractions = _extracted(document, arguments)
        if "--pictures" in arguments:
            (scratch / "pages").mkdir(exist_ok=True)
            render_pages(content, scratch / "pages", document, most)
    except UnreadableFile as error:
        _tell(scratch, error.code, error.message)
        return 0
    except MemoryError:
        _tell(scratch, "memory", "Reading needed more memory than it may have. Ask the sender for a smaller file.")
        return 0
    except Exception:  # the reading boundary: foreign bytes break parsers in every way
        traceback.print_exc()
        _tell(
            scratch,
            "damaged",
            "The file is damaged or of a kind that cannot be read. Open it on your computer; "
            "if it looks right there, print it to PDF and send that, else ask the sender for a new one.",
        )
        return 0
    (scratch / "document.json").write_text(to_json(document), "utf-8")
    (scratch / "extractions.json").write_text(to_json(extractions), "utf-8")
    return 0


def _keep(scratch: Path, page: Page, count: int) -> None:
    """Put a page aside, so that it is there if a later one never ends."""
    part = scratch / f"{KEPT}.part"
    part.write_text(to_json((count, page)), "utf-8")
    part.replace(scratch / f"{KEPT}{page.number}.json")


def _kept(content: bytes, sha256: str, scratch: Path) -> Document:
    found = [from_json(path.read_text("utf-8"), tuple[int, Page]) for path in scratch.glob(f"{KEPT}*.json")]
    pages = sorted((page for _, page in found), key=lambda page: page.number)
    return kept_document(content, sha256, pages, found[0][0])


def _extracted(document: Document, arguments: list[str]) -> tuple[Extraction, ...]:
    if "--kept" in arguments:
        return (extract(document),)
    if part := _option(arguments, "--part="):
        number, first, last = map(int, part.split(":"))
        return (extract_part(document, number, first, last),)
    return extract_all(document)


def _option(arguments: list[str], name: str) -> str:
    """What stands behind an option; empty where it was not given."""
    return next((argument.removeprefix(name) for argument in arguments if argument.startswith(name)), "")


def enter_cage(scratch: Path, arguments: list[str]) -> None:
    """Give up what a reader does not need, before any parser sees a foreign byte.

    `arguments` hold `--parent=PID` of who started it, `--service=PID` where that is not the service itself, and
    `--user=UID:GID` where the reader is to be somebody else.
    """
    logging.disable(logging.WARNING)
    options = ("--parent=", "--service=", "--user=")
    told = dict(one.removeprefix("--").split("=", 1) for one in arguments if one.startswith(options))
    uid, gid = map(int, told.get("user", "0:0").split(":"))
    drop(uid, gid)
    _limit_itself(int(told["parent"]))  # behind it: becoming another user takes back that it ends with its parent
    confine((), scratch, frozenset({int(told["parent"]), int(told.get("service", told["parent"]))}))


def _limit_itself(parent: int) -> None:
    os.nice(10)  # whoever waits for a page comes first
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if sys.platform == "linux":
        # die with the thread that started us, so that a killed service leaves no reader behind
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit("the service that asked for this ended meanwhile")


def _tell(scratch: Path, code: str, message: str) -> None:
    (scratch / "error.json").write_text(json.dumps({"code": code, "message": message}), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer.read().decode()))
