"""What stands in a cell: a number with the unit glued to it, a price with its base, a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.document import Word
from ingest.fields.money import Amount, amounts_in
from ingest.layout import Segment, Sheet, segment_of
from ingest.units import unit_code

_GLUED = re.compile(r"^([€$£¥₹₺₪₴₽฿₫₱₩₦]?[-\u2212]?\d[\d.,'’]*)([^\d.,'’%\s½¼¾].*|[.,]?/.*)$")
"""A number and what follows it without a blank: `20Stk`, `12.50/100`, `3x`."""
_LED = re.compile(r"^([x×@àá*])([-\u2212]?\d[\d.,'’]*)$", re.IGNORECASE)
_BASE = re.compile(
    r"(?:/|\b(?:per|je|pro|par|por|za|pr|pour|ogni|cada|prix)\b\.?|[%‰])\s*(1[  .,']?000|100|10|1)?\s*([^\W\d_]+\.?)?",
    re.IGNORECASE,
)
_HEAD_BASE = re.compile(
    r"(?:/|\b(?:per|je|pro|par|por|za|pr|pour|ogni|cada|prix)\b\.?)\s*(1[  .,']?000|100|10)\b", re.IGNORECASE
)
_HUNDREDS = {"%": Decimal(100), "‰": Decimal(1000), "c": Decimal(100), "m": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Base:
    """For how many units a price is, and which."""

    count: Decimal
    unit: str | None
    words: tuple[Word, ...]


def unglued(words: Sequence[Word]) -> list[Word]:
    """The words with numbers parted from what is glued to them; where the parts stand is estimated."""
    found: list[Word] = []
    for word in words:
        if word.text[:1] == "[" and word.text.endswith("]"):
            word = replace(word, text=f"({word.text[1:-1]})")
        match = _GLUED.match(word.text) or _LED.match(word.text)
        if match is None or _is_number(word.text):
            found.append(word)
            continue
        edge = word.box.x0 + word.box.width * len(match[1]) / len(word.text)
        found.append(replace(word, text=match[1], box=word.box._replace(x1=edge)))
        found.append(replace(word, text=match[2], box=word.box._replace(x0=edge)))
    return found


def _is_number(text: str) -> bool:
    """Currencies and signs may be glued to an amount: it is read with them."""
    return bool(re.match(r"^[-\u2212]?\d[\d.,'’]*(?:[€$£¥₹₺₪₴₽฿₫₱₩₦%]|,-+|-|kr|zł|Kč|EUR|USD|GBP|CHF)$", text))


def number_in(words: Sequence[Word] | None, sheet: Sheet, point: str) -> Amount | None:
    """The first number among the words of a cell."""
    if not words:
        return None
    found = amounts_in(segment_of(unglued(words), sheet.page.number, sheet.page.source), point)
    return found[0] if found else None


def numbers_in(words: Sequence[Word] | None, sheet: Sheet, point: str) -> list[Amount]:
    """All numbers among the words of a cell."""
    if not words:
        return []
    return amounts_in(segment_of(unglued(words), sheet.page.number, sheet.page.source), point)


def base_in(words: Sequence[Word] | None) -> Base | None:
    """The base that is printed behind a price: "12,50 / 100 Stk", "4.10 per 1000"; None where none is."""
    parts = unglued(words or ())
    first = next((i for i, word in enumerate(parts) if any(sign.isdigit() for sign in word.text)), None)
    if first is None:
        return None
    rest = parts[first + 1 :]
    match = _BASE.search(" ".join(word.text for word in rest))
    if match is None:
        return None
    count = Decimal(re.sub(r"\D", "", match[1])) if match[1] else _HUNDREDS.get(match[0].strip().casefold(), Decimal(1))
    return Base(count, unit_code(match[2]) if match[2] else None, tuple(rest))


def base_in_head(words: Sequence[Word]) -> Decimal | None:
    """The base that the head of the prices says for all of them: "Price per 100", "€/1000"; None where it says none."""
    match = _HEAD_BASE.search(" ".join(word.text for word in words))
    return Decimal(re.sub(r"\D", "", match[1])) if match is not None else None


def base_of_column(words: Sequence[Word] | None, amount: Amount | None) -> Decimal | None:
    """The base from a column of its own: "100", "1000 Stk", "C"; None where the cell holds none."""
    if amount is not None:
        value = amount.readings[0]
        return value if value in (1, 10, 100, 1000, 10000) else None
    text = "".join(word.text for word in words or ()).casefold().strip("./ ")
    return _HUNDREDS.get(text)


def unit_of(words: Sequence[Word] | None) -> tuple[str, Sequence[Word]] | None:
    """The code of the unit among the words beside a number; None where there is none that we know."""
    rest = [word for word in unglued(words or ()) if not re.match(r"^[-+\u2212]?\d", word.text)]
    rest = [word for word in rest if word.text.casefold() not in {"x", "×", "@", "*", "/"}] or rest
    if not rest:
        return None
    code = unit_code(" ".join(word.text for word in rest)) or unit_code(rest[0].text)
    return (code, rest) if code else None


def segment_in(words: Sequence[Word], sheet: Sheet) -> Segment:
    """The words as a segment of their page."""
    return segment_of(list(words), sheet.page.number, sheet.page.source)
