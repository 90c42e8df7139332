"""Where the columns of a table reach: by its vertical rules, by the blanks under its heading, or by its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations

from ingest.document import Box, Word
from ingest.fields.money import Amount, amounts_in
from ingest.layout import Row, Sheet, overlap
from ingest.lines.arithmetic import Terms, agreeing
from ingest.lines.by_order import in_order
from ingest.lines.products import cell_at
from ingest.lines.rows import NUMBERS, Entry, Kind, numbers_agree, terms_of
from ingest.tables import Column, Heading

_MOST = 10
"""Columns of numbers in a table, at most."""
_MOST_SPOTS = 5_000
"""Places between two headings that are tried for the edge of their columns."""
_HIGHEST_RATE = 30
_FIXED = frozenset(
    {"description", "sku", "buyer_sku", "line_number", "delivery_date", "purchase_order", "delivery_note", "other"}
)
"""Columns that are no numbers to count with."""


@dataclass(frozen=True, slots=True)
class _Stripe:
    """Numbers that stand under one another."""

    x0: float
    x1: float
    cells: dict[int, Amount]
    """By the index of the row."""


def placements(heading: Heading, rows: Sequence[Row], sheet: Sheet, point: str) -> Iterator[Heading]:
    """Ways to draw the columns under a heading, the likeliest first."""
    blanks = _with_territories(heading, rows, sheet.page.width, sheet.height)
    ruled = _ruled(blanks, rows, sheet)
    if ruled is not None:
        yield ruled
    yield blanks
    solved = _solved(blanks, rows, point)
    if solved is not None:
        yield solved
    ordered = in_order(blanks, rows)
    if ordered is not None:
        yield ordered


def _with_territories(heading: Heading, rows: Sequence[Row], width: float, height: float) -> Heading:
    """The heading with columns that reach from blank to blank, as the rows below leave them."""
    columns = heading.columns
    # a text that runs through the table says little of its columns
    most = max((len(row.segments) for row in rows), default=0)
    words = [(word.box, 4 if len(row.segments) >= max(3, 0.6 * most) else 1) for row in rows for word in row.words]
    edges = [0.0]
    for left, right in zip(columns, columns[1:], strict=False):
        edges.append(_blank_between(left.heading, right.heading, words, height))
    edges.append(width)
    placed = tuple(Column(column.name, column.heading, edges[i], edges[i + 1]) for i, column in enumerate(columns))
    return Heading(placed, heading.first, heading.last, heading.score)


def _blank_between(left: Box, right: Box, words: Sequence[tuple[Box, int]], height: float) -> float:
    """Where between two headings the fewest words are cut, in the middle of the widest such blank."""
    start, end = left.centre, right.centre
    step = max(height / 5, 0.5)
    # a damaged file may set a heading miles off the page
    count = max(2, int(min((end - start) / step, _MOST_SPOTS)))
    spots = [start + (end - start) * (i + 0.5) / count for i in range(count)]
    near = [(box, weight) for box, weight in words if box.x1 > start and box.x0 < end]
    costs = [sum(weight for box, weight in near if box.x0 < x < box.x1) for x in spots]
    # the gap between the headings themselves is the best guess among equals
    for i, x in enumerate(spots):
        costs[i] += 2 if left.x0 < x < left.x1 or right.x0 < x < right.x1 else 0
    lowest = min(costs)
    runs: list[tuple[int, int]] = []
    begin = None
    for i, cost in enumerate([*costs, lowest + 1]):
        if cost == lowest and begin is None:
            begin = i
        elif cost != lowest and begin is not None:
            runs.append((begin, i))
            begin = None
    first, last = max(runs, key=lambda run: run[1] - run[0])
    return (spots[first] + spots[last - 1]) / 2


def _ruled(heading: Heading, rows: Sequence[Row], sheet: Sheet) -> Heading | None:
    """The columns between the table's vertical rules; None where it has none between two headings."""
    if not rows:
        return None
    middle = rows[0].box.middle
    rules = [
        rule.centre
        for rule in sheet.page.rules
        if rule.height > 2 * rule.width and rule.top <= middle <= rule.bottom and rule.height >= 0.8 * sheet.height
    ]
    if not rules:
        return None
    words = [word.box for row in rows for word in row.words]
    edges: list[float | None] = []
    for left, right in zip(heading.columns, heading.columns[1:], strict=False):
        between = [x for x in rules if left.heading.centre < x < right.heading.centre]
        gap = (left.heading.x1 + right.heading.x0) / 2
        edges.append(min(between, key=lambda x: (_cut(words, x), abs(x - gap)), default=None))
    return with_edges(heading, edges) if any(edge is not None for edge in edges) else None


def _cut(words: Sequence[Box], x: float) -> int:
    return sum(box.x0 < x < box.x1 for box in words)


def with_edges(heading: Heading, edges: Sequence[float | None]) -> Heading:
    """The heading with new edges between its columns; None keeps one."""
    columns = list(heading.columns)
    for index, edge in enumerate(edges):
        if edge is not None:
            left, right = columns[index], columns[index + 1]
            columns[index] = Column(left.name, left.heading, left.left, edge)
            columns[index + 1] = Column(right.name, right.heading, edge, right.right)
    return Heading(tuple(columns), heading.first, heading.last, heading.score)


def _solved(heading: Heading, rows: Sequence[Row], point: str) -> Heading | None:
    """The columns with which quantity times price makes the total on most rows.

    Headings and columns stand in one order, so that only a shift is searched for: which of the stripes of numbers
    each heading of numbers has. Among equals the stripes nearest to their headings win.
    """
    wanted = [index for index, column in enumerate(heading.columns) if column.name in NUMBERS]
    if not {"quantity", "unit_price", "line_total"} <= heading.names:
        return None
    stripes = _stripes(rows, point)
    if not len(wanted) <= len(stripes) <= _MOST:
        return None
    best: tuple[int, float] | None = None
    chosen: tuple[_Stripe, ...] = ()
    for choice in combinations(stripes, len(wanted)):
        named = {heading.columns[index].name: stripe for index, stripe in zip(wanted, choice, strict=True)}
        hits = _hits(named)
        far = sum(_distance(heading.columns[i].heading, stripe) for i, stripe in zip(wanted, choice, strict=True))
        if hits and (best is None or (hits, -far) > best):
            best, chosen = (hits, -far), choice
    if best is None:
        return None
    return with_edges(heading, _edges(heading, dict(zip(wanted, chosen, strict=True)), rows))


def _stripes(rows: Sequence[Row], point: str) -> list[_Stripe]:
    """Numbers under one another, from left to right, as far as two fifths of the rows of numbers have one."""
    found: list[_Stripe] = []
    counted = 0
    for index, row in enumerate(rows):
        amounts = [amount for segment in row.segments for amount in amounts_in(segment, point)]
        if len(amounts) < 2:
            continue
        counted += 1
        for amount in amounts:
            box = amount.segment.box
            under = [one for one in found if overlap(one.x0, one.x1, box.x0, box.x1) > 0]
            cells = {row_index: cell for one in under for row_index, cell in one.cells.items()}
            joined = _Stripe(
                min(box.x0, *(one.x0 for one in under)) if under else box.x0,
                max(box.x1, *(one.x1 for one in under)) if under else box.x1,
                {**cells, index: amount},
            )
            found = [one for one in found if one not in under]
            found.append(joined)
    kept = [one for one in found if len(one.cells) >= 0.4 * counted]
    return sorted(kept, key=lambda one: one.x0)


def _hits(named: dict[str, _Stripe]) -> int:
    """Rows on which the numbers agree; none where rates of tax are not such."""
    rates = named.get("tax_rate")
    if rates is not None and any(not 0 <= cell.readings[-1] <= _HIGHEST_RATE for cell in rates.cells.values()):
        return 0
    hits = 0
    for row, quantity in named["quantity"].cells.items():
        price, total = named["unit_price"].cells.get(row), named["line_total"].cells.get(row)
        if price is not None and total is not None and agreeing(quantity, price, total, _terms(named, row)):
            hits += 1
    return hits


def _terms(named: dict[str, _Stripe], row: int) -> Terms:
    def cell(name: str) -> Decimal:
        amount = named[name].cells.get(row) if name in named else None
        return abs(amount.readings[-1]) if amount is not None else Decimal(0)

    return Terms(cell("line_discount_percent"), cell("line_discount"), cell("price_base") or Decimal(1))


def _distance(heading: Box, stripe: _Stripe) -> float:
    """Blank between a heading and its stripe; 0 where they overlap, less the length that they share."""
    return -overlap(heading.x0, heading.x1, stripe.x0, stripe.x1)


def _edges(heading: Heading, stripes: dict[int, _Stripe], rows: Sequence[Row]) -> list[float | None]:
    """Edges between columns in the middle of the blank beside each stripe."""
    words = [word.box for row in rows for word in row.words if len(row.segments) > 2]
    edges: list[float | None] = []
    for index in range(len(heading.columns) - 1):
        left, right = stripes.get(index), stripes.get(index + 1)
        if left is None and right is None:
            edges.append(None)
            continue
        start = left.x1 if left is not None else max((b.x1 for b in words if right and b.x1 <= right.x0), default=None)
        end = right.x0 if right is not None else min((b.x0 for b in words if left and b.x0 >= left.x1), default=None)
        edges.append((start + end) / 2 if start is not None and end is not None and start <= end else None)
    return edges


def renamed(heading: Heading, lines: Sequence[Entry], sheet: Sheet, point: str) -> Heading | None:
    """The columns under other names, where with those quantity times price makes the total on more rows.

    Head words are evidence, not law: a column may have a name that we do not know, or that means another thing here.
    None where the names as they are serve best.
    """
    hits = sum(_agrees_without_tax(entry) for entry in lines)
    if not lines or 2 * hits > len(lines):
        return None
    numbered = [
        index
        for index, column in enumerate(heading.columns)
        if column.name not in _FIXED
        and sum(bool(cell_at(entry, index, heading, sheet, point)) for entry in lines) * 2 > len(lines)
    ]
    if not 3 <= len(numbered) <= _MOST:
        return None
    table = [{index: cell_at(entry, index, heading, sheet, point) for index in numbered} for entry in lines]
    best: tuple[int, int] = (hits, 0)
    chosen: dict[int, str] | None = None
    for choice in permutations(numbered, 3):
        roles = dict(zip(choice, ("quantity", "unit_price", "line_total"), strict=True))
        score = sum(_roles_agree(row, choice, entry) for row, entry in zip(table, lines, strict=True))
        kept = sum(heading.columns[index].name == name for index, name in roles.items()) * 2
        kept += choice[2] == max(choice)
        kept += 3 * all(_like_money(row, choice) for row in table)
        if score * 2 > len(lines) and (score, kept) > best and score > hits:
            best, chosen = (score, kept), roles
    return _with_names(heading, chosen) if chosen is not None else None


def _agrees_without_tax(entry: Entry) -> bool:
    """Whether a line agrees, tax apart: where only its total with tax does, one without may stand beside it."""
    terms = replace(terms_of(entry.numbers, entry.cells), tax=Decimal(0))
    return entry.agrees and numbers_agree(entry.numbers, terms)


def _roles_agree(row: Mapping[int, Amount | None], choice: tuple[int, ...], entry: Entry) -> bool:
    quantity, price, total = (row[index] for index in choice)
    if quantity is None or price is None or total is None or quantity.percent or price.percent:
        return False
    terms = replace(terms_of(entry.numbers, entry.cells), tax=Decimal(0))
    return agreeing(quantity, price, total, terms) is not None


def _like_money(row: Mapping[int, Amount | None], choice: tuple[int, ...]) -> bool:
    """Whether what is taken for the price looks rather like money than what is taken for the quantity."""
    quantity, price = row[choice[0]], row[choice[1]]
    return quantity is None or price is None or (price.money and not quantity.money)


def _with_names(heading: Heading, names: Mapping[int, str]) -> Heading:
    taken = set(names.values())
    columns = tuple(
        replace(column, name=names.get(index, "" if column.name in taken else column.name))
        for index, column in enumerate(heading.columns)
    )
    return replace(heading, columns=columns)


def measured_by_content(heading: Heading, lines: Sequence[Entry]) -> Heading | None:
    """The columns with units in place of prices, where "Unit" heads nothing but words beside quantities."""
    place = next((i for i, column in enumerate(heading.columns) if column.name == "unit_price"), None)
    cells = [entry.cells.get("unit_price", []) for entry in lines if "quantity" in entry.numbers]
    if place is None or "unit" in heading.names or not any(cells):
        return None
    if any(sign.isdigit() for words in cells for word in words for sign in word.text):
        return None
    return replace(
        heading,
        columns=tuple(replace(c, name="unit") if i == place else c for i, c in enumerate(heading.columns)),
    )


def described_by_content(heading: Heading, lines: Sequence[Entry]) -> Heading | None:
    """The columns with the description where the words are; None where it is there already.

    A heading that we do not know, or that names the article's number, may stand over the texts.
    """
    words: dict[int, list[str]] = {}
    for entry in lines:
        for word, place in _places(entry.row, heading):
            words.setdefault(place, []).append(word.text)
    letters = {index: sum(sign.isalpha() for text in texts for sign in text) for index, texts in words.items()}
    named = next((i for i, column in enumerate(heading.columns) if column.name == "description"), None)
    texts = {
        i: count for i, count in letters.items() if heading.columns[i].name in ("", "description", "line_number", "sku")
    }
    if not texts:
        return None
    richest = max(texts, key=lambda index: texts[index])
    if richest == named or texts[richest] < 4 * len(lines):
        return None
    spare = named is not None and _is_spare(heading, lines, named, richest)
    if not spare and texts[richest] < 2 * letters.get(named if named is not None else -1, 0):
        return None
    names = {richest: "description"}
    if spare and named is not None:
        names[named] = "other"
    elif named is not None and words.get(named):
        names[named] = "" if "sku" in heading.names - {heading.columns[richest].name} else "sku"
    columns = tuple(replace(column, name=names.get(index, column.name)) for index, column in enumerate(heading.columns))
    return replace(heading, columns=columns)


def _is_spare(heading: Heading, lines: Sequence[Entry], named: int, richest: int) -> bool:
    """Whether a column of descriptions is empty on lines that another column names: it says more of some of them."""
    filled = [{place for _, place in _places(entry.row, heading)} for entry in lines if entry.kind is Kind.LINE]
    return any(named not in places for places in filled) and all(richest in places for places in filled)


def _places(row: Row, heading: Heading) -> Iterator[tuple[Word, int]]:
    """The row's words with their columns; a text that is alone in its row stands in the one in which it begins."""
    for word in row.words:
        box = row.words[0].box if len(row.segments) == 1 else word.box
        place = next((i for i, c in enumerate(heading.columns) if c.left <= box.centre < c.right), None)
        if place is not None:
            yield word, place
