"""What a single page says about itself: which document it belongs to, and whether it is the first of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.document import Document, Page, Source
from ingest.extraction import DocumentType
from ingest.fields.amounts import total_candidates
from ingest.fields.candidates import Candidate
from ingest.fields.kinds import document_type
from ingest.fields.money import decimal_sign
from ingest.fields.references import reference_candidates
from ingest.fields.spots import Spot, spots_of
from ingest.labels import label_key, page_words
from ingest.language import language_of
from ingest.layout import Segment, Sheet, sheet_of

CLEAR_NUMBER = 0.7
"""Score of an invoice number that stands under a label of its own."""
CLEAR_TOTAL = 0.45
"""Score of a total from which a document may end with it."""
CLEAR_WORDS = 0.6
"""Confidence of the OCR below which a page's number tells nothing."""
HEADING = 0.72
"""Confidence of a kind of document from which its heading is meant as one."""
HEAD = 0.4
"""Share of a page, from its top, in which headings stand."""
PROSE = 300
"""Words of a page that is nothing but small print."""
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_MARKS = {
    "account": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "tax": re.compile(r"\b[A-Z]{2} ?(?:\d{3} ?\d{3} ?\d{3}|U\d{8}|\d{8,12})(?:B\d\d)?\b"),
    "site": re.compile(r"(?i)(?<=@)[a-z0-9-]+(?:\.[a-z0-9-]+)+|(?<=www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
}
"""What tells senders apart: accounts, tax numbers, domains."""
_PAIR = re.compile(r"^(\d{1,3})\s*/\s*(\d{1,3})$")
_LOOKS = str.maketrans({"o": "0", "i": "1", "l": "1", "s": "5", "b": "8", "z": "2"})


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What tells a page's document from its neighbours'."""

    number: int
    """Of the page, in the file."""
    scanned: bool
    numbers: frozenset[str]
    """Keys of invoice numbers under clear labels."""
    printed: tuple[str, ...]
    """The same as printed."""
    quoted: frozenset[str]
    """Keys of all references, of any kind."""
    kind: DocumentType | None
    """What the page's heading says; None where it has none."""
    labelled: bool
    """Whether number and date stand in the page's upper part, as on a first page without a heading."""
    counter: tuple[int, int | None] | None
    """Which page of how many it says that it is."""
    totals: frozenset[Decimal]
    marks: frozenset[tuple[str, str]]
    """Accounts, tax numbers and domains, each behind the name of its sort."""
    attachment: bool
    """Whether its heading says that it is enclosed: a timesheet, an annex."""
    conditions: bool
    """Whether it holds nothing but small print."""
    tokens: Counter[str]


def signs_of(document: Document) -> tuple[PageSigns, ...]:
    """The signs of every page, each read as if it were alone."""
    language = language_of(word.text for page in document.pages for word in page.words)
    return tuple(_signs(page, language) for page in document.pages)


def _signs(page: Page, language: str | None) -> PageSigns:
    # a heading counts less on later pages: here each page is looked at as a first one
    sheet = sheet_of(replace(page, number=1))
    spots = spots_of((sheet,), language)
    found = reference_candidates(spots)
    own = [one for one in found["invoice_number"] if one.score >= CLEAR_NUMBER and _is_clear(one)]
    totals = _totals(sheet, spots)
    heading = document_type((sheet,), ())
    is_heading = heading.raw is not None and (heading.confidence or 0.0) >= HEADING
    folded = page.source is Source.OCR
    return PageSigns(
        number=page.number,
        scanned=folded,
        numbers=frozenset(key_of(one.value, folded) for one in own),
        printed=tuple(dict.fromkeys(one.value for one in own)),
        quoted=frozenset(key_of(one.value, folded) for known in found.values() for one in known),
        kind=DocumentType(heading.value) if is_heading else None,
        labelled=any(one.box.middle < 0.5 * page.height for one in own) and _is_dated(spots, page),
        counter=_counter(sheet),
        totals=totals,
        marks=_marks(sheet, folded),
        attachment=any(True for _ in _headings(sheet, page_words().attachment)),
        conditions=not totals and not own and _is_small_print(sheet, is_heading),
        tokens=Counter(word.text for word in page.words),
    )


def key_of(number: str, folded: bool) -> str:
    """What makes a number: letters and digits; look-alikes are one where OCR read it."""
    key = re.sub(r"[^0-9a-z]", "", number.lower())
    return key.translate(_LOOKS) if folded else key


def _is_clear(one: Candidate) -> bool:
    return one.source is not Source.OCR or one.ocr >= CLEAR_WORDS


def _totals(sheet: Sheet, spots: Sequence[Spot]) -> frozenset[Decimal]:
    found = total_candidates((sheet,), spots, frozenset(), decimal_sign((sheet,)))
    return frozenset(
        abs(total.value)
        for total in found
        if total.name in {"gross_total", "amount_due"} and total.score >= CLEAR_TOTAL and total.amount.money
    )


def _marks(sheet: Sheet, folded: bool) -> frozenset[tuple[str, str]]:
    texts = [segment.text for segment in sheet.segments]
    return frozenset(
        (sort, key_of(match.group(), folded))
        for text in texts
        for sort, form in _MARKS.items()
        for match in form.finditer(text)
    )


def _is_dated(spots: Sequence[Spot], page: Page) -> bool:
    return any(
        spot.meanings.get("issue_date", 0.0) >= 0.5 and spot.label.box.middle < 0.5 * page.height for spot in spots
    )


def _counter(sheet: Sheet) -> tuple[int, int | None] | None:
    """`Page 2 of 3`, `Seite 2`, or a bare `2/3` at the page's edge."""
    words, bare = page_words(), None
    for row in sheet.rows:
        texts = [word.text.strip(":.,;()[]|-–") for word in row.words]
        texts = [text for text in texts if text]
        for index, text in enumerate(texts[:-1]):
            if label_key(text) in words.page:
                found = _numbered(texts[index + 1 : index + 5], words.of)
                if found is not None:
                    return found
        if row.box.middle < 0.08 * sheet.page.height or row.box.middle > 0.92 * sheet.page.height:
            pairs = [_PAIR.match(segment.text) for segment in row.segments]
            bare = bare or next((_pair(match) for match in pairs if match), None)
    return bare


def _numbered(texts: Sequence[str], of: frozenset[str]) -> tuple[int, int | None] | None:
    if texts and label_key(texts[0]) in {"no", "nr"}:
        texts = texts[1:]
    if not texts:
        return None
    match = _PAIR.match(texts[0])
    if match:
        return _pair(match)
    if not texts[0].isdecimal() or not 0 < int(texts[0]) < 1000:
        return None
    counted = len(texts) > 2 and (label_key(texts[1]) in of or texts[1] == "/") and texts[2].isdecimal()
    return int(texts[0]), int(texts[2]) if counted else None


def _pair(match: re.Match[str]) -> tuple[int, int | None] | None:
    page, count = int(match[1]), int(match[2])
    return (page, count) if 0 < page <= count else None


def _headings(sheet: Sheet, known: frozenset[str]) -> Iterator[Segment]:
    """Headings in the page's upper part that begin with one of the known words."""
    for row in sheet.rows:
        for segment in row.segments:
            if segment.box.top > HEAD * sheet.page.height or len(segment.words) > 10:
                continue
            large = segment.box.height >= 1.15 * sheet.height or segment.bold or segment.text.isupper()
            keys = [label_key(word.text) for word in segment.words]
            if large and any("".join(keys[:last]) in known for last in range(1, min(len(keys), 6) + 1)):
                yield segment


def _is_small_print(sheet: Sheet, has_heading: bool) -> bool:
    """Whether a page without totals and number is prose: conditions of sale, notes on privacy."""
    texts = [word.text for row in sheet.rows for word in row.words]
    if len([text for text in texts if _MONEY.search(text)]) > 3:
        return False
    numeric = sum(any(sign.isdigit() for sign in text) for text in texts)
    if any(True for _ in _headings(sheet, page_words().conditions)):
        return len(texts) >= 60 and numeric <= 0.2 * len(texts)
    return not has_heading and len(texts) >= PROSE and numeric <= 0.08 * len(texts)
