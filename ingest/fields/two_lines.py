"""Names of sellers that are printed over two lines."""

from __future__ import annotations

import re

from ingest.document import Source
from ingest.fields.names import has_place, is_company, is_name, is_only_form, is_street, names_kin, without_registration
from ingest.ink import are_alike, are_bold_over, print_size
from ingest.labels import label_key, second_words, trade_words
from ingest.layout import Segment, Sheet

_COUNTRY = re.compile(r"\([A-Z]{1,3}\)")
"""A country behind a name: "(M)"."""
_SOLE = re.compile(r"di [A-Z]")
"""How an Italian business of one person goes on: "Trattoria da Bruno" over "di Bruno Salvi"."""
_APART = 1.5
"""Blank between a name and its form, at most, in heights of the name."""
_LARGE = 1.2
"""How much larger it is than the address under it."""


def ends_name(text: str) -> bool:
    """Whether a line with a legal form holds nothing else that names anybody: "Betriebs GmbH", "(M) Sdn Bhd"."""
    words = text.split()
    for count in range(1, len(words)):
        general = all(label_key(word) in second_words() or _COUNTRY.fullmatch(word) for word in words[:count])
        if general and is_only_form(" ".join(words[count:])):
            return True
    return False


def second_line(sheet: Sheet, index: int, segment: Segment, slip: bool) -> Segment | None:
    """The rest of a name printed large over two lines: it holds the legal form, the first line none."""
    goes_on = segment.text.rstrip().endswith(("&", " and", " und", " et"))
    if is_company(segment.text) or sheet.page.number > 1:
        return None
    below_forms = any(_only_ends(below, slip) for row in sheet.rows[index + 1 : index + 2] for below in row.segments)
    if len(segment.words) > (10 if below_forms else 6 if goes_on else 3):
        return None
    if without_registration(segment.text) != segment.text:
        # a register's number stands above the name: "K.v.K. Eindhoven 24080182"
        return None
    # the other column's lines may stand between
    for place in range(index + 1, min(index + (2 if slip else 4), len(sheet.rows))):
        for below in sheet.rows[place].segments:
            if names_kin(below.text):
                continue
            beside = abs(below.box.x0 - segment.box.x0) < 0.5 * sheet.height
            beside = beside or abs(below.box.centre - segment.box.centre) < 0.5 * sheet.height
            beside = beside or abs(below.box.x1 - segment.box.x1) < 0.5 * sheet.height
            close = below.box.top - segment.box.bottom < 0.9 * segment.box.height
            # OCR's boxes fit the ink: lines of capitals stand further apart
            if beside and below.box.top - segment.box.bottom < _APART * segment.box.height and _only_ends(below, slip):
                return below
            # OCR's boxes fit the ink: a capital and a "g" make a line higher than the usual
            larger = 1.5 if segment.source is Source.OCR else 1.15
            large = min(segment.box.height, below.box.height) >= larger * sheet.height
            repeats = label_key(segment.text) in label_key(below.text)
            if beside and close and (goes_on or _SOLE.match(below.text)) and is_name(below.text):
                return below
            # a brand in large letters over the name that holds it: "SCHRAUBEN KERN" over "Schrauben Kern GmbH"
            set_off = not repeats and (large or _is_set_off(sheet, place, segment, below))
            if beside and close and set_off and not slip and is_company(below.text) and is_name(below.text):
                return below
            if beside and close and not repeats and not slip and _is_large_pair(sheet, place, segment, below):
                return below
    return None


def is_second_line(sheet: Sheet, index: int, segment: Segment, slip: bool) -> bool:
    """Whether a line of a till slip is the rest of the name above it."""
    if not slip or not index or not _only_ends(segment, slip):
        return False
    above = (one for one in sheet.rows[index - 1].segments if is_name(one.text))
    return any(second_line(sheet, index - 1, one, slip) is segment for one in above)


def _only_ends(line: Segment, slip: bool) -> bool:
    """Whether a line can be the rest of a name and none itself; the shops of slips say in it what they are."""
    return is_only_form(line.text) or ends_name(line.text) or (slip and (line.text[:2] == "& " or is_trade(line.text)))


def is_trade(text: str) -> bool:
    """Whether a line says what kind of business one is and no more: "SERVICE CENTRE", "Restaurant & Bar"."""
    return all(label_key(word) in trade_words() for word in text.split() if label_key(word))


def _is_set_off(sheet: Sheet, index: int, above: Segment, line: Segment) -> bool:
    """Whether two lines are bold alike, and the next one under them in their column is not."""
    following = [s for row in sheet.rows[index + 1 : index + 3] for s in row.segments]
    under = next((s for s in following if abs(s.box.x0 - line.box.x0) < 0.5 * sheet.height), None)
    return under is not None and are_bold_over(above, line, under)


def _is_large_pair(sheet: Sheet, index: int, above: Segment, line: Segment) -> bool:
    """Whether two lines are printed equally large, over an address in usual print: one name, broken by its place."""
    following = [s for row in sheet.rows[index + 1 : index + 4] for s in row.segments]
    column = [s for s in following if abs(s.box.x0 - line.box.x0) < 0.5 * sheet.height]
    if not column or not is_name(line.text) or not any(is_street(s.text) or has_place(s.text) for s in column[:2]):
        return False
    return are_alike(above, line) and min(map(print_size, (above, line))) >= _LARGE * print_size(column[0])
