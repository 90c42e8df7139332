"""The child that reads one file: `python -m ingest.read_child ORIGINAL SHA256 SCRATCH PARENT [OPTIONS]`.

`--pictures` draws its pages, `--part=2:3:4` reads its second part alone, pages 3 to 4.

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
from pathlib import Path

from ingest.document import Document
from ingest.errors import UnreadableFile
from ingest.extract import extract_all, extract_part
from ingest.extraction import Extraction
from ingest.readers import read_document, render_pages
from ingest.serialise import to_json

MOST_WRITTEN = 512 * 1024 * 1024
PICTURES_AT_MOST = 50


def main(arguments: list[str]) -> int:
    """Read, extract and draw; answers the exit status."""
    _limit_itself(parent=int(arguments[3]))
    logging.disable(logging.WARNING)
    original, sha256, scratch = Path(arguments[0]), arguments[1], Path(arguments[2])
    content = original.read_bytes()
    try:
        document = read_document(content, sha256)
        extractions = _extracted(document, arguments)
        if "--pictures" in arguments:
            (scratch / "pages").mkdir()
            render_pages(content, scratch / "pages", document, PICTURES_AT_MOST)
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


def _extracted(document: Document, arguments: list[str]) -> tuple[Extraction, ...]:
    for argument in arguments:
        if argument.startswith("--part="):
            number, first, last = map(int, argument.removeprefix("--part=").split(":"))
            return (extract_part(document, number, first, last),)
    return extract_all(document)


def _limit_itself(parent: int) -> None:
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
    sys.exit(main(sys.argv[1:]))
