"""The lines of goods and services of a document: its tables over all pages, and what their numbers say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from ingest.columns import (
    described_by_content,
    measured_by_content,
    placements,
    renamed,
)
from ingest.document import Source
from ingest.extraction import LineItem
from ingest.layout import Sheet, overlap
from ingest.lines.bases import doubted, weighed, with_bases
from ingest.lines.blocks import Block, blocks_of, described, repeated, same_style
from ingest.lines.codes import without_codes, without_codes_over
from ingest.lines.counted import counted
from ingest.lines.dated import with_days
from ingest.lines.discounts import folded
from ingest.lines.headless import bare_table
from ingest.lines.items import Texts, agrees, item_of
from ingest.lines.judge import Line, judged
from ingest.lines.leading import counted_before
from ingest.lines.list_prices import at_list_prices, discounted_in_steps
from ingest.lines.named import with_names
from ingest.lines.numbered import with_codes
from ingest.lines.products import counted_by_product
from ingest.lines.rows import Entry, Kind, carries_on, entries_of, is_end
from ingest.lines.summed import sums_up, totalled_by_sum
from ingest.lines.taxed import rates_of_amounts, tax_letters, taxed_below
from ingest.lines.told import told_lines
from ingest.lines.torn import mended_heads
from ingest.tables import Heading, headings_of, is_other_heading

_BODY = 60
"""Rows from which the columns are found."""
_APART = 9
"""Blank, in heights of the print, over which no table goes on without a line."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The line items, and the rows of the pages that they were read from."""

    items: tuple[LineItem, ...]
    rows: frozenset[tuple[int, int]]
    """Page number and row index."""
    total: Decimal | None
    """Sum of the lines' totals; None where a line has none."""
    coherent: float
    """Share of the lines whose quantity, price and total agree."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A page, which of its rows sum up, and which stand on every page."""

    sheet: Sheet
    ends: tuple[bool, ...]
    furniture: frozenset[int]
    heads: frozenset[int]
    """Rows that name columns."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's rows on one page."""

    paper: _Paper
    heading: Heading
    entries: tuple[Entry, ...]
    begun: bool
    """Whether its heading stands on this page."""
    ended: bool

    @property
    def lines(self) -> list[Entry]:
        """The rows that are lines by their numbers."""
        return [entry for entry in self.entries if entry.kind is Kind.LINE]

    @property
    def hits(self) -> int:
        """Lines whose numbers agree."""
        return sum(entry.agrees for entry in self.entries if entry.kind is Kind.LINE)


def lines_of(sheets: Sequence[Sheet], point: str) -> Lines:
    """The lines of the document's tables of goods and services."""
    papers = _papers(sheets)
    tables = list(_tables(papers, point))
    rates = tax_letters(sheets)
    read: list[Line] = []
    used: set[tuple[int, int]] = set()
    for table in tables:
        page = table.paper.sheet.page.number
        if table.begun:
            used |= {(page, index) for index in range(table.heading.first, table.heading.last)}
        for block, item in _items(table, point, rates):
            rows = {entry.index for entry in block.texts if len(entry.text) == len(entry.row.words)}
            places = frozenset(
                (page, index) for index in (block.line.index, *rows, *(entry.index for entry in block.others))
            )
            if not _says_what(item):
                continue
            read.append(Line(item, table.paper.sheet, places))
    # without a table, rows may tell them
    read = read or told_lines(sheets, point)
    judgement = judged(read, [(paper.sheet, paper.ends) for paper in papers], point)
    for line in judgement.lines:
        used |= line.rows
    items = with_names(with_days(doubted([line.item for line in judgement.lines])))
    coherent = sum(agrees(item) for item in items) / len(items) if items else 0.0
    return Lines(items, frozenset(used), judgement.total, coherent)


def _says_what(item: LineItem) -> bool:
    """Whether a line names something: a row of nothing but figures belongs to taxes or sums."""
    named = (item.description, item.sku, item.buyer_sku, item.gtin)
    texts = [cell.value for cell in named if cell is not None]
    letters = any(sign.isalpha() for text in texts for sign in text)
    return letters or (bool(texts) and not any("%" in text or "," in text for text in texts))


def _papers(sheets: Sequence[Sheet]) -> list[_Paper]:
    """The pages with their summing rows, and those rows that every page repeats at one height."""
    places: dict[tuple[str, int], set[int]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            key = re.sub(r"\d+", "0", row.text)
            places.setdefault((key, round(row.box.top / 4)), set()).add(sheet.page.number)
    papers = []
    for sheet in sheets:
        repeated = frozenset(
            index
            for index, row in enumerate(sheet.rows)
            if len(sheets) > 1 and len(places[re.sub(r"\d+", "0", row.text), round(row.box.top / 4)]) > 1
        )
        heads = frozenset(index for index, row in enumerate(sheet.rows) if is_other_heading(row))
        papers.append(_Paper(sheet, tuple(is_end(row) for row in sheet.rows), repeated, heads))
    return papers


def _tables(papers: Sequence[_Paper], point: str) -> Iterator[_Table]:
    """The tables of goods, page by page."""
    heads = [headings_of(paper.sheet) for paper in papers]
    best: _Table | None = None
    read: list[list[_Table]] = []
    for paper, headings in zip(papers, heads, strict=True):
        read.append([])
        for number, heading in enumerate(headings):
            last = headings[number + 1].first if number + 1 < len(headings) else len(paper.sheet.rows)
            table = _table(paper, heading, heading.last, last, point, begun=True)
            read[-1].append(table)
            if table.lines and (best is None or _rank(table) > _rank(best)):
                best = table
    if best is None or not best.hits:
        bare = list(_headless(papers, point))
        known = _counts_what_is_none(bare, best) or _adds_up_alone(best, bare, point)
        if best is None or (not known and 2 * sum(t.hits for t in bare) > sum(len(t.lines) for t in bare)):
            # no line under the heading agrees: where columns are that do, it was misunderstood
            yield from bare
            return
    open_: _Table | None = None
    for paper, headings, tables in zip(papers, heads, read, strict=True):
        if open_ is not None:
            last = headings[0].first if headings else len(paper.sheet.rows)
            more = _table(paper, open_.heading, 0, last, point, begun=False)
            if more.lines and (more.hits == len(more.lines) or (not open_.ended and not open_.hits)):
                yield more
                open_ = more
        for table in tables:
            if table is best or (table.lines and _alike(table, best)):
                yield table
                open_ = table


def _adds_up_alone(best: _Table | None, bare: Sequence[_Table], point: str) -> bool:
    """Whether the lines under a heading make a sum that is printed, and those that arithmetic alone tells do not."""
    tables = [table for table in (best, *bare) if table is not None]
    told = [sums_up(one.heading, one.lines, one.paper.sheet, one.paper.ends, point) for one in tables]
    return best is not None and told[0] and not any(told[1:])


def _counts_what_is_none(bare: Sequence[_Table], best: _Table | None) -> bool:
    """Whether what was taken for quantities stands under a head that means something else: a rate of exchange."""
    columns = best.heading.columns if best is not None else ()
    named = [column for column in columns if column.name in ("other", "line_number")]
    return any(
        overlap(column.heading.x0, column.heading.x1, other.heading.x0, other.heading.x1) > 0
        and (other.name == "other" or _only_number(table))
        for table in bare
        for column in table.heading.columns
        if column.name == "quantity"
        for other in named
    )


def _only_number(table: _Table) -> bool:
    """Whether the quantities of a table are one, two, three: its positions."""
    counts = [entry.numbers["quantity"].readings[0] for entry in table.lines if "quantity" in entry.numbers]
    return counts == list(range(1, len(counts) + 1))


def _rank(table: _Table) -> tuple[bool, float]:
    return table.hits > 0, table.heading.score


def _alike(table: _Table, best: _Table) -> bool:
    """Whether a further table is one of goods too: it has the same columns, or its numbers agree."""
    one, two = table.heading.names, best.heading.names
    if len(one & two) >= 0.75 * len(one | two):
        return True
    return 2 * table.hits >= len(table.lines) and table.hits > 0 and best.hits > 0


def _headless(papers: Sequence[_Paper], point: str) -> Iterator[_Table]:
    """Tables that have no heading that we know: told by their arithmetic alone."""
    for paper in papers:
        heading = bare_table(paper.sheet, paper.ends, point)
        if heading is not None:
            # the rows that make a printed sum are lines, whatever they are called
            ends = [end and index >= heading.last for index, end in enumerate(paper.ends)]
            rows = entries_of(paper.sheet, ends, heading.first, len(paper.sheet.rows), heading, point)
            entries, ended = _cut(paper, rows)
            table = _Table(paper, heading, tuple(entries), begun=False, ended=ended)
            if table.lines:
                yield table


def _table(paper: _Paper, heading: Heading, first: int, last: int, point: str, *, begun: bool) -> _Table:
    """The rows under a heading, with the columns with which most of them hold in themselves."""
    sheet = paper.sheet
    body = [sheet.rows[index] for index in _body(paper, first, last)]
    best: tuple[bool, int, int] | None = None
    chosen: tuple[Heading, list[Entry], bool] | None = None
    for placed in placements(heading, body, sheet, point):
        entries, ended = _cut(paper, entries_of(sheet, paper.ends, first, last, placed, point))
        lines = [entry for entry in entries if entry.kind is Kind.LINE]
        key = (sums_up(placed, lines, sheet, paper.ends, point), sum(entry.agrees for entry in lines), len(lines))
        if best is None or key > best:
            best, chosen = key, (placed, entries, ended)
        if lines and key[1] == len(lines):
            break
    assert chosen is not None
    placed, entries, ended = chosen
    only, all_texts = (Kind.LINE,), (Kind.LINE, Kind.TEXT)
    ways: tuple[tuple[tuple[Kind, ...], Callable[[Heading, list[Entry]], Heading | None]], ...] = (
        (only, mended_heads),
        (all_texts, described_by_content),
        (all_texts, measured_by_content),
        (only, partial(renamed, sheet=sheet, point=point)),
        (all_texts, partial(with_codes, height=sheet.height)),
        (only, partial(totalled_by_sum, sheet=sheet, ends=paper.ends, point=point)),
        (only, partial(counted_by_product, sheet=sheet, point=point)),
        (only, partial(at_list_prices, sheet=sheet, point=point)),
    )
    for kinds, better in ways:
        other = better(placed, [entry for entry in entries if entry.kind in kinds])
        if other is not None:
            entries, ended = _cut(paper, entries_of(sheet, paper.ends, first, last, other, point))
            placed = other
    discounted_in_steps(entries, placed, sheet, point)
    if begun:
        weighed(entries, placed, sheet, point)
    with_bases(entries, placed, sheet if begun else None)
    _aligned(entries, sheet.height)
    taxed_below(entries)
    rates_of_amounts(entries)
    return _Table(paper, placed, tuple(entries), begun, ended)


def _body(paper: _Paper, first: int, last: int) -> Iterator[int]:
    """Rows of the table for finding the columns: up to the first total."""
    for index in range(first, min(last, first + _BODY)):
        row = paper.sheet.rows[index]
        # "Transport Reutlingen - Winterthur" begins like a carry-over, but no such row has as many numbers
        numbers = sum(any(sign.isdigit() for sign in segment.text) for segment in row.segments)
        if index in paper.heads:
            return
        if paper.ends[index] and not carries_on(row) and not (len(row.segments) >= 5 and numbers >= 3):
            return
        if index not in paper.furniture:
            yield index


def _cut(paper: _Paper, entries: Sequence[Entry]) -> tuple[list[Entry], bool]:
    """The rows up to the table's end, and whether it ended on this page.

    A sum within the table (carried over, or of a group) is passed where lines whose numbers agree follow it.
    """
    height = paper.sheet.height
    later = 0
    for number in range(len(entries) - 1, -1, -1):
        if entries[number].kind is Kind.LINE and _is_certain(entries[number]):
            later = number
            break
    kept: list[Entry] = []
    bottom: float | None = None
    for number, entry in enumerate(entries):
        if entry.index in paper.heads and bottom is not None:
            return kept, True
        if entry.kind is Kind.SUMMARY:
            if carries_on(entry.row) or number < later:
                continue
            return kept, bottom is not None
        if entry.index in paper.furniture and entry.kind is not Kind.LINE:
            continue
        apart = bottom is not None and entry.row.box.top - bottom > _APART * height
        if apart and entry.kind is not Kind.LINE:
            if number < later:
                continue
            return kept, True
        if entry.kind is not Kind.OTHER:
            kept.append(entry)
        if entry.kind is Kind.LINE or (entry.kind is Kind.TEXT and bottom is not None):
            bottom = entry.row.box.bottom
    return kept, False


def _is_certain(entry: Entry) -> bool:
    """Whether a row is a line beyond doubt: its numbers agree, or it is numbered and has all of them."""
    numbered = "".join(word.text for word in entry.cells.get("line_number") or ()).strip(".")
    return entry.agrees or (numbered.isdigit() and {"quantity", "unit_price", "line_total"} <= entry.numbers.keys())


def _items(table: _Table, point: str, rates: Mapping[str, Decimal]) -> Iterator[tuple[Block, LineItem]]:
    sheet = table.paper.sheet
    blocks = counted(folded(blocks_of(table.entries, sheet, table.heading), point), point)
    blocks = without_codes_over(counted_before(blocks, sheet, point), known="sku" in table.heading.names)
    right = _right(table)
    widest = _widest(blocks, right, sheet.page.source is Source.OCR)
    remarks = repeated(blocks)
    told = [described(block, widest, right, remarks) for block in blocks]
    parted = without_codes(blocks, told)
    for block, (parts, notes) in zip(blocks, parted, strict=True):
        texts = Texts(tuple(map(tuple, parts)), tuple(map(tuple, notes)))
        item = item_of(block, texts, sheet, point, rates)
        if item is not None:
            yield block, item


def _widest(blocks: Sequence[Block], right: float, scanned: bool) -> float:
    """How far the rows of the descriptions reach, those left out that run through the table or are set apart."""
    edges = [
        entry.box.x1
        for block in blocks
        for entry in block.texts
        if entry.kind is Kind.LINE
        or (entry.reach <= right and not entry.numbers and same_style(block.texts[0].text, entry.text, scanned))
    ]
    return max(edges, default=right)


def _right(table: _Table) -> float:
    """How far to the right a text may reach that is none which runs through the table."""
    columns = table.heading.columns
    place = next((i for i, column in enumerate(columns) if column.name == "description"), None)
    if place is None or place + 1 == len(columns):
        return table.paper.sheet.page.width
    start, lines = columns[place].right, table.lines
    nexts = [word.box.x0 for entry in lines for word in entry.row.words if word.box.centre >= start]
    texts = [entry.text[-1].box.x1 for entry in lines if entry.text]
    return max([min(nexts, default=start), *texts]) + 0.2 * table.paper.sheet.height


def _aligned(entries: Sequence[Entry], height: float) -> None:
    """Takes rows whose total stands out of its column, beside lines that agree, for texts with numbers in them."""
    name = "line_total"
    sure = [entry.numbers[name].segment.box for entry in entries if entry.agrees and name in entry.numbers]
    money = any(entry.agrees and name in entry.numbers and entry.numbers[name].money for entry in entries)
    if not sure:
        return
    texts = [entry.box.x0 for entry in entries if entry.agrees and entry.text]
    for entry in entries:
        total = entry.numbers.get(name)
        if entry.kind is not Kind.LINE or entry.agrees or total is None:
            continue
        thin = not entry.numbers.keys() & {"quantity", "unit_price"}
        if thin and entry.text and texts and entry.box.x0 > max(texts) + 5 * height:
            # the label of a sum stands before its amount, not under the texts
            entry.kind = Kind.OTHER
            continue
        box = total.segment.box
        left, right = min(abs(box.x0 - one.x0) for one in sure), min(abs(box.x1 - one.x1) for one in sure)
        if min(left, right) > 1.5 * height or (money and not total.money):
            entry.kind = Kind.TEXT if entry.text else Kind.OTHER
