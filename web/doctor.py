"""Is everything there and whole: the programs, the languages, the disk, files against database."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytesseract

from ingest.files import sha256_of
from ingest.intake import MIB
from ingest.part_store import PartStore
from ingest.privileges import account_for_readers
from ingest.readers import rapid, tesseract
from ingest.sandbox import Layer, what_holds
from ingest.sources.door_store import DoorStore
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from web.alarms import of_disk, standing
from web.services import Services
from web.settings import Settings
from web.talk_store import TalkStore
from web.uploads import Uploads

LANGUAGES = ("eng", "deu", "fra", "spa", "ita", "nld", "pol", "por", "swe", "dan", "ces", "osd")
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    good: bool
    message: str


def examine(services: Services) -> tuple[Finding, ...]:
    """Everything that can be looked at without changing anything."""
    kept = (_database(services), _parts(services), *_files(services), _mails(services), _uploads(services))
    return (*_tesseract(), _cage(services.settings), _disk(services), _doors(services), *_assigning(services), *kept)


def _tesseract() -> tuple[Finding, ...]:
    try:
        version = str(pytesseract.get_tesseract_version())
    except pytesseract.TesseractNotFoundError:
        return (Finding("tesseract", False, "not installed: scans and photos cannot be read (make setup)"),)
    missing = [name for name in LANGUAGES if not tesseract.can_read(name)]
    languages = f"missing {', '.join(missing)}: apt install tesseract-ocr-..." if missing else "all installed"
    return (
        Finding("tesseract", True, version),
        Finding("languages", not missing, languages),
        Finding("language data", True, _data_in_use()),
        _second_engine(),
    )


def _assigning(services: Services) -> tuple[Finding, ...]:
    """Whether the rules by which documents are given to people name people who can work on them."""
    rules = services.settings.assign
    known = {one.name.casefold() for one in TalkStore(services.db).workers()}
    lost = sorted({rule.user for rule in rules if rule.user.strip().casefold() not in known})
    told = f"no user may work on documents who is called {', '.join(lost)}" if lost else f"{len(rules)} rules"
    return (Finding("assigning", not lost, told),) if rules else ()


def _data_in_use() -> str:
    better = [name for name in LANGUAGES if tesseract.has_better_data(name)]
    plain = [name for name in LANGUAGES if name not in better and tesseract.can_read(name)]
    found = f"accurate for {', '.join(better)} ({tesseract.better_data()}); " if better else ""
    return f"{found}the system's for {', '.join(plain) or 'none'}"


def _second_engine() -> Finding:
    if not rapid.installed():
        return Finding("second engine", False, "rapidocr is not installed: poor scans and photos are read less well")
    return Finding("second engine", True, "rapidocr, for poor scans and photos")


def _cage(settings: Settings) -> Finding:
    """Readers run without it where the system has none: it is told, and no fault."""
    layers = what_holds()
    parts = [
        "no network" if Layer.CALLS in layers else "the network is open to them (libseccomp is missing)",
        "no files but their own" if Layer.FILES in layers else "other files are open to them (no Landlock here)",
        "no signals to others"
        if Layer.SIGNALS in layers
        else "signals to processes of their own user (Landlock here is older than its sixth version)",
        _readers_account(settings),
    ]
    return Finding("reading processes", True, ", ".join(parts))


def _readers_account(settings: Settings) -> str:
    if os.geteuid() != 0:
        return "run as the service's own user"
    wanted = settings.reading.user
    if account := account_for_readers(wanted, Path(tempfile.gettempdir(), "any")):
        return f"run as {account.name}"
    why = f"{wanted} cannot reach the programs, or is unknown" if wanted else "reading.user is empty"
    return f"run as root without root's powers ({why}); better run the service as a user of its own"


def _disk(services: Services) -> Finding:
    free = shutil.disk_usage(services.settings.data).free
    alarm = of_disk(free, services.settings.disk)
    return Finding("disk", alarm is None, alarm.message if alarm else f"{free / GIB:.1f} GiB free")


def _doors(services: Services) -> Finding:
    """As the running service told last."""
    alarms = [one for one in standing(services) if not one.key.startswith("disk")]
    states = DoorStore(services.db).all()
    told = " ".join(one.message for one in alarms) or f"{len(states)} watched, none in trouble"
    return Finding("doors", not alarms, told)


def _database(services: Services) -> Finding:
    answer = DocumentStore(services.db).integrity()
    return Finding("database", answer == "ok", answer)


def _uploads(services: Services) -> Finding:
    uploads = Uploads(services)
    unfinished = uploads.store.unfinished()
    there = sum(map(uploads.offset, unfinished))
    return Finding("uploads", True, f"{len(unfinished)} unfinished, {there / MIB:.1f} MiB of them here")


def _parts(services: Services) -> Finding:
    broken = PartStore(services.db).incomplete()
    told = "every document of a file of several is there"
    return Finding("parts", not broken, f"incomplete: {', '.join(f'#{one}' for one in broken)}" if broken else told)


def _files(services: Services) -> tuple[Finding, ...]:
    known = set(DocumentStore(services.db).every_sha256())
    stored = {
        path.name for path in (services.files.folder / "originals").glob("*/*") if not path.name.startswith(".part-")
    }
    missing, strays = known - stored, stored - known
    damaged = [sha256 for sha256 in sorted(known & stored) if sha256_of(services.files.original(sha256)) != sha256]
    return (
        Finding("originals", not missing, f"{len(known)} files received, {len(missing)} of them missing"),
        Finding("hashes", not damaged, "all files as received" if not damaged else f"changed: {', '.join(damaged)}"),
        # a stray is a file whose service was killed before its row was written; its sender was not told "taken"
        Finding("strays", True, f"{len(strays)} files without a document"),
    )


def _mails(services: Services) -> Finding:
    known = MailStore(services.db).every_sha256()
    broken = [one for one in known if not _is_whole(services.files.mail(one), one)]
    told = f"{len(known)} mails kept as they came"
    return Finding("mails", not broken, f"missing or changed: {', '.join(broken)}" if broken else told)


def _is_whole(path: Path, sha256: str) -> bool:
    return path.exists() and sha256_of(path) == sha256
