"""What a reading process left in its scratch folder: it may be the work of a hostile file.

A link there could lead anywhere and a pipe never end; only plain files are opened, and nothing is followed.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

_OURS = re.compile(r"coordinator-[a-z]+-(\d+)-")


def scratch_folder(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for a child's work that is gone when it is left; its name tells whose it is, should that be killed."""
    return tempfile.TemporaryDirectory(prefix=f"coordinator-{purpose}-{os.getpid()}-")


def sweep() -> int:
    """Remove the scratch folders of processes that were killed: they hold pieces of documents. Answers how many."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob("coordinator-*-*-*"):
        told = _OURS.match(folder.name)
        if told is None or psutil.pid_exists(int(told[1])) or not _is_our_own(folder):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        swept += not folder.exists()
    return swept


def _is_our_own(folder: Path) -> bool:
    """Whether it is a folder that this user made; root has handed some over to the account of its readers."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and os.geteuid() in (0, found.st_uid)


@contextmanager
def left(scratch: Path, *steps: str) -> Iterator[IO[bytes]]:
    """Open a file below the scratch folder; FileNotFoundError where there is no plain file of its own by that name."""
    *folders, name = steps
    at = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in folders:
            inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    except OSError as error:
        raise FileNotFoundError(error.errno, "nothing plain is there", name) from None
    finally:
        os.close(at)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        os.close(handle)
        raise FileNotFoundError(name)
    with os.fdopen(handle, "rb") as stream:
        yield stream


def text_left(scratch: Path, name: str) -> str | None:
    """What a file there says; None where there is none."""
    try:
        with left(scratch, name) as stream:
            return stream.read().decode()
    except FileNotFoundError:
        return None


def names_left(scratch: Path, folder: str) -> tuple[str, ...]:
    """What a folder there holds; nothing where it is none."""
    try:
        at = os.open(scratch / folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return ()
    try:
        with os.scandir(at) as entries:
            return tuple(sorted(entry.name for entry in entries))
    finally:
        os.close(at)


def copy_left(scratch: Path, steps: tuple[str, ...], target: Path) -> None:
    """Copy a file to its place, which gets it whole or not at all."""
    part = target.with_name(f".part-{os.getpid()}-{target.name}")
    with left(scratch, *steps) as stream, part.open("wb") as copy:
        shutil.copyfileobj(stream, copy)
    part.replace(target)
