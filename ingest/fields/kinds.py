"""What kind of document it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ingest.dates import dates_in
from ingest.document import Source
from ingest.extraction import DocumentType, FieldValue, Finding, Rival
from ingest.fields.slips import SLIP
from ingest.fields.spots import Spot
from ingest.labels import Meaning, compound_heads, field_labels, label_key, terms, type_labels
from ingest.layout import Row, Segment, Sheet
from ingest.tables import is_other_heading

_LONGEST = 4
_ROLL_WIDTH = 300.0
"""PDF points; tills print on paper of 58 to 80 mm."""
_TITLES = 0.4
"""Part of the first page within which a title with its number stands."""
OUR = frozenset(("our", "unsere", "notre", "nuestra", "nostra", "ns", "onze", "nasza", "nossa", "var", "vores", "nase"))
"""Keys of the word before a title in a letter: "Unsere Rechnung A-75706 vom 3. Mai"."""
_KIND_CODE = re.compile(r"^td\d\d$")
"""Key of the code that Italy's e-invoices give a kind of document."""
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")


def document_type(sheets: Sequence[Sheet], spots: Sequence[Spot], negative: bool = False) -> FieldValue:
    """The type that headings speak for, the highest and largest print first; labels of numbers where none does."""
    scores: dict[str, float] = {}
    places: dict[str, Segment] = {}
    for sheet in sheets[:2]:
        for above, row in zip((None, *sheet.rows), sheet.rows, strict=False):
            for segment in row.segments:
                titles = _heading(sheet, segment)
                label = bool(titles) and (_is_listed(sheet, segment) or _is_label(sheet, above, row, segment))
                for name, score in titles:
                    score -= 0.35 if label else 0.0
                    if score > scores.get(name, 0.0):
                        scores[name], places[name] = score, segment
    for spot in spots:
        if _lists_invoices(spot) and not any(map(_has_own_number, spots)):
            # a table of invoices: what the document is called may be in words that nobody listed
            scores["statement"] = max(scores.get("statement", 0.0), 0.6)
            places.setdefault("statement", spot.label)
        elif spot.meanings.get("invoice_number", 0.0) >= 0.9:
            scores["invoice"] = max(scores.get("invoice", 0.0), 0.55)
            places.setdefault("invoice", spot.label)
    numbered = [spot for spot in spots if spot.meanings.get("invoice_number", 0.0) >= 0.9]
    if numbered and all(map(_numbers_a_credit, numbered)):
        # a title such as "Rechnungskorrektur" leaves open what the number then says
        scores["credit_note"] = max(scores.values(), default=0.65) + 0.1
        places.setdefault("credit_note", numbered[0].label)
    if "credit_note" in scores and _is_self_billed(sheets):
        # the buyer's own "Gutschrift" bills what he owes
        scores["invoice"] = max(scores.values()) + 0.2
        places["invoice"] = places["credit_note"]
    if not scores and sheets and _is_till_roll(sheets[0], spots):
        return FieldValue(DocumentType.RECEIPT, confidence=0.6, source=Source.DERIVED)
    if not scores:
        return FieldValue(DocumentType.OTHER, confidence=0.2, source=Source.DERIVED)
    # an invoice often names the order, delivery note or estimate that it belongs to
    ranked = sorted(scores, key=lambda name: -scores[name])
    first = ranked[0]
    segment = places[first]
    lead = scores[first] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
    sure = min(0.97, 0.5 + 0.35 * scores[first] + 0.3 * min(lead, 0.4))
    return FieldValue(
        value=DocumentType(first).value,
        raw=segment.text,
        confidence=round(sure, 3),
        page=segment.page,
        box=segment.box,
        source=segment.source,
        rivals=tuple(Rival(name, round((1 - sure) * scores[name], 3)) for name in ranked[1:3]),
    )


def _is_till_roll(sheet: Sheet, spots: Sequence[Spot]) -> bool:
    """Whether a page without any title is a till's: long and narrow, or with the money given, and with a total."""
    page = sheet.page
    narrow = page.height > SLIP * page.width and (page.unit == "px" or page.width < _ROLL_WIDTH)
    paid = any({"tendered", "change"} & spot.meanings.keys() for spot in spots)
    return (narrow or paid) and any({"gross_total", "amount_due"} & spot.meanings.keys() for spot in spots)


def _is_self_billed(sheets: Sequence[Sheet]) -> bool:
    """Whether a page says that the buyer made out the document."""
    said = (row.text.casefold() for sheet in sheets for row in sheet.rows)
    return any(phrase in text for text in said for phrase in terms().self_billed)


def _numbers_a_credit(spot: Spot) -> bool:
    """Whether the document's own number is said to be a credit note's: "Gutschrift-Nr.", "Credit note number"."""
    return label_key(spot.text).startswith(_credit_words())


@cache
def _credit_words() -> tuple[str, ...]:
    """Keys of the words that announce a credit note."""
    return tuple(
        word
        for word, meanings in type_labels().items()
        if len(word) > 4 and any(meaning.name == "credit_note" for meaning in meanings)
    )


def open_correction(kind: FieldValue, values: Mapping[str, FieldValue]) -> list[Finding]:
    """That an invoice corrects an earlier one: with positive amounts nothing says whether it bills or gives back."""
    total = values.get("gross_total") or values.get("amount_due")
    title = label_key(kind.raw or "")
    positive = total is None or total.number is None or total.number > 0
    if kind.value != DocumentType.INVOICE or not positive or not any(map(title.startswith, terms().corrects)):
        return []
    return [
        Finding("low_confidence", f"'{kind.raw}' may bill or give back: nothing on it says which.", "document_type")
    ]


def _lists_invoices(spot: Spot) -> bool:
    """Whether a label for invoice numbers heads a column: two and more numbers, each in a row with dates and money."""
    if spot.meanings.get("invoice_number", 0.0) < 0.9 or spot.rest is not None or len(spot.belows) < 2:
        return False
    for below in spot.belows[:2]:
        row = next((row for row in spot.sheet.rows if below in row.segments), None)
        single = len(below.words) == 1 and any(sign.isdigit() for sign in below.text)
        if row is None or not single or len(row.segments) < 3:
            return False
        if not (dates_in(row.text) and _MONEY.search(row.text)):
            return False
    return True


def _is_label(sheet: Sheet, above: Row | None, row: Row, segment: Segment) -> bool:
    """Whether words that could be a title name what stands beside or below them."""
    if _is_under_label(above, segment):
        return True
    if _is_under_heads(above, segment):
        return False
    named = _has_value(row, segment) or _among_heads(row, segment) or _goes_on(above, segment)
    return named or _in_list(sheet, row, segment)


def _is_listed(sheet: Sheet, segment: Segment) -> bool:
    """Whether words with a number stand below a table's head: "Delivery note 4471" says where lines come from."""
    if len(segment.words) < 2 or not any(sign.isdigit() for sign in segment.text):
        return False
    return any(is_other_heading(row) for row in sheet.rows if row.box.bottom <= segment.box.top)


def _has_own_number(spot: Spot) -> bool:
    """Whether a label in the head of the first page says the number of the document itself."""
    head = spot.sheet.page.number == 1 and spot.label.box.top < _TITLES * spot.sheet.page.height
    near = next(spot.beside(), None)
    digits = near is not None and any(sign.isdigit() for sign in near.text) and not dates_in(near.text)
    return head and digits and spot.opens and spot.meanings.get("invoice_number", 0.0) >= 0.9


def _compound(key: str) -> tuple[Meaning, ...]:
    known = type_labels()
    heads = [head for head in compound_heads() if key.endswith(head) and len(key) > len(head) + 2]
    return known.get(heads[0], ()) if heads else ()


def _has_value(row: Row, segment: Segment) -> bool:
    """Whether something to the right makes the words a label with its value rather than a heading."""
    following = [other for other in row.segments if other.box.x0 >= segment.box.x1]
    if not following or following[0].box.x0 - segment.box.x1 > 15 * segment.box.height:
        return False
    return following[0].text.startswith(":") or (
        len(following[0].words) == 1 and any(sign.isdigit() for sign in following[0].text) and len(segment.words) > 1
    )


def _among_heads(row: Row, segment: Segment) -> bool:
    """Whether it stands in a row of labels: "Invoice number | Date | Purchase order" are heads of columns."""
    known = field_labels()
    others = [other for other in row.segments if other is not segment]
    labels = [other for other in others if label_key(other.text.partition("/")[0]) in known]
    return len(labels) >= 2


def _is_under_heads(above: Row | None, segment: Segment) -> bool:
    """Whether it stands under a label in a row of such: the document's type in a table of its data."""
    known = field_labels()
    heads = [other for other in above.segments if label_key(other.text) in known] if above is not None else []
    return (
        len(heads) >= 2
        and above is not None
        and any(abs(other.box.x0 - segment.box.x0) < 0.5 * segment.box.height for other in above.segments)
    )


def _is_under_label(above: Row | None, segment: Segment) -> bool:
    """Whether a label with a colon stands right above: "Payment method:" over "Purchase order"."""
    return above is not None and any(
        upper.text.rstrip().endswith(":")
        and abs(upper.box.x0 - segment.box.x0) < 0.5 * segment.box.height
        and segment.box.top - upper.box.bottom < 1.5 * segment.box.height
        for upper in above.segments
    )


def _in_list(sheet: Sheet, row: Row, segment: Segment) -> bool:
    """Whether it stands with its value among other labels with theirs: "Order | A-26-1180" under "Clerk | D. Moss"."""
    behind = [other for other in row.segments if other.box.x0 >= segment.box.x1]
    if not behind or not any(sign.isdigit() for sign in behind[0].text):
        return False
    known, index = field_labels(), sheet.rows.index(row)
    near = (*sheet.rows[max(0, index - 1) : index], *sheet.rows[index + 1 : index + 2])
    lined = [
        other
        for each in near
        for other in each.segments
        if abs(other.box.x0 - segment.box.x0) < 0.3 * sheet.height
        and abs(other.box.height - segment.box.height) < 0.15 * segment.box.height
    ]
    return any(
        any(label_key(" ".join(word.text for word in other.words[:last])) in known for last in (1, 2, 3))
        for other in lined
    )


def _goes_on(above: Row | None, segment: Segment) -> bool:
    """Whether the line above, in the same column, ends with a slash: heads in two languages break behind it."""
    return above is not None and any(
        upper.text.rstrip().endswith("/") or "/ " in upper.text
        for upper in above.segments
        if upper.box.x0 - segment.box.height < segment.box.x0 < upper.box.x1
        and segment.box.top - upper.box.bottom < 0.8 * segment.box.height
    )


def _heading(sheet: Sheet, segment: Segment) -> list[tuple[str, float]]:
    """Types that the segment's first words announce, each with a score for place, size and how alone it stands."""
    known = type_labels()
    keys = [label_key(word.text) for word in segment.words]
    if (keys[0] in OUR and len(keys) > 2) or (_KIND_CODE.match(keys[0]) and len(keys) > 1):
        # a letter's "Our invoice 4711 of 3 May" is a title like any other, and "TD04 nota di credito" too
        keys = keys[1:]
    spaced = all(len(key) == 1 for key in keys) and len(keys) > 4
    for last in range(len(keys) if spaced else min(_LONGEST, len(keys)), 0, -1):
        meanings = known.get("".join(keys[:last])) or (_compound(keys[0]) if last == 1 else ())
        if not meanings:
            continue
        alone = last == len(keys)
        text = segment.text
        size = min(2.5, segment.box.height / sheet.height)
        place = segment.box.top / max(sheet.page.height, 1.0)
        score = 0.45 + 0.22 * (size - 1.0) + (0.2 if alone else 0.0) + (0.05 if segment.bold else 0.0)
        score += 0.15 if text.isupper() else 0.0
        score -= 0.25 * max(0.0, place - 0.3) if sheet.page.number == 1 else 0.2
        score -= 0.3 if text.rstrip().endswith(":") else 0.0
        # "Purchase order: 4700-03056" is a label with its value
        colon = any(":" in word.text for word in segment.words[: last + 1])
        # "FACTURE: ABC12345" is both label and title, where nothing says more
        bills = all(meaning.name == "invoice" for meaning in meanings) and last < len(keys) <= last + 2
        score -= (0.1 if bills else 0.35) if not alone and colon else 0.0
        if not alone and any(key.isdigit() or key in {"no", "nr"} for key in keys[last : last + 1]):
            # a number behind it makes a title in the head of a page, and names another document below
            score += 0.1 if place < _TITLES else -0.2
        elif not alone:
            score -= 0.15 if len(keys) - last > 3 else 0.05
        if score < 0.35:
            return []
        return [(meaning.name, score) for meaning in {m.name: m for m in meanings}.values()]
    return []
