"""Files of reference records: what is read, what is refused and how, what a second import changes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from matching_desk import EXAMPLES, RECORD_FILES
from openpyxl import Workbook
from sqlite_utils import Database

from ingest.audit import trail
from ingest.database import transaction
from matching.load_records import ImportRefused, ImportSummary, import_records, load
from matching.records import GoodsReceipt, PurchaseOrder, RecordKind, Supplier
from matching.references import PartyClues
from matching.store import RecordStore

ORDER_HEAD = "po_number,supplier_id,line_number,description,quantity,unit_price"


def write(folder: Path, text: str, name: str = "records.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def refused(kind: RecordKind, path: Path) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as told:
        load(kind, path)
    return [(fault.line, fault.column) for fault in told.value.faults]


def test_the_same_files_twice_change_nothing(db: Database) -> None:
    before = RecordStore(db).counts()
    for kind, name in RECORD_FILES.items():
        summary = import_records(db, kind, EXAMPLES / name)
        assert (summary.added, summary.updated) == (0, 0)
    assert (
        RecordStore(db).counts()
        == before
        == {
            "suppliers": 12,
            "customers": 7,
            "purchase-orders": 27,
            "goods-receipts": 11,
        }
    )


def test_known_ids_are_updated_and_absent_ones_kept(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "supplier_id,name\nS-101,Kornblum Technik SE\nS-999,Neu AG\n")
    assert import_records(db, RecordKind.SUPPLIERS, path) == ImportSummary(RecordKind.SUPPLIERS, 1, 1, 0)
    store = RecordStore(db)
    assert store.supplier("S-101") == Supplier("S-101", "Kornblum Technik SE")
    assert store.counts()["suppliers"] == 13
    # the index forgets the old name and account
    assert store.supplier_candidates(PartyClues(ibans=("DE17231167080501473727",))) == ()
    assert [s.supplier_id for s in store.supplier_candidates(PartyClues(name="Kornblum Technik"))] == ["S-101"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "supplier_id,name,postal_code,city\n007,Bäckerei Müßig,01067,Dresden\n".replace(",", separator)
    records = load(RecordKind.SUPPLIERS, write(tmp_path, text, encoding=encoding))
    assert records == (Supplier("007", "Bäckerei Müßig", postal_code="01067", city="Dresden"),)


def test_decimal_comma_by_column(tmp_path: Path) -> None:
    text = (
        "po_number;supplier_id;line_number;description;quantity;unit_price\n"
        "0815;S;1;Schraube;1.000;0,18\n0815;S;2;Öl, 5 l;5;1.027,90\n"
    )
    assert refused(RecordKind.PURCHASE_ORDERS, write(tmp_path, text)) == [(2, "quantity")]
    (order,) = load(RecordKind.PURCHASE_ORDERS, write(tmp_path, text.replace("1.000", "1000")))
    assert isinstance(order, PurchaseOrder)
    assert order.po_number == "0815"
    assert [(line.quantity, line.unit_price) for line in order.lines] == [
        (Decimal(1000), Decimal("0.18")),
        (Decimal(5), Decimal("1027.90")),
    ]


def test_a_column_with_both_decimal_signs_is_refused(tmp_path: Path) -> None:
    text = "po_number;line_number;quantity\nP;1;1,5\nP;2;1.25\n"
    assert refused(RecordKind.GOODS_RECEIPTS, write(tmp_path, text)) == [(2, "quantity")]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = (
        f"{ORDER_HEAD},currency,status,order_date,tax_rate,price_base\n"
        "P1,S,1,Schraube,-5,1.00,EUR,open,2026-09-01,19,\n"
        "P1,S,2,,5,abc,EUR,open,2026-09-01,190,0\n"
        "P2,S,1,Mutter,5,1.00,EUX,offen,03/04/2026,19,\n"
        "P2,T,2,Mutter,5,1.00,EUX,offen,03/04/2026,19,\n"
        "P1,S,1,Scheibe,5,1.00,EUR,open,2026-09-01,19,\n"
    )
    assert set(refused(RecordKind.PURCHASE_ORDERS, write(tmp_path, text))) == {
        (2, "quantity"),
        (3, "description"),
        (3, "unit_price"),
        (3, "tax_rate"),
        (3, "price_base"),
        (4, "currency"),
        (4, "status"),
        (4, "order_date"),
        (5, "supplier_id"),
        (6, "line_number"),
    }


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "")]),
        ("supplier_id\nS-1\n", [(1, "name")]),
        ("supplier_id,name,cuntry\nS-1,A,DE\n", [(1, "cuntry")]),
        ("supplier_id,name\nS-1,A,B\n", [(2, "")]),
        ("supplier_id,name\nS-1,A\nS-1,B\n", [(3, "supplier_id")]),
        ("supplier_id,name\n,A\n", [(2, "supplier_id")]),
        ('supplier_id,name\nS-1,"A\n', [(2, "")]),
        ("supplier_id,name,country\nS-1,A,Germany\n", [(2, "country")]),
    ],
)
def test_files_that_cannot_be_right(tmp_path: Path, text: str, faults: list[tuple[int, str]]) -> None:
    assert refused(RecordKind.SUPPLIERS, write(tmp_path, text)) == faults


def test_a_refused_file_leaves_everything_as_it_was(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, f"{ORDER_HEAD}\nNEW-1,S-101,1,Schraube,5,1.00\nNEW-2,S-404,1,Schraube,5,1.00\n")
    with pytest.raises(ImportRefused, match="S-404"):
        import_records(db, RecordKind.PURCHASE_ORDERS, path)
    assert RecordStore(db).order("NEW-1") is None
    path = write(tmp_path, "po_number,line_number,quantity\n4500026001,1,5\n4500026001,9,5\n4711,1,5\n")
    with pytest.raises(ImportRefused) as told:
        import_records(db, RecordKind.GOODS_RECEIPTS, path)
    assert len(told.value.faults) == 2
    assert len(RecordStore(db).receipts("4500026001")) == 3


def test_receipts_are_known_by_line_note_and_date(db: Database, tmp_path: Path) -> None:
    head = "po_number,line_number,quantity,receipt_date,delivery_note\n"
    store = RecordStore(db)

    def received(rows: str) -> Decimal | None:
        import_records(db, RecordKind.GOODS_RECEIPTS, write(tmp_path, head + rows))
        return store.order_progress("4500026002")[0].received

    assert received("4500026002,1,100,2026-10-01,L1\n4500026002,1,50,2026-10-02,L2\n") == 150
    assert received("4500026002,1,80,2026-10-01,L1\n") == 130
    assert received("4500026002,1,-30,2026-10-05,R1\n") == 100
    assert received("4500026002,1,90,,\n") == 90
    assert received("4500026002,1,95,,\n") == 95
    assert store.order_progress("4500026002")[1].received == 0


def test_xlsx_and_json_say_the_same_as_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["po_number", "line_number", "quantity", "receipt_date", "delivery_note"])
    sheet.append(["0815", 1, 2.5, date(2026, 10, 1), "LS-1"])
    sheet.append([None, None, None, None, None])
    book.save(tmp_path / "records.xlsx")
    rows = [
        {"po_number": "0815", "line_number": 1, "quantity": 2.5, "receipt_date": "2026-10-01", "delivery_note": "LS-1"}
    ]
    wanted = (GoodsReceipt("0815", "1", Decimal("2.5"), date(2026, 10, 1), "LS-1"),)
    assert load(RecordKind.GOODS_RECEIPTS, tmp_path / "records.xlsx") == wanted
    assert load(RecordKind.GOODS_RECEIPTS, write(tmp_path, json.dumps(rows), "records.json")) == wanted
    assert refused(RecordKind.GOODS_RECEIPTS, write(tmp_path, "{}", "records.json")) == [(1, "")]
    assert refused(RecordKind.GOODS_RECEIPTS, write(tmp_path, "no book", "records.xlsx")) == [(0, "")]


def test_an_import_leaves_a_trace(db: Database) -> None:
    rows = list(db.query("SELECT details FROM audit WHERE action = 'imported'"))
    assert len(rows) == 4
    assert trail(db, 1) == ()


def test_a_column_of_the_other_systems_own_is_left_out_and_said(empty_db: Database, tmp_path: Path) -> None:
    file = write(tmp_path, "supplier_id,name,name2,region\nS-1,Kessler,KG,south\n")
    summary = import_records(empty_db, RecordKind.SUPPLIERS, file)
    assert (summary.added, summary.left_out) == (1, ("name2", "region"))


def test_a_mistyped_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="is iban meant"):
        load(RecordKind.SUPPLIERS, write(tmp_path, "supplier_id,name,ibna\nS-1,Kessler,x\n"))


def test_numbers_that_no_order_has_are_refused(tmp_path: Path) -> None:
    rows = "P,S,1,Schraube,0,1.00\nP,S,2,Schraube,4006381333931000,1.00\nP,S,3,Schraube,1e5,1.00\nP,S,4,Schraube,5,-1\n"
    found = refused(RecordKind.PURCHASE_ORDERS, write(tmp_path, f"{ORDER_HEAD}\n{rows}"))
    assert found == [(2, "quantity"), (3, "quantity"), (4, "quantity"), (5, "unit_price")]


def test_rows_of_an_order_may_stand_apart(tmp_path: Path) -> None:
    rows = "P,S,1,Schraube,1,1.00\nQ,S,1,Mutter,1,1.00\nP,S,2,Scheibe,1,1.00\nQ,S,2,Keil,1,1.00\n"
    found = load(RecordKind.PURCHASE_ORDERS, write(tmp_path, f"{ORDER_HEAD}\n{rows}"))
    assert [(order.po_number, len(order.lines)) for order in found if isinstance(order, PurchaseOrder)] == [
        ("P", 2),
        ("Q", 2),
    ]
    wrong = rows.replace("P,S,2", "P,T,2").replace("Q,S,2,Keil", "Q,S,1,Keil")
    assert refused(RecordKind.PURCHASE_ORDERS, write(tmp_path, f"{ORDER_HEAD}\n{wrong}")) == [
        (4, "supplier_id"),
        (5, "line_number"),
    ]


def test_an_order_without_its_supplier_is_told_by_its_line(db: Database, tmp_path: Path) -> None:
    rows = "N-1,S-101,1,Schraube,5,1.00,C-01\nN-2,S-404,1,Schraube,5,1.00,\nN-3,,1,Schraube,5,1.00,C-99\n"
    with pytest.raises(ImportRefused) as told:
        import_records(db, RecordKind.PURCHASE_ORDERS, write(tmp_path, f"{ORDER_HEAD},customer_id\n{rows}"))
    assert {(fault.line, fault.column) for fault in told.value.faults} == {
        (3, "supplier_id"),
        (4, "supplier_id"),
        (4, "customer_id"),
    }
    assert RecordStore(db).order("N-1") is None


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"P{n},S,1,Schraube,-1,1.00\n" for n in range(3000))
    with pytest.raises(ImportRefused) as told:
        load(RecordKind.PURCHASE_ORDERS, write(tmp_path, f"{ORDER_HEAD}\n{rows}"))
    assert (told.value.count, len(told.value.faults)) == (3000, 1000)
    assert "3000 faults" in told.value.message
    assert told.value.message.endswith("... and 2950 more")


def test_wrong_check_digits_are_taken_and_told(empty_db: Database, tmp_path: Path) -> None:
    text = "supplier_id,name,vat_id,iban\nS-1,A,DE136695976,DE17231167080501473727\n"
    text += "S-2,B,DE136695977,DE18231167080501473727\n"
    summary = import_records(empty_db, RecordKind.SUPPLIERS, write(tmp_path, text))
    assert summary.added == 2
    assert [(doubt.line, doubt.column) for doubt in summary.doubts] == [(3, "iban"), (3, "vat_id")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("supplier_id,name\nS-1,Müller\n".encode("utf-16"), 1),
        ("supplier_id,name\nS-1,Müller\n".encode() + "S-2,Käfer\n".encode("cp1252"), 3),
        (b"supplier_id,name\nS-1,A\nS-2,\x81\n", 3),
    ],
)
def test_an_encoding_that_would_garble_names_is_refused(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "records.csv"
    path.write_bytes(content)
    assert refused(RecordKind.SUPPLIERS, path) == [(line, "")]


def test_an_import_inside_a_transaction_is_part_of_it(empty_db: Database, tmp_path: Path) -> None:
    import_records(empty_db, RecordKind.SUPPLIERS, write(tmp_path, "supplier_id,name\nS-1,A\n"))
    path = write(tmp_path, f"{ORDER_HEAD}\nP,S-1,1,Schraube,5,1.00\n")
    with pytest.raises(LookupError), transaction(empty_db):
        import_records(empty_db, RecordKind.PURCHASE_ORDERS, path)
        assert RecordStore(empty_db).open_orders_with("S-1", ("Schraube",), ())
        raise LookupError
    assert RecordStore(empty_db).counts()["purchase-orders"] == 0
