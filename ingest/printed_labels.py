"""Which printed label a value stands by: for the page that lights both, and the line that says why."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Box, Document
from ingest.extraction import Extraction, FieldValue
from ingest.fields.spots import Spot, spots_of
from ingest.labels import nearly_known
from ingest.layout import Segment, sheets_of


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """A label on a page."""

    text: str
    page: int
    box: Box


def prepare() -> None:
    """Make the table of nearly known labels, which takes a second, before the first page asks for it."""
    nearly_known("prepare")


def printed_labels(document: Document, extraction: Extraction) -> dict[str, PrintedLabel]:
    """The label of each field that stands beside or below one, by the field's name."""
    spots = spots_of(sheets_of(document), extraction.language)
    found = {name: _nearest(name, value, spots) for name, value in extraction.fields.items() if value.box}
    return {
        name: PrintedLabel(spot.text.strip(" :"), spot.sheet.page.number, spot.label.box)
        for name, spot in found.items()
        if spot is not None
    }


def _nearest(name: str, value: FieldValue, spots: tuple[Spot, ...]) -> Spot | None:
    """The label that may name the field and that the value belongs to."""
    box = value.box
    assert box is not None
    fitting = [
        spot
        for spot in spots
        if spot.sheet.page.number == value.page
        and not spot.meanings.keys().isdisjoint(_called(name))
        and any(_holds(segment, box) for segment in (*spot.beside(), *spot.belows))
    ]
    return min(fitting, key=lambda spot: _distance(spot.label.box, box), default=None)


def _called(name: str) -> frozenset[str]:
    """The field's name, and the family that its labels stand under: a VAT number may be the seller's or the buyer's."""
    side, _, rest = name.partition("_")
    return frozenset({name, rest} if side in ("seller", "buyer") else {name})


def _holds(segment: Segment, box: Box) -> bool:
    """Whether the value stands in this piece of print."""
    return (
        segment.box.x0 - 1 <= box.centre <= segment.box.x1 + 1 and segment.box.top <= box.middle <= segment.box.bottom
    )


def _distance(label: Box, box: Box) -> float:
    return abs(label.middle - box.middle) + max(0.0, box.x0 - label.x1)
