"""extract(document): the order in which a document is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.calibration import calibrated, quality_of
from ingest.document import Document
from ingest.extraction import Extraction, FieldValue, Finding, TaxLine
from ingest.fields import FIELD_NAMES
from ingest.fields.accounts import unread_account
from ingest.fields.amounts import Total, is_slip, total_candidates
from ingest.fields.corrections import corrected_invoice
from ingest.fields.days import dates_of, in_order, order_of
from ingest.fields.kinds import document_type, open_correction
from ingest.fields.lines_net import net_of_lines
from ingest.fields.money import decimal_sign
from ingest.fields.parties import parties_of
from ingest.fields.payment import currency, due_from_terms, payment
from ingest.fields.qr import payment_codes, with_codes
from ingest.fields.references import reference_candidates, references, second_number, with_line_orders
from ingest.fields.slips import is_slip_page
from ingest.fields.spots import spots_of
from ingest.fields.tax_rows import cells_of_rates, row_from_totals, rows_by_rate, rows_with_rate, tax_rows
from ingest.fields.tax_shares import with_shares
from ingest.fields.withheld import withheld
from ingest.hybrid import differences
from ingest.language import language_of
from ingest.layout import sheets_of
from ingest.line_items import lines_of
from ingest.parts import Part, part_between, parts_of, placed, with_pages_of
from ingest.resolve import Sums, consistent_totals
from ingest.signs import unsigned, unsigned_lines, unsigned_rows
from ingest.structured import from_xml, shows_number
from ingest.total_values import repair_findings, second_total, sum_findings, total_values

EXTRACTOR_VERSION = "8"
"""Changes with every change of what is extracted, so that stored readings tell by which rules they were made."""


def extract_all(document: Document) -> tuple[Extraction, ...]:
    """What each document in the file says, in the order of their pages; a file of one gives one without a part."""
    parts = parts_of(document)
    if len(parts) == 1:
        return (_extract(document, parts[0]),)
    return tuple(
        replace(_extract(document, part), pages=part.last - part.first + 1, part=number, page_range=part.range)
        for number, part in enumerate(parts, start=1)
    )


def extract_part(document: Document, number: int, first: int, last: int) -> Extraction:
    """What one part of a file says that was parted before: its pages stay its own when it is read again."""
    found = _extract(document, part_between(document, first, last))
    return replace(found, pages=last - first + 1, part=number, page_range=(first, last))


def extract(document: Document) -> Extraction:
    """What the document says, the first one where the file holds several."""
    return extract_all(document)[0]


def _extract(document: Document, part: Part) -> Extraction:
    found = placed(_understood(with_pages_of(document, part)), part)
    doubts = tuple(
        Finding("low_confidence", f"Page {page} was left out and has an invoice number of its own, {number}.")
        for page, number in part.numbered
    )
    return replace(found, other_pages=part.aside, warnings=(*found.warnings, *doubts))


def _understood(document: Document) -> Extraction:
    """What pages of one document say: its XML's values where it carries an e-invoice, else what they show."""
    notes = tuple(Finding(code, message) for code, message in document.notes)
    if document.e_invoice is None:
        raw = from_pages(document)
        page = calibrated(raw, quality_of(document))
        return replace(page, warnings=(*page.warnings, *_hidden(document, raw), *notes))
    xml = from_xml(document, document.e_invoice)
    if not document.pages or (document.attachment is not None and not shows_number(document)):
        # what is attached to an XML may be anything: a drawing, a timesheet
        return replace(xml, warnings=(*xml.warnings, *notes))
    page = from_pages(document)
    warnings = (*xml.warnings, *differences(xml, page, document), *notes)
    return replace(xml, language=xml.language or page.language, warnings=warnings)


def from_pages(document: Document) -> Extraction:
    """What the pages show."""
    sheets = sheets_of(document)
    language = _language(document)
    spots = spots_of(sheets, language)
    point = decimal_sign(sheets)

    kind = document_type(sheets, spots)
    lines = lines_of(sheets, point)
    items = in_order(lines.items, order_of(sheets, language))
    rows = tax_rows(sheets, lines.rows, point)
    found = total_candidates(sheets, spots, lines.rows, point, cells_of_rates(sheets, lines.rows, point))
    found.extend(withheld(spots, point))
    found.extend(net_of_lines(sheets, lines.rows, lines.total, found, point))
    rows = rows or rows_by_rate(found)
    sums = consistent_totals(found, lines.total, rows, slip=is_slip(spots) or any(map(is_slip_page, sheets[:1])))
    rows = rows or _one_row(sums, found) or rows_with_rate(sheets, lines.rows, point)
    codes = payment_codes(document.pages)
    parties = parties_of(sheets, spots, {code.payee for code in codes}, lines.rows)

    values: dict[str, FieldValue] = dict(parties.fields)
    numbers = reference_candidates(spots)
    values.update(references(numbers, kind.value == "purchase_order"))
    values = with_line_orders(values, lines.items)
    values.update(payment(sheets, spots, parties))
    values.update(dates_of(sheets, spots, language, values.get("payment_terms_days")))
    values.update(total_values(sums, found))
    if kind.value == "credit_note":
        values = unsigned(values)
        if "preceding_invoice" not in values:
            _add(values, "preceding_invoice", corrected_invoice(spots, values.get("invoice_number")))
    due = values.get("amount_due") or values.get("gross_total")
    _add(values, "currency", currency(sheets, spots, language, due))
    values, differing = with_codes(values, codes)
    if "due_date" not in values:
        _add(values, "due_date", due_from_terms(values))
    taxes = with_shares(rows, items, sums.chosen, lines.total)
    return Extraction(
        sha256=document.sha256,
        pages=document.page_count,
        language=language,
        document_type=kind,
        fields={name: values[name] for name in FIELD_NAMES if name in values},
        line_items=unsigned_lines(items) if kind.value == "credit_note" else items,
        tax_breakdown=unsigned_rows(taxes) if kind.value == "credit_note" else taxes,
        warnings=(
            *sum_findings(values, sums),
            *repair_findings(sums),
            *second_total(values, found),
            *second_number(values, numbers),
            *differing,
            *unread_account(spots, values),
            *open_correction(kind, values),
        ),
    )


def _language(document: Document) -> str | None:
    """The document's language; its first page counts twice, for terms behind it may be in any."""
    return language_of(word.text for page in (*document.pages[:1], *document.pages) for word in page.words)


_CONTACTS = frozenset({"seller_website", "seller_email", "seller_phone"})
"""Hidden there is a program's advertisement of itself; nothing is paid or matched by them."""


def _hidden(document: Document, seen: Extraction) -> list[Finding]:
    """Fields that would read otherwise with the words that nobody can see."""
    if not any(page.hidden for page in document.pages):
        return []
    pages = tuple(replace(page, words=(*page.words, *page.hidden), hidden=()) for page in document.pages)
    whole = from_pages(replace(document, pages=pages))
    names = {**whole.fields, **seen.fields}
    changed = [name for name in names if whole.text(name) != seen.text(name) and name not in _CONTACTS]
    return [
        Finding("hidden_text", f"Text that nobody can see would change {name} to {whole.text(name)}.", name)
        for name in changed
    ]


def _add(values: dict[str, FieldValue], name: str, value: FieldValue | None) -> None:
    if value is not None:
        values[name] = value


def _one_row(sums: Sums, found: Sequence[Total]) -> tuple[TaxLine, ...]:
    # beside a further tax, of nothing at a rate of zero too, the net total is not what the one rate is taken of
    alone = len({total.value for total in found if total.name == "tax_total"}) == 1
    certain = alone and {"net_total", "tax_total", "gross_total"} <= sums.confirmed
    row = row_from_totals(sums.chosen.get("net_total"), sums.chosen.get("tax_total"), certain)
    return (row,) if row is not None else ()
