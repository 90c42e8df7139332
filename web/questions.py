"""What a person is asked about a document, in one line each: cause, values, lines, money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matching.asking import Ask, asks
from matching.results import Discrepancy
from web import told, words
from web.languages import lazy_gettext as _
from web.presenters import Presenter

ASKED: dict[str, str] = {
    "price_differs": _("Price {found}, ordered {expected}"),
    "quantity_over_ordered": _("Billed {found}, ordered {expected}"),
    "quantity_over_received": _("Billed {found}, received {expected}"),
    "unit_differs": _("Unit {found}, ordered in {expected}"),
    "tax_rate_differs": _("Tax rate {found} %, expected {expected} %"),
    "currency_differs": _("In {found}, ordered in {expected}"),
    "payment_terms_differ": _("Terms {found}, agreed {expected}"),
    "charge_differs": _("Charge {found}, ordered {expected}"),
    "total_over_order": _("Net {found}, open on the order {expected}"),
    "totals_do_not_add_up": _("Sum {found}, calculated {expected}"),
    "order_missing": _("No order number; {expected} would fit"),
    "order_not_found": _("Order {found} is not on file"),
    "supplier_unknown": _("Is {found} a supplier?"),
    "customer_unknown": _("{found} is none of our companies on file"),
    "supplier_differs": _("From {found}, ordered from {expected}"),
    "customer_differs": _("Billed to {found}, ordered by {expected}"),
    "bank_account_changed": _("New account {found}"),
    "duplicate_invoice": _("{found} was billed before as {related}"),
    "duplicate_suspected": _("Perhaps billed before as {related}"),
    "low_confidence": _("Is {field} {found}?"),
    "missing_field": _("Missing: {field}"),
    "not_an_invoice": _("It is a {found}, not an invoice"),
    "date_implausible": _("{field} {found}"),
}
"""Where a value that the sentence needs is missing, the code's plain name stands instead."""

LONGEST = 60
"""Characters of a value in a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One cause on a document in words, over all lines it stands on."""

    ask: Ask
    text: str

    @property
    def code(self) -> str:
        """The cause."""
        return self.ask.code

    @property
    def money(self) -> Decimal | None:
        """What it comes to, in the document's currency; None where it has no price."""
        return self.ask.money

    def told(self, present: Presenter, currency: str) -> str:
        """The question with its money: `Price 12.50, ordered 12.00 (3 lines), +37.20 EUR`."""
        if self.money is None:
            return self.text
        return f"{self.text}, {'+' if self.money > 0 else ''}{present.amount(self.money, currency)}"


def questions(discrepancies: Sequence[Discrepancy], present: Presenter) -> tuple[Question, ...]:
    """The questions of a document, gravest first; notes and what only follows from another question are left out."""
    return tuple(Question(ask, _text(ask.code, ask.found, present)) for ask in asks(discrepancies))


def _text(code: str, found: tuple[Discrepancy, ...], present: Presenter) -> str:
    sides = {(one.expected, one.found, one.field) for one in found}
    text = _sentence(found[0], present) if len(sides) == 1 else words.code_label(code)
    lines = {one.line for one in found if one.line}
    if len(lines) > 1:
        text += f" ({words.count(len(lines), 'line')})"
    elif len(sides) > 1:
        text += f" ({words.count(len(sides), 'time')})"
    return text


def sentence(found: Discrepancy, present: Presenter) -> str:
    """A discrepancy as a whole sentence."""
    return told.sentence(found, _sides(found, present) | {"related": found.related_document or ""})


_SIDES: dict[str, Callable[[Discrepancy, Presenter], str]] = {
    "found": lambda found, present: _short(_shown(found, found.found, present)),
    "expected": lambda found, present: _short(_shown(found, found.expected, present)),
    "related": lambda found, present: f"#{found.related_document}" if found.related_document else "",
    "field": lambda found, present: words.field_label(found.field) if found.field else "",
    "mail": lambda found, present: _short(found.expected or "") if found.field == "seller_email" else "",
}
"""What a sentence may name of a discrepancy."""


def _sides(found: Discrepancy, present: Presenter) -> dict[str, str]:
    return {name: say(found, present) for name, say in _SIDES.items()}


def _sentence(found: Discrepancy, present: Presenter) -> str:
    pattern = str(ASKED.get(found.code, ""))
    # a queue by cause asks for thousands: only what stands in the sentence is made
    sides = {name: say(found, present) for name, say in _SIDES.items() if f"{{{name}}}" in pattern}
    if not pattern or not all(sides.values()):
        return words.code_label(found.code)
    sentence = pattern.format_map(sides)
    return sentence[0].upper() + sentence[1:]


def _shown(found: Discrepancy, value: str | None, present: Presenter) -> str:
    return present.expected_or_found(found, value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "\u2026"
