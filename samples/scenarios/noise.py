"""Errors of OCR, other spellings of numbers, and other words for the same article."""

from __future__ import annotations

import re
from random import Random

from samples.scenarios.names import Article
from samples.scenarios.wordlists import BRANDS, LANGUAGES

LOOKALIKES = {"0": "O", "O": "0", "1": "I", "I": "1", "5": "S", "S": "5", "8": "B", "B": "8"}
"""The pairs of the contract, which order numbers are folded by."""

_LETTERS = {
    "e": "c", "c": "e", "a": "o", "o": "a", "u": "v", "n": "r", "h": "b", "i": "l", "l": "i", "t": "f", "f": "t",
    "m": "rn", "w": "vv", "d": "cl", "g": "q", "ü": "u", "ö": "o", "ä": "a", "ß": "B", "é": "e", "ó": "o", "s": "5",
    "r": "n", "v": "y", "b": "h", "k": "lc", "z": "2",
}  # fmt: skip


def misread_word(text: str, rng: Random) -> str:
    """A text with one letter read wrongly, not its first."""
    places = [i for i, char in enumerate(text) if i and char in _LETTERS]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + _LETTERS[text[at]] + text[at + 1 :]


def look_alike(text: str, rng: Random, count: int = 1) -> str:
    """A number with some signs taken for their look-alikes."""
    places = [i for i, char in enumerate(text) if char in LOOKALIKES]
    chosen = set(rng.sample(places, min(count, len(places))))
    return "".join(LOOKALIKES[char] if i in chosen else char for i, char in enumerate(text))


def other_digit(text: str, rng: Random) -> str:
    """A number with one digit that is another one, and no look-alike of it."""
    places = [i for i, char in enumerate(text) if char in "234679"]
    at = rng.choice(places or [i for i, char in enumerate(text) if char.isdigit()])
    digit = rng.choice([d for d in "234679" if d != text[at]])
    return text[:at] + digit + text[at + 1 :]


def respelt(number: str, rng: Random) -> str:
    """The same number with other case, blanks, punctuation or leading zeros."""
    forms = [
        re.sub(r"[-/. ]", " ", number),
        re.sub(r"[-/. ]", "", number),
        number.lower() if number.lower() != number else f"{number} ",
        re.sub(r"[-/]", ".", number),
        re.sub(r"(?<!\d)(\d+)$", r"00\1", number),
    ]
    fitting = [form.strip() for form in forms if form.strip() != number]
    return rng.choice(fitting) if fitting else f" {number}".replace(" ", "0")


def other_punctuation(sku: str, rng: Random) -> str:
    """An article number with other separators."""
    return rng.choice((re.sub(r"[-.]", " ", sku), re.sub(r"[-.]", "", sku), sku.lower(), re.sub(r"[-.]", "/", sku)))


def reworded(article: Article, rng: Random) -> str:
    """Other words for an article, close enough for a reader without its number."""
    noun, attribute, size = article.words()
    choices = (
        f"{noun}, {attribute}, {size}",
        f"{attribute} {noun} {size}",
        f"{noun} {size} {attribute}",
        f"{_short(noun)} {attribute} {size}",
        f"{noun} {_short(attribute)} {size}",
        f"{rng.choice(BRANDS)} {noun} {attribute} {size}",
        f"{noun.upper()} {attribute.upper()} {size}",
    )
    return rng.choice(choices)


def translated(article: Article, rng: Random) -> str:
    """The article in another language: only its number tells it for sure."""
    language = rng.choice([code for code in LANGUAGES if code != article.language])
    return " ".join(article.words(language))


def _short(word: str) -> str:
    head = word.split(" ")[0]
    keep = max(5, len(head) * 2 // 3)
    return head[:keep] + "." + word[len(head) :] if len(head) > 6 else word
