"""Passwords that thieves know: looked up in a file on this machine, nothing is asked of anybody."""

from __future__ import annotations

import hashlib
from pathlib import Path

from web.store import InvalidInput

HASH = 40
"""Characters of a SHA-1 in hexadecimal, with which each line begins."""
LONGEST_LINE = 100


def demand_unknown_to_thieves(password: str, file: str) -> None:
    """InvalidInput where the password is in the file of `server.breached_passwords`, if there is one."""
    if file and is_in(Path(file), hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
        raise InvalidInput(
            "This password was stolen somewhere and is known to thieves. Take one that you use nowhere else."
        )


def is_in(file: Path, digest: str) -> bool:
    """Whether a line of the sorted file begins with the hash; halved again and again, as it may have 40 GB."""
    wanted = digest.encode()
    with file.open("rb") as stream:
        low, high = 0, stream.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            stream.seek(max(0, middle - 1))
            if middle:
                stream.readline(LONGEST_LINE)  # the rest of the line before, or its end
            start = stream.tell()
            found = stream.readline(LONGEST_LINE)[:HASH].upper()
            if found == wanted:
                return True
            if start >= high or not found or found > wanted:
                high = middle
            else:
                low = start + 1
    return False
