"""Tables of goods and services as geometry: the heading, the columns under it, and the rows that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.dates import dates_in
from ingest.document import Box, Source, Word
from ingest.labels import column_labels, label_key, modifiers, number_words
from ingest.layout import Row, Sheet, boxes_of
from ingest.numbers import number_readings
from ingest.priced import priced

LONGEST = 5
_PROSE = 8
"""Words that stand in a heading without a wider blank, at most: more are a sentence above the table."""
CHUNK = 0.5
"""Blank, in heights of the print, over which words of a heading belong to different columns."""
OCR_CHUNK = 0.85
_NARROW = 0.36
"""The same where the page's own blanks between words are narrow."""
_MONEY = re.compile(r"\d[.,]\d\d(?![\d.,]|\s*%)")
"""An amount: "Service charge 0.00" sums up and heads nothing; a rate may stand in a head."""
_BASES = (["10"], ["100"], ["1000"])
CURRENCY_HEADS = frozenset(
    (*"$€£¥₹", *("EUR", "CHF", "GBP", "USD", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF", "RON", "Kč", "zł"))
)
"""Signs and codes that head amounts by themselves."""
_NONE_OF_OURS = ("other",)
"""What a heading names that we know and do not read: a customs code, a weight. Its column keeps its words to itself."""
_MONEY_COLUMNS = frozenset({"unit_price", "line_total", "gross_line_total", "quantity"})
_EQUATION = frozenset({"quantity", "unit_price", "line_total"})
_TEXT_COLUMNS = frozenset({"description", "sku", "line_number"})
_PRIORITY = (
    "line_total",
    "unit_price",
    "quantity",
    "description",
    "sku",
    "tax_rate",
    "unit",
    "line_number",
    "gross_line_total",
    "line_discount_percent",
    "line_discount",
    "tax_amount",
    "price_base",
    "delivery_date",
    "buyer_sku",
    "purchase_order",
    "delivery_note",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what it holds and from where to where it reaches."""

    name: str
    heading: Box
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a table: its columns from left to right, and the rows it takes."""

    columns: tuple[Column, ...]
    first: int
    last: int
    """Index of the row after it."""
    score: float

    @property
    def names(self) -> frozenset[str]:
        """What the columns hold."""
        return frozenset(column.name for column in self.columns)


@dataclass(slots=True)
class _Label:
    key: str
    box: Box
    names: tuple[str, ...]
    more: int = 0  # words beside it that we do not know


def heading_at(sheet: Sheet, index: int) -> Heading | None:
    """The heading that begins in a row, over up to five rows; None where none does."""
    best: Heading | None = None
    for count in (1, 2, 3, 4, 5):
        rows = sheet.rows[index : index + count]
        if len(rows) < count or any(
            below.box.top - above.box.bottom > 0.7 * sheet.height for above, below in zip(rows, rows[1:], strict=False)
        ):
            break
        if sum(bool(number_readings(word.text)) for word in rows[-1].words) >= 2 or dates_in(rows[-1].text):
            break
        if any(len(chunk) > _PROSE for chunk in _chunks(rows[-1], sheet.blank)) or _MONEY.search(rows[-1].text):
            break
        labels = _row_labels(rows[0], sheet.blank) if count == 1 else _stacked_labels(rows, sheet.blank)
        found = _heading(labels, index, index + count, sum(len(row.words) for row in rows))
        # a number's head over that of the text, as both stand in the lines
        texts = best is not None and found is not None and "description" in found.names - best.names
        if found is not None and (best is None or texts or found.score > best.score + 0.5):
            best = found
    return best


def headings_of(sheet: Sheet) -> list[Heading]:
    """The headings of a page from top to bottom, none within another."""
    counts = [sum(bool(label.names) for label in _row_labels(row, sheet.blank)) for row in sheet.rows]
    found: list[Heading] = []
    for index, count in enumerate(counts):
        # most rows of a page are no heading: two labels at least must stand close together
        near = sum(counts[index : index + 5]) >= 2 and (count or _tops(sheet.rows[index : index + 3]))
        heading = heading_at(sheet, index) if near else None
        if heading is None:
            continue
        if found and heading.first <= found[-1].last and len(heading.names & found[-1].names) >= 2:
            # two readings of one heading, or the same in a second language below
            last = max(found[-1].last, heading.last)
            better = heading if heading.score > found[-1].score + 0.4 else found[-1]
            found[-1] = replace(better, last=last)
            continue
        if found and heading.first < found[-1].last:
            if heading.score > found[-1].score + 0.4:
                found[-1] = heading
            continue
        found.append(heading)
    return found


def _tops(rows: Sequence[Row]) -> bool:
    """Whether the first of three rows holds what a narrow column puts over the others' heads: "Coût" over "unitaire".

    Its words stand over the third row's, where the second has none.
    """
    if len(rows) < 3 or len(rows[0].words) > LONGEST or any(sign.isdigit() for sign in rows[0].text):
        return False
    top, middle, bottom = ([word.box for word in row.words] for row in rows)
    return all(_shares(box, bottom) and not _shares(box, middle) for box in top)


def _shares(box: Box, others: Sequence[Box]) -> bool:
    return any(min(box.x1, other.x1) > max(box.x0, other.x0) for other in others)


def is_other_heading(row: Row) -> bool:
    """Whether a row names columns, of whatever table."""
    if len(row.segments) < 3 or any(sign.isdigit() for segment in row.segments for sign in segment.text):
        return False
    labels = _row_labels(row)
    named = sum(bool(label.names) for label in labels)
    return named >= 3 and 2 * named > len(labels)


def _row_labels(row: Row, blank: float = CHUNK) -> list[_Label]:
    labels: list[_Label] = []
    for chunk in _chunks(row, blank):
        for label in _together(list(_labels_in(chunk))):
            last = labels[-1] if labels else None
            close = last is not None and label.box.x0 - last.box.x1 < label.box.height
            if last is not None and close and last.names == label.names == ("description",):
                # "Product  Description": two words for one column
                labels[-1] = _Label(last.key, last.box.union(label.box), last.names, last.more)
            else:
                labels.append(label)
    return labels


def _chunks(row: Row, blank: float = CHUNK) -> Iterator[tuple[Word, ...]]:
    """Words that stand a blank apart: headings of narrow columns stand closer to each other than cells do.

    `blank` is the page's usual one between words, in heights of the print.
    """
    signs = [word.box.width / len(word.text) for word in row.words if len(word.text) >= 3]
    # where all signs are equally wide, blanks are too
    typed = 1.15 * min(signs) if signs and max(signs) < 1.06 * min(signs) else 0.0
    for segment in row.segments:
        first = 0
        share = OCR_CHUNK if segment.source is Source.OCR else min(CHUNK, max(_NARROW, 1.4 * blank))
        for index, (one, two) in enumerate(pairwise(segment.words), start=1):
            if two.box.x0 - one.box.x1 > max(share * min(one.box.height, two.box.height), typed):
                yield segment.words[first:index]
                first = index
        yield segment.words[first:]


def _together(labels: list[_Label]) -> list[_Label]:
    """Labels of one segment, those that stand a blank apart put together: "Description of the goods", "Menge / Qty"."""
    found: list[_Label] = []
    for label in labels:
        last = found[-1] if found else None
        if last is None or label.box.x0 - last.box.x1 > 0.55 * label.box.height or "%" in (last.key, label.key):
            found.append(label)
            continue
        shared = tuple(name for name in last.names if name in label.names)
        if shared or not label.names or not last.names:
            names = shared or last.names or label.names
            more = last.more + label.more + (1 if names and not (last.names and label.names) else 0)
            if not last.names and label.key in number_words():
                # "Air waybill number" counts nothing
                names = _NONE_OF_OURS
            found[-1] = _Label(last.key or label.key, last.box.union(label.box), names, more)
        else:
            found.append(label)
    return found


def _stacked_labels(rows: Sequence[Row], blank: float = CHUNK) -> list[_Label]:
    """Labels broken over rows: words that stand over one another are read as one column's heading."""
    stacks: list[list[Word]] = []
    for row in rows:
        for chunk in _chunks(row, blank):
            box = boxes_of(word.box for word in chunk)
            hit = None
            for stack in stacks:
                area = boxes_of(word.box for word in stack)
                if min(area.x1, box.x1) - max(area.x0, box.x0) > 0.25 * min(area.width, box.width):
                    hit = stack
                    break
            if hit is None:
                stacks.append(list(chunk))
            else:
                hit.extend(chunk)
    labels: list[_Label] = []
    for stack in stacks:
        joined = list(_labels_in(tuple(stack)))
        named = [label for label in joined if label.names]
        shared = set(named[0].names).intersection(*(label.names for label in named)) if named else set()
        if len(named) > 1 and shared:
            # one heading in two languages
            names = tuple(name for name in named[0].names if name in shared)
            named = [_Label(named[0].key, named[0].box, names)]
        if named:
            # what else stands over or under a known heading belongs to it
            area = boxes_of(word.box for word in stack)
            named = [_Label(one.key, area if len(named) == 1 else one.box, one.names) for one in named]
        labels.extend(named or joined)
    return _columns_of(sorted(labels, key=lambda label: label.box.x0))


def _columns_of(labels: list[_Label]) -> list[_Label]:
    """One label a column: "Jedn." over "cena" is one heading, and what counts as money names it."""
    found: list[_Label] = []
    for label in labels:
        if found:
            last = found[-1]
            shared = min(last.box.x1, label.box.x1) - max(last.box.x0, label.box.x0)
            if shared > 0.5 * min(last.box.width, label.box.width):
                names = sorted({*last.names, *label.names}, key=_rank)
                found[-1] = _Label(last.key or label.key, last.box.union(label.box), tuple(names[:1]))
                continue
        found.append(label)
    return found


def _rank(name: str) -> int:
    return _PRIORITY.index(name) if name in _PRIORITY else len(_PRIORITY)


def _labels_in(words: Sequence[Word]) -> Iterator[_Label]:
    """The labels among words; words that are none are given with no name."""
    known = column_labels()
    keys = [label_key(word.text) or ("%" if "%" in word.text else "") for word in words]
    index = 0
    while index < len(words):
        for last in range(min(len(words), index + LONGEST), index, -1):
            key = "".join(part for part in keys[index:last] if part != "%")
            meanings = known.get(key) or (priced(words[index].text) if last == index + 1 else None) if key else None
            if meanings:
                names = tuple(dict.fromkeys(meaning.name for meaning in meanings))
                if names == ("price_base",) and keys[last : last + 1] in _BASES:
                    # "Price per 100" heads the prices
                    names, last = ("unit_price",), last + 1
                last = _with_modifiers(keys, last)
                yield _Label(key, boxes_of(word.box for word in words[index:last]), names)
                index = last
                break
        else:
            if keys[index] == "%":
                yield _Label("%", words[index].box, ("tax_rate",))
            elif len(words) == 1 and words[0].text in CURRENCY_HEADS:
                # the sign alone heads the amounts
                yield _Label(words[0].text, words[0].box, ("line_total",))
            elif keys[index]:
                yield _Label("", words[index].box, ())
            index += 1


def _with_modifiers(keys: Sequence[str], last: int) -> int:
    """Where a heading ends that says more of itself: "Price incl. VAT", "Rabatt %"."""
    if last < len(keys) and keys[last] == "%":
        return last + 1
    if last < len(keys) and keys[last] in modifiers():
        last += 1
        if last < len(keys) and any(meaning.name == "tax_rate" for meaning in column_labels().get(keys[last], ())):
            last += 1
    return last


def _placed(place: int, label: _Label) -> _Label:
    """A label whose word numbers lines in one language and means something else in another: lines begin with theirs."""
    if place > 1 and len(label.names) > 1 and "line_number" in label.names:
        return replace(label, names=tuple(name for name in label.names if name != "line_number"))
    return label


def _charged(labels: list[_Label]) -> list[_Label]:
    """The labels, the first for what the lines say where it could name their amounts too: "Charge | Rate | Amount"."""
    amounts = [label for label in labels if "line_total" in label.names]
    if len(amounts) < 2 or amounts[0] is not labels[0] or any("description" in label.names for label in labels[1:]):
        return labels
    return [replace(labels[0], names=("description",)), *labels[1:]]


def _heading(labels: list[_Label], first: int, last: int, words: int) -> Heading | None:
    labels = _charged(labels)
    known = (label for label in labels if label.names and label.names != _NONE_OF_OURS)
    named = [_placed(place, label) for place, label in enumerate(known)]
    assigned = _assigned(named)
    names = {name for name, _ in assigned}
    # days and a column of unknown name: what was done then stands in it
    dated = {"delivery_date", "line_total"} <= names and any(not label.names for label in labels)
    # what the lines say may have a name of its own: "Work | Hours | Rate | Amount"
    dated = dated or (names >= _EQUATION and not labels[0].names)
    if len(names & _MONEY_COLUMNS) == 0 or not (names & _TEXT_COLUMNS or dated):
        return None
    if not names & {"line_total", "gross_line_total", "quantity", "description"}:
        return None
    if len(names) < 3 and not {"description", "line_total"} <= names:
        return None
    unknown = sum(1 for label in labels if not label.names) + sum(max(0, label.more - 2) for label in labels)
    if unknown > len(assigned) + 1:
        return None
    columns = tuple(
        Column(name, label.box, label.box.x0, label.box.x1)
        for name, label in sorted(assigned, key=lambda item: item[1].box.x0)
    )
    none = [label for label in labels if label.names == _NONE_OF_OURS]
    claimed = [label.box for _, label in assigned] + [label.box for label in none]
    unclaimed = [label for label in labels if label.box not in claimed]
    # a heading that we have no name for still is a column: it keeps its words from its neighbours
    extra = tuple(Column("", label.box, label.box.x0, label.box.x1) for label in _grouped(unclaimed))
    other = tuple(Column("other", label.box, label.box.x0, label.box.x1) for label in none)
    ordered = tuple(sorted((*columns, *extra, *other), key=lambda column: column.heading.x0))
    # what is known and not read tells a table's head as well, if less
    score = len(names) + 0.4 * len(none) - 0.3 * unknown - 0.02 * words
    return Heading(ordered, first, last, score)


def _grouped(labels: list[_Label]) -> list[_Label]:
    groups: list[_Label] = []
    for label in sorted(labels, key=lambda one: one.box.x0):
        if groups and label.box.x0 - groups[-1].box.x1 < label.box.height:
            groups[-1] = _Label("", groups[-1].box.union(label.box), ())
        else:
            groups.append(label)
    return groups


def _assigned(labels: list[_Label]) -> list[tuple[str, _Label]]:
    """One name for each label and one label for each name: what can mean one thing only goes first."""
    taken: dict[str, _Label] = {}
    rest = sorted(labels, key=lambda label: len(label.names))
    for label in rest:
        free = [name for name in label.names if name not in taken]
        if not free:
            _second(label, taken)
            continue
        name = min(free, key=_rank)
        if len(label.names) > 1 and {"line_number", "description"} <= set(free):
            # "Item" over the first column of several is its number only beside a description
            others = [one for one in labels if one is not label and "description" in one.names]
            name = "line_number" if others else "description"
        taken[name] = label
    return list(taken.items())


def _second(label: _Label, taken: dict[str, _Label]) -> None:
    """What the second of two headings with one name means: the total is right of the price, the quantity left."""
    if "line_total" in label.names:
        if label.box.x0 > taken["line_total"].box.x0:
            label, taken["line_total"] = taken["line_total"], label
        price = taken.get("unit_price")
        if "quantity" not in taken and price is not None and label.box.x0 < price.box.x0:
            taken["quantity"] = label
        elif price is None:
            taken["unit_price"] = label
    elif "unit_price" in label.names and "line_total" not in taken:
        left, right = sorted((label, taken["unit_price"]), key=lambda one: one.box.x0)
        taken["unit_price"], taken["line_total"] = left, right
