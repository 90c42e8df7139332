"""The head of a till slip: shop, register numbers and address stand one under another, centred and without labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.dates import dates_in
from ingest.document import Box, Source, Word
from ingest.fields.blocks import ends_block
from ingest.fields.candidates import Candidate, candidate
from ingest.fields.names import has_place, is_street, legal_form, stands_between
from ingest.labels import label_key, type_labels
from ingest.layout import Segment, Sheet, segment_of

SLIP = 1.5
"""Height to width from which a page may be a till slip; A4 has 1.41."""
NARROW = 0.5
"""Share of a page's width that the print of a slip covers at most that lay alone on a scanner's glass."""
FEW_SIGNS = 40
"""Width of a slip's print, at most, in heights of its print: rolls hold some 40 signs in a line, letters 80."""
_HEAD = 0.45
"""Share of a slip's height in which its head ends at the latest."""
_ROWS = 12
"""Rows under the name that may be its head's."""
_PARTS = 5
"""Lines of an address, at most."""
_WIDE = 1.8
"""Blank above a line, in heights of the print, at which an address ends."""
_SHORT = 3
"""Letters that begin many a name."""
_NUMBER = re.compile(r"\d{7,}|\d{5,}-? ?[A-Z]\b|\b0\d{2,4} ?[/ -] ?\d{3} ?\d{2,5}\b|\b\d{3}-\d{3}-\d{4}\b")
"""A register's or telephone number; postal codes are shorter."""
_OWN = re.compile(r"(?i)^(?:(?:hq|head office|addr?|outlet|branch|cawangan) ?[:.]|(?:address|alamat) ?[:.]?) *(?=\S)")
"""What stands before an address and is none of it."""
_AMOUNT = re.compile(r"\d[.,]\d\d\b(?![/\d])")
_SPECK = re.compile(r"[\W_]+|[^\W\d_]")


def is_slip_page(sheet: Sheet) -> bool:
    """Whether a page has the form of a till slip."""
    if sheet.page.number > 1 or not sheet.rows:
        return False
    if sheet.page.height > SLIP * sheet.page.width or sheet.page.source is not Source.OCR:
        return sheet.page.height > SLIP * sheet.page.width
    boxes = [word.box for row in sheet.rows for word in row.words if any(map(str.isalnum, word.text))]
    left, right = sorted(box.x0 for box in boxes), sorted(box.x1 for box in boxes)
    few = len(boxes) // 50
    wide = right[-1 - few] - left[few] if boxes else sheet.page.width
    return wide < max(NARROW * sheet.page.width, FEW_SIGNS * sheet.height)


def slip_address(sheet: Sheet, name: Box, key: str) -> Candidate | None:
    """The address in a till slip's head: what stands between the shop's name and the first label, without numbers.

    The name may stand under it, with its register's number: then its brand heads the slip.
    """
    if not is_slip_page(sheet):
        return None
    starts = [i for i, row in enumerate(sheet.rows) if name.top <= row.box.middle <= name.bottom][-1:]
    starts += [i for i, row in enumerate(sheet.rows[: starts[0]]) if _heads(label_key(row.text), key)] if starts else []
    found = [one for one in (_address_under(sheet, start) for start in starts) if one is not None]
    return max(found, key=lambda one: one.score, default=None)


def _heads(brand: str, key: str) -> bool:
    return len(brand) > _SHORT and key.startswith(brand)


def _address_under(sheet: Sheet, start: int) -> Candidate | None:
    """The address under a row."""
    lines = list(_address(sheet, start))
    text = _OWN.sub("", ", ".join(part for line in lines if (part := line.text.strip(" ,;:·•|"))))
    if sum(sign.isdigit() for sign in text) == 0 or len(text) < 12:
        return None
    titled = any(
        label_key(row.text) in type_labels()
        for row in sheet.rows[start + 1 : start + 1 + _ROWS]
        if row.box.bottom < lines[0].box.middle
    )
    if titled and not has_place(text):
        # what stands under a title is the sale, if it is no address
        return None
    score = 0.82 if has_place(text) else 0.6
    whole = segment_of([word for line in lines for word in line.words], lines[0].page, lines[0].source)
    return candidate("seller_address", text, score, whole, "\n".join(line.text for line in lines))


def _address(sheet: Sheet, start: int) -> Iterator[Segment]:
    taken: list[Segment] = []
    for line in _lines(sheet, start):
        if not taken and label_key(line.text) in type_labels():
            continue
        if _is_below_head(line.text) or (taken and (_is_over(line, taken, sheet.height) or len(taken) == _PARTS)):
            return
        # "No: 28" is a house, no label
        label = ends_block(line) and not is_street(_OWN.sub("", line.text))
        if label or _NUMBER.search(line.text) or line.text.startswith("("):
            if taken:
                return
            continue
        if not taken and not _begins(line.text):
            continue
        taken.append(line)
        yield line


def _lines(sheet: Sheet, start: int) -> Iterator[Segment]:
    """The rows under a name, each as one line without specks, as far as a slip's head may reach."""
    for row in sheet.rows[start + 1 : start + 1 + _ROWS]:
        words = _without_specks(row.words)
        if row.box.top > _HEAD * sheet.page.height:
            return
        if words:
            yield segment_of(words, row.page, row.segments[0].source)


def _without_specks(words: Sequence[Word]) -> list[Word]:
    """The words of a row without what is no print; between others a lone letter or "&" is: "12 & 14, M AVENUE"."""
    told = [index for index, word in enumerate(words) if not _SPECK.fullmatch(word.text)]
    inner = range(told[0], told[-1]) if told else ()
    return [
        word
        for index, word in enumerate(words)
        if index in told or (index in inner and (word.text == "&" or word.text.isalpha()))
    ]


def _is_below_head(text: str) -> bool:
    """Whether a line stands where the sale is told: its title, its day, what was sold."""
    return label_key(text) in type_labels() or bool(dates_in(text) or _AMOUNT.search(text))


def _begins(text: str) -> bool:
    """Whether an address may begin with a line: with a street or house, not with a further name."""
    if legal_form(text) or stands_between(text):
        return False
    return is_street(text) or has_place(text) or bool(re.search(r"\d", text) and re.search(r"[^\W\d_]{3}", text))


def _is_over(line: Segment, taken: list[Segment], height: float) -> bool:
    """Whether an address has ended before a line: a blank stands between, or its place was named."""
    last = taken[-1]
    if line.box.top - last.box.bottom > _WIDE * max(height, last.box.height):
        return True
    # a house's number and a street may look like a code and its place
    if not any(has_place(one.text) for one in taken) or (has_place(line.text) and is_street(last.text)):
        return False
    # a state or country may follow its place
    goes_on = last.text.rstrip().endswith(",") or (has_place(last.text) and len(line.words) <= 4)
    letters = sum(len(word.text) for word in line.words if word.text.strip(".,").isalpha())
    return not (goes_on and letters > 0.8 * sum(len(word.text) for word in line.words))
