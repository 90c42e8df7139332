"""Amounts of money: where numbers stand in print, and what each may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.document import Source, Word
from ingest.layout import Row, Segment, Sheet
from ingest.numbers import number_readings

_CLEAR = re.compile(r"\d([.,])\d\d(?!\d)")
CODE = re.compile(
    r"(?i)^(?:[a-z]{0,2}[$€£¥₹]|eur|usd|gbp|chf|rm|myr|aud|cad|sek|dkk|nok|pln|czk|inr|rs\.?|zł|kč|ft|lei|huf|ron|kr\.?|sgd|brl|hkd|fr\.?)$"
)
_DIGIT = re.compile(r"\d")
_CURRENCY = re.compile(r"[$€£¥₹]|(?i:rm|eur)")
_LEADING = re.compile(r"^\D{0,3}\d{1,3}$")
_GROUP = re.compile(r"^\d{3}(?:[.,]\d{1,4})?\D{0,3}$")
_OPEN = re.compile(r"\d[.,]$")
_CENTS = re.compile(r"^\d\d\D{0,2}$")
_SPLIT = re.compile(r"([.,]) (?=\d\d(?!\d))")
_TIMES = re.compile(r"^(\d{1,5}(?:[.,]\d{1,3})?)[xX×]$")
"""A count of what follows: "3x"."""
_SIGN = re.compile(r"^\(?[-\u2212\u2013]\)?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number and all that it may be."""

    segment: Segment
    readings: tuple[Decimal, ...]
    percent: bool
    money: bool
    """Whether decimals or a currency say that it is money."""
    others: tuple[Decimal, ...] = ()
    """What a second OCR engine read in its place, or what it is if its decimal sign was lost."""


def decimal_sign(sheets: Sequence[Sheet]) -> str:
    """Which of point and comma parts the decimals in this document; empty when nothing tells."""
    votes = {".": 0, ",": 0}
    for sheet in sheets:
        for row in sheet.rows:
            for sign in _CLEAR.findall(row.text):
                votes[sign] += 1
    if votes["."] == votes[","]:
        return ""
    return "." if votes["."] > votes[","] else ","


def amounts_in(segment: Segment, point: str = "") -> list[Amount]:
    """The numbers in a segment, from left to right; groups of thousands parted by blanks are put together."""
    found: list[Amount] = []
    words = segment.words
    index = 0
    while index < len(words):
        if not _DIGIT.search(words[index].text):
            # most words are none, and this is asked of every one of them
            index += 1
            continue
        last = _grouped_until(segment, index)
        text = _SPLIT.sub(r"\1", " ".join(word.text for word in words[index:last]))
        text = _TIMES.sub(r"\1", text)
        after = words[last].text if last < len(words) else ""
        percent = text.rstrip(":)").endswith("%") or after.startswith("%")
        # a rate in brackets is not taken off
        readings = number_readings(text.strip("():") if percent else text)
        if not readings:
            index += 1
            continue
        start = index
        if index and _SIGN.match(words[index - 1].text) and close(segment, index - 1):
            start, readings = index - 1, tuple(-value for value in readings)
        before = words[start - 1].text if start else ""
        marked = bool(CODE.match(after) or CODE.match(before) or _CURRENCY.search(text))
        found.append(
            Amount(
                segment=segment.part(start, last),
                readings=_ordered(readings, text, point),
                percent=percent,
                money=not percent and (marked or bool(_CLEAR.search(text))),
                others=(*_other_readings(words[index:last], readings), *_without_point(segment, text)),
            )
        )
        index = last
    return found


def _other_readings(words: Sequence[Word], readings: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """The number as the second engine read it, where that is another one."""
    if all(word.other is None for word in words):
        return ()
    text = _SPLIT.sub(r"\1", " ".join(word.other or word.text for word in words))
    return tuple(value for value in number_readings(text) if value not in readings)


def _without_point(segment: Segment, text: str) -> tuple[Decimal, ...]:
    """The amount of a number whose decimal sign OCR lost: "975" for 9.75; the other totals have to confirm it."""
    if segment.source is not Source.OCR or not re.fullmatch(r"\d{3,7}", text):
        return ()
    return (Decimal(text).scaleb(-2),)


def _grouped_until(segment: Segment, first: int) -> int:
    words = segment.words
    last = first + 1
    if last < len(words) and _OPEN.search(words[first].text) and _CENTS.match(words[last].text):
        # OCR parts "2. 83" where the print is wide
        return last + 1 if words[last].box.x0 - words[first].box.x1 < words[first].box.height else last
    if not _LEADING.match(words[first].text):
        return last
    while last < len(words) and _GROUP.match(words[last].text) and close(segment, last - 1):
        last += 1
        if not words[last - 1].text.isdigit():
            # "1 315,000 100 kg": nothing follows decimals
            break
    return last


def close(segment: Segment, index: int) -> bool:
    """Whether a word follows as close as digits of one number do."""
    one, two = segment.words[index], segment.words[index + 1]
    gap = two.box.x0 - one.box.x1
    # a typewriter's blank is as wide as its digits
    digit = two.box.width / max(len(two.text), 1)
    if segment.source is Source.OCR:
        # its boxes end where the ink does, a text layer's where the letter's width does
        height = max(one.box.height, two.box.height)
        return gap < max(0.65 * height, min(1.35 * digit, height))
    return gap < max(0.45 * one.box.height, min(1.1 * digit, 0.75 * one.box.height))


def _ordered(readings: tuple[Decimal, ...], text: str, point: str) -> tuple[Decimal, ...]:
    """Readings of an ambiguous number, first the one that follows the document's decimal sign."""
    if len(readings) < 2 or not point:
        return readings
    return readings if point not in text else (readings[1], readings[0])


def closes(row: Row, amount: Amount) -> bool:
    """Whether an amount is the last thing in a row, its currency's sign or code apart."""
    behind = [word for word in row.words if word.box.x0 > amount.segment.words[-1].box.x0]
    return all(CODE.match(word.text) for word in behind)


def amounts_of_row(row: Row, point: str) -> list[Amount]:
    """All numbers of a row."""
    return [amount for segment in row.segments for amount in amounts_in(segment, point)]
