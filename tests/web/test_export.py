from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from facturx import xml_check_xsd
from openpyxl import load_workbook

import samples
from ingest.document import Door, ReceivedFile
from ingest.extraction import DocumentType, FieldValue, LineItem, TaxLine
from ingest.readers import read_document
from ingest.store import DocumentStore
from matching.load_records import import_records
from matching.records import RecordKind
from matching.results import MatchResult
from web.export import ExportedDocument
from web.export.ubl import ubl
from web.exporting import WrongExport, export_documents, past_exports
from web.services import Services
from web.worker import Worker

FOLDER = Path(samples.__file__).parent


@pytest.fixture
def approved(services: Services) -> Iterator[Services]:
    """Two approved invoices: one of two lines (UBL), one of one line (CII)."""
    for kind in RecordKind:
        import_records(services.db, kind, FOLDER / "records" / f"{kind.value}.csv")
    for name in ("05-van-dijk-ubl.xml", "06-kessler-cii.xml"):
        content = (FOLDER / "documents" / name).read_bytes()
        services.receive(ReceivedFile(name, content, Door.COMMAND, "test"))
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass
    yield services


def test_csv_has_a_row_a_line_with_the_contracts_names(approved: Services) -> None:
    rows = list(csv.DictReader(io.StringIO(export_documents(approved, "csv").content.decode("utf-8-sig"))))
    assert [(row["invoice_number"], row["description"], row["line_total"]) for row in rows] == [
        ("2026-0815", "Koudemiddel R449A 10 kg fles", "1236.00"),
        ("2026-0815", "Onderhoud koelcel, arbeid", "528.00"),
        ("RE-2026-04502", "Gewindebohrer M10 HSS-E", "173.00"),
    ]
    assert rows[0]["supplier_id"] == "S-1004"
    assert rows[2]["matched_purchase_order"] == "4500081004"
    assert rows[2]["gross_total"] == "205.87"


def test_xlsx_holds_numbers_and_dates_and_says_what_it_holds(approved: Services) -> None:
    book = load_workbook(io.BytesIO(export_documents(approved, "xlsx").content))
    assert book.sheetnames == ["Invoices", "Lines", "About"]
    head = [cell.value for cell in book["Invoices"][1]]
    second = {name: cell.value for name, cell in zip(head, book["Invoices"][3], strict=True)}
    assert Decimal(str(second["gross_total"])) == Decimal("205.87")
    assert second["issue_date"].date().isoformat() == "2026-11-17"
    assert book["Lines"].max_row == 4
    assert book["About"]["B2"].value == 2


def test_json_holds_everything_that_is_known(approved: Services) -> None:
    found = json.loads(export_documents(approved, "json").content)
    assert found["documents"] == 2
    first = found["items"][0]
    assert first["extraction"]["fields"]["invoice_number"]["value"] == "2026-0815"
    assert first["supplier"]["id"] == "S-1004"
    assert {check["result"] for check in first["checks"]} <= {"pass", "fail", "not_checked"}


def test_ubl_is_valid_and_reads_back_as_what_it_was(approved: Services) -> None:
    archive = zipfile.ZipFile(io.BytesIO(export_documents(approved, "ubl").content))
    assert archive.namelist() == ["1-2026-0815.xml", "2-RE-2026-04502.xml"]
    for name in archive.namelist():
        xml = archive.read(name)
        assert xml_check_xsd(xml, flavor="ubl-2.1-invoice")
        invoice = read_document(xml, "").e_invoice
        assert invoice is not None
        assert name.endswith(f"-{invoice.fields['invoice_number'][0]}.xml")
    assert invoice.fields["gross_total"] == ("205.87",)
    assert invoice.line_items[0]["sku"] == "KW-21010"


def test_a_document_goes_out_once_unless_asked_again(approved: Services) -> None:
    first = export_documents(approved, "csv", actor="anna")
    assert first.documents == 2
    assert first.name == "2026-11-23-approved-2-documents.csv"
    assert export_documents(approved, "xlsx").documents == 0
    assert export_documents(approved, "json", again=True).documents == 2
    assert [(past.actor, past.documents) for past in past_exports(approved)] == [("command line", 2), ("anna", 2)]


def test_what_could_not_be_delivered_is_not_noted_as_exported(approved: Services) -> None:
    def full_disk(content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export_documents(approved, "csv", deliver=full_disk)
    assert export_documents(approved, "csv").documents == 2


def test_an_unknown_format_or_status_is_told(approved: Services) -> None:
    with pytest.raises(WrongExport, match="csv, xlsx, json, ubl"):
        export_documents(approved, "pdf")
    with pytest.raises(WrongExport, match="needs_review"):
        export_documents(approved, "csv", status="needs_review")


def value(text: str) -> FieldValue:
    return FieldValue(text, confidence=0.99)


def test_a_credit_note_with_a_line_discount_and_freight_is_valid_ubl(approved: Services) -> None:
    store = DocumentStore(approved.db)
    read = store.extraction(2)
    assert read is not None
    cells = {"description": "Bohrer", "quantity": "4", "unit_price": "12.50", "price_base": "100",
             "line_discount": "0.10", "tax_rate": "19", "line_total": "0.40"}  # fmt: skip
    line = LineItem(**{name: value(text) for name, text in cells.items()})
    fields = {"lines_total": "0.40", "shipping_total": "5.00", "net_total": "5.40", "tax_total": "1.03",
              "gross_total": "6.43", "preceding_invoice": "RE-1"}  # fmt: skip
    credit = replace(
        read,
        document_type=value(DocumentType.CREDIT_NOTE),
        line_items=(line,),
        tax_breakdown=(TaxLine(value("19"), value("5.40"), value("1.03")),),
        fields={**read.fields, **{name: value(text) for name, text in fields.items()}},
    )
    xml = ubl(ExportedDocument(store.get(2), credit, MatchResult(), approved.now()))
    assert xml_check_xsd(xml, flavor="ubl-2.1-creditnote")
    back = read_document(xml, "").e_invoice
    assert back is not None
    assert back.document_type == "credit_note"
    assert back.charges[0]["amount"] == "5.00"
    (item,) = back.line_items
    net = Decimal(item["quantity"]) * Decimal(item["unit_price"]) / Decimal(item["price_base"])
    assert net == Decimal(item["line_total"])
