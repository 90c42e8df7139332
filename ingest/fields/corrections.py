"""The invoice that a credit note gives back, where no label of its own says so."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extraction import FieldValue
from ingest.fields.candidates import Candidate, candidate, settled
from ingest.fields.identifiers import identifier
from ingest.fields.spots import Spot
from ingest.labels import label_key, type_labels

_SURE = 0.75
"""What the only other invoice on a credit note is worth as the one that it corrects."""


def corrected_invoice(spots: Sequence[Spot], number: FieldValue | None) -> FieldValue | None:
    """The one other invoice that a credit note names with its number: "Invoice 4711 of 3 May", among the lines too."""
    found: dict[str, Candidate] = {}
    for spot in spots:
        value = identifier(spot.rest, False) if spot.rest is not None and _names_invoice(spot) else None
        if value is not None and (number is None or label_key(value[0]) != label_key(number.value)):
            found.setdefault(label_key(value[0]), candidate("preceding_invoice", value[0], _SURE, value[1]))
    return settled(list(found.values()), _SURE) if len(found) == 1 else None


def _names_invoice(spot: Spot) -> bool:
    """Whether a label's first word is one for invoices."""
    meanings = type_labels().get(label_key(spot.label.words[0].text), ())
    return "invoice_number" in spot.meanings and any(meaning.name == "invoice" for meaning in meanings)
