"""A backup of the data folder while the service runs, and the way back."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ingest.database import copy_database, open_database
from ingest.errors import CoordinatorError
from ingest.serialise import from_json
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from web.services import DATABASE, Services

MANIFEST = "manifest.json"
SETTINGS = "settings.toml"
ANCHORS = "audit-anchors.txt"
FILES = "files"
SECRET = 0o600


class CannotBackUp(CoordinatorError):
    """The place is taken, or what lies there is no whole backup."""

    code = "cannot_back_up"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, so that a broken one is known before it is needed."""

    made_at: str
    database: str
    """SHA-256 of the database file."""
    originals: int


def back_up(services: Services, target: Path, at: datetime) -> Manifest:
    """Copy everything into a new folder: the database at one moment, then every original that it names.

    Originals are never changed and written before the row that names them, so that they need no lock. The copy appears
    under its name when it is whole.
    """
    if target.exists():
        raise CannotBackUp(f"{target} is there already. Name a folder that does not exist yet.")
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    part.chmod(0o700)
    copy_database(services.db, part / DATABASE)
    originals = _copy_files(services, part)
    for name in (SETTINGS, ANCHORS):
        if (services.settings.data / name).exists():
            shutil.copyfile(services.settings.data / name, part / name)
            (part / name).chmod(SECRET)  # the settings may hold a mailbox's password
    manifest = Manifest(at.isoformat(), _sha256(part / DATABASE), originals)
    (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
    part.replace(target)
    return manifest


def _copy_files(services: Services, part: Path) -> int:
    copied = open_database(part / DATABASE)
    known, mails = DocumentStore(copied).every_sha256(), MailStore(copied).every_sha256()
    copied.close()
    for sha256 in known:
        original = services.files.original(sha256)
        if not original.exists():
            raise CannotBackUp(f"The original {sha256} is missing. Run 'coordinator doctor', which tells what else is.")
        for source in (original, *_pictures(services, sha256)):
            _copy(services, source, part)
    for sha256 in mails:
        _copy(services, services.files.mail(sha256), part)
    (part / FILES).mkdir(exist_ok=True)
    return len(known)


def _copy(services: Services, source: Path, part: Path) -> None:
    copy = part / FILES / source.relative_to(services.files.folder)
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)


def _pictures(services: Services, sha256: str) -> Iterator[Path]:
    yield from services.files.picture(sha256, 1).parent.glob("*.png")


def restore(source: Path, data: Path) -> Manifest:
    """Put a backup into an empty data folder, once every byte of it is known to be whole."""
    if data.exists() and any(data.iterdir()):
        raise CannotBackUp(f"{data} is not empty. A backup is put back into an empty folder; name one with --data.")
    if not (source / MANIFEST).exists():
        raise CannotBackUp(f"{source} holds no whole backup: {MANIFEST} is missing.")
    manifest = from_json((source / MANIFEST).read_text("utf-8"), Manifest)
    _demand_whole(source, manifest)
    part = data.with_name(f"{data.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source, part, ignore=shutil.ignore_patterns(MANIFEST))
    if data.exists():
        data.rmdir()
    part.replace(data)
    return manifest


def _demand_whole(source: Path, manifest: Manifest) -> None:
    if _sha256(source / DATABASE) != manifest.database:
        raise CannotBackUp(f"The database in {source} is not the one that was backed up. Take another backup.")
    found = [path for path in (source / FILES / "originals").glob("*/*") if path.is_file()]
    damaged = [path.name for path in found if _sha256(path) != path.name]
    if damaged or len(found) != manifest.originals:
        told = f"{len(damaged)} damaged, {manifest.originals - len(found)} missing"
        raise CannotBackUp(f"The originals in {source} are not whole ({told}). Take another backup.")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
