"""Words as OCR leaves them, put right one by one: rules taken for letters, glued counts, colons, addresses of mail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.document import Word

_COUNTED = re.compile(r"(\d{1,5}[x×])([^\W\d_]{3,}.*)")
"""A count and what is counted: `24xBuntband`."""
_SIGN = "(?:[€$£]|kr|zł|Kč)"
_COLON = re.compile(rf"(-?[€$£]?\d{{1,3}}(?:(?:[.,]\d{{3}})+[:;]|[:;](?=\d\d{_SIGN})))(\d\d{_SIGN}?-?)")
"""An amount whose decimal sign was read as a colon, which its thousands or its currency tell from a time: `22:71€`."""
_LARGE_I = re.compile(r"(?<=[a-zß-ÿ]{2})I(?=[.,:;)]*$)")
"""A capital I at the end of a word in small letters, where no language has one: "inkI.", "TotaI:"."""
_BOX = "accounts|admin|billing|contact|faktura|hello|info|invoices?|kontakt|mail|office|orders?|post|sales|service"
_HOST = r"[a-z0-9-]{3,}(?:\.[a-z0-9-]+)*\.[a-z]{2,7}"
_MAIL = re.compile(rf"(?i)([a-z][a-z0-9._-]+)[©®€¢]({_HOST})|({_BOX})[æœ]({_HOST})")
"""An address of mail whose @ was read as another round sign; as a letter, which a host's name may hold, too."""
_STOPS = ";.,_~"
_CLEAR = 0.7
"""Confidence below which a stop that stands alone is a speck, or a part of a rule."""
_DOUBT = 0.9
"""What is left of a word's confidence where a sign of it was put right."""


def tidied(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words, each put right where its form alone tells what was printed."""
    seen = (word for word in words if not _is_speck(word))
    parts = (part for word in seen for whole in without_rules(word) for part in _counted(whole))
    return tuple(_mailed(_small(_pointed(part))) for part in parts)


def _is_speck(word: Word) -> bool:
    # other signs stand for what was not read: an "&" alone in a cell may be its figure
    return word.confidence < _CLEAR and not word.text.strip(_STOPS)


def without_rules(word: Word) -> tuple[Word, ...]:
    """A word without the upright rules of a table that OCR took for letters: `|3.402,60`, `PU|TVA`."""
    if "|" not in word.text or not any(map(str.isalnum, word.text)):
        return (word,)
    texts = word.text.split("|")
    places = [sum(len(text) + 1 for text in texts[:index]) for index in range(len(texts))]
    return tuple(_cut(word, [(at, text) for at, text in zip(places, texts, strict=True) if text]))


def _counted(word: Word) -> tuple[Word, ...]:
    found = _COUNTED.fullmatch(word.text)
    return tuple(_cut(word, [(0, found[1]), (len(found[1]), found[2])])) if found else (word,)


def _cut(word: Word, parts: Sequence[tuple[int, str]]) -> Iterator[Word]:
    """Parts of a word, each with the place of its first sign; a whole word keeps its second reading."""
    width = word.box.width / len(word.text)
    for at, text in parts:
        x0 = word.box.x0 + at * width
        box = word.box._replace(x0=x0, x1=x0 + len(text) * width)
        yield replace(word, text=text, box=box, other=None if len(word.text) > len(text) + 1 else word.other)


def _pointed(word: Word) -> Word:
    found = _COLON.fullmatch(word.text)
    if found is None:
        return word
    whole, cents = found[1][:-1], found[2]
    # the decimal sign is another one than that of the thousands
    text = f"{whole}{',' if '.' in whole else '.'}{cents}"
    return replace(word, text=text, confidence=word.confidence * _DOUBT)


def _small(word: Word) -> Word:
    text = _LARGE_I.sub("l", word.text)
    return word if text == word.text else replace(word, text=text)


def _mailed(word: Word) -> Word:
    """An address of mail with its @, and without the marks over its letters that none has."""
    found = _MAIL.fullmatch(word.text)
    text = "@".join(part for part in found.groups() if part) if found else word.text
    if "@" in text:
        text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return word if text == word.text else replace(word, text=text, confidence=word.confidence * _DOUBT)
