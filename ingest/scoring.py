"""How right readings are: each value against the truth, figures over many documents. Pure; used by `evaluate`.

What counts as the same follows the contract: numbers and days by value, identifiers without case, blanks and
punctuation, names by similarity, codes for a piece as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from rapidfuzz import fuzz, utils

from ingest.extraction import Extraction, FieldValue, LineItem, TaxLine
from ingest.fields import FIELDS

ALIKE = 90.0
"""Similarity, of 100, from which names and descriptions are the same."""
KEY_FIELDS: tuple[str, ...] = (
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "purchase_order",
    "seller_name",
    "seller_vat_id",
    "seller_iban",
    "buyer_name",
    "net_total",
    "tax_total",
    "gross_total",
    "amount_due",
)
"""What a document cannot be paid without being right."""
_KINDS = {one.name: one.kind for one in FIELDS}
_CELL_KINDS = {"description": "text", "unit": "unit", "line_number": "count", "sku": "identifier"}
_WORDS = frozenset({"document_type", "is_invoice", "language"})
_PIECES = frozenset({"H87", "C62", "EA", "PCE", "NAR", "PCS", "XPP"})
_BOXES = frozenset({"BX", "XBX", "CT", "XCT", "CS", "XCS"})


@dataclass(frozen=True, slots=True)
class Truth:
    """What one document says: a line of a truth file."""

    id: str
    path: str
    fields: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    is_invoice: bool | None = None
    complete: bool = False
    """Every field on the document is told: any other is invented."""
    complete_fields: frozenset[str] | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    """`kind`, `language`, `layout`, `set`: what figures can be grouped by."""
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field of one document: what it should be and what was read."""

    name: str
    expected: str | None
    """None where the document does not have the field and something was invented."""
    found: FieldValue | None

    @property
    def right(self) -> bool:
        """Whether the value that was read is the true one."""
        return self.expected is not None and self.found is not None and same(self.name, self.expected, self.found.value)


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """One line: what it should be and the line that was read in its place."""

    expected: Mapping[str, str] | None
    found: LineItem | None

    @property
    def right(self) -> bool:
        """Whether the description fits and quantity, price and total are equal, as far as the truth tells them."""
        return self.expected is not None and self.found is not None and not wrong_cells(self.expected, self.found)


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document's outcomes."""

    truth: Truth
    outcomes: tuple[Outcome, ...]
    lines: tuple[LineOutcome, ...]
    rows_right: int
    rows_wrong: int
    rows_missing: int
    error: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one thing: how often it should be read, and how often it was rightly, wrongly or not."""

    support: int = 0
    correct: int = 0
    wrong: int = 0

    def add(self, expected: bool, found: bool, right: bool) -> None:
        """Count one value."""
        self.support += expected
        self.correct += right
        self.wrong += found and not right

    @property
    def precision(self) -> float | None:
        """Share of the values read that are right."""
        return self.correct / (self.correct + self.wrong) if self.correct + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the true values that were read."""
        return self.correct / self.support if self.support else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        read = self.correct + self.wrong
        return 2 * self.correct / (read + self.support) if read + self.support else None


def truth_of(row: Mapping[str, Any]) -> Truth:
    """A line of a truth file.

    Raises:
        KeyError: where `path` or `truth` is missing.
    """
    told = dict(row["truth"])
    lines, rows = told.pop("line_items", ()), told.pop("tax_breakdown", ())
    invoice = told.pop("is_invoice", None)
    fields_ = row.get("complete_fields")
    return Truth(
        id=str(row.get("id", row["path"])),
        path=str(row["path"]),
        fields={name: str(value) for name, value in told.items()},
        lines=tuple({name: str(value) for name, value in line.items()} for line in lines),
        rows=tuple({name: str(value) for name, value in line.items()} for line in rows),
        is_invoice=invoice,
        complete=bool(row.get("complete")),
        complete_fields=frozenset(fields_) if fields_ is not None else None,
        facets={name: str(row[name]) for name in ("kind", "language", "layout", "set") if row.get(name)},
        part=row.get("part"),
    )


def score(truth: Truth, read: Extraction | None, error: str | None = None) -> DocumentScore:
    """Every value of a document against the truth; a document that could not be read was read empty."""
    found = read or Extraction()
    values = dict(found.fields)
    if read is not None:
        values["document_type"] = found.document_type
    outcomes = [Outcome(name, expected, values.get(name)) for name, expected in truth.fields.items()]
    if truth.complete:
        told = truth.complete_fields
        invented = (name for name in values if name not in truth.fields and (told is None or name in told))
        outcomes += [Outcome(name, None, values[name]) for name in invented if name != "document_type"]
    outcomes += _about(truth, found if read is not None else None)
    right, wrong, missing = _rows(truth.rows, found.tax_breakdown)
    return DocumentScore(truth, tuple(outcomes), _lines(truth.lines, found.line_items), right, wrong, missing, error)


_BILLS = frozenset({"invoice", "credit_note", "receipt"})


def _about(truth: Truth, read: Extraction | None) -> list[Outcome]:
    """Whether it was known for an invoice or for none, and its language."""
    outcomes = []
    if truth.is_invoice is not None:
        is_bill = FieldValue("yes" if read.document_type.value in _BILLS else "no") if read else None
        outcomes.append(Outcome("is_invoice", "yes" if truth.is_invoice else "no", is_bill))
    language = truth.facets.get("language", "")[:2]
    if len(language) == 2:
        known = FieldValue(read.language) if read and read.language else None
        outcomes.append(Outcome("language", language, known))
    return outcomes


def _lines(expected: Sequence[Mapping[str, str]], found: Sequence[LineItem]) -> tuple[LineOutcome, ...]:
    """Lines beside those that were read in their place: the assignment with the most cells right."""
    if not expected:
        return ()
    partner: dict[int, int] = {}
    if found:
        # as in matching: slow to load, and most commands need none of it
        from scipy.optimize import linear_sum_assignment

        gain = np.array([[_likeness(line, item) for item in found] for line in expected])
        partner = dict(zip(*(index.tolist() for index in linear_sum_assignment(gain, maximize=True)), strict=True))
    outcomes = [
        LineOutcome(line, found[partner[index]] if index in partner else None) for index, line in enumerate(expected)
    ]
    used = set(partner.values())
    return (*outcomes, *(LineOutcome(None, item) for index, item in enumerate(found) if index not in used))


def _likeness(line: Mapping[str, str], item: LineItem) -> float:
    alike = fuzz.token_sort_ratio(line.get("description", ""), _text(item.description), processor=utils.default_process)
    return sum(name not in wrong_cells(line, item) for name in _NEEDED if name in line) + alike / 50


_NEEDED = ("quantity", "unit_price", "line_total", "description")


def wrong_cells(expected: Mapping[str, str], found: LineItem) -> tuple[str, ...]:
    """The cells of a line that must be right and are not."""
    return tuple(
        name
        for name in _NEEDED
        if name in expected and not same(name, expected[name], _text(getattr(found, name, None)))
    )


def _text(value: FieldValue | None) -> str:
    return value.value if value is not None else ""


def _rows(expected: Sequence[Mapping[str, str]], found: Sequence[TaxLine]) -> tuple[int, int, int]:
    left = list(expected)
    right = wrong = 0
    for row in found:
        cells = {name: value.value for name, value in row.cells()}
        hit = next((one for one in left if all(same(n, v, cells.get(n, "")) for n, v in one.items())), None)
        if hit is not None:
            left.remove(hit)
            right += 1
        elif _number(cells.get("tax", "")):
            wrong += 1
    return right, wrong if expected else 0, len(left)


def same(name: str, expected: str, found: str) -> bool:
    """Whether a value that was read is the true one, as the field's kind compares."""
    if not found:
        return False
    kind = _CELL_KINDS.get(name) or _KINDS.get(name, "identifier" if name in _WORDS else "amount")
    if kind in {"amount", "number", "percent"}:
        return _number(expected) is not None and _number(expected) == _number(found)
    if kind in {"text", "address"} and not name.endswith(("_website", "_email", "_phone")):
        return _same_text(expected, found, part=name == "payment_terms")
    if kind == "unit":
        pair = {expected.upper(), found.upper()}
        return len(pair) == 1 or pair <= _PIECES or pair <= _BOXES
    return _same_identifier(name, _plain(expected), _plain(found))


def _same_text(expected: str, found: str, *, part: bool) -> bool:
    one, two = (re.sub(r"(?<=\w)\.(?=\w|\s|$)", "", text.casefold()) for text in (expected, found))
    if fuzz.token_sort_ratio(one, two, processor=utils.default_process) >= ALIKE:
        return True
    return part and min(len(one), len(two)) >= 6 and (one in two or two in one)


def _same_identifier(name: str, expected: str, found: str) -> bool:
    if name in {"seller_registration", "seller_phone"}:
        expected, found = (re.sub(r"\D", "", text).lstrip("0") for text in (expected, found))
        ends = name == "seller_phone" and (expected.endswith(found) or found.endswith(expected))
        return bool(found) and (expected == found or (ends and min(len(expected), len(found)) >= 6))
    if name == "seller_website":
        expected, found = (
            text.removeprefix("https").removeprefix("http").removeprefix("www") for text in (expected, found)
        )
    if name == "line_number":
        return expected.lstrip("0") == found.lstrip("0")
    if name.endswith("vat_id"):
        expected, found = (re.sub(r"^(che\d{9})(?:mwst|tva|iva|tpv)$", r"\1", text) for text in (expected, found))
        return found in {expected, expected[2:]} or found[2:] == expected
    if name == "seller_bic":
        expected, found = (text.removesuffix("xxx") for text in (expected, found))
    return bool(found) and expected == found


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures over documents."""

    documents: int
    unread: int
    fields: Mapping[str, Tally]
    key_fields: Tally
    all_fields: Tally
    lines: Tally
    rows: Tally
    calibration_error: float | None
    """Expected calibration error: mean gap between confidence and share of right values, over ten bins."""
    brier: float | None
    brier_of_constant: float | None
    """Brier score of one confidence for all, the share of right values: what calibration must beat."""
    touchless: float | None
    """Share of documents that could pass at 99.5 % of key fields right, the least sure left out first."""


def figures(scores: Sequence[DocumentScore]) -> Figures:
    """All figures of some documents."""
    fields: dict[str, Tally] = {}
    key, every, lines, rows = Tally(), Tally(), Tally(), Tally()
    sure: list[tuple[float, bool]] = []
    for one in scores:
        for outcome in one.outcomes:
            counted = [fields.setdefault(outcome.name, Tally()), every]
            for tally in [*counted, key] if outcome.name in KEY_FIELDS else counted:
                tally.add(outcome.expected is not None, outcome.found is not None, outcome.right)
            if outcome.found is not None and outcome.found.confidence is not None:
                sure.append((outcome.found.confidence, outcome.right))
        for line in one.lines:
            lines.add(line.expected is not None, line.found is not None, line.right)
        rows.support += one.rows_right + one.rows_missing
        rows.correct += one.rows_right
        rows.wrong += one.rows_wrong
    return Figures(
        len(scores),
        sum(one.error is not None for one in scores),
        dict(sorted(fields.items())),
        key,
        every,
        lines,
        rows,
        *_calibration(sure),
        _touchless(scores, 0.995),
    )


def _calibration(sure: Sequence[tuple[float, bool]]) -> tuple[float | None, float | None, float | None]:
    if not sure:
        return None, None, None
    stated, right = (np.array(column, dtype=float) for column in zip(*sure, strict=True))
    bins = np.minimum((stated * 10).astype(int), 9)
    error = sum(abs(float(np.sum((stated - right)[bins == one]))) for one in range(10)) / len(sure)
    share = float(right.mean())
    return error, float(np.mean((stated - right) ** 2)), share * (1 - share)


_DECIDING = ("invoice_number", "issue_date", "currency", "seller_name", "purchase_order", "gross_total", "amount_due")


def _touchless(scores: Sequence[DocumentScore], precision: float) -> float | None:
    """Largest share of documents whose least sure key field stands above some bar, at that precision of key fields."""
    ranked = []
    for one in scores:
        read = [o for o in one.outcomes if o.name in _DECIDING and o.found is not None]
        missing = any(o.found is None for o in one.outcomes if o.name in _DECIDING[:5])
        if read and not missing:
            ranked.append((min(o.found.confidence or 0.0 for o in read if o.found), [o.right for o in read]))
    ranked.sort(key=lambda entry: -entry[0])
    best = right = total = 0
    for index, (bar, rights) in enumerate(ranked):
        right, total = right + sum(rights), total + len(rights)
        last_of_bar = index + 1 == len(ranked) or ranked[index + 1][0] < bar
        if last_of_bar and right >= precision * total:
            best = index + 1
    return best / len(scores) if scores else None


def grouped(scores: Iterable[DocumentScore], facet: str) -> dict[str, list[DocumentScore]]:
    """Scores by a facet of their documents: kind, language, layout or set."""
    groups: dict[str, list[DocumentScore]] = {}
    for one in scores:
        groups.setdefault(one.truth.facets.get(facet, "-"), []).append(one)
    return dict(sorted(groups.items()))
