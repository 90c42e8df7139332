"""What people do with a document: corrections, decisions, and which step is allowed when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ingest.document import Box, Source, State
from ingest.errors import Conflict
from ingest.extraction import LINE_CELLS, TAX_CELLS, Extraction, FieldValue, LineItem, TaxLine


class Step(StrEnum):
    """What a person can decide."""

    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    DUPLICATE = "duplicate"
    NOT_AN_INVOICE = "not_an_invoice"
    REOPEN = "reopen"
    NOT_A_DUPLICATE = "not_a_duplicate"
    READ_AGAIN = "read_again"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class PickedWord:
    """A word on the page that a person clicked."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a person set, with the words it was taken from (empty when typed).

    `field` is a field's name, a cell such as `line_items/3/quantity` or `tax_breakdown/1/tax` (rows from 1), or one of
    PARTIES. An empty value means: not on the document.
    """

    field: str
    value: str
    raw: str = ""
    words: tuple[PickedWord, ...] = ()
    previous: str = ""
    """The value that it replaced."""
    actor: str = ""
    at: datetime | None = None
    pages: tuple[int, int] | None = None
    """The document's pages when it was made, where a person has split or joined it since: it counts for these alone."""


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """A person's decision on a document."""

    step: Step
    actor: str
    reason: str = ""
    at: datetime | None = None


PARTIES = ("supplier", "customer")
"""Corrections of these name a record that a person chose (by its id), not a value on the document."""


@dataclass(frozen=True, slots=True)
class ChosenParties:
    """The records that a person says are meant, by their ids."""

    supplier: str | None = None
    customer: str | None = None


NOBODY_CHOSEN = ChosenParties()


def chosen_parties(corrections: Sequence[Correction]) -> ChosenParties:
    """Whom a person chose last; an empty value takes a choice back."""
    last = {item.field: item.value or None for item in corrections if item.field in PARTIES}
    return ChosenParties(last.get("supplier"), last.get("customer"))


ALLOWED: dict[Step, tuple[State, ...]] = {
    Step.APPROVE: (State.NEEDS_REVIEW, State.ON_HOLD),
    Step.REJECT: (State.NEEDS_REVIEW, State.ON_HOLD, State.DUPLICATE),
    Step.HOLD: (State.NEEDS_REVIEW,),
    Step.DUPLICATE: (State.NEEDS_REVIEW, State.ON_HOLD),
    Step.NOT_AN_INVOICE: (State.NEEDS_REVIEW, State.ON_HOLD, State.DUPLICATE),
    Step.REOPEN: (State.ON_HOLD, State.REJECTED, State.APPROVED, State.DUPLICATE),
    Step.NOT_A_DUPLICATE: (State.DUPLICATE, State.NEEDS_REVIEW),
    Step.READ_AGAIN: (State.FAILED,),
    Step.UNDO: (State.APPROVED, State.REJECTED, State.ON_HOLD, State.DUPLICATE),
}

CORRECTABLE = (State.NEEDS_REVIEW, State.ON_HOLD)


TABLES: dict[str, tuple[type[LineItem] | type[TaxLine], tuple[str, ...]]] = {
    "line_items": (LineItem, LINE_CELLS),
    "tax_breakdown": (TaxLine, TAX_CELLS),
}
"""Tables of an extraction whose cells can be corrected."""


@dataclass(frozen=True, slots=True)
class CellPath:
    """A correction's field that names a cell of a table."""

    table: str
    row: int
    """From 1."""
    cell: str

    def is_on(self, extraction: Extraction) -> bool:
        """Whether the row is there, or the one that may be added."""
        return 1 <= self.row <= len(getattr(extraction, self.table)) + 1


def cell_path(field: str) -> CellPath | None:
    """The cell that a correction's field names; None where it names none."""
    table, _, rest = field.partition("/")
    row, _, cell = rest.partition("/")
    if table not in TABLES or cell not in TABLES[table][1] or not (row.isdecimal() and row.isascii()) or len(row) > 4:
        return None
    return CellPath(table, int(row), cell)


SPLIT_LINE, JOIN_LINE = "split", "join"
"""Values of a correction that names a whole line, `line_items/3`: its copy follows it, or the next one joins it."""
COUNTED = ("line_number", "quantity", "line_total", "line_discount")
"""Cells that a line's copy does not have: they would count twice."""


def line_path(field: str) -> int | None:
    """The line, from 1, that a correction of a whole line names; None where it names none."""
    table, _, row = field.partition("/")
    return int(row) if table == "line_items" and row.isdecimal() and row.isascii() and len(row) <= 4 else None


def demand_allowed(step: Step, state: State) -> None:
    """Raise Conflict when a document in this state cannot take this step."""
    if state not in ALLOWED[step]:
        raise Conflict(
            "A document that is {state} cannot take the step '{step}'.",
            state=state,
            step=step,
        )


def apply_corrections(extraction: Extraction, corrections: Sequence[Correction]) -> Extraction:
    """The extraction as people corrected it, oldest correction first; what was read stays stored as it was."""
    for correction in corrections:
        if correction.field not in PARTIES:
            extraction = _apply(extraction, correction)
    return extraction


def _apply(extraction: Extraction, correction: Correction) -> Extraction:
    if (row := line_path(correction.field)) is not None:
        return replace(extraction, line_items=_with_line(extraction.line_items, row, correction.value))
    path = cell_path(correction.field)
    if path is not None:
        return _apply_to_cell(extraction, path, correction)
    if correction.field == "document_type":
        return replace(extraction, document_type=_value(correction))
    fields = {name: value for name, value in extraction.fields.items() if name != correction.field}
    if correction.value:
        fields[correction.field] = _value(correction)
    return replace(extraction, fields=fields)


def _with_line(lines: tuple[LineItem, ...], row: int, step: str) -> tuple[LineItem, ...]:
    """The lines with one split in two, or joined with the next; as they are where there is none."""
    before, here, after = lines[: row - 1], lines[row - 1 : row], lines[row:]
    if step == SPLIT_LINE and here:
        copy = replace(here[0], **dict.fromkeys(COUNTED))
        return (*before, *here, copy, *after)
    if step == JOIN_LINE and here and after:
        return (*before, _joined(here[0], after[0]), *after[1:])
    return lines


def _joined(one: LineItem, other: LineItem) -> LineItem:
    """Two lines as one: texts one behind the other, the same price once, quantities and totals added."""
    cells = {**dict(other.cells()), **dict(one.cells())}
    if one.description and other.description:
        cells["description"] = _behind(one.description, other.description)
    same_price = one.unit_price is None or other.unit_price is None or one.unit_price.value == other.unit_price.value
    for name in ("quantity", "line_total", "line_discount"):
        first, second = getattr(one, name), getattr(other, name)
        if first and second and (same_price or name != "quantity"):
            total = str(Decimal(first.value) + Decimal(second.value))
            cells[name] = replace(first, value=total, raw=total, confidence=1.0, source=Source.MANUAL, rivals=())
    return LineItem(**cells)


def _behind(first: FieldValue, second: FieldValue) -> FieldValue:
    text = f"{first.value} {second.value}"
    box = first.box.union(second.box) if first.box and second.box and first.page == second.page else first.box
    return replace(first, value=text, raw=text, box=box, confidence=1.0, source=Source.MANUAL, rivals=())


def _apply_to_cell(extraction: Extraction, path: CellPath, correction: Correction) -> Extraction:
    rows = list(getattr(extraction, path.table))
    while len(rows) < path.row:
        rows.append(TABLES[path.table][0]())
    cell: dict[str, Any] = {path.cell: _value(correction) if correction.value else None}
    rows[path.row - 1] = replace(rows[path.row - 1], **cell)
    kept: dict[str, Any] = {path.table: tuple(row for row in rows if any(row.cells()))}
    return replace(extraction, **kept)


def _value(correction: Correction) -> FieldValue:
    first = correction.words[0] if correction.words else None
    box = first.box if first else None
    for word in correction.words[1:]:
        if box is not None and first is not None and word.page == first.page:
            box = box.union(word.box)
    return FieldValue(
        value=correction.value,
        raw=correction.raw or correction.value,
        confidence=1.0,
        page=first.page if first else None,
        box=box,
        source=Source.MANUAL,
    )
