"""The document's currency: what a label says, else the codes and signs beside its amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.candidates import candidate, settled
from ingest.fields.spots import Spot
from ingest.layout import Segment, Sheet
from ingest.normalise import CURRENCIES, CURRENCY_SIGNS, currency_code

_SIGN = re.compile(
    r"(?:US|A|C|S|HK|R|NZ|MX)\$|(?<!\w\.)[€$£¥₹₺₪₴₽฿₫₱₩₦]|"
    r"(?<![^\W\d_])(?:RM(?=[\s.]*-?\d|\)|\s*$)(?<!: RM)|zł|Kč|kr|Ft|lei)(?![^\W\d_])"
)
"""Signs of currencies; RM is also the province of Rome."""


_CONVERTED = 0.88
"""How sure the currency of what is due is where most amounts are printed in another."""


def currency(
    sheets: Sequence[Sheet], spots: Sequence[Spot], language: str | None, due: FieldValue | None = None
) -> FieldValue | None:
    """The document's currency: a label's, else the code or sign beside its amounts, first beside what is `due`."""
    for spot in spots:
        if spot.meanings.get("currency", 0.0) >= 0.7:
            for segment in list(spot.beside())[:1]:
                code = currency_code(segment.words[0].text)
                if code:
                    return settled([candidate("currency", code, 1.0, segment)], 0.97)
    counts: Counter[str] = Counter()
    places: dict[str, Segment] = {}
    for sheet in sheets:
        for segment in sheet.segments:
            if any(sign.isdigit() for sign in segment.text) or len(segment.words) <= 6:
                for code in _codes_in(segment.text):
                    counts[code] += 1
                    places.setdefault(code, segment)
    paid = _codes_beside(due, sheets) if due is not None and len(counts) > 1 else set()
    if len(paid) == 1 and counts.most_common(1)[0][0] not in {*paid, *_SHARED}:
        # totals in another currency stand beside what is to be paid in this one
        code = paid.pop()
        return settled([candidate("currency", code, 0.9, places[code])], _CONVERTED) if code in places else None
    return _most_printed(counts, places, sheets, language)


def _codes_beside(due: FieldValue, sheets: Sequence[Sheet]) -> set[str]:
    """The currencies named in the segment that an amount stands in, signs that several share left out."""
    if due.box is None:
        return set()
    x, y = due.box.centre, due.box.middle
    return {
        code
        for sheet in sheets
        if sheet.page.number == due.page
        for segment in sheet.segments
        if segment.box.x0 <= x <= segment.box.x1 and segment.box.top <= y <= segment.box.bottom
        for code in _codes_in(segment.text)
        if code not in _SHARED
    }


def _codes_in(text: str) -> Iterator[str]:
    for word in re.findall(r"(?<![^\W\d_])[A-Z]{3}(?![^\W\d_]|-\w)", text):
        if word in CURRENCIES and word not in {"TRY", "ALL", "COP", "PEN"}:
            yield word
    for sign in _SIGN.findall(text):
        yield CURRENCY_SIGNS.get(sign.lower(), sign)
    if re.search(r"\b(?:[Ee]ur|[Ee]uros?|EUROS?)\b", text):
        yield "EUR"


_SHARED = {
    "$": {
        "USD": r"\b[A-Z]{2},? \d{5}\b|\bUSA?\b|united states",
        "CAD": r"\bcanada\b|\bGST/HST\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b",
        "AUD": r"\baustralia\b|\bABN\b|\b(?:NSW|VIC|QLD) \d{4}\b",
        "SGD": r"\bsingapore\b",
        "NZD": r"\bnew zealand\b",
        "HKD": r"\bhong kong\b",
        "ARS": r"\bargentina\b|\bCUIT\b|\bAFIP\b",
        "MXN": r"\bm[eé]xico\b|\bRFC\b|\bCFDI\b",
        "CLP": r"\bchile\b|\bS\.?I\.?I\.?\b|\bR\.?U\.?T\b",
        "COP": r"\bcolombia\b|\bDIAN\b|\bNIT\b",
    },
    "kr": {
        "SEK": r"\b(?:bank|plus)giro\b|\borg(?:anisations)?\.?-?n(?:umme)?r\b|\bsverige\b|\bSE ?\d{10}01\b|"
        r"\bSE\d\d(?: ?\d{4}){5}",
        "DKK": r"\bcvr\b|\bdanmark\b|\bDK ?\d{8}\b|\bDK\d\d(?: ?\d{4}){3}|\bse-?nr\b",
        "NOK": r"\bmva\b|\bnorge\b|\bNO\d\d(?: ?\d{4}){2}",
    },
    "¥": {"JPY": r"japan|tokyo", "CNY": r"china|beijing|shanghai"},
}


_TAXED = {"INR": re.compile(r"\bGSTIN\b|\b[CS]GST\b")}
"""Taxes that one country levies, on amounts in its own currency."""
_BY_TAX = 0.9
"""How sure the currency is where a country's own tax alone tells it."""


def _of_taxes(sheets: Sequence[Sheet]) -> FieldValue | None:
    """The currency of the country whose own tax is named, where nothing says another."""
    for code, tax in _TAXED.items():
        named = next((segment for sheet in sheets for segment in sheet.segments if tax.search(segment.text)), None)
        if named is not None:
            return settled([candidate("currency", code, _BY_TAX, named)], _BY_TAX)
    return None


def _most_printed(
    counts: Counter[str], places: dict[str, Segment], sheets: Sequence[Sheet], language: str | None
) -> FieldValue | None:
    shared = [sign for sign in counts if sign in _SHARED]
    codes = Counter({code: n for code, n in counts.items() if code not in _SHARED})
    text = "\n".join(row.text for sheet in sheets for row in sheet.rows)
    if shared and (not codes or counts[shared[0]] > max(codes.values())):
        options = _SHARED[shared[0]]
        named = [code for code in options if code in codes]
        votes = {
            code: len(re.findall(hint, text, re.IGNORECASE if code != "USD" else 0)) for code, hint in options.items()
        }
        fallback = {"$": "USD", "kr": "DKK" if language == "da" else "SEK", "¥": "JPY"}[shared[0]]
        own = {"da": "DKK", "sv": "SEK"}.get(language or "")
        if own in votes:
            votes[own] += 1
        best = named[0] if named else max(votes, key=lambda code: votes[code]) if any(votes.values()) else fallback
        sure = 0.96 if named or votes[best] else 0.6
        return settled([candidate("currency", best, 0.9, places[shared[0]])], sure)
    if not codes:
        return _of_taxes(sheets)
    ranked = codes.most_common(2)
    sure = 0.975 if len(ranked) == 1 or ranked[0][1] >= 3 * ranked[1][1] else 0.75
    sure *= 0.98 if ranked[0][1] > 1 else 0.95
    first = places[ranked[0][0]]
    return settled(
        [candidate("currency", ranked[0][0], 0.95, first)], sure * (0.97 if first.source is Source.OCR else 1.0)
    )
