"""The document's own number where no word for it names it: in its title, beside or under it, or by its form alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ingest.dates import dates_in
from ingest.fields.candidates import Candidate, candidate
from ingest.fields.identifiers import date_start, identifier
from ingest.fields.kinds import OUR
from ingest.labels import label_key, number_words, type_labels
from ingest.layout import Segment, Sheet

_BILLS = frozenset({"invoice", "credit_note", "receipt"})
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_TITLES = 0.7
"""Part of a page within which headings with numbers stand."""
_HEAD = 0.4
"""Part of the first page within which a number without any label may be the document's own."""
_SERIES = re.compile(r"^[A-Z]{2,3}$")
_SERIAL = re.compile(r"^[A-Z]{1,6}[-/]?(?:\d{2,4}[-/])?\d{3,8}$")
"""Letters, perhaps a year, a running number."""
_HASHED = re.compile(r"^# ?(?=.*\d{3})[A-Z0-9][A-Z0-9/-]{2,}$")
"""A number behind the sign for one: "#2026986"."""


def titled(sheet: Sheet) -> Iterator[Candidate]:
    """The number in a heading without a word for it: "FATURA RE-2023-557", "Unsere Rechnung A-75706 vom 3. Mai"."""
    for row in sheet.rows:
        if row.box.top > _TITLES * sheet.page.height:
            return
        for segment in row.segments:
            keys = [label_key(word.text) for word in segment.words]
            first = 1 if keys[0] in OUR else 0
            last = next((end for end in range(min(len(keys), first + 4), first, -1) if _is_bill(keys[first:end])), 0)
            if last > first + 1 and _SERIES.match(segment.words[last - 1].text):
                # "Fatura FT 2026/118": the letters of the series are the number's
                last -= 1
            value = identifier(segment.part(last), False) if 0 < last < len(keys) else None
            if value is None or len(value[0]) < 4 or _YEAR.match(value[0]):
                continue
            # a heading holds nothing but its number and the date; a sentence goes on
            alone = last + len(value[1].words) == len(keys) or date_start(segment) < len(keys)
            large = segment.box.height > 1.15 * sheet.height or segment.bold or segment.text.isupper()
            score = (0.8 if large or first else 0.72) if alone else 0.5
            yield candidate("invoice_number", value[0], score, value[1])


def beside_title(sheet: Sheet) -> Iterator[Candidate]:
    """The number alone in the row of the title, apart from it: "Faktura | č. 2026006130"."""
    for row in sheet.rows:
        if row.box.top > _HEAD * sheet.page.height:
            return
        title, *others = row.segments
        if len(others) == 1 and _is_bill([label_key(word.text) for word in title.words]):
            words = others[0].words
            numbered = len(words) > 1 and label_key(words[0].text) in number_words()
            value = identifier(others[0].part(1), False) if numbered else None
            if value is not None and len(value[1].words) == len(words) - 1:
                yield candidate("invoice_number", value[0], 0.85, value[1])


def under_title(sheet: Sheet) -> Iterator[Candidate]:
    """The number alone in the line under the title: "SALES INVOICE" over "SINV-26-00188"."""
    for row, following in zip(sheet.rows, sheet.rows[1:], strict=False):
        if row.box.top > _HEAD * sheet.page.height:
            return
        for title in row.segments:
            if not _is_bill([label_key(word.text) for word in title.words]):
                continue
            for below in following.segments:
                one, other = title.box, below.box
                edges = (one.x0 - other.x0, one.x1 - other.x1, one.centre - other.centre)
                near = min(map(abs, edges)) < sheet.height and other.top - one.bottom < 1.5 * sheet.height
                value = identifier(below, False) if near and len(below.words) <= 2 else None
                if value is not None and len(value[0]) >= len("1001") and not dates_in(below.text):
                    yield candidate("invoice_number", value[0], 0.75, value[1])


def bare_number(sheet: Sheet, known: Collection[str]) -> Iterator[Candidate]:
    """A number by its form alone, where the head of the first page holds one and nothing names any: "INV-2026-0042".

    Numbers that are `known` by other labels are none of the document's own.
    """
    cells = [
        (row, segment if len(segment.words) == 1 else segment.part(1))
        for row in sheet.rows
        if row.box.top < _HEAD * sheet.page.height
        for segment in row.segments
        if _HASHED.match(segment.text) or (_SERIAL.match(segment.words[-1].text) and _is_alone(segment))
        if segment.text.strip("# ") not in known
    ]
    if len({segment.text for _, segment in cells}) == 1:
        row, segment = cells[0]
        dated = any(dates_in(other.text) for other in row.segments if other is not segment)
        yield candidate("invoice_number", segment.text.strip("# "), 0.75 if dated else 0.6, segment)


def _is_alone(segment: Segment) -> bool:
    """Whether a segment is one word, or one behind a sign for a number: "# INV-001188"."""
    return len(segment.words) == 1 or (len(segment.words) == 2 and label_key(segment.words[0].text) in number_words())


def _is_bill(keys: Sequence[str]) -> bool:
    return any(meaning.name in _BILLS for meaning in type_labels().get("".join(keys), ()))
