"""What a person is asked about a document, in one line each: cause, values, lines, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matching.results import Discrepancy, Severity
from web import words
from web.presenters import Presenter, by_weight

ASKED: dict[str, str] = {
    "price_differs": "Price {found}, ordered {expected}",
    "quantity_over_ordered": "Billed {found}, ordered {expected}",
    "quantity_over_received": "Billed {found}, received {expected}",
    "unit_differs": "Unit {found}, ordered in {expected}",
    "tax_rate_differs": "Tax rate {found} %, expected {expected} %",
    "currency_differs": "In {found}, ordered in {expected}",
    "payment_terms_differ": "Terms {found}, agreed {expected}",
    "charge_differs": "Charge {found}, ordered {expected}",
    "total_over_order": "Net {found}, open on the order {expected}",
    "totals_do_not_add_up": "Sum {found}, calculated {expected}",
    "order_missing": "No order number; {expected} would fit",
    "order_not_found": "Order {found} is not on file",
    "supplier_unknown": "Is {found} a supplier?",
    "customer_unknown": "{found} is none of our companies on file",
    "supplier_differs": "From {found}, ordered from {expected}",
    "customer_differs": "Billed to {found}, ordered by {expected}",
    "bank_account_changed": "New account {found}",
    "duplicate_invoice": "{found} was billed before as {related}",
    "duplicate_suspected": "Perhaps billed before as {related}",
    "low_confidence": "Is {field} {found}?",
    "missing_field": "Missing: {field}",
    "not_an_invoice": "It is a {found}, not an invoice",
    "date_implausible": "{field} {found}",
}
"""Where a value that the sentence needs is missing, the code's plain name stands instead."""

FOLLOWS: dict[str, frozenset[str]] = {
    "total_over_order": frozenset({"price_differs", "quantity_over_ordered", "charge_differs", "line_not_ordered"}),
}
"""Discrepancies that say the same money again once these others are told."""

LONGEST = 60
"""Characters of a value in a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One cause on a document, over all lines it stands on."""

    code: str
    text: str
    found: tuple[Discrepancy, ...]
    money: Decimal | None
    """What it comes to, in the document's currency; None where it has no price."""

    def told(self, present: Presenter, currency: str) -> str:
        """The question with its money: `Price 12.50, ordered 12.00 (3 lines), +37.20 EUR`."""
        if self.money is None:
            return self.text
        return f"{self.text}, {'+' if self.money > 0 else ''}{present.amount(self.money, currency)}"


def questions(discrepancies: Sequence[Discrepancy], present: Presenter) -> tuple[Question, ...]:
    """The questions of a document, gravest first; notes and what only follows from another question are left out."""
    told = [found for found in by_weight(discrepancies) if found.severity is not Severity.INFO]
    codes = dict.fromkeys(found.code for found in told)
    by_code = {code: tuple(found for found in told if found.code == code) for code in codes}
    asked = {code: _question(code, found, present) for code, found in by_code.items()}
    return tuple(one for one in asked.values() if not _follows(one, asked))


def _question(code: str, found: tuple[Discrepancy, ...], present: Presenter) -> Question:
    sides = {(one.expected, one.found, one.field) for one in found}
    text = _sentence(found[0], present) if len(sides) == 1 else words.code_label(code)
    lines = {one.line for one in found if one.line}
    if len(lines) > 1:
        text += f" ({words.count(len(lines), 'line')})"
    elif len(sides) > 1:
        text += f" ({len(sides)} times)"
    differences = [Decimal(one.difference) for one in found if one.difference]
    return Question(code, text, found, sum(differences, Decimal(0)) if differences else None)


def _sentence(found: Discrepancy, present: Presenter) -> str:
    sides = {
        "found": _short(_shown(found, found.found, present)),
        "expected": _short(_shown(found, found.expected, present)),
        "related": f"#{found.related_document}" if found.related_document else "",
        "field": words.field_label(found.field or ""),
    }
    pattern = ASKED.get(found.code, "")
    if not pattern or any(f"{{{name}}}" in pattern and not value for name, value in sides.items()):
        return words.code_label(found.code)
    sentence = pattern.format_map(sides)
    return sentence[0].upper() + sentence[1:]


def _shown(found: Discrepancy, value: str | None, present: Presenter) -> str:
    if found.code == "not_an_invoice" and value:
        return words.DOCUMENT_TYPES.get(value, value).lower()
    return present.expected_or_found(found, value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "\u2026"


def _follows(question: Question, asked: dict[str, Question]) -> bool:
    causes = [asked[code] for code in FOLLOWS.get(question.code, ()) if code in asked]
    return bool(causes) and question.money == sum((one.money or Decimal(0) for one in causes), Decimal(0))
