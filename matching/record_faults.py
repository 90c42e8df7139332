"""What is wrong with a file of records: every fault is counted, the first ones are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.errors import CoordinatorError

KEPT = 1_000
"""How many faults of a file are remembered; of the rest, how many there are."""
TOLD = 50
"""How many faults are written out for a person."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where in a file of records; line 0 is the file as a whole."""

    file: str
    line: int
    column: str
    why: str

    def __str__(self) -> str:
        place = [self.file, f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else ""]
        return f"{', '.join(part for part in place if part)}: {self.why}"


@dataclass(slots=True)
class Faults:
    """The faults of one file, in the order in which they were found."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        """Count a fault, and remember it while there are not too many."""
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(fault)

    def __iter__(self) -> Iterator[Fault]:
        """Those that were kept, by line."""
        return iter(sorted(self.kept, key=lambda fault: fault.line))


class ImportRefused(CoordinatorError):
    """A file of records with faults; nothing of it was written."""

    code = "import_refused"

    def __init__(self, faults: Faults | Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        self.count = faults.count if isinstance(faults, Faults) else len(faults)
        count = "1 fault" if self.count == 1 else f"{self.count} faults"
        told = [str(fault) for fault in self.faults[:TOLD]]
        if self.count > len(told):
            told.append(f"... and {self.count - len(told)} more")
        lines = "\n".join(told)
        super().__init__(f"Nothing was imported, because of {count}. Correct the file and import it again.\n{lines}")
