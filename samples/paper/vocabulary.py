"""What each language prints: captions, sentences, goods; and how a document picks one wording of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs")


@cache
def tables(language: str) -> dict[str, dict[str, str]]:
    """The word file of a language; what stands before its first table is under `form`."""
    with (HERE / "words" / f"{language}.toml").open("rb") as file:
        loaded = tomllib.load(file)
    form = {key: value for key, value in loaded.items() if isinstance(value, str)}
    return {"form": form, **{key: value for key, value in loaded.items() if isinstance(value, dict)}}


@dataclass(frozen=True, slots=True)
class Good:
    """Something that is sold."""

    description: str
    unit: str
    price: str
    detail: str


@cache
def goods(language: str, sort: str) -> tuple[Good, ...]:
    """What sellers of a sort (`things`, `services`, `utility`) sell."""
    rows = tables(language)["goods"][sort].strip().splitlines()
    return tuple(Good(*row.split("|")) for row in rows)


@dataclass(frozen=True, slots=True)
class Words:
    """One wording of every caption: a maker does not change his words within a document."""

    language: str
    chosen: dict[tuple[str, str], str]

    def __call__(self, section: str, key: str, /, **values: str) -> str:
        """The wording, its gaps filled."""
        text = self.chosen[section, key]
        return text.format(**values) if values else text


def choose(language: str, rng: Random, second: str = "") -> Words:
    """Pick a wording of everything; `second` is the language that stands beside it on bilingual paper."""
    chosen = {}
    for section, entries in tables(language).items():
        for key, variants in entries.items():
            if section in ("titles", "labels", "columns", "totals", "text", "units"):
                chosen[section, key] = rng.choice(variants.split("|"))
    if second:
        for section in ("titles", "labels", "columns"):
            for key, variants in tables(second)[section].items():
                other = variants.split("|")[0]
                if key != "page" and other.casefold() != chosen[section, key].casefold():
                    chosen[section, key] += f" / {other}"
    return Words(language, chosen)
