from __future__ import annotations

from dataclasses import replace

from paper import conditions_pdf, delivery_note_pdf, invoice_pdf, joined, page_pdf

from ingest.document import Document
from ingest.extract import extract_all, extract_part
from ingest.parts import Part, parts_of
from ingest.readers import read_document


def _read(*files: bytes) -> Document:
    return read_document(joined(*files), "x")


def _ranges(document: Document) -> list[tuple[int, int]]:
    return [part.range for part in parts_of(document)]


def _second_page(number: str = "HM-4711", counter: str = "") -> bytes:
    return page_pdf((60, 780, 10, f"Invoice number: {number}"), (60, 700, 10, "Thank you."), (400, 780, 10, counter))


def test_invoices_one_after_the_other_are_documents_of_their_own() -> None:
    files = [invoice_pdf(f"HM-47{number}", price=f"{number}.00") for number in range(11, 21)]
    found = extract_all(_read(*files))
    assert [(one.part, one.page_range, one.pages) for one in found] == [(n, (n, n), 1) for n in range(1, 11)]
    assert [one.text("invoice_number") for one in found] == [f"HM-47{number}" for number in range(11, 21)]
    assert [one.text("net_total") for one in found] == [f"{number}0.00" for number in range(11, 21)]
    assert [len(one.line_items) for one in found] == [1] * 10


def test_values_of_a_later_part_stand_on_the_pages_of_the_file() -> None:
    _, second = extract_all(_read(invoice_pdf("HM-1"), _second_page("HM-1"), invoice_pdf("HM-2", "5.00")))
    assert second.page_range == (3, 3)
    assert {value.page for value in second.fields.values() if value.page} == {3}
    assert all(cell.page == 3 for item in second.line_items for _, cell in item.cells() if cell.page)


def test_one_invoice_is_no_part() -> None:
    (found,) = extract_all(_read(invoice_pdf(), _second_page()))
    assert (found.part, found.page_range, found.pages, found.other_pages) == (None, None, 2, ())


def test_pages_that_are_counted_on_belong_together_whatever_number_they_name() -> None:
    first = page_pdf((60, 780, 14, "INVOICE"), (60, 760, 10, "Invoice number: A-100"), (400, 800, 10, "Page 1 of 2"),
                     (60, 500, 10, "Total GBP"), (400, 500, 10, "120.00"))  # fmt: skip
    assert _ranges(_read(first, _second_page("B-200", "Page 2 of 2"))) == [(1, 2)]


def test_a_number_on_a_page_without_a_total_is_a_doubt_and_no_cut() -> None:
    (found,) = extract_all(_read(invoice_pdf("HM-1"), _second_page("ZZ-9")))
    assert [(one.code, one.field) for one in found.warnings] == [("low_confidence", "invoice_number")]
    assert "Page 2" in found.warnings[0].message


def test_conditions_delivery_notes_and_copies_behind_an_invoice_are_not_read() -> None:
    alone = extract_all(read_document(invoice_pdf(), "x"))[0]
    (found,) = extract_all(_read(invoice_pdf(), conditions_pdf(), delivery_note_pdf(), invoice_pdf()))
    assert found.other_pages == (2, 3, 4)
    assert (found.fields, found.line_items) == (alone.fields, alone.line_items)


def test_a_delivery_note_before_an_invoice_belongs_to_it() -> None:
    (found,) = extract_all(_read(delivery_note_pdf(), invoice_pdf()))
    assert (found.other_pages, found.document_type.value) == ((1,), "invoice")
    assert found.fields["invoice_number"].page == 2
    assert found.part is None


def test_enclosures_stay_with_their_invoice() -> None:
    file = _read(invoice_pdf("HM-1"), conditions_pdf(), invoice_pdf("HM-2"), delivery_note_pdf(), conditions_pdf())
    assert parts_of(file) == (Part(1, 2, (2,)), Part(3, 5, (4, 5)))
    assert [one.other_pages for one in extract_all(file)] == [(2,), (4, 5)]


def test_pages_that_were_not_read_belong_to_the_last_part() -> None:
    file = replace(_read(invoice_pdf("HM-1"), invoice_pdf("HM-2")), page_count=9)
    assert _ranges(file) == [(1, 1), (2, 9)]


def test_a_part_that_is_read_again_keeps_its_pages() -> None:
    file = _read(invoice_pdf("HM-1"), invoice_pdf("HM-2"), conditions_pdf())
    again = extract_part(file, 2, 2, 3)
    assert again == extract_all(file)[1]
