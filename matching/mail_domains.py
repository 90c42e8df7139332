"""Domains of mail addresses, and which can be taken for one another."""

from __future__ import annotations

import unicodedata

from rapidfuzz.distance import OSA

LEAST = 9
"""Letters from which on a domain that is one letter off another is so by no chance."""
_ALIKE = str.maketrans("01i58", "ollsb", "-_")
_CYRILLIC = str.maketrans("аеорсхуіјѕԁһкмтвн", "aeopcxyijsdhkmtbh")


def mail_domain(address: str) -> str:
    """The part behind the @, in lower case and in Unicode; empty where there is none."""
    domain = address.rpartition("@")[2].strip(" >.").casefold() if "@" in address else ""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def look_alike(one: str, other: str) -> bool:
    """Whether two different domains can be taken for one another: letters that look the same, or one letter off.

    A domain below the other (`post.supplier.example`) is its owner's.
    """
    if not one or not other or one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return False
    if _shape(one) == _shape(other):
        return True
    return min(len(one), len(other)) >= LEAST and OSA.distance(one, other, score_cutoff=1) <= 1


def _shape(domain: str) -> str:
    """A domain as the eye takes it in."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", domain) if not unicodedata.combining(letter))
    return bare.translate(_CYRILLIC).replace("rn", "m").replace("vv", "w").translate(_ALIKE)
