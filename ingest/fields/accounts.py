"""Where to pay: accounts, banks, who is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.document import Source
from ingest.extraction import FieldValue, Finding
from ingest.fields.candidates import Candidate, best_of, candidate, ocr_factor, settled
from ingest.fields.references import is_bank_account
from ingest.fields.spots import Spot
from ingest.labels import terms
from ingest.layout import Segment, Sheet
from ingest.misread import iban_of
from ingest.normalise import compact, iban

_IBAN = re.compile(r"\b([A-Z]{2} ?\d{2}(?: ?[A-Z0-9]){11,30})\b")
_BEGUN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9 ]*$")
"""An account's number up to where a line ends."""
_ROUTING = re.compile(r"\b\d\d[- ]\d\d[- ]\d\d\b|\b[A-Z]{4}0[A-Z0-9]{6}\b|\b[A-Z]{0,4}\d[\d\-]{2,11}(?: \d{3,})?")
"""A sort code, India's IFSC, or the bank's number of other countries."""
_NATIONAL = re.compile(r"\d[\d\- ]{4,32}\d(?:/\d{4})?\b")
"""An account without its country; Czech and Slovak ones name the bank behind a slash."""
_NRB = re.compile(r"(?<!\d)\d{2}(?: ?\d{4}){6}(?!\d)")
_SENTENCE = 4
"""Words from which a line is a sentence."""
_LINE = 6
"""Words of a line that is set as a paragraph's, at least."""
_BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_NAMED_BIC = re.compile(r"\b(?:BIC|SWIFT)[ :./-]*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")


def accounts(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[str, FieldValue]]:
    """Accounts, banks and who is paid."""
    ibans: dict[str, Segment] = {}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                for value in _ibans(segment.text) or _broken(sheet, index, segment):
                    if not _is_buyers(sheet, index, segment):
                        ibans.setdefault(value, segment)
    if ibans:
        first, *others = ibans
        segment = ibans[first]
        one = candidate("seller_iban", first, 1.0, segment)
        sure = 0.985 if segment.source is not Source.OCR else 0.97 * max(0.9, ocr_factor(one))
        yield "seller_iban", settled([one], sure, tuple(others))
    elif misread := _misread(spots):
        yield "seller_iban", settled([misread], 0.85)
    else:
        yield from _labelled(spots, "iban", "seller_iban", re.compile(r"[A-Z]{2} ?\d{2}[A-Z0-9 ]{8,34}"), 0.5)
    bics = dict(_labelled(spots, "bic", "seller_bic", _BIC, 0.95)) or dict(_bic_within(sheets))
    if not bics and ibans:
        bics = dict(_bic_behind(*next(iter(ibans.items()))))
    yield from bics.items()
    named = list(_labelled(spots, "account", "seller_account", _NATIONAL, 0.8))
    yield from named or ([] if ibans else _polish(sheets))
    yield from _labelled(spots, "routing", "seller_routing", _ROUTING, 0.85)
    for spot in spots:
        if spot.meanings.get("payee_name", 0) >= 0.7 and spot.colon:
            for segment in list(spot.beside())[:1]:
                if sum(sign.isalpha() for sign in segment.text) > 3 and len(segment.words) < 9:
                    yield "payee_name", settled([candidate("payee_name", segment.text.strip(" :.,"), 0.8, segment)])
                    return


def _is_buyers(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether a sentence names the account as the one that is paid from: "we collect it from your account DE75 ..."."""
    before = segment.text if _IBAN.search(segment.text) else ""
    said = f"{sheet.rows[index - 1].text if index else ''} {before}".casefold()
    words = re.findall(r"[^\W\d_]+", before.casefold())
    return len(words) > _SENTENCE and any(owned in said for owned in terms().buyers_account)


def _polish(sheets: Sequence[Sheet]) -> Iterator[tuple[str, FieldValue]]:
    """An account as Poland prints it, the international one without its country: told by its check digits."""
    for sheet in sheets:
        for segment in sheet.segments:
            match = _NRB.search(segment.text)
            if match and iban(f"PL{compact(match[0])}"):
                yield "seller_account", settled([candidate("seller_account", match[0], 0.9, segment, match[0])])
                return


def _bic_within(sheets: Sequence[Sheet]) -> Iterator[tuple[str, FieldValue]]:
    """A BIC behind its name in the middle of a line: "IBAN FR33 ... BIC CRLYFRPP"."""
    for sheet in sheets:
        for segment in sheet.segments:
            match = _NAMED_BIC.search(segment.text)
            if match:
                yield "seller_bic", settled([candidate("seller_bic", match[1], 0.9, segment, match[1])])
                return


def _bic_behind(account: str, segment: Segment) -> Iterator[tuple[str, FieldValue]]:
    """A BIC that stands without its name behind an account of its country: "DE11 4585 ... 44 WELADED1LSD"."""
    last = max((i for i, word in enumerate(segment.words) if account.endswith(compact(word.text))), default=None)
    behind = segment.words[last + 1 : last + 3] if last is not None else ()
    for word in behind:
        text = word.text.strip("(),.;|/·")
        if _BIC.fullmatch(text) and text[4:6] == account[:2] and not (text.isalpha() and text.istitle()):
            yield "seller_bic", settled([candidate("seller_bic", text, 0.85, segment, text)])
            return


def _ibans(text: str) -> list[str]:
    found = []
    for match in _IBAN.finditer(text):
        printed = match[1]
        # the pattern may run into the words that follow: the longest part with right check digits counts
        valid = next((value for end in range(len(printed), 14, -1) if (value := iban(printed[:end]))), None)
        if valid:
            found.append(valid)
    return found


def _misread(spots: Sequence[Spot]) -> Candidate | None:
    """An account behind its label that OCR misread, where form and check digits leave one reading."""
    for spot in spots:
        for segment in (*list(spot.beside())[:1], *spot.belows[:1]) if spot.meanings.get("iban", 0.0) >= 0.7 else ():
            if segment.source is Source.OCR and (value := iban_of(segment.text)):
                return candidate("seller_iban", value, 0.9, segment)
    return None


def _broken(sheet: Sheet, index: int, segment: Segment) -> list[str]:
    """Accounts whose number goes on under the segment, in its column or where the next line begins."""
    continued = _continued(sheet, index, segment)
    # what stands whole in the next line is that line's
    found = [value for value in _ibans(f"{segment.text} {continued}") if value not in _ibans(continued)]
    if found or segment is not sheet.rows[index].segments[-1] or not _BEGUN.search(segment.text):
        return found
    below = sheet.rows[index + 1 : index + 2]
    return _ibans(f"{segment.text} {below[0].segments[0].text}") if below else []


def unread_account(spots: Sequence[Spot], values: Mapping[str, FieldValue]) -> list[Finding]:
    """That an account stands on the document which could not be read whole: nobody may take it for none."""
    if "seller_iban" in values:
        return []
    for spot in spots:
        for segment in list(spot.beside())[:1] if spot.meanings.get("iban", 0.0) >= 0.7 else ():
            if _BEGUN.search(compact(segment.text)):
                message = f"An account stands on page {segment.page}, but its number could not be read whole."
                return [Finding("low_confidence", message, "seller_iban")]
    return []


def _continued(sheet: Sheet, index: int, segment: Segment) -> str:
    """The line under a segment, in its column: a narrow column breaks an account's number in two."""
    for row in sheet.rows[index + 1 : index + 3]:
        for below in row.segments:
            near = below.box.top - segment.box.bottom < 1.2 * sheet.height
            if near and abs(below.box.x0 - segment.box.x0) < 0.6 * sheet.height:
                return below.text
    return ""


def _at_bank(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether another label of a bank's data stands within two rows."""
    return any(
        other is not spot
        and other.sheet is spot.sheet
        and abs(other.row - spot.row) <= 2
        and max(other.meanings.get(name, 0.0) for name in ("iban", "bic", "routing")) >= 0.7
        for other in spots
    )


def _next_line(spot: Spot) -> tuple[Segment, ...]:
    """Where a sentence goes on whose line ends with the label: "... sort code" over "20-45-18, account ..."."""
    words = spot.segment.words
    if len(words) < _LINE or words[-1] is not spot.label.words[-1] or spot.rights:
        return ()
    return tuple(
        row.segments[0]
        for row in spot.sheet.rows[spot.row + 1 : spot.row + 2]
        if abs(row.segments[0].box.x0 - spot.segment.box.x0) < 0.6 * spot.sheet.height
    )


def _labelled(
    spots: Sequence[Spot], family: str, name: str, pattern: re.Pattern[str], score: float
) -> Iterator[tuple[str, FieldValue]]:
    found: list[Candidate] = []
    for spot in spots:
        weight = spot.meanings.get(family, 0.0)
        if family == "account" and 0.3 < weight < 0.7 and spot.colon and _at_bank(spot, spots):
            # "Rachunek:" is a bill elsewhere; between the bank and its other numbers it is the account
            weight = 0.8
        if weight < 0.7 or (family == "account" and not is_bank_account(spot, spots)):
            continue
        for segment in (*list(spot.beside())[:1], *spot.belows[:1], *_next_line(spot)):
            # an account's international form holds no second one
            match = None if family == "account" and _ibans(segment.text) else pattern.search(segment.text)
            if match:
                value = match[0].strip(" -")
                value = compact(value) if name in {"seller_iban", "seller_bic", "seller_routing"} else value
                found.append(candidate(name, value, score * weight, segment, match[0]))
                break
    ranked = best_of(found)
    if ranked:
        yield name, settled(ranked)
