"""When to pay: terms, net days, cash discount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.candidates import candidate, settled
from ingest.fields.spots import Spot
from ingest.labels import terms
from ingest.layout import Segment, Sheet

_DAYS = re.compile(r"(\d{1,3})(?:\s*\((?:\w+)\))?[\s-]*([^\W\d_]+)")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%")


def payment_terms(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[str, FieldValue]]:
    """The terms of payment as printed, net days, and cash discount."""
    found: list[tuple[Segment, str, float]] = []
    for spot in spots:
        weight = spot.meanings.get("payment_terms", 0.0)
        segment = _said(spot) if weight >= 0.7 else None
        if segment is not None and len(segment.text) > 2 and any(sign.isalpha() for sign in segment.text):
            found.append((segment, segment.text.strip(" :"), 0.85 * weight))
    labelled = {spot.segment.box for spot in spots if spot.colon and spot.meanings.get("payment_terms", 0.0) >= 0.7}
    for sheet in sheets:
        for row in sheet.rows:
            for segment in row.segments:
                if segment.box in labelled:
                    continue
                # a date inside would make it a due date, not terms
                net, percent, discount = read_terms(segment.text)
                if net or percent:
                    found.append((segment, segment.text, 0.7))
    if not found:
        return
    segment, text, score = max(found, key=lambda item: (item[2], read_terms(item[1]) != (None, None, None)))
    yield "payment_terms", settled([candidate("payment_terms", text, score, segment)])
    known = max(
        (read_terms(text) for _, text, _ in found), key=lambda stated: sum(value is not None for value in stated)
    )
    for name, value in zip(("payment_terms_days", "discount_percent", "discount_days"), known, strict=True):
        if value is not None:
            yield name, settled([candidate(name, value, score, segment, text)])


def _said(spot: Spot) -> Segment | None:
    """What a label of terms is followed by; in a sentence the label is a part of what is said."""
    after = _words_after(spot)
    if spot.colon and after:
        return spot.segment.part(len(spot.segment.words) - after)
    if spot.rest is not None:
        return spot.segment
    return next(iter((*spot.rights, *spot.belows)), None)


def _words_after(spot: Spot) -> int:
    right = spot.label.box.x1
    return sum(word.box.x0 >= right for word in spot.segment.words)


def read_terms(text: str) -> tuple[str | None, str | None, str | None]:
    """Net days, cash discount percent and discount days that a sentence states, as far as it does.

    XRechnung's `#SKONTO#TAGE=14#PROZENT=2.00#` is read too.
    """
    coded = re.search(r"#SKONTO#TAGE=(\d+)#PROZENT=([\d.]+)#", text)
    if coded:
        return None, coded[2], coded[1]
    american = re.search(
        r"\b(\d{1,2}(?:[.,]\d+)?)\s*%?\s*/\s*(\d{1,2})\s*,?\s*(?:net|n)\s*/?\s*(\d{1,3})\b", text, re.IGNORECASE
    )
    if american:
        return american[3], american[1].replace(",", "."), american[2]
    words = terms()
    lowered = text.casefold()
    present = set(re.findall(r"[^\W\d_]+", lowered))
    spans = [(m.start(), m[1]) for m in _DAYS.finditer(lowered) if m[2] in words.days and int(m[1]) <= 365]
    percent = _PERCENT.search(lowered)
    net: str | None = None
    discount: tuple[str, str] | None = None
    if percent and present & words.discount and spans:
        # the days of the discount are always fewer than the net days
        near = min(spans, key=lambda span: int(span[1]))
        discount = (percent[1].replace(",", "."), str(int(near[1])))
        spans = [span for span in spans if span is not near]
    if spans and (present & words.net or len(lowered) < 25):
        net = str(int(spans[-1][1]))
    elif re.search(r"\bnet\s*(\d{1,3})\b", lowered):
        net = str(int(re.findall(r"\bnet\s*(\d{1,3})\b", lowered)[0]))
    elif (
        any(lowered.strip(" .:").startswith(phrase) for phrase in words.immediate if len(phrase) > 3) and len(text) < 60
    ):
        net = "0"
    return net, discount[0] if discount else None, discount[1] if discount else None


def due_from_terms(values: dict[str, FieldValue]) -> FieldValue | None:
    """The due date that follows from the date of issue and printed net days (contract: `derived`)."""
    issue, net = values.get("issue_date"), values.get("payment_terms_days")
    if issue is None or net is None or issue.day is None or not net.value.isdigit():
        return None
    due: date = issue.day + timedelta(days=int(net.value))
    sure = min(issue.confidence or 0.5, net.confidence or 0.5) * 0.95
    return FieldValue(due.isoformat(), confidence=round(sure, 3), source=Source.DERIVED)
