"""The identifier that a text begins with: letters and digits that are no amount, day, time or address."""

from __future__ import annotations

import re

from ingest.dates import dates_in
from ingest.labels import label_key, number_words
from ingest.layout import Segment

EDGES = " :;,.#()[]|'\"“”„*"
"""What stands around an identifier and is none of it."""
_GROUPS = 7
"""Groups of digits in one number, at most."""
_PREFIX = re.compile(r"^[A-Z]{1,6}[.\-/]?$")
PIECE = re.compile(r"^[A-Z0-9][A-Z0-9./\-_]*$", re.IGNORECASE)
"""A part of an identifier."""
_MONEY = re.compile(r"[€$£%]|^(?:(?!\d)[A-Z]{3}(?=[ \d]))?[\d., '-]*\d[.,]\d\d$")
"""An amount with its sign or code; `FA.00242.26` is none."""
_JOINED = re.compile(r"[\w/]")
"""A sign in front of a date that makes both parts of a number."""
_ITS_DAY = re.compile(r"(?<=\w)/\d{1,2}\.\d{1,2}\.\d{4}$")
"""The day of what a number names, where the blanks around the slash are lost: "PO-118842/19.10.2026"."""
_TIME = re.compile(r"^\d{1,2}:\d\d")
_NUMBER_SIGN = re.compile(r"(?i)^(?:n[°º]|n[ro]\.|#)\s*(?=\d)")
_TAX_NAMES = frozenset({"VAT", "TVA", "IVA", "BTW", "GST", "MWST", "UST"})
_NOT_ONE = re.compile(r"(?i)^(?:page|seite|of|von|date|datum|vom|tel|fax|www|http)")


def identifier(segment: Segment, free: bool) -> tuple[str, Segment] | None:
    """The identifier that a segment begins with, and the words that it is made of."""
    words = segment.words
    if free:
        text = segment.text.strip(EDGES)
        return (text, segment) if 2 <= len(text) <= 60 else None
    stop = date_start(segment)
    texts = [word.text.strip(EDGES) for word in words]
    start = next((index for index, text in enumerate(texts) if text), None)
    if start is None or start > 1 or _NOT_ONE.match(texts[start]):
        return None
    end = start + 1
    if not has_digit(texts[start]):
        # "FV 12/2026", "Nr. 4711": letters in capitals before the digits belong to the number
        if end >= stop:
            return None
        named = texts[start].upper() in _TAX_NAMES or label_key(texts[start]) in number_words()
        if end < len(texts) and has_digit(texts[end]) and named:
            # "FAKTURA VAT 12/2026", "FATTURA N. 22"
            start, end = end, end + 1
        elif end < len(texts) and has_digit(texts[end]) and _PREFIX.match(words[start].text.strip(":")):
            end += 1
        elif end < len(texts) and has_digit(texts[end]) and len(texts[start]) <= 3:
            start, end = end, end + 1
        else:
            return None
    while end < min(len(texts), stop) and end - start < 4 and _continues(texts[end - 1], texts[end], words[end].text):
        end += 1
    if start >= stop:
        return None
    if all(text.isdigit() for text in texts[start:end]):
        # references for payment are printed in groups of five
        while end < min(len(texts), stop) and texts[end].isdigit() and end - start < _GROUPS:
            end += 1
    while end - start > 1 and texts[end - 1] == "/":
        # "90041827 / 05.11.2026": the slash stands between number and date
        end -= 1
    value = _ITS_DAY.sub("", _NUMBER_SIGN.sub("", " ".join(text for text in texts[start:end] if text)))
    if not _plausible(value):
        return None
    return value, segment.part(start, end)


def _continues(before: str, text: str, printed: str) -> bool:
    """Whether a word goes on with the number before it: groups of digits, or parts joined by a slash or hyphen."""
    if printed in {"/", "-", "–"}:
        return True
    if not has_digit(text) or not PIECE.match(text):
        return False
    grouped = before.isdigit() and len(text) > 4 and text[0].isdigit() and "-" in text
    return before.endswith(("/", "-")) or before == "" or (text.isdigit() and before.isdigit()) or grouped


def date_start(segment: Segment) -> int:
    """Index of the word where a date begins in the segment; behind the last word where there is none."""
    position = 0
    text = segment.text
    # "FS 1188/MAG/11/2026": the month of a number is no date
    starts = [one.start for one in dates_in(text) if one.start == 0 or not _JOINED.match(text[one.start - 1])]
    for index, word in enumerate(segment.words):
        if any(position <= start < position + len(word.text) for start in starts):
            return index
        position += len(word.text) + 1
    return len(segment.words)


def _plausible(value: str) -> bool:
    digits = sum(sign.isdigit() for sign in value)
    return (
        bool(digits)
        and 1 <= len(value) <= 40
        and not _MONEY.search(value)
        and not _TIME.match(value)
        and "@" not in value
        and (digits > 1 or len(value) > 2 or value.isdigit())
    )


def has_digit(text: str) -> bool:
    """Whether a text holds a digit."""
    return any(sign.isdigit() for sign in text)
