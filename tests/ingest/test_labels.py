from __future__ import annotations

import pytest

from ingest.extraction import LINE_CELLS, DocumentType
from ingest.fields import FIELD_NAMES
from ingest.labels import (
    LANGUAGES,
    column_labels,
    field_labels,
    label_key,
    nearly_known,
    stop_words,
    table_ends,
    terms,
    type_labels,
)
from ingest.language import language_of

FAMILIES = {
    "period", "service_period", "vat_id", "tax_id", "registration", "iban", "bic", "account", "routing", "seller",
    "buyer", "ship_to", "subtotal", "tendered", "change", "withheld", "other",
}  # fmt: skip


def test_labels_name_fields_families_and_columns_only() -> None:
    names = {meaning.name for meanings in field_labels().values() for meaning in meanings}
    assert names <= set(FIELD_NAMES) | FAMILIES
    columns = {meaning.name for meanings in column_labels().values() for meaning in meanings}
    assert columns <= set(LINE_CELLS) | {"gross_line_total", "tax_amount", "other", "payment"}
    assert {m.name for meanings in type_labels().values() for m in meanings} <= set(DocumentType)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_what_an_invoice_must_say(language: str) -> None:
    known = {m.name for meanings in field_labels().values() for m in meanings if m.language == language}
    assert {"invoice_number", "issue_date", "due_date", "purchase_order", "gross_total", "tax_total"} <= known
    columns = {m.name for meanings in column_labels().values() for m in meanings if m.language == language}
    assert {"description", "quantity", "unit_price", "line_total"} <= columns
    assert any(language == spoken for spoken_by in stop_words().values() for spoken, _ in spoken_by)


def test_spelling_of_a_label_does_not_matter() -> None:
    assert label_key("Rechnungs-Nr.:") == label_key("RECHNUNGSNR") == label_key("Rechnungs Nr")
    assert label_key("N° de facture") == label_key("no de facture")
    assert label_key("Invoice #") == label_key("invoice no")
    assert terms().days and table_ends()


def test_a_label_misread_by_one_letter_is_known() -> None:
    assert {meaning.name for meaning in nearly_known(label_key("lnvoice Date"))} == {"issue_date"}
    assert nearly_known("xyzzy") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wir bedanken uns für die Bestellung und stellen Ihnen in Rechnung", "de"),
        ("Please pay the total amount of this invoice by the due date", "en"),
        ("Nous vous prions de régler le montant de la facture dans les délais", "fr"),
        ("Uw factuur van het bedrag voor de klant met het nummer", "nl"),
        ("4711 0815", None),
    ],
)
def test_language_is_told_by_stop_words(text: str, language: str | None) -> None:
    assert language_of(text.split()) == language
