"""Where labels stand on the pages, and what stands beside and below them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Box
from ingest.fields.found_labels import LONGEST_LABEL, FoundLabel, keys_of, labels_in, longest_label
from ingest.labels import field_labels, label_key
from ingest.language import language_of
from ingest.layout import Row, Segment, Sheet, overlap, segment_of

_ENDS = (":", ".", "#", "=", ")", "|", "-", "–")
_NOISE = re.compile(r"^[\s:.\-–—=|#*_·•>/]+$")
_DRAWN = 3
"""Signs of a line that is drawn with them, at least."""
FAR_BELOW = 6.0
"""Blank, in heights of the print, that may stand between the heads of a table of references and its values."""


@dataclass(frozen=True)
class Spot:
    """A label on a page, what it may name, and the print around it."""

    meanings: dict[str, float]
    """Field or family to weight."""
    label: Segment
    segment: Segment
    """The segment that the label stands in."""
    row: int
    """Index of the row on its sheet."""
    sheet: Sheet
    rest: Segment | None
    """What follows the label in its own segment, up to the next label."""
    rights: tuple[Segment, ...]
    """Segments to the right in the row, up to the next label."""
    belows: tuple[Segment, ...]
    """Segments right under the label, the nearest first."""
    opens: bool
    """Whether the label begins its segment."""
    colon: bool

    @property
    def text(self) -> str:
        """The label as printed."""
        return self.label.text

    def beside(self) -> Iterator[Segment]:
        """What stands to the right, the nearest first."""
        if self.rest is not None:
            yield self.rest
        yield from self.rights


def spots_of(sheets: Sequence[Sheet], language: str | None) -> tuple[Spot, ...]:
    """All labels of a document, in reading order."""
    spots = (spot for sheet in sheets for spot in _of_sheet(sheet, _own_language(sheet) or language))
    return _together(tuple(_under_value(spot) for spot in spots))


SMALL = 0.87
"""Height of a label under its value beside the value's, at most."""


def _under_value(spot: Spot) -> Spot:
    """The label with what stands right above it, where it is printed small under its value and has none elsewhere."""
    if spot.rest is not None or spot.rights or spot.belows or not spot.opens or spot.row == 0:
        return spot
    label, height = spot.label.box, spot.sheet.height
    for above in spot.sheet.rows[spot.row - 1].segments:
        near = -0.3 * height < label.top - above.box.bottom < 0.8 * height
        edge = min(abs(above.box.x0 - label.x0), abs(above.box.x1 - label.x1), abs(above.box.centre - label.centre))
        valued = any(sign.isdigit() for sign in above.text) and not above.text.endswith(":")
        if near and edge < 0.6 * height and valued and label.height <= SMALL * above.box.height:
            return replace(spot, belows=(above,))
    return spot


PAIRED = {"invoice_number": 1.0, "issue_date": 0.95}
"""What "Number" and "Date" are worth where they stand together."""
_NEXT = 4.5
"""Heights of the print between two labels, one under the other, that belong together."""
_HEAD = 0.45
"""Part of a page within which a document says its own number and date."""


def _together(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """The labels, bare ones made surer: a "Number" beside a "Date" in the head of the page are the document's own.

    Only where no label says so in full: then the bare ones are another document's.
    """
    valued = [spot for spot in spots if spot.rest is not None or spot.rights or spot.belows]
    # "Tomo 2118, Folio 44" in a sentence names nothing of the document's
    labels = [spot for spot in valued if spot.opens or spot.colon]
    named = {name for spot in labels for name in PAIRED if spot.meanings.get(name, 0.0) >= 1.0}
    return tuple(_raised(spot, spots, PAIRED.keys() - named) for spot in spots)


def _raised(spot: Spot, spots: Sequence[Spot], names: Collection[str]) -> Spot:
    paired = [name for name in names if name in spot.meanings and _paired(spot, name, spots)]
    if not paired:
        return spot
    return replace(spot, meanings=spot.meanings | {name: max(PAIRED[name], spot.meanings[name]) for name in paired})


def _paired(spot: Spot, name: str, spots: Sequence[Spot]) -> bool:
    """Whether the label of the other of number and date stands beside, above or below."""
    other = next(each for each in PAIRED if each != name)
    if "/" in spot.text and spot.opens and spot.label.box.top <= _HEAD * spot.sheet.page.height:
        # "Number / Date" says both at once
        halves = [
            {meaning.name for meaning in field_labels().get(label_key(half), ())} for half in spot.text.split("/")
        ]
        if len(halves) == 2 and name in halves[0] and other in halves[1]:
            return True
    height = spot.sheet.height
    if not spot.opens or spot.label.box.top > _HEAD * spot.sheet.page.height:
        return False
    return any(
        each is not spot
        and each.sheet is spot.sheet
        and each.opens
        and other in each.meanings
        and (
            each.row == spot.row
            or (
                abs(each.label.box.middle - spot.label.box.middle) < _NEXT * height
                and abs(each.label.box.x0 - spot.label.box.x0) < 2 * height
            )
        )
        for each in spots
    )


def _own_language(sheet: Sheet) -> str | None:
    """The page's language: terms in English behind a German letter make its labels no foreign ones."""
    return language_of(word.text for row in sheet.rows for word in row.words)


def _of_sheet(sheet: Sheet, language: str | None) -> Iterator[Spot]:
    found = [[labels_in(segment, language) for segment in row.segments] for row in sheet.rows]
    stacked = tuple(_stacked(sheet, found, language))
    for stack in stacked:
        # neither half is a label of its own
        found[stack.row][stack.place] = found[stack.row + 1][stack.under] = []
    for stack in stacked:
        yield _stack_spot(sheet, found, stack)
    for index, row in enumerate(sheet.rows):
        heads = _is_heads(found[index])
        for place, segment in enumerate(row.segments):
            labels = found[index][place]
            for number, label in enumerate(labels):
                end = labels[number + 1].first if number + 1 < len(labels) else len(segment.words)
                rights = () if end < len(segment.words) else _rights(row, found[index], place)
                printed = segment.part(label.first, label.last)
                yield Spot(
                    meanings=label.meanings,
                    label=printed,
                    segment=segment,
                    row=index,
                    sheet=sheet,
                    rest=_rest(segment, label.last, end),
                    rights=rights,
                    belows=_belows(sheet, found, index, printed.box, segment)
                    or (_in_column(sheet, index, place) if heads else ()),
                    opens=label.first == 0,
                    colon=printed.text.endswith(":")
                    or _rest_begins(segment, label.last, ":")
                    or (label.last == len(segment.words) and bool(rights) and rights[0].text.startswith(":")),
                )


@dataclass(frozen=True, slots=True)
class _Stack:
    """A heading printed in two lines: "Fecha de" over "operación"."""

    row: int
    place: int
    under: int
    """Place of its second half in the row below."""
    label: Segment
    found: FoundLabel
    beside: tuple[Segment, ...] = ()
    """What stands to the right of its first half, where that is a value."""


def _stacked(sheet: Sheet, found: list[list[list[FoundLabel]]], language: str | None) -> Iterator[_Stack]:
    taken: set[tuple[int, int]] = set()
    for index, (row, below) in enumerate(zip(sheet.rows, sheet.rows[1:], strict=False)):
        for place, upper in enumerate(row.segments):
            if (index, place) in taken or not _is_half(upper):
                continue
            valued = _has_number(row, place)
            for under, lower in enumerate(below.segments):
                if not _is_half(lower, colon=valued) or not _stands_on(upper, lower, sheet.height):
                    continue
                if _has_number(below, under) or (valued and under + 1 < len(below.segments)):
                    continue
                if valued and found[index][place]:
                    # "Total 35" over "Quantity" may be a label with its value, and another thing
                    continue
                label = segment_of((*upper.words, *lower.words), upper.page, upper.source)
                keys = keys_of(label)
                short = len(keys) <= LONGEST_LABEL
                whole = longest_label(keys, 0, field_labels(), label, language) if short else None
                if whole is not None and whole.last == len(keys) and not _are_two(found, index, place, under, whole):
                    taken.add((index + 1, under))
                    yield _Stack(index, place, under, label, whole, row.segments[place + 1 :] if valued else ())
                break


def _is_half(segment: Segment, *, colon: bool = False) -> bool:
    text = segment.text.removesuffix(":") if colon else segment.text
    return len(segment.words) <= 4 and ":" not in text and not any(sign.isdigit() for sign in text)


def _has_number(row: Row, place: int) -> bool:
    """Whether what stands next to the right is a value: then the row is one of a list, not of heads."""
    return place + 1 < len(row.segments) and any(sign.isdigit() for sign in row.segments[place + 1].text)


def _stands_on(upper: Segment, lower: Segment, height: float) -> bool:
    """Whether two segments are lines of one cell."""
    if lower.box.top - upper.box.bottom > 0.6 * height:
        return False
    edges = min(
        abs(upper.box.x0 - lower.box.x0), abs(upper.box.x1 - lower.box.x1), abs(upper.box.centre - lower.box.centre)
    )
    return edges < 0.5 * height and overlap(upper.box.x0, upper.box.x1, lower.box.x0, lower.box.x1) > 0


def _are_two(found: list[list[list[FoundLabel]]], index: int, place: int, under: int, whole: FoundLabel) -> bool:
    """Whether each half is a label that says what both say together: "Total" over "Total due"."""
    upper, lower = found[index][place], found[index + 1][under]
    return bool(upper and lower) and max(lower[0].meanings.values()) >= 1.0 and lower[0].meanings == whole.meanings


def _stack_spot(sheet: Sheet, found: list[list[list[FoundLabel]]], stack: _Stack) -> Spot:
    lower = sheet.rows[stack.row + 1].segments[stack.under]
    return Spot(
        meanings=stack.found.meanings,
        label=stack.label,
        segment=stack.label,
        row=stack.row + 1,
        sheet=sheet,
        rest=None,
        rights=stack.beside,
        belows=() if stack.beside else _belows(sheet, found, stack.row + 1, stack.label.box, lower),
        opens=True,
        colon=False,
    )


def _rest_begins(segment: Segment, first: int, sign: str) -> bool:
    return first < len(segment.words) and segment.words[first].text.startswith(sign)


def _rest(segment: Segment, first: int, end: int) -> Segment | None:
    while first < end and _NOISE.match(segment.words[first].text):
        first += 1
    return segment.part(first, end) if first < end else None


def _rights(row: Row, labels: list[list[FoundLabel]], place: int) -> tuple[Segment, ...]:
    rights = []
    for other in range(place + 1, len(row.segments)):
        segment = row.segments[other]
        if labels[other] and labels[other][0].first == 0 and not _is_value_too(labels[other][0], segment):
            own = labels[place][-1]
            begun = row.segments[place].words[own.last - 1].text.endswith(":")
            digits = any(sign.isdigit() for sign in segment.text) and ":" not in segment.text
            kin = bool(own.meanings.keys() & labels[other][0].meanings.keys()) or _is_prefix(labels[other][0], segment)
            if not (begun and digits and other == place + 1 and kin):
                break
            rights.append(segment)
            break
        if not _NOISE.match(segment.text):
            trimmed = _rest(segment, 0, labels[other][0].first if labels[other] else len(segment.words))
            rights.append(trimmed or segment)
    return tuple(rights)


def _is_prefix(label: FoundLabel, segment: Segment) -> bool:
    """Whether a label is nothing but the letters in front of a number: "Beleg-Nr.: | RE 2026 01456"."""
    first = segment.words[0].text
    return label.last == 1 and len(first) <= 3 and first.isalpha() and first.isupper() and len(segment.words) > 1


def _is_value_too(label: FoundLabel, segment: Segment) -> bool:
    """A segment such as "USD 12.00" or "No. 4711" may begin with a word that is a label elsewhere."""
    weak = all(weight <= 0.5 for weight in label.meanings.values())
    return (weak or "currency" in label.meanings) and any(sign.isdigit() for sign in segment.text)


def _is_heads(labels: list[list[FoundLabel]]) -> bool:
    """Whether a row holds labels only, three or more: the heads of columns whose values stand in the row below."""
    known = sum(bool(found) and found[0].first == 0 for found in labels)
    return known >= 3 and known >= len(labels) - 1


def _in_column(sheet: Sheet, index: int, place: int) -> tuple[Segment, ...]:
    """The value in the next row of values, at some distance, whose column begins where its head does.

    Rows of values have at least two cells; specks that OCR takes for print stand between.
    """
    heads = sheet.rows[index].segments
    left = heads[place].box.x0 - sheet.height
    right = heads[place + 1].box.x0 - sheet.height if place + 1 < len(heads) else sheet.page.width
    for row in sheet.rows[index + 1 : index + 5]:
        if row.box.top - heads[place].box.bottom > FAR_BELOW * sheet.height:
            return ()
        cells = [segment for segment in row.segments if any(sign.isalnum() for sign in segment.text)]
        if len(cells) >= 2:
            return tuple(cell for cell in cells if left <= cell.box.x0 < right)[:1]
    return ()


def _belows(
    sheet: Sheet, labels: list[list[list[FoundLabel]]], index: int, box: Box, segment: Segment
) -> tuple[Segment, ...]:
    """Segments under the label, as long as they follow one another closely and no other label comes between."""
    found: list[Segment] = []
    bottom = box.bottom
    for below in range(index + 1, min(index + 9, len(sheet.rows))):
        row = sheet.rows[below]
        if row.box.top - bottom > 2.6 * sheet.height:
            break
        hit = None
        for place, other in enumerate(row.segments):
            shared = overlap(box.x0, box.x1, other.box.x0, other.box.x1)
            near = shared > 0.3 * min(box.width, other.box.width) or abs(box.x0 - other.box.x0) < 0.6 * sheet.height
            if near:
                hit = (place, other)
                break
        if hit is None:
            continue
        place, other = hit
        if _NOISE.match(other.text) and len(other.text) >= _DRAWN:
            # a line drawn with signs, between a head and its value
            bottom = row.box.bottom
            continue
        starts = labels[below][place]
        if other.text.startswith(":"):
            # the value of a label to its left
            break
        if starts and starts[0].first == 0 and not _is_value_too(starts[0], other):
            break
        found.append(other)
        bottom = row.box.bottom
    return tuple(found)


def with_next_line(spot: Spot, segment: Segment) -> Segment:
    """What stands beside a label with the line under it, where that is alone in its row and in the same cell."""
    for row in spot.sheet.rows[spot.row + 1 : spot.row + 3]:
        below = row.segments[0]
        near = below.box.top - segment.box.bottom < 0.8 * spot.sheet.height
        edge = min(abs(below.box.x0 - segment.box.x0), abs(below.box.x1 - segment.box.x1))
        if near and edge < 0.6 * spot.sheet.height and len(row.segments) == 1:
            return segment_of((*segment.words, *below.words), segment.page, segment.source)
    return segment
