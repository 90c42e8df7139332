"""Numbers with their nouns, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable

from web.languages import ngettext

COUNTED: dict[str, Callable[[int], str]] = {
    "account to accept": lambda n: ngettext("%(num)s account to accept", "%(num)s accounts to accept", n),
    "check passed": lambda n: ngettext("%(num)s check passed", "%(num)s checks passed", n),
    "comment": lambda n: ngettext("%(num)s comment", "%(num)s comments", n),
    "day": lambda n: ngettext("%(num)s day", "%(num)s days", n),
    "delivery": lambda n: ngettext("Came once:", "Came %(num)s times:", n),
    "difference": lambda n: ngettext("%(num)s difference", "%(num)s differences", n),
    "difference from the record": lambda n: ngettext(
        "%(num)s difference from the record", "%(num)s differences from the record", n
    ),
    "document": lambda n: ngettext("%(num)s document", "%(num)s documents", n),
    "document answered": lambda n: ngettext("%(num)s document answered", "%(num)s documents answered", n),
    "answer taken back": lambda n: ngettext(
        "The answer to %(num)s document is taken back", "The answer to %(num)s documents is taken back", n
    ),
    "document left as it is": lambda n: ngettext(
        "%(num)s document left as it is, because of what has come up since:",
        "%(num)s documents left as they are, because of what has come up since:",
        n,
    ),
    "fault": lambda n: ngettext("%(num)s fault", "%(num)s faults", n),
    "file": lambda n: ngettext("%(num)s file", "%(num)s files", n),
    "line": lambda n: ngettext("%(num)s line", "%(num)s lines", n),
    "more cause": lambda n: ngettext("%(num)s cause more", "%(num)s causes more", n),
    "new account": lambda n: ngettext(
        "%(num)s new account of suppliers waits for a second person",
        "%(num)s new accounts of suppliers wait for a second person",
        n,
    ),
    "open question": lambda n: ngettext("%(num)s open question", "%(num)s open questions", n),
    "other considered": lambda n: ngettext("%(num)s other considered", "%(num)s others considered", n),
    "page": lambda n: ngettext("%(num)s page", "%(num)s pages", n),
    "time": lambda n: ngettext("%(num)s time", "%(num)s times", n),
    "value not on the document": lambda n: ngettext(
        "%(num)s value not on the document", "%(num)s values not on the document", n
    ),
    "wrong value": lambda n: ngettext(
        "Nothing was saved: %(num)s value cannot be taken. The reason stands beside it.",
        "Nothing was saved: %(num)s values cannot be taken. The reason stands beside each.",
        n,
    ),
}
"""What is counted on the screen, by its English singular."""


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `2 files`."""
    return COUNTED[noun](number)
