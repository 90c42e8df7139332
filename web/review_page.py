"""What the review page shows of one document: fields, lines beside their order lines, and why each was chosen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.document import Source
from ingest.extraction import TAX_CELLS, Extraction, FieldValue, LineItem, TaxLine
from ingest.fields import FIELDS
from matching.asking import by_weight
from matching.records import OrderLine, OrderLineProgress, PurchaseOrder
from matching.results import Check, CheckResult, Discrepancy, LineMatch, MatchResult, Severity
from web import words
from web.answers import Asked, asked
from web.languages import gettext
from web.presenters import Presenter
from web.told import evidence

CORE_CELLS = ("line_number", "description", "sku", "quantity", "unit", "unit_price", "tax_rate", "line_total")
"""Columns of the table of lines; other cells stand below their line where the document has them."""
MOST_RIVALS = 3
LEAST_RIVAL = 0.05
"""Readings less likely than this are no choice worth offering."""
MIDDLING = 0.7
"""Confidence from which a value is called `check` and no longer `doubtful`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Another reading or record that one click takes."""

    value: str
    shown: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that can be corrected: what stands in its input, how sure it is, where it stood."""

    path: str
    """The correction's field: `due_date`, `line_items/2/quantity`."""
    label: str
    kind: str
    value: str = ""
    """The normalised value."""
    shown: str = ""
    """The same as the reader writes it; what the input holds."""
    mark: str = ""
    """Name of the shape beside the value."""
    word: str = ""
    """The same, as a word."""
    hint: str = ""
    page: int | None = None
    box: str = ""
    others: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    problems: tuple[Discrepancy, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether the value may need several rows."""
        return self.kind == "address" or self.path.endswith(("/description", "/note", "_name"))

    @property
    def is_unsure(self) -> bool:
        """Whether somebody should confirm or correct the value."""
        return self.mark in ("half", "open")

    @property
    def weight(self) -> str:
        """The gravest severity among its problems; empty where there is none."""
        return by_weight(self.problems)[0].severity.value if self.problems else ""

    @property
    def id(self) -> str:
        """The input's id."""
        return "f-" + self.path.replace("/", "-")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together: those on the document, and those that are not."""

    name: str
    label: str
    present: tuple[Entry, ...]
    absent: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class OrderSide:
    """The order line beside an invoice line."""

    pair: LineMatch
    line: OrderLine | None
    progress: OrderLineProgress | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One invoice line with the order lines that it bills."""

    number: int
    cells: tuple[Entry, ...]
    extras: tuple[Entry, ...]
    orders: tuple[OrderSide, ...]
    problems: tuple[Discrepancy, ...]
    is_charge: bool = False


@dataclass(frozen=True, slots=True)
class Orders:
    """The matched orders and how much of each is billed, by number."""

    orders: dict[str, PurchaseOrder] = field(default_factory=dict)
    progress: dict[str, dict[str, OrderLineProgress]] = field(default_factory=dict)

    def side(self, pair: LineMatch) -> OrderSide:
        """The order line of a pair."""
        order = self.orders.get(pair.purchase_order)
        lines = {line.line_number: line for line in order.lines} if order else {}
        progress = self.progress.get(pair.purchase_order, {})
        return OrderSide(pair, lines.get(pair.order_line), progress.get(pair.order_line))


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The right half of the page."""

    document_type: Entry
    groups: tuple[Group, ...]
    lines: tuple[LineRow, ...]
    new_line: LineRow
    taxes: tuple[tuple[Entry, ...], ...]
    """Tax by rate: rate, taxable amount, tax of each."""
    new_tax: tuple[Entry, ...]
    problems: tuple[Discrepancy, ...]
    asked: tuple[Asked, ...]
    """The problems with the answers that one key gives."""
    passed: tuple[Check, ...]
    not_checked: tuple[Check, ...]

    @property
    def open_errors(self) -> int:
        """Discrepancies that stop the document."""
        return sum(found.severity is Severity.ERROR for found in self.problems)


def review_page(
    extraction: Extraction, match: MatchResult | None, orders: Orders, present: Presenter, min_confidence: float
) -> ReviewPage:
    """Everything right of the page's picture."""
    match = match or MatchResult()
    entries = _Entries(present, min_confidence, match)
    groups = tuple(_group(name, str(label), extraction, entries) for name, label in words.GROUPS)
    lines = tuple(_line_row(number, line, entries, orders) for number, line in enumerate(extraction.line_items, 1))
    return ReviewPage(
        document_type=entries.make("document_type", extraction.document_type),
        groups=groups,
        lines=lines,
        new_line=_line_row(len(lines) + 1, LineItem(), entries, orders),
        taxes=tuple(entries.tax_row(number, row) for number, row in enumerate(extraction.tax_breakdown, 1)),
        new_tax=entries.tax_row(len(extraction.tax_breakdown) + 1, TaxLine()),
        problems=(problems := tuple(by_weight(match.discrepancies))),
        asked=asked(problems, match, extraction, present),
        passed=tuple(check for check in match.checks if check.result is CheckResult.PASS),
        not_checked=tuple(check for check in match.checks if check.result is CheckResult.NOT_CHECKED),
    )


def confidence_mark(value: FieldValue, min_confidence: float) -> tuple[str, str]:
    """How sure a value is, as a shape and a word."""
    if value.source is Source.MANUAL:
        return "hand", gettext("by hand")
    if value.confidence is None:
        return "", ""
    if value.confidence >= min_confidence:
        return "ok", gettext("sure")
    return ("half", gettext("check")) if value.confidence >= MIDDLING else ("open", gettext("doubtful"))


def target_of(discrepancy: Discrepancy) -> str:
    """The id of the input that a discrepancy is about; empty where there is none."""
    if discrepancy.line and discrepancy.field:
        return f"f-line_items-{discrepancy.line}-{discrepancy.field}"
    if discrepancy.line:
        return f"line-{discrepancy.line}"
    return f"f-{discrepancy.field}" if discrepancy.field in words.FIELD_LABELS else ""


@dataclass(frozen=True, slots=True)
class _Entries:
    """Makes entries of one document."""

    present: Presenter
    min_confidence: float
    match: MatchResult

    def make(self, path: str, value: FieldValue | None) -> Entry:
        kind, label = words.kind_of(path), words.field_label(path)
        problems = self._problems(path)
        choices = self._choices(path, kind, value, problems)
        if value is None:
            return Entry(path, label, kind, choices=choices, problems=problems)
        mark, word = confidence_mark(value, self.min_confidence)
        return Entry(
            path=path,
            label=label,
            kind=kind,
            value=value.value,
            shown=value.value if path == "document_type" else self.present.value(kind, value.value),
            mark=mark,
            word=word,
            hint=self._hint(value),
            page=value.page,
            box=json.dumps([round(edge, 2) for edge in value.box]) if value.box else "",
            others=tuple(self.present.value(kind, other) for other in value.others),
            choices=choices,
            problems=problems,
        )

    def tax_row(self, number: int, row: TaxLine) -> tuple[Entry, ...]:
        return tuple(self.make(f"tax_breakdown/{number}/{name}", getattr(row, name)) for name in TAX_CELLS)

    def _problems(self, path: str) -> tuple[Discrepancy, ...]:
        parts = path.split("/")
        if parts[0] == "tax_breakdown":
            return ()  # what is wrong with the taxes is told of the tax total
        line, name = (int(parts[1]), parts[2]) if len(parts) == 3 else (None, path)
        return tuple(found for found in self.match.discrepancies if found.field == name and found.line == line)

    def _choices(
        self, path: str, kind: str, value: FieldValue | None, problems: Sequence[Discrepancy]
    ) -> tuple[Choice, ...]:
        choices: dict[str, Choice] = {}
        unsure = value is not None and (value.confidence or 0) < self.min_confidence
        if value is not None and (unsure or problems):
            for rival in [each for each in value.rivals if each.confidence >= LEAST_RIVAL][:MOST_RIVALS]:
                why = gettext("also read, %(share)s", share=self.present.percent(rival.confidence))
                choices[rival.value] = Choice(rival.value, self.present.value(kind, rival.value), why)
        if path == "purchase_order" and any(found.code.startswith("order_") for found in problems):
            for order in self.match.order_candidates[:MOST_RIVALS]:
                choices[order.id] = Choice(order.id, order.id, ", ".join(map(evidence, order.why)) or gettext("fits"))
        choices.pop(value.value if value else "", None)
        return tuple(choices.values())

    def _hint(self, value: FieldValue) -> str:
        parts = [str(words.SOURCES[value.source])] if value.source else []
        if value.confidence is not None and value.source is not Source.MANUAL:
            parts.append(gettext("%(share)s sure", share=self.present.percent(value.confidence)))
        if value.raw and value.raw != value.value:
            parts.append(gettext("printed as \u201c%(raw)s\u201d", raw=value.raw))
        return ", ".join(parts)


def _group(name: str, label: str, extraction: Extraction, entries: _Entries) -> Group:
    made = [entries.make(each.name, extraction.fields.get(each.name)) for each in FIELDS if each.group == name]
    # a field that is missing and asked for stands among those that are there
    return Group(
        name,
        label,
        tuple(entry for entry in made if entry.shown or entry.problems),
        tuple(entry for entry in made if not (entry.shown or entry.problems)),
    )


def _line_row(number: int, line: LineItem, entries: _Entries, orders: Orders) -> LineRow:
    match, values = entries.match, dict(line.cells())
    cells = tuple(entries.make(f"line_items/{number}/{name}", values.get(name)) for name in CORE_CELLS)
    extras = tuple(
        entries.make(f"line_items/{number}/{name}", value) for name, value in values.items() if name not in CORE_CELLS
    )
    pairs = [pair for pair in (*match.line_matches, *match.charge_matches) if pair.invoice_line == number]
    return LineRow(
        number=number,
        cells=cells,
        extras=extras,
        orders=tuple(orders.side(pair) for pair in pairs),
        problems=tuple(found for found in match.discrepancies if found.line == number),
        is_charge=number in match.charge_lines,
    )
