"""Which language a text is in, by its stop words and the words that invoices use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.labels import stop_words

LEAST_HITS = 3
"""Stop words below which nothing is said."""


def language_of(words: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language whose stop words are the most frequent; None where too few are there."""
    hits: dict[str, float] = {}
    known = stop_words()
    for word in words:
        for part in re.findall(r"[^\W\d_]+", word.casefold()):
            for language, weight in known.get(part, ()):
                hits[language] = hits.get(language, 0.0) + weight
    if not hits:
        return None
    best = max(hits, key=lambda language: (hits[language], language == "en"))
    return best if hits[best] >= LEAST_HITS else None
