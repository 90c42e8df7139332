"""The labels in a segment of print: the longest at each place that is used as one, none within another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.document import Source
from ingest.labels import Meaning, compound_heads, field_labels, label_key, modifiers, nearly_known, number_words
from ingest.layout import Segment

LONGEST_LABEL = 7
"""Words of a label, at most."""
OTHER_LANGUAGE = 0.75
"""What the label of a language that is not the document's own (nor English) is worth."""


_MONEY = re.compile(
    r"^\(?(?:[A-Z]{0,2}[$€£¥₹]|EUR|USD|GBP|CHF|MYR|RM|AUD|CAD|SEK|DKK|NOK|PLN|CZK|INR|SGD|BRL|Rs\.?|kr\.?)\)?$"
)
"""A currency before a label is none of its words: "GBP TOTAL"."""
_SERIES = re.compile(r"^[A-Z]{2,3}$")
_TOTALS = frozenset({"gross_total", "net_total", "lines_total", "subtotal", "amount_due"})
_BRACKETED = re.compile(r"^([^\W\d]{3,})\([\d.,]+ ?%\)(?=:?$)")
"""A label and its rate without a blank: `Discount(5.00%)`."""
_RATE = re.compile(r"^@?\(?\d{0,2}(?:[.,]\d{1,3})?%?\)?:?$")


@dataclass(slots=True)
class FoundLabel:
    """A label among the words of a segment."""

    first: int
    last: int
    """Index of the word after it."""
    key: str
    meanings: dict[str, float] = field(default_factory=dict)
    """Field or family to weight."""


def labels_in(segment: Segment, language: str | None) -> list[FoundLabel]:
    """The labels in a segment: the longest at each place, none within another."""
    known = field_labels()
    keys = keys_of(segment)
    found: list[FoundLabel] = []
    brackets = 0
    index = 0
    while index < len(keys):
        text = segment.words[index].text
        brackets += text.count("(")
        # what stands in brackets behind a label explains it: "Total (incl. VAT)"
        inside = bool(found) and (brackets > 0 or _is_explained(found[-1], index, keys))
        match = None if inside else longest_label(keys, index, known, segment, language)
        if match is not None and found and is_value_of(found[-1], match, segment):
            match = None
        brackets = max(0, brackets - text.count(")"))
        if match is None:
            index += 1
            continue
        if not found and all(_MONEY.match(word.text) for word in segment.words[: match.first]):
            match.first = 0
        found.append(match)
        index = match.last
    return found


def _is_explained(label: FoundLabel, index: int, keys: Sequence[str]) -> bool:
    """Whether a word says with or without what a total is: "Total w/o VAT"."""
    return label.last == index - 1 and keys[index - 1] in modifiers() and not _TOTALS.isdisjoint(label.meanings)


def is_value_of(label: FoundLabel, other: FoundLabel, segment: Segment) -> bool:
    """Whether a word is the value of the label right before it: "Your reference: KST 4120" with KST a cost centre."""
    if label.last == other.first and _is_series(label, other, segment):
        return True
    if label.last != other.first or not segment.words[label.last - 1].text.endswith(":"):
        return False
    return bool(label.meanings.keys() & other.meanings.keys()) and not segment.words[other.last - 1].text.endswith(":")


def _is_series(label: FoundLabel, other: FoundLabel, segment: Segment) -> bool:
    """Whether a short word in capitals is the beginning of the number that a label names: "Rechnung Nr. SR 2026/93"."""
    word = segment.words[other.first].text
    following = segment.words[other.last].text if other.last < len(segment.words) else ""
    named = label_key(segment.words[label.last - 1].text) in number_words()
    return named and other.last == other.first + 1 and bool(_SERIES.match(word)) and following[:1].isdigit()


def keys_of(segment: Segment) -> list[str]:
    """The words' keys; a percentage within a label is none of its words: "zzgl. 19 % USt."."""
    texts = [_BRACKETED.sub(r"\1", word.text) if "(" in word.text else word.text for word in segment.words]
    rates = [bool(_RATE.match(text)) for text in texts]
    return [
        ""
        if rate and ("%" in text or (index + 1 < len(texts) and texts[index + 1].startswith("%")))
        else label_key(text)
        for index, (text, rate) in enumerate(zip(texts, rates, strict=True))
    ]


def longest_label(
    keys: list[str], first: int, known: dict[str, tuple[Meaning, ...]], segment: Segment, language: str | None
) -> FoundLabel | None:
    """The longest label that begins with a word of the segment and is used as one; None where none does."""
    if not keys[first]:
        return None
    for last in range(min(len(keys), first + LONGEST_LABEL), first, -1):
        if not keys[last - 1] and last - first > 1:
            continue
        meanings = known.get("".join(keys[first:last])) or _related(keys, first, last, known, segment)
        if not meanings or not _is_label(segment, first, last, meanings):
            continue
        weights: dict[str, float] = {}
        for meaning in meanings:
            own = language is None or meaning.language in (language, "en")
            weight = meaning.weight * (1.0 if own else OTHER_LANGUAGE)
            weights[meaning.name] = max(weight, weights.get(meaning.name, 0.0))
        return FoundLabel(first, last, "".join(keys[first:last]), weights)
    return None


def _related(
    keys: list[str], first: int, last: int, known: dict[str, tuple[Meaning, ...]], segment: Segment
) -> tuple[Meaning, ...]:
    """What compounds and pairs mean: `Handelsrechnung Nr.` is `Rechnung Nr.`, `Buyer/Recipient` is either."""
    text = " ".join(word.text for word in segment.words[first:last]) if "/" in segment.text else ""
    if text.count("/") == 1:
        one, two = text.split("/")
        before, after = one.split()[:-1], two.split()[1:]
        # "Data dostawy/wykonania" and "Invoice/Tax Date" share a word, "Liefer-/Leistungsdatum" its end
        ways = ((one, two), (one, " ".join((*before, two))), (" ".join((one, *after)), two))
        parts = next(
            (found for way in ways if all(found := [known.get(label_key(part), ()) for part in way])),
            [()],
        )
        if all(parts):
            shared = {meaning.name for meaning in parts[-1]}
            return tuple(meaning for meaning in parts[0] if meaning.name in shared) or parts[0]
    if segment.source is Source.OCR and last - first <= 3 and not any(key.isdigit() for key in keys[first:last]):
        # a figure is no misread letter: "Amount due 5 911,41"
        misread = nearly_known("".join(keys[first:last]))
        if misread:
            return misread
    for head in compound_heads():
        if len(keys[first]) > len(head) + 2 and keys[first].endswith(head):
            return known.get(head + "".join(keys[first + 1 : last]), ())
    return ()


def _is_label(segment: Segment, first: int, last: int, meanings: tuple[Meaning, ...]) -> bool:
    """Whether words that could be a label are used as one, not as a part of a sentence."""
    words = segment.words
    if words[last - 1].text.endswith((":", "#")) or all(_MONEY.match(word.text) for word in words[:first]):
        return True
    if last < len(words) and words[last].text[:1] in (":", "#"):
        return True
    if first == 0 and last < len(words) - 1 and label_key(words[last].text) in modifiers():
        # "Total w/o VAT" says what it sums; a sentence would go on
        return len(words) <= last + 3 and any(meaning.name in _TOTALS for meaning in meanings)
    before = words[first - 1].text
    if before.endswith((":", ",", "|", "/", "·", "•", "-", "–", ";", ".", ")", "%")) and (
        len(before) < 12 or "@" in before or "www." in before
    ):
        return True
    strong = any(meaning.weight == 1.0 and meaning.name != "other" for meaning in meanings)
    if strong and last - first > 1:
        return True
    # "USt-IdNr. DE123": one long word of its own, with something after it
    return strong and last < len(words) and len(label_key(words[first].text)) >= 7 and len(words) <= 8
