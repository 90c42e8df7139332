"""The letter to a supplier whose invoice is not accepted: every defect with its amounts, in the document's language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date

from ingest.extraction import Extraction
from matching.ledger import is_credit, total_of
from matching.results import Discrepancy, MatchResult, Severity
from web.presenters import Presenter

DEFAULT_LANGUAGE = "en"
LOCALES = {"en": "en_GB", "pt": "pt_PT"}
"""Where the language's own way of writing dates and numbers is not the one that suppliers here expect."""

INTERNAL = frozenset({
    "hidden_text", "supplier_unknown", "supplier_ambiguous", "supplier_blocked", "customer_ambiguous", "first_invoice",
    "amount_unusual", "sender_unknown", "low_confidence",
})  # fmt: skip
"""What is our own affair, or would tell a swindler what we look at."""

EVERY = (("expected", "amount"), ("found", "amount"), ("difference", "amount"))
COUNTED = (("expected", "number"), ("found", "number"), ("difference", "amount"))
SIDES: dict[str, tuple[tuple[str, str], ...]] = {
    "totals_do_not_add_up": EVERY,
    "customer_unknown": (("found", "text"),),
    "billing_address_differs": (("expected", "text"), ("found", "text")),
    "line_not_ordered": (("difference", "amount"),),
    "price_differs": EVERY,
    "quantity_over_ordered": COUNTED,
    "quantity_over_received": COUNTED,
    "tax_rate_differs": (("expected", "percent"), ("found", "percent"), ("difference", "amount")),
    "charge_differs": EVERY,
    "order_not_found": (("found", "text"),),
    "order_closed": (("found", "text"),),
    "total_over_order": EVERY,
    "duplicate_suspected": (("refers_to", "text"),),
    "preceding_invoice_not_found": (("found", "text"),),
    "credit_over_invoiced": EVERY,
    "payment_terms_differ": (("expected", "text"), ("found", "text")),
    "currency_differs": (("expected", "text"), ("found", "text")),
    "bank_account_changed": (("found", "text"),),
    "bank_account_invalid": (("found", "text"),),
    "tax_id_invalid": (("found", "text"),),
    "date_implausible": (("found", "date"),),
    "invoiced_before_order": (("found", "date"),),
    "delivery_implausible": (("found", "date"),),
}
"""What of a discrepancy follows its sentence; ids of our records and the account on file are never told."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready to be sent."""

    language: str
    to: str
    """The mail address on file; empty where there is none: one printed on the invoice is not trusted."""
    subject: str
    body: str
    has_defects: bool
    """Whether anything was found that a supplier can be told."""

    @property
    def mailto(self) -> str:
        """The letter as an address that opens the mail program."""
        body = quote(self.body.replace("\n", "\r\n"), safe="")
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject, safe='')}&body={body}"


def languages() -> tuple[tuple[str, str], ...]:
    """(code, its own name) of every language there are letters in."""
    return tuple((code, (Locale.parse(code).get_display_name(code) or code).capitalize()) for code in _texts())


def language_of(extraction: Extraction | None) -> str:
    """The document's language where there are letters in it, else English."""
    code = (extraction.language or "").split("-")[0] if extraction else ""
    return code if code in _texts() else DEFAULT_LANGUAGE


def letter(extraction: Extraction, match: MatchResult, language: str, to: str, sender: str, reason: str) -> Letter:
    """The letter about a document; where nothing was found that can be told, the reason of its rejection stands in."""
    words = _Words(language)
    defects = [words.defect(found, extraction) for found in _told(match.discrepancies)]
    points = list(dict.fromkeys(defects)) or [reason]
    credit = is_credit(extraction)
    number = extraction.text("invoice_number") or ""
    kind = words["credit_note" if credit else "invoice"]
    yours = words["yours_credit_note" if credit else "yours_invoice"]
    opening = words["opening"].format(yours=yours, reference=words.reference(extraction, number))
    parts = (
        words["greeting"],
        opening,
        "\n".join(f"\u2013 {point}" for point in points),
        words["closing"],
        f"{words['regards']}\n{sender}".rstrip(),
    )
    subject = words["subject"].format(kind=f"{kind} {number}".strip())
    return Letter(language, to, subject, "\n\n".join(parts) + "\n", bool(defects))


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of one language, and its way of writing amounts and days."""

    language: str

    @property
    def present(self) -> Presenter:
        return Presenter(LOCALES.get(self.language, self.language))

    def __getitem__(self, name: str) -> str:
        texts = _texts()
        return str(texts.get(self.language, {}).get(name) or texts[DEFAULT_LANGUAGE][name])

    def of(self, table: str, name: str) -> str:
        own, english = _texts().get(self.language, {}), _texts()[DEFAULT_LANGUAGE]
        return str(own.get(table, {}).get(name) or english[table].get(name, ""))

    def reference(self, extraction: Extraction, number: str) -> str:
        """Number, date and amount of the document, those that are known."""
        day, total = extraction.day("issue_date"), total_of(extraction)
        shown_day = format_date(day, "long", locale=self.present.locale) if day else ""
        amount = self.present.amount(total, extraction.text("currency")) if total is not None else ""
        parts = (("number", number), ("dated", shown_day), ("amount", amount))
        return "".join(
            f" {self[name].format(**{'date' if name == 'dated' else name: value})}" for name, value in parts if value
        )

    def defect(self, found: Discrepancy, extraction: Extraction) -> str:
        """One point of the list: where, what, and the amounts."""
        said = self.of("codes", found.code)
        if found.code == "missing_field":
            field = self.of("fields", found.field or "")
            said = f"{said}{self['colon']}{field}" if field else f"{said}."
        sides = "; ".join(self._sides(found, extraction.text("currency")))
        where = self._where(found, extraction)
        return f"{where}{said}{f' {sides[0].upper()}{sides[1:]}.' if sides else ''}"

    def _sides(self, found: Discrepancy, currency: str | None) -> Iterable[str]:
        for label, kind in SIDES.get(found.code, ()):
            value = getattr(found, "expected" if label == "refers_to" else label)
            if not value:
                continue
            if kind == "amount":
                shown = self.present.amount(value, currency)
            elif kind == "percent":
                shown = f"{self.present.number(value)}\u00a0%"
            else:
                shown = self.present.value(kind, value)
            yield f"{self[label]}{self['colon']}{shown}"

    def _where(self, found: Discrepancy, extraction: Extraction) -> str:
        if not found.line:
            return ""
        lines = extraction.line_items
        line = lines[found.line - 1] if found.line <= len(lines) else None
        what = f" ({' '.join(line.description.value.split())})" if line and line.description else ""
        return f"{self['line'].format(line=found.line)}{what}{self['colon']}"


def _told(discrepancies: Iterable[Discrepancy]) -> list[Discrepancy]:
    """What a supplier can be told, errors and warnings, in the order of the document."""
    told = [one for one in discrepancies if one.severity in (Severity.ERROR, Severity.WARNING)]
    return [one for one in told if one.code not in INTERNAL and one.code in _texts()[DEFAULT_LANGUAGE]["codes"]]


@cache
def _texts() -> dict[str, dict[str, Any]]:
    """The tables of `letters.toml`, by language."""
    return tomllib.loads(files("web").joinpath("letters.toml").read_text(encoding="utf-8"))
