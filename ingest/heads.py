"""What the words over the columns of a table name: labels beside one another, or broken over several rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Box, Source, Word
from ingest.labels import column_labels, label_key, misread_column, modifiers, number_words
from ingest.layout import Row, boxes_of
from ingest.priced import priced

LONGEST = 5
"""Words of a label, at most."""
_CHUNK = 0.5
"""Blank, in heights of the print, over which words of a heading belong to different columns."""
_OCR_CHUNK = 0.85
_TOGETHER = 0.7
"""Up to which what follows a known heading belongs to it, where OCR's boxes say little: "Charges GBP"."""
_NARROW = 0.36
"""The same where the page's own blanks between words are narrow."""
_BASES = (["10"], ["100"], ["1000"])
_CURRENCY_HEADS = frozenset(
    (*"$€£¥₹", *("EUR", "CHF", "GBP", "USD", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF", "RON", "Kč", "zł"))
)
"""Signs and codes that head amounts by themselves."""
NONE_OF_OURS = ("other",)
"""What a heading names that we know and do not read: a customs code, a weight. Its column keeps its words to itself."""
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


@dataclass(slots=True)
class HeadLabel:
    """A label in the head of a table, and the columns that it may name."""

    key: str
    box: Box
    names: tuple[str, ...]
    more: int = 0  # words beside it that we do not know
    slashed: bool = False  # whether a slash joins it to the one before


def row_labels(row: Row, blank: float = _CHUNK) -> list[HeadLabel]:
    """The labels that stand beside one another in a row; `blank` is the page's usual one between words."""
    labels: list[HeadLabel] = []
    for chunk in chunks(row, blank):
        for label in _together(_in_one_column(_labels_in(chunk, row.segments[0].source))):
            last = labels[-1] if labels else None
            close = last is not None and label.box.x0 - last.box.x1 < label.box.height
            if last is not None and close and last.names == label.names == ("description",):
                # "Product  Description": two words for one column
                labels[-1] = HeadLabel(last.key, last.box.union(label.box), last.names, last.more)
            else:
                labels.append(label)
    return labels


def chunks(row: Row, blank: float = _CHUNK) -> Iterator[tuple[Word, ...]]:
    """Words that stand a blank apart: headings of narrow columns stand closer to each other than cells do.

    `blank` is the page's usual one between words, in heights of the print.
    """
    signs = [word.box.width / len(word.text) for word in row.words if len(word.text) >= 3]
    # where all signs are equally wide, blanks are too
    typed = 1.15 * min(signs) if signs and max(signs) < 1.06 * min(signs) else 0.0
    for segment in row.segments:
        first = 0
        share = _OCR_CHUNK if segment.source is Source.OCR else min(_CHUNK, max(_NARROW, 1.4 * blank))
        for index, (one, two) in enumerate(pairwise(segment.words), start=1):
            if two.box.x0 - one.box.x1 > max(share * min(one.box.height, two.box.height), typed):
                yield segment.words[first:index]
                first = index
        yield segment.words[first:]


def _in_one_column(labels: Iterable[HeadLabel]) -> list[HeadLabel]:
    """The labels, "Code / Description" as one: the code stands over the text, or before it, in one column."""
    found: list[HeadLabel] = []
    for label in labels:
        if found and label.slashed and {*found[-1].names, *label.names} == {"sku", "description"}:
            found[-1] = HeadLabel(label.key, found[-1].box.union(label.box), ("description",))
        else:
            found.append(label)
    return found


def _together(labels: list[HeadLabel]) -> list[HeadLabel]:
    """Labels of one segment, those that stand a blank apart put together: "Description of the goods", "Menge / Qty"."""
    found: list[HeadLabel] = []
    for label in labels:
        last = found[-1] if found else None
        close = _TOGETHER if last is not None and last.names else _CHUNK
        if last is None or label.box.x0 - last.box.x1 > close * label.box.height or "%" in (last.key, label.key):
            found.append(label)
            continue
        shared = tuple(name for name in last.names if name in label.names)
        if shared or not label.names or not last.names:
            names = shared or last.names or label.names
            more = last.more + label.more + (1 if names and not (last.names and label.names) else 0)
            if not last.names and label.key in number_words():
                # "Air waybill number" counts nothing
                names = NONE_OF_OURS
            found[-1] = HeadLabel(last.key or label.key, last.box.union(label.box), names, more)
        else:
            found.append(label)
    return found


def stacked_labels(rows: Sequence[Row], blank: float = _CHUNK) -> list[HeadLabel]:
    """Labels broken over rows: words that stand over one another are read as one column's heading."""
    stacks: list[list[Word]] = []
    for row in rows:
        for chunk in chunks(row, blank):
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
    labels: list[HeadLabel] = []
    for stack in stacks:
        joined = _in_one_column(_labels_in(tuple(stack), rows[0].segments[0].source))
        if len(joined) > 1 and joined[-1].key in number_words() and not any(label.names for label in joined[:-1]):
            # "Shipment" over "Number" counts nothing
            joined[-1].names = NONE_OF_OURS
        named = [label for label in joined if label.names]
        shared = set(named[0].names).intersection(*(label.names for label in named)) if named else set()
        if len(named) > 1 and shared:
            # one heading in two languages
            names = tuple(name for name in named[0].names if name in shared)
            named = [HeadLabel(named[0].key, named[0].box, names)]
        if named:
            # what else stands over or under a known heading belongs to it
            area = boxes_of(word.box for word in stack)
            named = [HeadLabel(one.key, area if len(named) == 1 else one.box, one.names) for one in named]
        labels.extend(named or joined)
    return _columns_of(sorted(labels, key=lambda label: label.box.x0))


def _columns_of(labels: list[HeadLabel]) -> list[HeadLabel]:
    """One label a column: "Jedn." over "cena" is one heading, and what counts as money names it."""
    found: list[HeadLabel] = []
    for label in labels:
        if found:
            last = found[-1]
            shared = min(last.box.x1, label.box.x1) - max(last.box.x0, label.box.x0)
            if shared > 0.5 * min(last.box.width, label.box.width):
                names = sorted({*last.names, *label.names}, key=rank)
                found[-1] = HeadLabel(last.key or label.key, last.box.union(label.box), tuple(names[:1]))
                continue
        found.append(label)
    return found


def rank(name: str) -> int:
    """How soon a column is looked for among the labels that could name it."""
    return _PRIORITY.index(name) if name in _PRIORITY else len(_PRIORITY)


def _labels_in(words: Sequence[Word], source: Source = Source.TEXT) -> Iterator[HeadLabel]:
    """The labels among words; words that are none are given with no name. OCR may have misread a sign of one."""
    known = column_labels()
    keys = [label_key(word.text) or ("%" if "%" in word.text else "") for word in words]
    index = 0
    before: tuple[str, ...] = ()
    while index < len(words):
        if before and words[index].text.startswith("(") and (end := _of_another(words, index, before)):
            index = end
            continue
        for last in range(min(len(words), index + LONGEST), index, -1):
            key = "".join(part for part in keys[index:last] if part != "%")
            meanings = known.get(key) or (priced(words[index].text) if last == index + 1 else None) if key else None
            if meanings:
                names = tuple(dict.fromkeys(meaning.name for meaning in meanings))
                if names == ("price_base",) and keys[last : last + 1] in _BASES:
                    # "Price per 100" heads the prices
                    names, last = ("unit_price",), last + 1
                last = _with_modifiers(keys, last)
                slashed = index > 0 and words[index - 1].text.endswith("/")
                yield HeadLabel(key, boxes_of(word.box for word in words[index:last]), names, slashed=slashed)
                index, before = last, names
                break
        else:
            if keys[index] == "%":
                yield HeadLabel("%", words[index].box, ("tax_rate",))
            elif len(words) == 1 and words[0].text in _CURRENCY_HEADS:
                # the sign alone heads the amounts
                yield HeadLabel(words[0].text, words[0].box, ("line_total",))
            elif source is Source.OCR and (misread := misread_column(keys[index])):
                yield HeadLabel(keys[index], words[index].box, (misread[0].name,))
            elif keys[index]:
                yield HeadLabel("", words[index].box, ())
            index += 1


def _of_another(words: Sequence[Word], first: int, names: tuple[str, ...]) -> int:
    """Where brackets behind a heading end that by themselves would name another column; 0 where they would not.

    A second language stands in them, "Wartość brutto (gross value)", and the first one has said what it is. A narrow
    column may break them: "Kwota VAT (VAT" over "amount)".
    """
    end = next((place + 1 for place in range(first, len(words)) if words[place].text.endswith(")")), len(words))
    inner = _labels_in(words[first:end])
    return end if any(label.names and not set(label.names) & set(names) for label in inner) else 0


def _with_modifiers(keys: Sequence[str], last: int) -> int:
    """Where a heading ends that says more of itself: "Price incl. VAT", "Rabatt %"."""
    if last < len(keys) and keys[last] == "%":
        return last + 1
    if last < len(keys) and keys[last] in modifiers():
        last += 1
        if last < len(keys) and any(meaning.name == "tax_rate" for meaning in column_labels().get(keys[last], ())):
            last += 1
    return last
