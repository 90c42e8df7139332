"""Damaged files by the thousand: `python -m tests.endurance.fuzz --count 20000 --seed 1 [--minutes 40]`.

Each is a sample with bits turned, pieces cut out, doubled or exchanged, numbers made huge, tags changed, or an XML
whose elements are dropped, repeated, moved and filled with other texts (`damage.py`). A reader takes many of them in
one process (so that thousands are soon done), under the limits of time and memory. Whatever it does not answer with a
reading or an `UnreadableFile` is told: a process that died, a hang, or an unforeseen exception, which the service would
call `damaged`.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import samples
from ingest.errors import UnreadableFile
from ingest.extract import extract_all
from ingest.readers import kind_of, read_document
from ingest.sandbox import confine
from tests.endurance.damage import damaged

DOCUMENTS = Path(samples.__file__).parent / "documents"
SECONDS = 60
"""Of processor time that a file may take."""
MEMORY = 6 * 2**30
"""Bytes of address space; the libraries of a reader alone take two."""
LARGEST_SEED = 300_000
"""Bytes; larger samples cost seconds of OCR each, and so do the largest of these."""
BATCH = 40


def seeds(with_pictures: bool, largest: int = LARGEST_SEED, only: str | None = None) -> list[bytes]:
    """What is damaged: every sample that is read fast, pictures only if asked for; of one kind if asked for."""
    found = [path.read_bytes() for path in sorted(DOCUMENTS.iterdir()) if path.stat().st_size < largest]
    usable = []
    for content in found:
        try:
            kind = kind_of(content)
        except UnreadableFile:
            continue
        scanned = kind == "image" or (kind == "pdf" and b"/Font" not in content)
        if (with_pictures or not scanned) and only in (None, kind):
            usable.append(content)
    return usable


def _batch(contents: Sequence[bytes]) -> list[tuple[str, str]]:
    """(what came of it, where an unforeseen exception rose) for each file."""
    return [_attempt(content) for content in contents]


def _attempt(content: bytes) -> tuple[str, str]:
    # of its own work, not of the clock: other programs may need the machine meanwhile
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        extract_all(read_document(content, hashlib.sha256(content).hexdigest()))
    except UnreadableFile as told:
        return told.code, ""
    except MemoryError:
        return "memory", ""
    except TimeoutError:
        return "timed_out", ""
    except Exception as fault:
        if isinstance(fault.__context__, TimeoutError):
            return "timed_out", ""  # a library has put it into an error of its own
        last = traceback.extract_tb(fault.__traceback__)
        ours = next((one for one in reversed(last) if "/ingest/" in one.filename), last[-1])
        return "unforeseen", f"{type(fault).__name__} by {Path(ours.filename).name}:{ours.lineno} {ours.name}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "read", ""


def _ready(scratch: str) -> None:
    def late(number: int, frame: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tempfile.tempdir = scratch
    confine((), Path(scratch))


def batches(count: int, seed: int, originals: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The damaged files, the same for the same seed."""
    generator = random.Random(seed)
    for start in range(0, count, BATCH):
        yield [damaged(generator.choice(originals), generator) for _ in range(min(BATCH, count - start))]


def run(
    count: int, seed: int, originals: Sequence[bytes], keep: Path | None = None, minutes: float = 0
) -> tuple[Counter[str], Counter[str]]:
    """Read them all, or as many as fit into the minutes; answers how many came to what, and where exceptions rose.

    A process that dies takes its batch with it: those files count as `died` and are kept in `keep`, if given.
    """
    told: Counter[str] = Counter()
    unforeseen: Counter[str] = Counter()
    context = multiprocessing.get_context("forkserver")
    # what every reader imports is there before it is forked: a batch costs no start
    context.set_forkserver_preload(["ingest.extract", "ingest.readers.pdf", "ingest.readers.ocr"])
    until = time.monotonic() + 60 * minutes if minutes else float("inf")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        for contents in batches(count, seed, originals):
            if time.monotonic() > until:
                break
            try:
                with ProcessPoolExecutor(1, context, _ready, (scratch,)) as pool:
                    found = pool.submit(_batch, contents).result(timeout=SECONDS * BATCH)
            except Exception as fault:
                told["died"] += len(contents)
                unforeseen[f"the process: {fault!r}"] += 1
                _keep(contents, keep)
                continue
            for content, (outcome, where) in zip(contents, found, strict=True):
                told[outcome] += 1
                if where:
                    unforeseen[where] += 1
                    _keep([content], keep)
    return told, unforeseen


def _keep(contents: Sequence[bytes], folder: Path | None) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for content in contents:
            (folder / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=("pdf", "xml", "image"), help="only samples of this kind")
    parser.add_argument("--pictures", action="store_true", help="damage scans and photos too (seconds each)")
    parser.add_argument("--largest", type=int, default=LARGEST_SEED, help="bytes of the largest sample that is damaged")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many; what was done is told")
    parser.add_argument("--keep", type=Path, help="folder for the files that were not foreseen")
    arguments = parser.parse_args()
    originals = seeds(arguments.pictures, arguments.largest, arguments.kind)
    told, unforeseen = run(arguments.count, arguments.seed, originals, arguments.keep, arguments.minutes)
    print(dict(told.most_common()))
    for where, times in unforeseen.most_common():
        print(f"{times:6} {where}")
    return int(bool(told["died"]))


if __name__ == "__main__":
    sys.exit(main())
