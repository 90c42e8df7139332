"""Originals and page pictures on disk, addressed by the SHA-256 of the original."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ingest.document import Content


class FileStore:
    """The folder of originals; a file that is there is whole and never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def original(self, sha256: str) -> Path:
        """Where the original with this hash stands."""
        return self.folder / "originals" / sha256[:2] / sha256

    def mail(self, sha256: str) -> Path:
        """Where the mail with this hash stands, as it came."""
        return self.folder / "mails" / sha256[:2] / f"{sha256}.eml"

    def picture(self, sha256: str, page: int) -> Path:
        """Where the picture (PNG) of a page, counted from 1, stands."""
        return self.folder / "pages" / sha256[:2] / sha256 / f"{page}.png"

    def put(self, content: Content) -> str:
        """Store an original durably and answer its SHA-256; known bytes are left as they are.

        A file on our own disk is linked into place, and may be removed where it was; nobody may write to it any more.
        """
        sha256 = sha256_of(content)
        target = self.original(sha256)
        if not target.exists():
            if isinstance(content, Path):
                _link_durably(target, content)
            else:
                write_durably(target, content)
        return sha256

    def put_mail(self, content: bytes) -> str:
        """Store a mail durably and answer its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.mail(sha256).exists():
            write_durably(self.mail(sha256), content)
        return sha256

    def content(self, sha256: str) -> bytes:
        """The bytes of an original."""
        return self.original(sha256).read_bytes()


def sha256_of(content: Content) -> str:
    """The SHA-256 of bytes, or of a file piece by piece."""
    if isinstance(content, Path):
        with content.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(content).hexdigest()


def size_of(content: Content) -> int:
    """How many bytes it has."""
    return content.stat().st_size if isinstance(content, Path) else len(content)


def write_durably(target: Path, content: bytes) -> None:
    """Write, flush to the disk and rename into place: after a power cut the file is whole or absent."""
    with _written_durably(target) as stream:
        stream.write(content)


def _link_durably(target: Path, source: Path) -> None:
    """Give a file its name in the store; where the disk knows no second names, a copy gets it."""
    _make_folder(target.parent)
    with source.open("rb") as stream:
        os.fsync(stream.fileno())
        try:
            os.link(source, target)
        except FileExistsError:
            return
        except OSError:
            with _written_durably(target) as copy:
                shutil.copyfileobj(stream, copy)
    _flush_folder(target.parent)


@contextlib.contextmanager
def _written_durably(target: Path) -> Iterator[IO[bytes]]:
    _make_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder whose own entry is on the disk too: a file in a folder that is lost is lost."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
