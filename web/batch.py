"""Files given on the command line: read without a database, or processed through the common intake."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.document import IN_WORK, Door, ReceivedFile
from ingest.errors import UnreadableFile
from ingest.intake import Receipt
from ingest.reading import read_in_child
from ingest.serialise import to_plain
from ingest.store import DocumentRecord, DocumentStore
from ingest.zygote import Zygotes
from web.outcome import outcome, seen_before
from web.services import Services
from web.settings import Settings
from web.worker import Worker

POLL_SECONDS = 0.05

Progress = Callable[[str], None]


def extract_files(files: Sequence[Path], settings: Settings, progress: Progress) -> Iterator[dict[str, Any]]:
    """One object a document, in the order of the files given and of the pages in each.

    As many files are read at a time as the machine has cores.
    """
    with Zygotes() as zygotes, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = pool.map(lambda file: _extract(file, settings, zygotes), files)
        for number, (file, found) in enumerate(zip(files, results, strict=True), start=1):
            progress(f"{number}/{len(files)} {file.name}")
            yield from found


def _extract(file: Path, settings: Settings, zygotes: Zygotes) -> list[dict[str, Any]]:
    content, fault = _read(file)
    if content is None:
        return [fault]
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        reading = read_in_child(file, sha256, settings.reading, zygote=zygotes.own())
    except UnreadableFile as error:
        return [_error(file, error.code, error.message, sha256)]
    return [{"file": str(file), **to_plain(found)} for found in reading.extractions]


def process_files(files: Sequence[Path], services: Services, progress: Progress) -> Iterator[dict[str, Any]]:
    """Take all files in, in the order given, and yield the outcome of each document in them.

    It comes as soon as the document and those before it have one; the documents of a file in the order of their pages.
    """
    worker = Worker(services)
    worker.start()
    try:
        taken = [(file, _take(file, services)) for file in files]
        for number, (file, receipt) in enumerate(taken, start=1):
            progress(f"{number}/{len(files)} {file.name}")
            yield from _outcomes(services, str(file), receipt)
    finally:
        worker.stop()
        services.close()


def _take(file: Path, services: Services) -> Receipt | dict[str, Any]:
    content, fault = _read(file)
    if content is None:
        return fault
    return services.receive(ReceivedFile(file.name, content, Door.COMMAND, str(file)))


def _outcomes(services: Services, file: str, receipt: Receipt | dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(receipt, dict):
        yield receipt
    elif receipt.seen_before:
        yield seen_before(services, receipt.document, file)
    else:
        store = DocumentStore(services.db)
        _decided(store, receipt.document.id)
        # which documents a file holds is known once it is read
        for document in store.parts(receipt.document.id):
            yield outcome(services, _decided(store, document.id), file)


def _decided(store: DocumentStore, document_id: int) -> DocumentRecord:
    while (document := store.get(document_id)).state in IN_WORK:
        time.sleep(POLL_SECONDS)
    return document


def _read(file: Path) -> tuple[bytes | None, dict[str, Any]]:
    try:
        return file.read_bytes(), {}
    except FileNotFoundError:
        return None, _error(file, "not_found", "There is no such file.")
    except OSError as error:
        return None, _error(file, "not_found", f"The file cannot be opened: {error.strerror}.")


def _error(file: Path, code: str, message: str, sha256: str | None = None) -> dict[str, Any]:
    known = {"sha256": sha256} if sha256 else {}
    return {"file": str(file), **known, "error": {"code": code, "message": message}}


def describe_extraction(found: dict[str, Any]) -> str:
    """A reading as a few lines of text."""
    if "error" in found:
        return f"{found['file']}: {found['error']['message']}"
    place = ", part {}, pages {}-{}".format(found["part"], *found["page_range"]) if "part" in found else ""
    head = f"{found['file']}{place}: {found['document_type']['value']}, {found['pages']} pages"
    rows = [f"  {name:<22}{value['value']}" for name, value in found["fields"].items()]
    rows += [f"  line {n}: {_line(line)}" for n, line in enumerate(found["line_items"], start=1)]
    return "\n".join([head, *rows])


def describe_outcome(found: dict[str, Any]) -> str:
    """An outcome as a few lines of text."""
    if "error" in found:
        return f"{found['file']}: {found['error']['message']}"
    head = f"{found['file']}: {found['status'].replace('_', ' ')} (document #{found['document_id']})"
    return "\n".join([head, *(f"  {d['severity']}: {d['message']}" for d in found.get("discrepancies", []))])


def _line(line: dict[str, Any]) -> str:
    names = ("quantity", "unit", "description", "unit_price", "line_total")
    return "  ".join(line[name]["value"] for name in names if name in line)


def listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the address of the command line, where it names one."""
    server = settings.server
    return replace(
        settings,
        server=replace(
            server, host=host if host is not None else server.host, port=port if port is not None else server.port
        ),
    )
