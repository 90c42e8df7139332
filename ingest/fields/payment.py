"""How to pay: accounts, terms, currency; and the tax and register numbers of the parties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from stdnum.eu import vat as eu_vat

from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.blocks import EMAIL, Block
from ingest.fields.candidates import Candidate, best_of, candidate, ocr_factor, settled
from ingest.fields.parties import Parties
from ingest.fields.spots import Spot
from ingest.fields.tax_ids import is_valid_vat, registration_in, vat_id_beside, vat_ids_in
from ingest.labels import terms
from ingest.layout import Segment, Sheet, overlap
from ingest.normalise import CURRENCIES, CURRENCY_SIGNS, compact, currency_code, iban

_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30})\b")
_BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_NAMED_BIC = re.compile(r"\b(?:BIC|SWIFT)[ :./-]*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_PHONE = re.compile(r"(?:\+|\(|0)?\d[\d\s()/.\-]{6,20}\d")
_SITE = re.compile(r"(?i)\b(?:https?://)?(?:www\.)[a-z0-9\-.]+\.[a-z]{2,}(?:/\S*)?")
_DAYS = re.compile(r"(\d{1,3})(?:\s*\((?:\w+)\))?[\s-]*([^\W\d_]+)")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%")
_SIGN = re.compile(r"(?:US|A|C|S|HK|R)\$|[€$£₹¥]|(?<![^\W\d_])(?:RM|zł|Kč|kr)(?![^\W\d_])")


def payment(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> dict[str, FieldValue]:
    """Accounts, tax numbers, ways to reach the seller, terms."""
    values: dict[str, FieldValue] = {}
    values.update(_accounts(sheets, spots, parties))
    values.update(_tax_numbers(sheets, spots, parties))
    values.update(_contacts(sheets, parties))
    values.update(_terms(sheets, spots))
    return values


def _accounts(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    ibans: dict[str, Segment] = {}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                for value in _ibans(segment.text) or _ibans(f"{segment.text} {_continued(sheet, index, segment)}"):
                    ibans.setdefault(value, segment)
    if ibans:
        first, *others = ibans
        segment = ibans[first]
        one = candidate("seller_iban", first, 1.0, segment)
        sure = 0.985 if segment.source is not Source.OCR else 0.97 * max(0.9, ocr_factor(one))
        yield "seller_iban", settled([one], sure, tuple(others))
    else:
        yield from _labelled(spots, "iban", "seller_iban", re.compile(r"[A-Z]{2} ?\d{2}[A-Z0-9 ]{8,34}"), 0.5)
    bics = dict(_labelled(spots, "bic", "seller_bic", _BIC, 0.95)) or dict(_bic_within(sheets))
    yield from bics.items()
    yield from _labelled(spots, "account", "seller_account", re.compile(r"\d[\d\- ]{4,20}\d"), 0.8)
    yield from _labelled(spots, "routing", "seller_routing", re.compile(r"[A-Z]{0,4}\d[\d\- A-Z]{3,12}"), 0.85)
    for spot in spots:
        if spot.meanings.get("payee_name", 0) >= 0.7 and spot.colon:
            for segment in list(spot.beside())[:1]:
                if sum(sign.isalpha() for sign in segment.text) > 3 and len(segment.words) < 9:
                    yield "payee_name", settled([candidate("payee_name", segment.text.strip(" :.,"), 0.8, segment)])
                    return


def _bic_within(sheets: Sequence[Sheet]) -> Iterator[tuple[str, FieldValue]]:
    """A BIC behind its name in the middle of a line: "IBAN FR33 ... BIC CRLYFRPP"."""
    for sheet in sheets:
        for segment in sheet.segments:
            match = _NAMED_BIC.search(segment.text)
            if match:
                yield "seller_bic", settled([candidate("seller_bic", match[1], 0.9, segment, match[1])])
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


def _continued(sheet: Sheet, index: int, segment: Segment) -> str:
    """The line under a segment, in its column: a narrow column breaks an account's number in two."""
    for row in sheet.rows[index + 1 : index + 3]:
        for below in row.segments:
            near = below.box.top - segment.box.bottom < 1.2 * sheet.height
            if near and abs(below.box.x0 - segment.box.x0) < 0.6 * sheet.height:
                return below.text
    return ""


def _labelled(
    spots: Sequence[Spot], family: str, name: str, pattern: re.Pattern[str], score: float
) -> Iterator[tuple[str, FieldValue]]:
    found: list[Candidate] = []
    for spot in spots:
        weight = spot.meanings.get(family, 0.0)
        if weight < 0.7:
            continue
        for segment in (*list(spot.beside())[:1], *spot.belows[:1]):
            match = pattern.search(segment.text)
            if match:
                value = match[0].strip(" -")
                value = compact(value) if name in {"seller_iban", "seller_bic", "seller_routing"} else value
                found.append(candidate(name, value, score * weight, segment, match[0]))
                break
    ranked = best_of(found)
    if ranked:
        yield name, settled(ranked)


def _tax_numbers(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    sellers, buyers = [], []
    for vat in _vat_candidates(sheets, spots):
        one, segment, own_label = vat
        in_buyer = parties.buyer is not None and parties.buyer.holds(segment)
        if own_label == "buyer" or (in_buyer and not (parties.seller and parties.seller.holds(segment))):
            buyers.append(one)
        else:
            sellers.append(one)
    ranked = best_of(sellers)
    bought = best_of(buyers)
    if not bought and len(ranked) > 1 and ranked[0].score - ranked[1].score < 0.05:
        ranked = _nearest_seller_first(ranked, parties, sheets)
    if ranked:
        yield "seller_vat_id", settled(ranked, _vat_confidence(ranked))
    if bought:
        yield "buyer_vat_id", settled(bought, _vat_confidence(bought))
    yield from _registration(spots)
    taken = {c.value for c in (*ranked, *bought)}
    for name, value in _labelled(spots, "tax_id", "seller_tax_id", re.compile(r"\d[\d/ .\-]{4,18}\d"), 0.8):
        if compact(value.value) not in taken:
            yield name, value


def _registration(spots: Sequence[Spot]) -> Iterator[tuple[str, FieldValue]]:
    found: list[Candidate] = []
    for spot in spots:
        weight = spot.meanings.get("registration", 0.0)
        if weight < 0.7:
            continue
        for segment in (*list(spot.beside())[:1], *spot.belows[:1]):
            value = registration_in(segment.text)
            if value:
                # the German registers' letters are a label and a part of the number
                register = spot.text.strip(" .:").upper()
                value = f"{register} {value}" if register in {"HRA", "HRB"} else value
                found.append(candidate("seller_registration", value, 0.75 * weight, segment))
                break
    ranked = best_of(found)
    if ranked:
        yield "seller_registration", settled(ranked)


def _vat_candidates(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[Candidate, Segment, str]]:
    claimed: set[str] = set()
    for spot in spots:
        own = spot.meanings.get("buyer_vat_id", 0.0)
        weight = max(own, spot.meanings.get("vat_id", 0.0))
        if weight < 0.4:
            continue
        for place, segment in enumerate((*list(spot.beside())[:1], *spot.belows[:1])):
            printed = vat_id_beside(segment.text)
            if printed is None:
                continue
            value, raw = printed
            score = weight * (0.92 if place == 0 else 0.75)
            if is_valid_vat(value) or eu_vat.guess_country(value):
                score = min(1.0, score + 0.08)
            claimed.add(value)
            beside = spot.segment if place == 0 else segment
            yield candidate("seller_vat_id", value, score, segment, raw), beside, "buyer" if own else ""
            break
    for sheet in sheets:
        for segment in sheet.segments:
            for value, raw in vat_ids_in(segment.text):
                if value not in claimed and is_valid_vat(value):
                    yield candidate("seller_vat_id", value, 0.7, segment, raw), segment, ""


def _nearest_seller_first(ranked: list[Candidate], parties: Parties, sheets: Sequence[Sheet]) -> list[Candidate]:
    """Of several tax numbers the one within the seller's address, else the one in a page's foot, first."""
    block: Block | None = parties.seller
    pages = {sheet.page.number: sheet for sheet in sheets}

    def apart(one: Candidate) -> tuple[bool, bool, float]:
        sheet = pages[one.page]
        in_foot = one.box.top > 0.82 * sheet.page.height
        if block is None or block.lines[0].page != one.page:
            return True, not in_foot, 0.0
        gap = abs(one.box.middle - block.lines[0].box.middle)
        beside = overlap(block.lines[0].box.x0, block.lines[0].box.x1, one.box.x0, one.box.x1) > 0
        return not (beside and gap < 12 * sheet.height), not in_foot, gap

    return sorted(ranked, key=apart)


def _vat_confidence(ranked: list[Candidate]) -> float | None:
    first = ranked[0]
    if len(ranked) == 1 and is_valid_vat(first.value):
        return 0.97 if first.source is not Source.OCR else 0.9
    return None


def _contacts(sheets: Sequence[Sheet], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    patterns = (("seller_email", EMAIL, 0.75), ("seller_website", _SITE, 0.75))
    for name, pattern, score in patterns:
        for sheet in sheets:
            hit = next(
                (
                    candidate(name, match[0].strip(".,;"), score, segment, match[0])
                    for segment in sheet.segments
                    if (match := pattern.search(segment.text)) and not _is_buyers(segment, parties)
                ),
                None,
            )
            if hit is not None:
                yield name, settled([hit])
                break
    for sheet in sheets:
        for segment in sheet.segments:
            match = re.search(
                r"(?i)\b(?:tel|phone|telefon|téléphone|teléfono|telefono|ph|tlf|t)\b[.: ]*(?:nr|no)?[.: ]*",
                segment.text,
            )
            number = _PHONE.match(segment.text[match.end() :].strip(" .:")) if match else None
            if number and not _is_buyers(segment, parties):
                yield "seller_phone", settled([candidate("seller_phone", number[0].strip(), 0.75, segment, number[0])])
                return


def _is_buyers(segment: Segment, parties: Parties) -> bool:
    return any(block is not None and block.holds(segment) for block in (parties.buyer, parties.ship_to))


def _terms(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[str, FieldValue]]:
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


def currency(sheets: Sequence[Sheet], spots: Sequence[Spot], language: str | None) -> FieldValue | None:
    """The document's currency: a label's, else the code or sign beside its amounts."""
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
    return _most_printed(counts, places, sheets, language)


def _codes_in(text: str) -> Iterator[str]:
    for word in re.findall(r"(?<![^\W\d_])[A-Z]{3}(?![^\W\d_])", text):
        if word in CURRENCIES and word not in {"TRY", "ALL", "COP", "PEN"}:
            yield word
    for sign in _SIGN.findall(text):
        yield CURRENCY_SIGNS.get(sign.lower(), sign)
    if re.search(r"(?i)\beuro?s?\b", text):
        yield "EUR"


_SHARED = {
    "$": {
        "USD": r"\b[A-Z]{2},? \d{5}\b|\bUSA?\b|united states",
        "CAD": r"\bcanada\b|\bGST/HST\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b",
        "AUD": r"\baustralia\b|\bABN\b|\b(?:NSW|VIC|QLD) \d{4}\b",
        "SGD": r"\bsingapore\b",
        "NZD": r"\bnew zealand\b",
    },
    "kr": {
        "SEK": r"\b(?:bank|plus)giro\b|\borg(?:anisations)?\.?-?n(?:umme)?r\b|\bsverige\b|\bSE ?\d{10}01\b|\bSE\d\d ",
        "DKK": r"\bcvr\b|\bdanmark\b|\bDK ?\d{8}\b|\bDK\d\d |\bse-?nr\b",
        "NOK": r"\bmva\b|\bnorge\b|\bNO\d\d ",
    },
    "¥": {"JPY": r"japan|tokyo", "CNY": r"china|beijing|shanghai"},
}


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
        return None
    ranked = codes.most_common(2)
    sure = 0.975 if len(ranked) == 1 or ranked[0][1] >= 3 * ranked[1][1] else 0.75
    sure *= 0.98 if ranked[0][1] > 1 else 0.95
    first = places[ranked[0][0]]
    return settled(
        [candidate("currency", ranked[0][0], 0.95, first)], sure * (0.97 if first.source is Source.OCR else 1.0)
    )
