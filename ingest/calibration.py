"""Raw scores to probabilities: what a value of some kind, read from print or by OCR, has proved to be worth.

One line a group of fields in `calibration.toml`, fitted by `python -m samples.calibrate` (Platt, 1999: a logistic curve
over the raw score's log-odds); for OCR a term for how well the pages could be read stands beside it. The order of
values within a group of one document is kept.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from ingest.document import Document, Source
from ingest.extraction import Extraction, FieldValue
from ingest.fields import FIELDS

LOWEST, HIGHEST = 0.02, 0.995
"""A value that nothing but print speaks for is never certain."""
USUAL_QUALITY = 0.9
"""Mean confidence of the words of a page that OCR reads well."""
_KINDS = {field.name: field.kind for field in FIELDS}
_OWN = {"invoice_number", "issue_date", "purchase_order", "seller_name", "buyer_name", "currency", "document_type"}
"""Fields that are a group of their own: they decide alone, and fail in ways of their own."""


@dataclass(frozen=True, slots=True)
class Curves:
    """How raw scores become probabilities."""

    groups: dict[str, tuple[float, float]]
    """Group (`text.date`, `ocr.amount`) to intercept and slope over the raw score's log-odds."""
    quality: float = 0.0
    """Weight of the OCR's quality, in tenths above the usual."""

    def probability(self, group: str, raw: float, quality: float | None) -> float:
        """The probability that a value with this raw score is right."""
        intercept, slope = self.groups.get(group, (0.0, 1.0))
        odds = intercept + slope * log_odds(raw)
        if quality is not None:
            odds += self.quality * tenths(quality)
        return min(max(1 / (1 + math.exp(-odds)), LOWEST), HIGHEST)


def group_of(name: str, source: Source | None) -> str:
    """The group that a field's value is calibrated with: `text.date`, `ocr.amount`."""
    kind = name if name in _OWN else _KINDS.get(name, "other")
    if kind == "identifier":
        kind = "tax_id" if name.endswith(("vat_id", "tax_id", "registration")) else "identifier"
        kind = "account" if name in {"seller_iban", "seller_bic", "seller_account", "seller_routing"} else kind
    return f"{'ocr' if source is Source.OCR else 'text'}.{kind}"


def log_odds(probability: float) -> float:
    """The probability's log-odds, kept from the infinite."""
    inside = min(max(probability, 0.005), 0.995)
    return math.log(inside / (1 - inside))


def tenths(quality: float) -> float:
    """By how many tenths pages were read better, or worse, than usual."""
    return (quality - USUAL_QUALITY) * 10


def quality_of(document: Document) -> float | None:
    """Mean confidence of the words that OCR read; None where all is from text layers."""
    words = [word.confidence for page in document.pages if page.source is Source.OCR for word in page.words]
    return sum(words) / len(words) if words else None


def source_of(value: FieldValue, quality: float | None) -> Source:
    """TEXT or OCR: what a value was read from, or follows from."""
    by_ocr = value.source is Source.OCR or (value.source is not Source.TEXT and quality is not None)
    return Source.OCR if by_ocr else Source.TEXT


@cache
def shipped_curves() -> Curves:
    """The curves of `calibration.toml`."""
    told = tomllib.loads(files("ingest").joinpath("calibration.toml").read_text(encoding="utf-8"))
    groups = {
        f"{source}.{kind}": (line[0], line[1]) for source in ("text", "ocr") for kind, line in told[source].items()
    }
    return Curves(groups, told["quality"])


def calibrated(read: Extraction, quality: float | None) -> Extraction:
    """The reading with its raw scores made probabilities; what XML or a payment code states is left alone."""
    fields = {name: _calibrated(name, value, quality) for name, value in read.fields.items()}
    return replace(read, fields=fields, document_type=_calibrated("document_type", read.document_type, quality))


def _calibrated(name: str, value: FieldValue, quality: float | None) -> FieldValue:
    if value.confidence is None or value.source not in {Source.TEXT, Source.OCR, Source.DERIVED, None}:
        return value
    source = source_of(value, quality)
    known = quality if source is Source.OCR else None
    return replace(
        value, confidence=round(shipped_curves().probability(group_of(name, source), value.confidence, known), 3)
    )
