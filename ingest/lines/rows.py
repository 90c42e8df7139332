"""The rows of a table: which are lines by their numbers, which are texts, which sum up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from ingest.document import Box, Source, Word
from ingest.fields.money import Amount, close
from ingest.heads import LONGEST
from ingest.labels import field_labels, label_key, table_ends
from ingest.layout import Row, Segment, Sheet, boxes_of
from ingest.lines.arithmetic import Terms, agreeing, are_sums
from ingest.lines.broken import with_whole_numbers
from ingest.lines.cells import base_in, base_of_column, number_in, numbers_in
from ingest.lines.crowded import discounted_in_cell, one_of_several
from ingest.lines.mending import quantity_of
from ingest.numbers import number_readings
from ingest.tables import Heading
from ingest.units import unit_code

NUMBERS = (
    "quantity",
    "unit_price",
    "line_total",
    "gross_line_total",
    "line_discount",
    "line_discount_percent",
    "tax_rate",
    "tax_amount",
    "price_base",
)
"""Columns of numbers."""
MONEY = frozenset({"line_total", "gross_line_total", "unit_price"})
_TOTALS = frozenset(
    {"subtotal", "lines_total", "net_total", "tax_total", "gross_total", "amount_due", "prepaid", "rounding"}
)
_SUMS = _TOTALS | {"shipping_total", "discount_total"}
_HEADS_AND_SUM = 5
"""Segments of a row of three heads, a label and its sum."""
_APART = 1.5
"""Blank, in heights of the print, between the words of two cells."""
_RULE = re.compile(r"^[-_=*.~–—─━═]{3,}$")
"""A line drawn with signs."""
_RUNS_ON = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d|^\d{1,3}$")
"""The last word of a text: no amount."""
_CODES = frozenset({"line_number", "sku", "buyer_sku"})
_GROUPS = re.compile(r"^\d{1,3} \d{3}[.,]\d{2}\D{0,3}$")
_CARRIES = (
    *("carried", "brought", "balancecarried", "balancebrought", "continued", "ubertrag", "zwischenubertrag"),
    *("report", "areporter", "riporto", "dariportare", "segue", "sumaysigue", "sumaanterior", "transport"),
    *("transporte", "atransportar", "przeniesienie", "doprzeniesienia", "zprzeniesienia", "prevod", "kprevodu"),
    *("zprevodu", "overdracht", "transporteren", "overfort", "overfores", "attoverfora", "fortsettes"),
)
_GOODS = ("report", "transport", "transporte", "prevod", "continued", "segue")
"""Those of them that begin the names of goods, too: whole words, with a page and a sum behind them at most."""
_PAGES = ("pag", "seite", "side", "sida", "str", "suivant", "precedent", "anterior", "siguiente", "forward", "from")


class Kind(Enum):
    """What a row of a table is."""

    LINE = "line"
    TEXT = "text"
    SUMMARY = "summary"
    OTHER = "other"


@dataclass(slots=True)
class Entry:
    """A row of a table with its words by column and its numbers."""

    index: int
    row: Row
    cells: dict[str, list[Word]]
    numbers: dict[str, Amount]
    kind: Kind
    agrees: bool
    """Whether quantity times price is the total."""

    @property
    def text(self) -> list[Word]:
        """The words of its description."""
        return self.cells.get("description") or []

    @property
    def reach(self) -> float:
        """How far to the right its text runs, over its column's edge too."""
        last = self.text[-1].box
        if self.kind is Kind.LINE:
            return last.x1
        return next((s.box.x1 for s in self.row.segments if s.box.x0 <= last.x0 < s.box.x1), last.x1)

    @property
    def box(self) -> Box:
        """Where its description stands, else the row."""
        return boxes_of(word.box for word in self.text) if self.text else self.row.box


def entries_of(sheet: Sheet, ends: Sequence[bool], first: int, last: int, heading: Heading, point: str) -> list[Entry]:
    """The rows between two of a page as rows of a table with these columns; `ends` tells which rows sum up."""
    rows = [cells_of(sheet.rows[index], heading) for index in range(first, last)]
    whole = with_whole_numbers(rows, sheet.height)
    return [
        _entry(sheet, first + number, ends[first + number], heading, point, whole.get(number, cells))
        for number, cells in enumerate(rows)
    ]


def _entry(sheet: Sheet, index: int, ends: bool, heading: Heading, point: str, cells: dict[str, list[Word]]) -> Entry:
    row = sheet.rows[index]
    numbers = {
        name: amount
        for name in NUMBERS
        if name in cells and (amount := number_in(cells[name], sheet, point)) is not None
    }
    discounted_in_cell(numbers, cells, sheet, point)
    for name in ("quantity", "unit_price", "line_total", "gross_line_total"):
        if name in numbers and numbers[name].percent:
            del numbers[name]
    counted = numbers.get("quantity")
    if counted is not None and counted.segment.text.startswith(("(", "[")):
        numbers["quantity"] = replace(counted, readings=tuple(abs(value) for value in counted.readings))
    _part(numbers, cells, sheet, point)
    if "quantity" not in numbers and (quantity := quantity_of(cells, numbers, heading, sheet)) is not None:
        numbers["quantity"] = quantity
    one_of_several(numbers, cells, terms_of(numbers, cells), sheet, point)
    agrees = numbers_agree(numbers, terms_of(numbers, cells))
    kind = Kind.OTHER
    if agrees and not _has_letters(cells.get("description")) and _has_letters(cells.get("")):
        # what a line says may stand in a column of its own, under a head that we do not know
        cells["description"] = cells[""]
    if _is_line(cells, numbers, heading):
        kind = Kind.LINE
    elif any(not _RULE.match(word.text) for word in cells.get("description", ())):
        kind = Kind.TEXT
    behind = not set(row.segments[-1].words) & set(cells.get("delivery_date", ()))
    if kind is Kind.TEXT and "delivery_date" in cells and behind and number_readings(row.segments[-1].text):
        # a payment among dated charges, in a column of its own; a period's year may stand under its days
        kind = Kind.OTHER
    if kind is Kind.LINE and not agrees and are_sums(numbers, row, point, ends):
        kind = Kind.SUMMARY if ends else Kind.OTHER
    if ends and not (kind is Kind.LINE and (agrees or _is_full(cells, numbers))):
        kind = Kind.SUMMARY
    return Entry(index, row, cells, numbers, kind, agrees)


def _has_letters(words: Sequence[Word] | None) -> bool:
    return any(sign.isalpha() for word in words or () for sign in word.text)


def cells_of(row: Row, heading: Heading) -> dict[str, list[Word]]:
    """The row's words by the column that they stand in; text that runs out of its column stays together."""
    cells: dict[str, list[Word]] = {}
    text = _one_text(row, heading)
    for segment in row.segments:
        if segment is text:
            cells.setdefault("description", []).extend(segment.words)
            continue
        before: str | None = None
        for number, word in enumerate(segment.words):
            box = segment.words[number + 1].box if _thousands(segment, number) else word.box
            name = next((c.name for c in heading.columns if c.left <= box.centre < c.right), None)
            if before == "description" and name not in (None, before) and _runs_on(word, name or ""):
                name = before
            if name is None:
                continue
            cells.setdefault(name, []).append(word)
            before = name
    return _single(cells, row, heading)


def _one_text(row: Row, heading: Heading) -> Segment | None:
    """The last cell of a row, where it is a text that runs on under the columns to its right: "LOCTITE 242 50 ML".

    What stands before it are codes and numbers of lines: "000010 | 4711-220 | Cable H07RN-F 3G2,5".
    """
    text = row.segments[-1]
    if text.source is Source.OCR or "description" not in heading.names or len(text.words) < 2:
        return None
    column = next(column for column in heading.columns if column.name == "description")
    before = {c.name for s in row.segments[:-1] for c in heading.columns if c.left <= s.box.centre < c.right}
    first, last = text.words[0], text.words[-1]
    if not column.left <= first.box.centre < column.right or not before <= _CODES or not _RUNS_ON.search(last.text):
        return None
    return text if last.box.x1 > column.right and first.text[0].isalpha() and (len(text.words) > 2 or before) else None


def _single(cells: dict[str, list[Word]], row: Row, heading: Heading) -> dict[str, list[Word]]:
    """The cells with each number from one segment: the end of a long text ("size 43") is not the quantity."""
    for column in heading.columns:
        words = cells.get(column.name)
        if column.name not in NUMBERS or words is None or "description" not in cells:
            continue
        if len(words) == 1 and not words[0].text.startswith(("(", "[")):
            continue
        text = cells["description"]
        segment = next((s for s in row.segments if text[-1] in s.words), None)
        stray = [word for word in words if segment is not None and word in segment.words]
        # "Paid on account (20388)": what stands in brackets right behind a text explains it
        whole = len(words) > 1 or column.name != "quantity" or words[0].box.x0 < text[-1].box.x0
        if (
            stray
            and (len(stray) < len(words) or not whole)
            and stray[0].box.x0 - text[-1].box.x1 < 0.5 * text[-1].box.height
        ):
            cells["description"] = [*text, *stray]
            cells[column.name] = [word for word in words if word not in stray]
    return cells


def _thousands(segment: Segment, number: int) -> bool:
    """Whether a word and the next are one number whose thousands a blank parts: "1 365,00"."""
    words = segment.words[number : number + 2]
    if len(words) < 2 or not _GROUPS.match(f"{words[0].text} {words[1].text}"):
        return False
    if segment.source is Source.OCR:
        return close(segment, number)
    return words[1].box.x0 - words[0].box.x1 < 0.4 * words[0].box.height


def _runs_on(word: Word, name: str) -> bool:
    if name == "unit" and unit_code(word.text):
        return False
    return any(sign.isalpha() for sign in word.text) and not number_readings(word.text) and not word.text[0].isdigit()


def _part(numbers: dict[str, Amount], cells: dict[str, list[Word]], sheet: Sheet, point: str) -> None:
    """Quantity and price that stand in one cell ("2 x 12,50"): the two numbers that make the total."""
    total = numbers.get("line_total") or numbers.get("gross_line_total")
    if total is None or {"quantity", "unit_price"} <= numbers.keys():
        return
    for name in ("quantity", "unit_price", "description"):
        found = numbers_in(cells.get(name), sheet, point)
        if name == "description":
            counted = numbers.get("quantity")
            if found and counted and found[-1].money and agreeing(counted, found[-1], total):
                # "46 lfm | larch boards à 14.80": the count has a column, the price none
                numbers["unit_price"] = found[-1]
                _take_out(found[-1], cells)
                return
            found = found[-2:]
        if len(found) == 2 and found[1].money and not found[0].percent and agreeing(found[0], found[1], total):
            numbers["quantity"], numbers["unit_price"] = found
            return


def _take_out(price: Amount, cells: dict[str, list[Word]]) -> None:
    """Takes a price that stands in a cell of its own, under a head that we do not know, out of the description."""
    words, text = price.segment.words, cells["description"]
    rest = [word for word in text if word not in words]
    if rest and words[0].box.x0 - rest[-1].box.x1 > _APART * rest[-1].box.height:
        cells["description"] = rest


def terms_of(numbers: Mapping[str, Amount], cells: Mapping[str, Sequence[Word]]) -> Terms:
    """Discount, base and tax of a line as far as they are printed."""
    percent, amount = numbers.get("line_discount_percent"), numbers.get("line_discount")
    if amount is not None and amount.percent:
        percent, amount = amount, None
    if percent is not None and percent.money and not percent.percent and percent.readings[0] > 100:
        percent, amount = None, percent
    base = base_of_column(cells.get("price_base"), numbers.get("price_base"))
    if base is None:
        printed = base_in(cells.get("unit_price"))
        base = printed.count if printed is not None else None
    rate = numbers.get("tax_rate")
    return Terms(
        abs(percent.readings[-1]) if percent is not None else Decimal(0),
        abs(amount.readings[0]) if amount is not None else Decimal(0),
        base or Decimal(1),
        rate.readings[-1] if rate is not None and 0 < rate.readings[-1] <= 30 else Decimal(0),
    )


def numbers_agree(numbers: Mapping[str, Amount], terms: Terms) -> bool:
    """Whether quantity times price makes the total, the one with tax where it is the only one."""
    total = numbers.get("line_total") or numbers.get("gross_line_total")
    quantity, price = numbers.get("quantity"), numbers.get("unit_price")
    if quantity is None or price is None or total is None:
        return False
    found = agreeing(quantity, price, total, terms)
    # nothing times an amount of money is nothing, and proves nothing
    return found is not None and not (found[2] == 0 and quantity.money)


def _is_line(cells: Mapping[str, list[Word]], numbers: Mapping[str, Amount], heading: Heading) -> bool:
    """Whether a row has the numbers that make it a line: a total or price, and something besides."""
    names = set(numbers)
    expected = heading.names & {"line_total", "gross_line_total"}
    if expected and not names & expected or not names & MONEY:
        return False
    own = [word.text for name in ("sku", "line_number") for word in cells.get(name, ())]
    words = [word.text for word in cells.get("description", ()) if any(map(str.isalnum, word.text))]
    if words and not any(sign.isalpha() for text in words for sign in text):
        # a row of a summary of taxes: numbers all through
        return bool(own) and not any("%" in text for text in own) and {"quantity", "unit_price"} <= names
    total = numbers.get("line_total")
    taken_off = total is not None and total.readings[0] < 0
    if not (words or own or taken_off or {"quantity", "unit_price"} & names):
        return False
    # letters among the numbers: a sentence that runs through the columns
    body = [word for name in ("line_total", "unit_price") for word in cells.get(name, [])]
    return sum(sign.isalpha() for word in body for sign in word.text) <= 12


def _is_full(cells: Mapping[str, list[Word]], numbers: Mapping[str, Amount]) -> bool:
    """Whether a row has what no summary row has: quantity and price besides its total, or a number of its own."""
    names = set(numbers)
    if "quantity" in names and names & {"line_total", "gross_line_total"}:
        # "Total 25 pieces 1,250.00" has no words besides
        return "unit_price" in names or len(cells.get("description") or ()) >= 3
    own = cells.get("line_number") or cells.get("sku")
    return bool(own) and any(sign.isdigit() for word in own or () for sign in word.text) and "quantity" in names


def _begins_terms(key: str, text: str) -> bool:
    """Whether a label alone in its row is the title of what comes after the table."""
    meant = {meaning.name for meaning in field_labels().get(key, ())}
    return "payment_terms" in meant or (bool(meant) and text.endswith(":"))


def _stands_behind_money(row: Row, place: int) -> bool:
    """Whether an amount stands before a segment: two sums side by side, for a line's text stands before its amounts."""
    before = [segment.text for segment in row.segments[1:place]]
    return any(re.search(r"\d[.,]\d\d$", text) for text in before) and bool(number_readings(row.segments[-1].text))


def carries_on(row: Row) -> bool:
    """Whether a row only carries a sum from page to page."""
    first = row.segments[0]
    if not label_key(first.text).startswith(_CARRIES):
        return False
    noun = next((word for word in _GOODS if label_key(first.text).startswith(word)), None)
    if noun is None:
        return True
    # "Report à page 2 | 240,00", but "Transport Lyon - Paris | 2 | 120,00 | 240,00", "Reporting licence | 240,00"
    words = [label_key(word.text) for word in first.words]
    others = [word for word in words[1:] if len(word) > 3 and not word.startswith(_PAGES) and not word.isdigit()]
    counted = sum(any(sign.isdigit() for sign in segment.text) for segment in row.segments[1:])
    return words[0] == noun and not others and counted <= 1


def _heads_sums(row: Row) -> bool:
    """Whether a row names nothing but sums, whose amounts stand in the row below: "Goods | Freight | Net | Total"."""
    if len(row.segments) < 3 or any(sign.isdigit() for segment in row.segments for sign in segment.text):
        return False
    meant = [
        {meaning.name for meaning in field_labels().get(label_key(segment.text), ())} & _SUMS
        for segment in row.segments
    ]
    return sum(map(bool, meant)) >= 3 and 2 * sum(map(bool, meant)) > len(meant)


def _stands_beside_heads(row: Row) -> bool:
    """Whether a row ends in a sum with its label, and what stands before it are heads of another table."""
    if len(row.segments) < _HEADS_AND_SUM:
        return False
    *before, label, amount = row.segments
    if any(sign.isdigit() for segment in (*before, label) for sign in segment.text):
        return False
    meant = {meaning.name for meaning in field_labels().get(label_key(label.text), ())}
    return bool(meant & _TOTALS and number_readings(amount.text))


def is_end(row: Row) -> bool:
    """Whether a row is a total, or begins what comes after a table."""
    known, ends = field_labels(), table_ends()
    if _heads_sums(row) or _stands_beside_heads(row):
        return True
    has_number = any(sign.isdigit() for segment in row.segments[1:] for sign in segment.text)
    has_number = has_number or any(sign.isdigit() for word in row.segments[0].words[1:] for sign in word.text)
    for place, segment in enumerate(row.segments[:3]):
        if place and segment is row.segments[-1] and not any(sign.isdigit() for sign in segment.text):
            # "Opening | 285.50 | GST": a code behind an amount names no sum
            continue
        keys = [label_key(word.text) for word in segment.words]
        for last in range(min(len(keys), LONGEST), 0, -1):
            key = "".join(keys[:last])
            if not key or (key in _GOODS and not carries_on(row)):
                continue
            if key in ends and last == len(keys) and len(row.segments) == 1 and _begins_terms(key, segment.text):
                return True
            if last == len(keys) and place == len(row.segments) - 2 and _stands_behind_money(row, place):
                meant = {meaning.name for meaning in known.get(key, ())}
                if meant & _TOTALS:
                    return True
            short = len(keys) - last <= 6
            goes_on = len(row.segments) == 1 and segment.text[:1].islower() and (last < len(keys) or not has_number)
            if key in ends and short and not goes_on and (has_number or not known.get(key)):
                # "Reviewing the lease and" over "report to client": a text's second line may begin with such a word
                return True
            if short and has_number and any(m.name in _TOTALS and m.weight == 1.0 for m in known.get(key, ())):
                return True
    return carries_on(row) and has_number and len(row.words) <= 8
