"""Heads of prices that say for what they are: "Prijs/dag", "Preis/Std.", "Prix/1000"."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.labels import Meaning, column_labels, label_key

_COUNTS = frozenset({"10", "100", "1000", "1.000", "%", "%o"})


def priced(text: str) -> Sequence[Meaning]:
    """What a head means that is a price before a stroke, and a unit behind it; empty for any other."""
    before, stroke, unit = text.partition("/")
    if not stroke or not (unit[:1].isalpha() or unit in _COUNTS) or "/" in unit:
        return ()
    return [meaning for meaning in column_labels().get(label_key(before), ()) if meaning.name == "unit_price"]
