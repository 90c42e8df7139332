"""What an e-invoice's XML states, as an Extraction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ingest.document import Document, Source, StructuredInvoice
from ingest.extraction import Charge, Extraction, FieldValue, Finding, LineItem, TaxLine
from ingest.fields import FIELD_NAMES
from ingest.fields.payment import due_from_terms, read_terms
from ingest.normalise import compact

SURE = 0.99
"""Confidence of what XML states: what remains is a sender's program that fills the wrong element."""


def from_xml(document: Document, xml: StructuredInvoice) -> Extraction:
    """The XML's values under the contract's names."""
    values = {name: _stated(states[0], states[1:]) for name, states in xml.fields.items() if states}
    _add_terms(values)
    rows = tuple(TaxLine(*(_cell(row.get(name)) for name in ("rate", "taxable", "tax"))) for row in xml.tax_breakdown)
    return Extraction(
        sha256=document.sha256,
        pages=document.page_count,
        language=xml.language,
        document_type=FieldValue(xml.document_type, confidence=SURE, source=Source.XML),
        fields={name: values[name] for name in FIELD_NAMES if name in values},
        line_items=tuple(LineItem(**{name: _stated(value) for name, value in item.items()}) for item in xml.line_items),
        tax_breakdown=rows,
        charges=tuple(
            Charge(c["kind"], _stated(c["amount"]), c.get("reason", ""), c.get("tax_rate")) for c in xml.charges
        ),
        warnings=tuple(_sums(values)),
    )


def _stated(value: str, others: tuple[str, ...] = ()) -> FieldValue:
    return FieldValue(value, value, SURE, source=Source.XML, others=others)


def _cell(value: str | None) -> FieldValue | None:
    return _stated(value) if value is not None else None


def _add_terms(values: dict[str, FieldValue]) -> None:
    """Days and discount from the text of the terms, and the due date that follows from them."""
    text = values.get("payment_terms")
    if text is not None:
        found = zip(("payment_terms_days", "discount_percent", "discount_days"), read_terms(text.value), strict=True)
        for name, value in found:
            if value is not None and name not in values:
                values[name] = FieldValue(value, text.value, 0.97, source=Source.XML)
    if "due_date" not in values:
        due = due_from_terms(values)
        if due is not None:
            values["due_date"] = due


def _sums(values: Mapping[str, FieldValue]) -> list[Finding]:
    net, tax, gross = (
        values[name].number if name in values else None for name in ("net_total", "tax_total", "gross_total")
    )
    if net is None or gross is None or abs(net + (tax or Decimal(0)) - gross) <= Decimal("0.05"):
        return []
    message = f"Net {net} and tax {tax or 0} do not add up to {gross}."
    return [Finding("totals_do_not_add_up", message, "gross_total")]


def shows_number(document: Document) -> bool:
    """Whether the pages print the invoice number that the XML states: then they are the invoice itself."""
    stated = document.e_invoice.fields.get("invoice_number", ()) if document.e_invoice else ()
    number = compact(stated[0]) if stated else ""
    words = [compact(word.text) for page in document.pages for word in page.words]
    return bool(number) and (number in words or (len(number) >= 4 and number in "".join(words)))
