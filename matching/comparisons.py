"""Comparing records: a comparison has ordered levels, each with a weight and a label (Fellegi and Sunter)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from matching import normalise

Left = TypeVar("Left")
Right = TypeVar("Right")


@dataclass(frozen=True, slots=True)
class Level(Generic[Left, Right]):
    """One answer of a comparison: holds or not; `weight` is the log2 of the Bayes factor."""

    label: str
    weight: float
    holds: Callable[[Left, Right], bool]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The level that held, with what a person reads of it."""

    comparison: str
    label: str
    weight: float

    def __str__(self) -> str:
        return f"{self.comparison} {self.label}"


@dataclass(frozen=True, slots=True)
class Comparison(Generic[Left, Right]):
    """Levels in order; the first that holds is the answer, the last one always holds."""

    name: str
    levels: tuple[Level[Left, Right], ...]

    def compare(self, left: Left, right: Right) -> Evidence:
        """The level that holds for a pair."""
        level = next(level for level in self.levels if level.holds(left, right))
        return Evidence(self.name, level.label, level.weight)


def probability(evidence: Iterable[Evidence], prior: float) -> float:
    """The probability that the pair is one, from the prior and the evidence's weights (both log2)."""
    weight = prior + sum(item.weight for item in evidence)
    return round(1 / (1 + 2 ** -max(-60.0, min(60.0, weight))), 4)


def told(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The evidence that says something, strongest first, as a person reads it."""
    said = [item for item in evidence if item.weight]
    return tuple(str(item) for item in sorted(said, key=lambda item: -abs(item.weight)))


def summed(evidence: Iterable[Evidence], prior: float) -> tuple[str, ...]:
    """The sum behind a probability, one term each: what speaks for and against, the prior, and what they come to."""
    said = sorted((item for item in evidence if item.weight), key=lambda item: -abs(item.weight))
    terms = tuple(f"{item} {item.weight:+.1f}" for item in said)
    return (*terms, f"any record {prior:+.1f}", f"sum {prior + sum(item.weight for item in said):+.1f}")


def name_similarity(one: str, other: str) -> float:
    """How alike two company names are without their legal forms, 0 to 1."""
    left, right = normalise.company_core(one), normalise.company_core(other)
    if not left or not right:
        return 0.0
    joined = fuzz.ratio(left.replace(" ", ""), right.replace(" ", ""))
    return float(max(fuzz.ratio(left, right), fuzz.token_sort_ratio(left, right), joined)) / 100


def text_similarity(one: str, other: str) -> float:
    """How alike two descriptions of goods are, 0 to 1; measures that contradict each other weigh against it."""
    left, right = (" ".join(re.findall(r"[^\W_]+", normalise.plain(text))) for text in (one, other))
    if not left or not right:
        return 0.0
    score = max(fuzz.token_sort_ratio(left, right), 0.95 * fuzz.token_set_ratio(left, right)) / 100
    return float(score * 0.45 if measures_differ(one, other) else score)


def measures_differ(one: str, other: str) -> bool:
    """Whether two descriptions state sizes of which neither holds the other: an M10 is no M12."""
    ours, theirs = (set(re.findall(r"\d+", normalise.plain(text))) for text in (one, other))
    return bool(ours) and bool(theirs) and not (ours <= theirs or theirs <= ours)


@dataclass(frozen=True, slots=True)
class AddressFinding:
    """Whether the parts of a printed address are the record's; None where one side lacks the part."""

    postal_code: bool | None = None
    street: bool | None = None
    city: bool | None = None

    @property
    def compared(self) -> bool:
        """Whether anything that tells addresses apart could be compared."""
        return (self.postal_code, self.street) != (None, None)

    @property
    def equal(self) -> bool:
        """Whether nothing differs, and street or postal code were compared."""
        return self.compared and self.postal_code is not False and self.street is not False

    @property
    def differs(self) -> bool:
        """Whether street or postal code is another."""
        return self.postal_code is False or self.street is False


@lru_cache(normalise.REMEMBERED)
def compare_address(
    printed: str | None, street: str | None, postal_code: str | None, city: str | None
) -> AddressFinding:
    """Compare an address printed in one line with a record's parts."""
    if not printed:
        return AddressFinding()
    parts = [part.strip() for part in re.split(r"[,\n;|]", printed) if part.strip()]
    text = normalise.street(" ".join(parts))
    compact = normalise.identifier(normalise.plain(printed).upper())
    code = normalise.postal_code(postal_code or "")
    code_found = bool(code) and code in compact
    town = normalise.street(city or "")
    town_found = bool(town) and fuzz.partial_ratio(town, text) >= 90
    has_code = bool(re.search(r"\d{4}|\d{2}-\d{3}|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}", printed.upper()))
    rest = [part for part in parts if _is_street(part, code if code_found else "", town if town_found else "")]
    return AddressFinding(
        postal_code=code_found if code and (has_code or code_found) else None,
        street=_street_found(street, text) if street and rest else None,
        city=town_found if town and text else None,
    )


def _is_street(part: str, code: str, town: str) -> bool:
    """Whether a part of an address may be its street: not the country, not postal code and town."""
    if re.fullmatch(r"[A-Za-z]{2}", part):
        return False
    compact = normalise.identifier(normalise.plain(part).upper())
    if code and code in compact and len(compact) <= len(code) + 30 and not re.search(r"\d", compact.replace(code, "")):
        return False
    if re.fullmatch(r"(?:[A-Z]{1,2}-?\s?)?[\d\s-]{4,10}(?:\s.*)?", part) and not town:
        return False
    words = normalise.street(part)
    return bool(re.search(r"\d", words)) or (bool(words) and words != town and not town)


def _street_found(street: str, text: str) -> bool:
    # OCR without German data reads a sharp s as B
    return any(_words_found(normalise.street(form), text) for form in {street, street.replace("ß", "B")})


def _words_found(wanted: str, text: str) -> bool:
    numbers = re.findall(r"\b\d+[a-z]?\b", wanted)
    present = set(re.findall(r"\b\d+[a-z]?\b", text))
    return fuzz.partial_ratio(wanted, text) >= 85 and all(number in present for number in numbers)
