"""What a reading process may do as whom: started by root, it is nobody; and root's powers are taken from it anyway.

Who runs the service as an ordinary user has nothing to drop: its readers are the same user without any powers.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from ingest.sandbox import python_paths

_CAPABILITY_VERSION = 0x20080522
_BOUNDING_SET_DROP, _NO_NEW_PRIVILEGES = 24, 38
_CAPSET = {"x86_64": 126, "aarch64": 91, "riscv64": 91}
"""The number of the system call."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system."""

    name: str
    uid: int
    gid: int


def account_for_readers(name: str, scratch: Path) -> Account | None:
    """Whom readers become; None where the service is not root, or where that user reaches neither programs nor scratch.

    `scratch` is the folder that is to be theirs.
    """
    if not name or os.geteuid() != 0:
        return None
    import pwd

    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    reachable = _open_to_all((*python_paths(), scratch))
    return Account(name, found.pw_uid, found.pw_gid) if found.pw_uid and reachable else None


def _open_to_all(paths: tuple[Path, ...]) -> bool:
    """Whether anybody may enter these folders: an interpreter in root's home is out of reach for everybody else."""
    on_the_way = {folder for path in paths for one in (path, path.resolve()) for folder in one.parents}
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in on_the_way if folder.exists())


def hand_over(folder: Path, account: Account | None) -> None:
    """Make a folder and what is in it the account's own."""
    if account is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def drop(uid: int, gid: int) -> None:
    """Become this user for good (0: stay who one is), without any power that root has over others."""
    if uid:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    elif sys.platform == "linux" and os.geteuid() == 0:
        _drop_powers()


def _drop_powers() -> None:
    libc = ctypes.CDLL(None)
    for power in range(64):
        libc.prctl(_BOUNDING_SET_DROP, power, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)  # a program that is started gets none back
    number = _CAPSET.get(os.uname().machine)
    if number is not None:
        libc.syscall(number, struct.pack("Ii", _CAPABILITY_VERSION, 0), bytes(24))
