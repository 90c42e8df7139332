"""Raw scores to probabilities: what a value of some kind, read from print or by OCR, has proved to be worth.

One line a group of fields in `calibration.toml`, fitted by `python -m samples.calibrate` (Platt, 1999: a logistic curve
over the raw score's log-odds). The order of values within a group is kept.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from ingest.document import Source
from ingest.extraction import Extraction, FieldValue
from ingest.fields import FIELDS

LOWEST, HIGHEST = 0.02, 0.995
"""A value that nothing but print speaks for is never certain."""
_KINDS = {field.name: field.kind for field in FIELDS}
_OWN = {"invoice_number", "purchase_order", "seller_name", "buyer_name", "currency", "document_type"}
"""Fields that are a group of their own: they decide alone, and fail in ways of their own."""


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


def probability_of(odds: float) -> float:
    """The probability that log-odds stand for."""
    return 1 / (1 + math.exp(-odds))


@cache
def curves() -> dict[str, tuple[float, float]]:
    """Group to intercept and slope."""
    told = tomllib.loads(files("ingest").joinpath("calibration.toml").read_text(encoding="utf-8"))
    return {f"{source}.{kind}": (line[0], line[1]) for source, table in told.items() for kind, line in table.items()}


def calibrated(read: Extraction, by_ocr: bool) -> Extraction:
    """The reading with its raw scores made probabilities; what XML or a payment code states is left alone.

    `by_ocr`: the pages were read by OCR, so that values derived from them are OCR's too.
    """
    fields = {name: _calibrated(name, value, by_ocr) for name, value in read.fields.items()}
    return replace(read, fields=fields, document_type=_calibrated("document_type", read.document_type, by_ocr))


def _calibrated(name: str, value: FieldValue, by_ocr: bool) -> FieldValue:
    if value.confidence is None or value.source not in {Source.TEXT, Source.OCR, Source.DERIVED, None}:
        return value
    source = Source.OCR if value.source is Source.OCR or (value.source is not Source.TEXT and by_ocr) else Source.TEXT
    intercept, slope = curves().get(group_of(name, source), (0.0, 1.0))
    sure = probability_of(intercept + slope * log_odds(value.confidence))
    return replace(value, confidence=round(min(max(sure, LOWEST), HIGHEST), 3))
