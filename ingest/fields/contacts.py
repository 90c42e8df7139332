"""Ways to reach the seller: mail, telephone, website, beside their labels, under them, or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.dates import dates_in
from ingest.extraction import FieldValue
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.names import EMAIL
from ingest.fields.parties import Parties
from ingest.layout import Row, Segment, Sheet, overlap

_GAP = r"[ .:°º\n]*"
_PHONE_WORD = (
    r"(?<![^\W\d_])(?:t[eé]l(?:[eé](?:phone|f[oó]n[oe]?|foon))?(?:nummer|number|nr|no)?|tlf|tfno?|tfn|fon|ph(?:one)?|"
    r"mob(?:ile|il)?|gsm|t)(?![^\W\d_])"
)
_FURTHER = r"(?: ?/ ?(?:[^\W\d_]{1,12}))?"
"""The label again in another language, or the fax that has the same number."""
_NUMBER = r"(\+?(?:\(\+?\d{1,4}\) ?)?\d(?:[\d()/.\-\u2013\u00a0 ]{5,22})\d)"
_PHONE = re.compile(rf"(?i){_PHONE_WORD}{_FURTHER}{_GAP}(?:n[ro][.:º°]* ?)?{_NUMBER}")
_BARE_PHONE = re.compile(r"^(?:\+\d{1,3}[\d ()/\-]{7,18}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})$")
_HOST = r"(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,}(?:/[^\s,;|·]*)?"
_WEB_WORD = (
    r"(?<![^\W\d_])(?:web(?:b|s(?:ite|ida|eite|tedet)|site|stránky)?|www|internet(?:adresse)?|home ?page|hjemmeside|"
    r"hemsida|site(?: internet| web)?|sito(?: web| internet)?|sitio web|p[áa]gina(?: web)?|"
    r"strona(?: www| internetowa)?|url|online|w)(?![^\W\d_])"
)
_SITE = re.compile(rf"(?i)(?<![@\w.\-])(?:https?://)?www\.{_HOST}|(?<![@\w])https?://{_HOST}")
_NAMED_SITE = re.compile(rf"(?i){_WEB_WORD}{_FURTHER}(?:[ .:]*:[ \n]*|\n| )((?:https?://)?{_HOST})(?![@\w])")
_BARE_SITE = re.compile(rf"(?:^|[·|•] ?)((?=[a-z0-9\-]{{3}}){_HOST})(?= ?(?:$|[·|•]))")
_TOP = 0.3
"""Part of a page within which a seller's letterhead stands."""


class _Print(NamedTuple):
    """Text in which to look, and where it begins."""

    text: str
    segment: Segment
    worth: float


def contacts(sheets: Sequence[Sheet], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    """The seller's mail, website and telephone, as far as the pages show them."""
    prints = [one for sheet in sheets for one in _prints(sheet) if not _is_buyers(one.segment, parties)]
    mails = [c for one in prints for c in _mails(one)]
    sites = [c for one in prints for c in _sites(one)]
    phones = [c for one in prints for c in _phones(one)]
    if not phones:
        phones = [c for sheet in sheets[:1] for c in _bare_phones(sheet, parties)]
    for found in (mails, sites, phones):
        ranked = best_of(found)
        if ranked:
            yield ranked[0].name, settled(ranked)


def _prints(sheet: Sheet) -> Iterator[_Print]:
    """Every segment alone, then with what goes on to its right or in the line under it."""
    for index, row in enumerate(sheet.rows):
        for place, segment in enumerate(row.segments):
            yield _Print(segment.text, segment, 1.0)
            right = _right(row, place)
            below = _below(sheet, index, segment)
            if right is not None:
                yield _Print(f"{segment.text} \n{right.text}", segment, 0.95)
            if below is not None and not (right is not None and segment.text.endswith(":")):
                glue = "" if _is_broken(segment.words[-1].text) else "\n"
                yield _Print(f"{segment.text}{glue}{below.text}", segment, 0.93)


def _is_broken(word: str) -> bool:
    """Whether an address of mail or web goes on in the next line."""
    return ("@" in word or word.lower().startswith(("www.", "http"))) and word.endswith(("-", ".", "@", "_", "/"))


def _right(row: Row, place: int) -> Segment | None:
    return row.segments[place + 1] if place + 1 < len(row.segments) else None


def _below(sheet: Sheet, index: int, segment: Segment) -> Segment | None:
    """The next line of the same column or paragraph."""
    for row in sheet.rows[index + 1 : index + 3]:
        for other in row.segments:
            if other.box.top - segment.box.bottom > 1.1 * sheet.height:
                continue
            if abs(other.box.x0 - segment.box.x0) < 0.6 * sheet.height:
                return other
            shared = overlap(segment.box.x0, segment.box.x1, other.box.x0, other.box.x1)
            centred = abs(other.box.centre - segment.box.centre) < 1.5 * sheet.height
            if centred and shared > 0:
                return other
    return None


def _mails(one: _Print) -> Iterator[Candidate]:
    match = EMAIL.search(one.text)
    if match and (one.worth == 1.0 or _crosses(one, match.start(), match.end())):
        # what a line breaks off is no address
        whole = match.end() < len(one.text) or not match[0].endswith("-")
        if whole:
            value = match[0].strip(".,;-")
            yield candidate("seller_email", value, 0.75 * one.worth, one.segment, value)


def _sites(one: _Print) -> Iterator[Candidate]:
    alone = one.worth == 1.0
    for pattern, score in ((_SITE, 0.78), (_NAMED_SITE, 0.74), (_BARE_SITE, 0.6)):
        match = pattern.search(one.text)
        if match is None or (pattern is _BARE_SITE and not alone):
            continue
        if alone or _crosses(one, match.start(), match.end()):
            value = (match[1] if pattern.groups else match[0]).strip(".,;/-")
            yield candidate("seller_website", value, score * one.worth, one.segment, value)
            return


def _phones(one: _Print) -> Iterator[Candidate]:
    for match in _PHONE.finditer(one.text):
        label = re.match(r"[^\W\d_]+", match[0])
        value = match[1].strip(" -/.–")
        digits = sum(sign.isdigit() for sign in value)
        if not 6 <= digits <= 15 or dates_in(value):
            continue
        if one.worth < 1.0 and not _crosses(one, match.start(), match.end()):
            continue
        short = label is not None and len(label[0]) == 1
        if short and (one.worth < 1.0 or ":" not in match[0] and value[0] not in "+("):
            continue
        score = 0.68 if short else 0.7 if label is not None and label[0].lower().startswith(("mob", "gsm")) else 0.78
        yield candidate("seller_phone", value, score * one.worth, one.segment, value)
        return


def _bare_phones(sheet: Sheet, parties: Parties) -> Iterator[Candidate]:
    """A number that can be nothing else, without a label, in the letterhead."""
    for row in sheet.rows:
        if row.box.top > _TOP * sheet.page.height:
            return
        for segment in row.segments:
            for part in re.split(r" ?[·|•] ?", segment.text):
                if _BARE_PHONE.match(part) and not _is_buyers(segment, parties):
                    yield candidate("seller_phone", part, 0.5, segment, part)


def _crosses(one: _Print, start: int, end: int) -> bool:
    """Whether a match reaches from the segment into what follows."""
    return start < len(one.segment.text) < end


def _is_buyers(segment: Segment, parties: Parties) -> bool:
    """Whether it stands within the block of the buyer or of the place of delivery, and not in the seller's."""
    if parties.seller is not None and parties.seller.holds(segment):
        return False
    return any(block is not None and block.holds(segment) for block in (parties.buyer, parties.ship_to))
