"""Words to rows, and rows to segments: geometry only, nothing about meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from ingest.document import Box, Document, Page, Source, Word

SEGMENT_GAP = 0.9
"""Blank, in heights of the print, from which words of a row belong to different segments."""
OCR_GAP = 1.3
"""The same for OCR, whose boxes fit the ink more tightly than a font's do."""
_NEAR = 4
"""Rows above and below whose segments tell where an edge is."""
_AT_EDGE = 2
"""Segments that begin at an edge, at least."""
_EDGE = 0.4
"""Heights by which their beginnings differ at most."""
_WIDE = 0.8
"""Blank, in heights, from which words that begin at an edge may be a segment of their own."""
_WIDER = 1.5
"""How much wider it is than the other blanks of the segment."""
_FILLED = re.compile(r"^(.*[^\W_])_{2,}$")
"""A word with a line to write on, or to keep a distance by, right behind it: "Signed____"."""
_ENOUGH = 20
"""Blanks that tell how wide a page's usual ones are."""
_GLUED = re.compile(r"^([^\W\d_][^\d:]{1,40}:)(?!//|\\)(\S+)$")
"""A label and its value without a blank between: `Date:01/02/2026`."""
_DAY_AND_CLOCK = re.compile(r"^(\d{1,4}([-/.])(?:\d{1,2}|[A-Za-z]{3})\2(?:\d{4}|\d{2}))(\d{1,2}:\d{2}(?!\d).*)$")
"""A day and an hour whose blank OCR lost: `12/03/201810:25`."""


@dataclass(frozen=True)
class Segment:
    """Words of one row that stand close together: a cell, a label with its value, a line of an address."""

    words: tuple[Word, ...]
    box: Box
    page: int
    source: Source

    @cached_property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The OCR's confidence of the worst word; 1 for a text layer."""
        return min((word.confidence for word in self.words), default=1.0)

    @property
    def legibility(self) -> float:
        """The OCR's mean confidence, each word weighed by its length; 1 for a text layer."""
        signs = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / signs if signs else 1.0

    @property
    def bold(self) -> bool:
        """Whether it is printed bold."""
        return all(word.bold for word in self.words)

    def part(self, first: int, last: int | None = None) -> Segment:
        """The segment of the words from `first` up to, not with, `last`."""
        return segment_of(self.words[first:last], self.page, self.source)


@dataclass(frozen=True)
class Row:
    """What stands on one height of a page, from left to right."""

    segments: tuple[Segment, ...]
    box: Box
    page: int

    @cached_property
    def text(self) -> str:
        """The segments with wide blanks between."""
        return "  ".join(segment.text for segment in self.segments)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All its words."""
        return tuple(word for segment in self.segments for word in segment.words)


@dataclass(frozen=True)
class Sheet:
    """A page as rows, from top to bottom."""

    page: Page
    rows: tuple[Row, ...]
    height: float
    """Usual height of the print."""

    @cached_property
    def blank(self) -> float:
        """Usual blank between words of a segment, in heights of the print."""
        gaps = [
            (two.box.x0 - one.box.x1) / max(one.box.height, 0.1)
            for row in self.rows
            for segment in row.segments
            for one, two in pairwise(segment.words)
        ]
        return max(median(gaps), 0.0) if len(gaps) >= _ENOUGH else SEGMENT_GAP

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, row by row."""
        return tuple(segment for row in self.rows for segment in row.segments)


def sheets_of(document: Document) -> tuple[Sheet, ...]:
    """The document's pages as rows."""
    return tuple(sheet_of(page) for page in document.pages)


def sheet_of(page: Page) -> Sheet:
    """A page's words as rows of segments."""
    words = [part for word in page.words for part in _unglued(word)]
    height = median(word.box.height for word in words) if words else 1.0
    uprights = sorted((rule for rule in page.rules if _is_upright(rule, height)), key=lambda rule: rule.x0)
    rows = tuple(_row(row, page, height, uprights) for row in _rows(words, height, apart=page.source is not Source.OCR))
    return Sheet(page, _parted(rows, height) if page.source is Source.OCR else rows, height)


def segment_of(words: Sequence[Word], page: int, source: Source) -> Segment:
    """A segment of words that stand side by side."""
    return Segment(tuple(words), boxes_of(word.box for word in words), page, source)


def boxes_of(boxes: Iterable[Box]) -> Box:
    """The smallest box around all."""
    found = list(boxes)
    return Box(
        min(box.x0 for box in found),
        min(box.top for box in found),
        max(box.x1 for box in found),
        max(box.bottom for box in found),
    )


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length that two ranges share; negative is the gap between them."""
    return min(a1, b1) - max(a0, b0)


def _unglued(word: Word) -> Iterable[Word]:
    filled = _FILLED.match(word.text)
    if filled:
        box = word.box._replace(x1=word.box.x0 + word.box.width * len(filled[1]) / len(word.text))
        word = Word(filled[1], box, word.confidence, word.bold)
    glued = _DAY_AND_CLOCK.match(word.text)
    if glued:
        yield from _split(word, glued[1], glued[3])
        return
    match = _GLUED.match(word.text)
    if not match or "@" in word.text:
        yield word
        return
    yield from _split(word, match[1], match[2])


def _split(word: Word, first: str, second: str) -> Iterator[Word]:
    """A word as two."""
    # where the parts stand is estimated from their lengths
    middle = word.box.x0 + word.box.width * len(first) / len(word.text)
    yield Word(first, word.box._replace(x1=middle), word.confidence, word.bold)
    yield Word(second, word.box._replace(x0=middle), word.confidence, word.bold)


def _rows(words: Sequence[Word], height: float, apart: bool) -> list[list[Word]]:
    """Words grouped by height: a word joins the row whose words beside it share most of its height.

    `apart` keeps words that stand over one another in rows of their own; the boxes of OCR are too rough for that.
    """
    rows: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda w: (w.box.middle, w.box.x0)):
        best, share = -1, 0.0
        box, tall = word.box, word.box.height
        for index in range(len(rows) - 1, max(-1, len(rows) - 8), -1):
            top, bottom = spans[index]
            common = overlap(top, bottom, box.top, box.bottom)
            if common <= 0:
                continue
            common /= max(min(bottom - top, tall), 0.1)
            if common > max(share, 0.5) and not (apart and _over_another(box, rows[index])):
                best, share = index, common
        if best < 0:
            rows.append([word])
            spans.append((box.top, box.bottom))
            continue
        rows[best].append(word)
        if tall <= 1.6 * height:
            # the row leans with its newest word, so that a page scanned askew keeps its rows
            near = [other.box for other in rows[best][-4:] if other.box.height <= 1.6 * height]
            spans[best] = (
                sum(box.top for box in near) / len(near),
                sum(box.bottom for box in near) / len(near),
            )
    return rows


def _over_another(box: Box, row: Sequence[Word]) -> bool:
    """Whether a word stands over or under one of a row: something between both lines beside them leads to that."""
    middle, height = box.middle, box.height
    for word in row:
        other = word.box
        if abs(middle - other.middle) > 0.35 * min(height, other.height) and min(box.x1, other.x1) - max(
            box.x0, other.x0
        ) > 0.3 * min(box.width, other.width):
            return True
    return False


def _is_upright(rule: Box, height: float) -> bool:
    """Whether a rule parts cells that stand side by side."""
    return rule.height > 2 * rule.width and rule.height >= height and rule.width < 0.5 * height


def _row(words: list[Word], page: Page, height: float, uprights: Sequence[Box]) -> Row:
    words.sort(key=lambda word: word.box.x0)
    segments: list[list[Word]] = []
    top, bottom = words[0].box.top, words[0].box.bottom
    edges = [rule for rule in uprights if rule.top < bottom and top < rule.bottom]
    for word in words:
        if segments:
            last = segments[-1][-1]
            gap = word.box.x0 - last.box.x1
            size = min(max(last.box.height, word.box.height), 1.5 * height)
            near = gap <= (OCR_GAP if page.source is Source.OCR else SEGMENT_GAP) * size
            if near and not (edges and gap > 0 and any(_parts(edge, last.box, word.box) for edge in edges)):
                segments[-1].append(word)
                continue
        segments.append([word])
    built = tuple(segment_of(group, page.number, page.source) for group in segments)
    return Row(built, boxes_of(segment.box for segment in built), page.number)


def _parted(rows: Sequence[Row], height: float) -> tuple[Row, ...]:
    """Rows whose segments are parted where the next words begin at an edge at which segments of rows nearby begin.

    OCR's boxes are too rough to part everything by the blank alone.
    """
    parted = []
    for index, row in enumerate(rows):
        near = (*rows[max(0, index - _NEAR) : index], *rows[index + 1 : index + 1 + _NEAR])
        segments = tuple(part for segment in row.segments for part in _at_edge(segment, near, height))
        parted.append(row if len(segments) == len(row.segments) else Row(segments, row.box, row.page))
    return tuple(parted)


def _at_edge(segment: Segment, near: Sequence[Row], height: float) -> tuple[Segment, ...]:
    """The two parts of a segment whose second begins at an edge, behind a blank that is wide beside the others."""
    words = segment.words
    gaps = sorted((two.box.x0 - one.box.x1, place) for place, (one, two) in enumerate(pairwise(words), start=1))
    if not gaps or gaps[-1][0] <= max(_WIDE * height, _WIDER * gaps[-2][0] if len(gaps) > 1 else 0.0):
        return (segment,)
    place = gaps[-1][1]
    edges = (other.box.x0 for row in near for other in row.segments)
    if sum(abs(words[place].box.x0 - edge) <= _EDGE * height for edge in edges) < _AT_EDGE:
        return (segment,)
    return tuple(segment_of(part, segment.page, segment.source) for part in (words[:place], words[place:]))


def _parts(rule: Box, left: Box, right: Box) -> bool:
    """Whether an upright rule stands between two words."""
    return left.x1 <= rule.centre <= right.x0 and rule.top <= right.middle <= rule.bottom


def closed_up(segment: Segment) -> list[Word]:
    """The words of letters that stand apart: between two words the blank is wider than between letters."""
    usual = min((two.box.x0 - one.box.x1 for one, two in pairwise(segment.words)), default=0.0)
    groups = [[segment.words[0]]]
    for one, two in pairwise(segment.words):
        if two.box.x0 - one.box.x1 > 1.7 * max(usual, 0.0):
            groups.append([])
        groups[-1].append(two)
    return [
        replace(group[0], text="".join(word.text for word in group), box=group[0].box.union(group[-1].box))
        for group in groups
    ]
