"""Numbers under which the seller is registered: trade registers, and tax numbers that are no VAT numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ingest.extraction import FieldValue
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.parties import Parties
from ingest.fields.spots import Spot
from ingest.fields.tax_ids import registration_in
from ingest.layout import Segment, Sheet
from ingest.normalise import compact

_COURT = r"[^\W\d_][^\W\d_.\-]*(?: (?!HR[AB])[A-ZÀ-Ž][^\W\d_.\-]*)?"
_GERMAN = rf"(?:(?:Amts|Register)gericht|AG) {_COURT},? ?HR ?[AB] ?\d{{2,7}}(?: [A-Z]{{1,2}}\b)?"
_GERMAN_AFTER = (
    rf"HR ?[AB][ .:]{{0,2}}(?:Nr\.? ?)?\d{{2,7}}(?: [A-Z]{{1,2}}\b)?,? (?:(?:(?:Amts|Register)gericht|AG) )?{_COURT}"
)
_CASED = (
    _GERMAN,
    rf"{_GERMAN_AFTER}(?= ?(?:$|[,;·|•]))",
    r"HR ?[AB][ .:]{0,2}(?:Nr\.? ?)?\d{2,7}(?: [A-Z]{1,2}\b)?",
    r"(?:FN|Firmenbuch(?:nummer|-?Nr\.?)?):? ?\d{4,6} ?[a-z]\b",
)
"""Forms in which capitals tell where the name of a court ends."""
_FORMS = (
    # the Spanish register counts volume, folio and sheet
    r"(?:R\. ?M\.|Reg(?:istro|\.) Merc(?:antil|\.))(?: de)? [^\d;·|•]{2,40}?(?:,? ?(?:tomo|t\.|libro|l\.|folio|f\.|"
    r"secci[oó]n|s\.|hoja|h\.|insc(?:ripción|\.)?)[ :]*[A-Z]{0,2}[- ]?[\d.]*\d[ªa]?)+",
    r"Matr[íi]cula(?: na)? C\.? ?R\.? ?C\.?(?: (?:de|do) )?[^\d;·|•]{0,30}?(?:n\.?[ºo°] ?)?\d{3,9}",
    r"(?:R\. ?I\.|Reg(?:istro|\.) (?:delle )?Imprese)(?: di)? [^\d;·|•]{0,30}?(?:n[.°] ?)?\d{5,11}",
    r"R\.? ?E\.? ?A\.?[ :]*(?:n[.°] ?)?[A-Z]{2}[ \-–]{0,3}\d{5,7}",
    r"(?:SIREN|SIRET|RCS)[ :n°º]*(?:[^\W\d_][^\W\d_\-]+ (?:[AB] )?)?\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?\b",
    r"(?:KvK|K\.v\.K\.|Kamer van Koophandel)(?:[- ]?(?:nummer|nr\.?))?[ :]*\d{2}[ .]?\d{3}[ .]?\d{3}\b",
    r"(?:KRS|REGON)(?:[- ]?nr\.?)?[ :]*\d{9,14}\b",
    r"(?:IČO?|IČ)[ :]*\d{2,3} ?\d{2,3} ?\d{2,3}\b",
    r"Org(?:anisations|\.)?[ .\-]*(?:n(?:umme)?r|no)\.?[ :]*\d{6}-?\d{4}\b",
    r"CVR(?:[- ]?n(?:umme)?r\.?)?[ :]*\d{2} ?\d{2} ?\d{2} ?\d{2}\b",
    r"(?<!vat )(?<!gst )(?<!tax )(?:Company|Co\.?|Registered|Registration|Reg\.?|CRN)(?: (?:in|"
    r"reg(?:istration)?\.?|no\.?|number|n[or]\.|England(?: (?:and|&) Wales)?|Scotland|under|with)){1,6}"
    r"[ :.#]*(?:[A-Z]{2}\d{6}|\d{7,8})\b",
)
_PRINTED = (
    *(re.compile(rf"(?<![^\W\d_]){form}") for form in _CASED),
    *(re.compile(rf"(?i)(?<![^\W\d_]){form}") for form in _FORMS),
)
_TAX = re.compile(r"\d[\d/ .\-]{4,18}\d")
_EIN = re.compile(
    r"(?i)(?<![^\W\d_])(?:(?:federal )?tax id|f?ein|tin)(?: ?(?:no|number|nr))?\.?[ :#\n]*(\d{2}-\d{7})\b"
)


def registration(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    """The seller's entry in a trade register: of a known form, else what stands beside a label for it."""
    found = [c for sheet in sheets for c in _known(sheet, parties)]
    if not found:
        found = [c for spot in spots for c in _labelled(spot)]
    ranked = best_of(found)
    if ranked:
        yield "seller_registration", settled(ranked)


def _known(sheet: Sheet, parties: Parties) -> Iterator[Candidate]:
    """Entries whose form says what they are; a line that ends within one goes on in the next."""
    for text, segment in _lines(sheet):
        if parties.buyer is not None and parties.buyer.holds(segment):
            continue
        for pattern in _PRINTED:
            match = pattern.search(text)
            if match and match.start() < len(segment.text):
                value = " ".join(match[0].split()).strip(" .,;:")
                # two lines read as one may run on into what is no part of it
                yield candidate(
                    "seller_registration", value, 0.8 if match.end() <= len(segment.text) else 0.72, segment, value
                )
                break


def _lines(sheet: Sheet) -> Iterator[tuple[str, Segment]]:
    for index, row in enumerate(sheet.rows):
        for segment in row.segments:
            below = next(
                (
                    other
                    for other in (sheet.rows[index + 1].segments if index + 1 < len(sheet.rows) else ())
                    if other.box.top - segment.box.bottom < sheet.height
                    and (
                        abs(other.box.x0 - segment.box.x0) < 0.6 * sheet.height
                        or abs(other.box.centre - segment.box.centre) < 1.5 * sheet.height
                    )
                ),
                None,
            )
            # only long lines break: short ones under one another are data of their own
            goes_on = below is not None and (len(segment.words) > 6 or segment.text.endswith((":", ",")))
            yield (f"{segment.text} {below.text}" if goes_on and below is not None else segment.text), segment


def _labelled(spot: Spot) -> Iterator[Candidate]:
    weight = spot.meanings.get("registration", 0.0)
    if weight < 0.7:
        return
    for segment in (*list(spot.beside())[:1], *spot.belows[:1]):
        value = registration_in(segment.text)
        if value:
            # the German registers' letters are a label and a part of the number
            register = spot.text.strip(" .:").upper()
            value = f"{register} {value}" if register in {"HRA", "HRB"} else value
            yield candidate("seller_registration", value, 0.75 * weight, segment)
            return


def tax_number(
    sheets: Sequence[Sheet], spots: Sequence[Spot], taken: Collection[str]
) -> Iterator[tuple[str, FieldValue]]:
    """The seller's tax number that is no VAT number; `taken` are the VAT numbers of both parties."""
    found: list[Candidate] = []
    for spot in spots:
        weight = spot.meanings.get("tax_id", 0.0)
        if weight < 0.7:
            continue
        for segment in (*list(spot.beside())[:1], *spot.belows[:1]):
            match = _TAX.search(segment.text)
            if match and compact(match[0]) not in taken:
                found.append(candidate("seller_tax_id", match[0].strip(" -"), 0.8 * weight, segment, match[0]))
                break
    if not found:
        found = [
            candidate("seller_tax_id", match[1], 0.72, segment, match[1])
            for sheet in sheets
            for text, segment in _lines(sheet)
            if (match := _EIN.search(text))
        ]
    ranked = best_of(found)
    if ranked:
        yield "seller_tax_id", settled(ranked)
