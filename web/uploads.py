"""Files come in piece by piece and go on where they broke off; a whole one becomes its documents.

What a piece's sender is told of is on the disk. How far an upload is, is the size of its file: whatever was not written
when the service died is asked for again. Nothing is taken before the announced length, and where it was announced the
announced SHA-256, is there.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from ingest.database import transaction
from ingest.document import Door, ReceivedFile
from ingest.errors import Conflict, CoordinatorError, NotFound
from ingest.files import sha256_of
from ingest.intake import MIB, Receipt, demand_room
from ingest.sources.mail_parts import files_in
from web.services import Services
from web.store import InvalidInput, TooManyAttempts
from web.upload_store import Owner, Taken, Upload, UploadStore

FOLDER = "uploads"
BLOCK = 256 * 1024
MOST_UNFINISHED = 200
"""Of one user or program at a time."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class TooLarge(CoordinatorError):
    """More bytes than the service takes, or than were announced."""

    code = "too_large"


class UploadBusy(CoordinatorError):
    """Another request is writing to the same upload."""

    code = "busy"
    retryable = True


class Uploads:
    """The uploads of one data folder."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.store = UploadStore(services.db)
        self.folder = services.settings.data / FOLDER

    def begin(self, owner: Owner, name: str, length: int, sha256: str = "") -> Upload:
        """Announce a file.

        Raises:
            TooLarge: it has more bytes than the service takes.
            TooManyAttempts: the owner has too many unfinished ones.
            DiskLow: the disk has no room for it besides what else is announced.
        """
        server = self.services.settings.server
        if length > server.request_mb * MIB:
            raise TooLarge(
                "{name} is larger than the service takes ({request_mb} MB). Send a smaller file.",
                name=name,
                request_mb=server.request_mb,
            )
        if sha256 and not _SHA256.fullmatch(sha256):
            raise InvalidInput("The announced sha256 is none: write 64 hexadecimal digits, in small letters.")
        unfinished = self.store.unfinished()
        if sum(one.owner.key == owner.key for one in unfinished) >= MOST_UNFINISHED:
            raise TooManyAttempts(
                "{most_unfinished} uploads are unfinished. Go on with them, or wait until they end.",
                most_unfinished=MOST_UNFINISHED,
            )
        announced = sum(max(0, one.length - self.offset(one)) for one in unfinished)
        demand_room(self.services.files, length + announced, self.services.settings.disk.floor_mb)
        self.folder.mkdir(exist_ok=True)
        upload = self.store.add(owner, name, length, sha256)
        self._path(upload).touch(mode=0o600)
        return upload

    def find(self, number: str, owner: Owner) -> Upload:
        """One of the owner's; NotFound where there is none."""
        upload = self.store.get(number, owner.key)
        if not upload.taken and not self._path(upload).exists():
            raise NotFound("This upload was lost. Send the file again.")
        return upload

    def offset(self, upload: Upload) -> int:
        """How many of its bytes are there."""
        if upload.taken:
            return upload.length
        try:
            return self._path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload: Upload, offset: int, stream: IO[bytes], size: int | None) -> int:
        """Write a piece; answers how many bytes are there now. The last one makes the file's documents.

        Raises:
            Conflict: it does not begin where the last one ended.
            TooLarge: it goes beyond the announced length.
            UploadBusy: another request writes to it.
        """
        with self._locked(upload) as file:
            there = file.seek(0, os.SEEK_END)
            if offset != there:
                raise Conflict("The service has {offset} bytes of this file. Go on from there.", offset=there)
            if size is not None and there + size > upload.length:
                raise TooLarge("Only {length} bytes were announced.", length=upload.length)
            demand_room(self.services.files, size or 0, self.services.settings.disk.floor_mb)
            while there < upload.length and (block := stream.read(min(BLOCK, upload.length - there))):
                there += file.write(block)
            file.flush()
            os.fsync(file.fileno())
        self.store.touch(upload.id)
        if there == upload.length:
            self.take(upload)
        return there

    def take(self, upload: Upload) -> tuple[Taken, ...]:
        """What became of a whole upload; the first call takes it in, each later one answers the same.

        Raises:
            Conflict: some of it is still to come.
            InvalidInput: it did not arrive as it was announced; it has ended.
        """
        if upload.taken:
            return upload.taken
        with self._locked(upload):
            upload = self.store.get(upload.id, upload.owner.key)
            if upload.taken:
                return upload.taken
            if self.offset(upload) < upload.length:
                raise Conflict(
                    "The service has {offset} bytes of this file. Go on from there.", offset=self.offset(upload)
                )
            path = self._path(upload)
            if upload.sha256 and sha256_of(path) != upload.sha256:
                self.end(upload)
                raise InvalidInput("{name} did not arrive as it was sent. Send it again.", name=upload.name)
            taken = self._received(upload, path)
            path.unlink(missing_ok=True)
        return taken

    def _received(self, upload: Upload, path: Path) -> tuple[Taken, ...]:
        services, found = self.services, files_in(upload.name, path)
        for one in found:
            services.files.put(one.content)  # what takes time is done before the database is locked
        with transaction(services.db):
            receipts = [
                services.receive(ReceivedFile(one.name, one.content, Door.UPLOAD, upload.owner.actor)) for one in found
            ]
            taken = tuple(Taken(one.document.id, one.seen_before) for one in receipts)
            self.store.note_taken(upload.id, taken)
        return taken

    def end(self, upload: Upload) -> None:
        """Forget an upload and what came of it; documents that were made stay."""
        self.store.remove(upload.id)
        self._path(upload).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Take what is whole and was not taken, and end what nobody has gone on with for too long."""
        for upload in self.store.unfinished():
            if self._path(upload).exists() and self.offset(upload) == upload.length:
                with suppress(UploadBusy, InvalidInput):
                    self.take(upload)
        since = datetime.now(UTC) - timedelta(hours=self.services.settings.server.unfinished_hours)
        for upload in self.store.untouched_since(since):
            self.end(upload)
        known = {one.id for one in self.store.unfinished()}
        for path in self.folder.glob("*"):
            if path.name not in known and path.stat().st_mtime < since.timestamp():
                path.unlink(missing_ok=True)

    def _path(self, upload: Upload) -> Path:
        return self.folder / upload.id

    @contextmanager
    def _locked(self, upload: Upload) -> Iterator[IO[bytes]]:
        """The upload's file, for one writer at a time; the lock goes with a process that dies."""
        try:
            file = self._path(upload).open("ab")
        except OSError:
            raise NotFound("This upload was lost. Send the file again.") from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy("Another request is writing to this upload. Wait a moment, then go on.") from None
            yield file


def take_stream(services: Services, actor: str, name: str, stream: IO[bytes]) -> tuple[Receipt, ...]:
    """Take in a file that came whole with one request, piece by piece by way of the disk."""
    folder = services.settings.data / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f".whole-{os.urandom(9).hex()}"
    floor = services.settings.disk.floor_mb
    try:
        with path.open("xb") as file:
            while block := stream.read(BLOCK):
                demand_room(services.files, len(block), floor)
                file.write(block)
        found = files_in(plain_name(name), path)
        return tuple(services.receive(ReceivedFile(one.name, one.content, Door.UPLOAD, actor)) for one in found)
    finally:
        path.unlink(missing_ok=True)


def plain_name(name: str) -> str:
    """A file's name without folders, whatever system it comes from."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]
