"""Tables of goods and services as geometry: the heading, the columns under it, and the rows that belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.dates import dates_in
from ingest.document import Box
from ingest.heads import LONGEST, NONE_OF_OURS, HeadLabel, chunks, rank, row_labels, stacked_labels
from ingest.layout import Row, Sheet
from ingest.numbers import number_readings

_HEADS = 4
"""Heads beside one another, one of which may hold a day, at least."""
_PROSE = 8
"""Words that stand in a heading without a wider blank, at most: more are a sentence above the table."""
_MONEY = re.compile(r"\d[.,]\d\d(?![\d.,]|\s*%)")
"""An amount: "Service charge 0.00" sums up and heads nothing; a rate may stand in a head."""
_MONEY_COLUMNS = frozenset({"unit_price", "line_total", "gross_line_total", "quantity"})
_EQUATION = frozenset({"quantity", "unit_price", "line_total"})
_TEXT_COLUMNS = frozenset({"description", "sku", "line_number"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what it holds and from where to where it reaches."""

    name: str
    heading: Box
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a table: its columns from left to right, and the rows it takes."""

    columns: tuple[Column, ...]
    first: int
    last: int
    """Index of the row after it."""
    score: float

    @property
    def names(self) -> frozenset[str]:
        """What the columns hold."""
        return frozenset(column.name for column in self.columns)


def heading_at(sheet: Sheet, index: int) -> Heading | None:
    """The heading that begins in a row, over up to five rows; None where none does."""
    best: Heading | None = None
    for count in (1, 2, 3, 4, 5):
        rows = sheet.rows[index : index + count]
        if len(rows) < count or any(
            below.box.top - above.box.bottom > 0.7 * sheet.height for above, below in zip(rows, rows[1:], strict=False)
        ):
            break
        dated = sum(bool(dates_in(segment.text)) for segment in rows[-1].segments)
        # "Rab1" heads a step of a discount
        numbered = sum(bool(number_readings(w.text)) and not w.text[0].isalpha() for w in rows[-1].words)
        # "Montant marché | Cumul au 31/10/2026 | Montant du mois": one of several heads says until when
        if numbered >= 2 or (dated and (dated > 1 or numbered or len(rows[-1].segments) < _HEADS)):
            break
        if any(len(chunk) > _PROSE for chunk in chunks(rows[-1], sheet.blank)) or _MONEY.search(rows[-1].text):
            break
        labels = row_labels(rows[0], sheet.blank) if count == 1 else stacked_labels(rows, sheet.blank)
        found = _heading(labels, index, index + count, sum(len(row.words) for row in rows))
        # a number's head over that of the text, as both stand in the lines
        texts = best is not None and found is not None and "description" in found.names - best.names
        if found is not None and (best is None or texts or found.score > best.score + 0.5):
            best = found
    return best


def headings_of(sheet: Sheet) -> list[Heading]:
    """The headings of a page from top to bottom, none within another."""
    counts = [sum(bool(label.names) for label in row_labels(row, sheet.blank)) for row in sheet.rows]
    found: list[Heading] = []
    for index, count in enumerate(counts):
        # most rows of a page are no heading: two labels at least must stand close together
        near = sum(counts[index : index + 5]) >= 2 and (count or _tops(sheet.rows[index : index + 3]))
        heading = heading_at(sheet, index) if near else None
        if heading is None:
            continue
        if found and heading.first <= found[-1].last and len(heading.names & found[-1].names) >= 2:
            # two readings of one heading, or the same in a second language below
            last = max(found[-1].last, heading.last)
            better = heading if heading.score > found[-1].score + 0.4 else found[-1]
            found[-1] = replace(better, last=last)
            continue
        if found and heading.first < found[-1].last:
            if heading.score > found[-1].score + 0.4:
                found[-1] = heading
            continue
        found.append(heading)
    return found


def _tops(rows: Sequence[Row]) -> bool:
    """Whether the first of three rows holds what a narrow column puts over the others' heads: "Coût" over "unitaire".

    Its words stand over the third row's, where the second has none.
    """
    if len(rows) < 3 or len(rows[0].words) > LONGEST or any(sign.isdigit() for sign in rows[0].text):
        return False
    top, middle, bottom = ([word.box for word in row.words] for row in rows)
    return all(_shares(box, bottom) and not _shares(box, middle) for box in top)


def _shares(box: Box, others: Sequence[Box]) -> bool:
    return any(min(box.x1, other.x1) > max(box.x0, other.x0) for other in others)


def is_other_heading(row: Row) -> bool:
    """Whether a row names columns, of whatever table."""
    if len(row.segments) < 3 or any(sign.isdigit() for segment in row.segments for sign in segment.text):
        return False
    labels = row_labels(row)
    named = sum(bool(label.names) for label in labels)
    return named >= 3 and 2 * named > len(labels)


def _placed(place: int, label: HeadLabel) -> HeadLabel:
    """A label whose word numbers lines in one language and means something else in another: lines begin with theirs."""
    if place > 1 and len(label.names) > 1 and "line_number" in label.names:
        return replace(label, names=tuple(name for name in label.names if name != "line_number"))
    return label


def _charged(labels: list[HeadLabel]) -> list[HeadLabel]:
    """The labels, the first for what the lines say where it could name their amounts too: "Charge | Rate | Amount"."""
    amounts = [label for label in labels if "line_total" in label.names]
    if len(amounts) < 2 or amounts[0] is not labels[0] or any("description" in label.names for label in labels[1:]):
        return labels
    return [replace(labels[0], names=("description",)), *labels[1:]]


def _heading(labels: list[HeadLabel], first: int, last: int, words: int) -> Heading | None:
    labels = _charged(labels)
    if any("payment" in label.names for label in labels):
        if not any("description" in label.names for label in labels):
            # "Transaction date | Gateway | Amount" heads what was paid
            return None
        labels = [replace(label, names=NONE_OF_OURS) if "payment" in label.names else label for label in labels]
    known = (label for label in labels if label.names and label.names != NONE_OF_OURS)
    named = [_placed(place, label) for place, label in enumerate(known)]
    assigned = _assigned(named)
    names = {name for name, _ in assigned}
    # days and a column of unknown name: what was done then stands in it
    dated = {"delivery_date", "line_total"} <= names and any(not label.names for label in labels)
    # what the lines say may have a name of its own: "Work | Hours | Rate | Amount"
    dated = dated or (names >= _EQUATION and not labels[0].names)
    if len(names & _MONEY_COLUMNS) == 0 or not (names & _TEXT_COLUMNS or dated):
        return None
    if not names & {"line_total", "gross_line_total", "quantity", "description"}:
        return None
    if len(names) < 3 and not {"description", "line_total"} <= names:
        return None
    unknown = sum(1 for label in labels if not label.names) + sum(max(0, label.more - 2) for label in labels)
    if unknown > len(assigned) + 1:
        return None
    columns = tuple(
        Column(name, label.box, label.box.x0, label.box.x1)
        for name, label in sorted(assigned, key=lambda item: item[1].box.x0)
    )
    none = [label for label in labels if label.names == NONE_OF_OURS]
    claimed = [label.box for _, label in assigned] + [label.box for label in none]
    unclaimed = [label for label in labels if label.box not in claimed]
    # a heading that we have no name for still is a column: it keeps its words from its neighbours
    extra = tuple(Column("", label.box, label.box.x0, label.box.x1) for label in _grouped(unclaimed))
    other = tuple(Column("other", label.box, label.box.x0, label.box.x1) for label in none)
    ordered = tuple(sorted((*columns, *extra, *other), key=lambda column: column.heading.x0))
    # what is known and not read tells a table's head as well, if less
    score = len(names) + 0.4 * len(none) - 0.3 * unknown - 0.02 * words
    return Heading(ordered, first, last, score)


def _grouped(labels: list[HeadLabel]) -> list[HeadLabel]:
    groups: list[HeadLabel] = []
    for label in sorted(labels, key=lambda one: one.box.x0):
        if groups and label.box.x0 - groups[-1].box.x1 < label.box.height:
            groups[-1] = HeadLabel("", groups[-1].box.union(label.box), ())
        else:
            groups.append(label)
    return groups


def _assigned(labels: list[HeadLabel]) -> list[tuple[str, HeadLabel]]:
    """One name for each label and one label for each name: what can mean one thing only goes first."""
    taken: dict[str, HeadLabel] = {}
    rest = sorted(labels, key=lambda label: len(label.names))
    for label in rest:
        free = [name for name in label.names if name not in taken]
        if not free:
            _second(label, taken)
            continue
        name = min(free, key=rank)
        if len(label.names) > 1 and {"line_number", "description"} <= set(free):
            # "Item" over the first column of several is its number only beside a description
            others = [one for one in labels if one is not label and "description" in one.names]
            name = "line_number" if others else "description"
        taken[name] = label
    return list(taken.items())


def _second(label: HeadLabel, taken: dict[str, HeadLabel]) -> None:
    """What the second of two headings with one name means: the total is right of the price, the quantity left."""
    if "line_total" in label.names:
        if label.box.x0 > taken["line_total"].box.x0:
            label, taken["line_total"] = taken["line_total"], label
        price = taken.get("unit_price")
        if "quantity" not in taken and price is not None and label.box.x0 < price.box.x0:
            taken["quantity"] = label
        elif price is None:
            taken["unit_price"] = label
    elif "unit_price" in label.names and "line_total" not in taken:
        left, right = sorted((label, taken["unit_price"]), key=lambda one: one.box.x0)
        taken["unit_price"], taken["line_total"] = left, right
