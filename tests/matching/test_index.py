"""Finding records by near numbers, by content, by damaged names; the index follows imports, also of other processes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database, transaction
from ingest.schema import ingest_migrations
from ingest.serialise import to_json
from matching import order_index
from matching.load_records import import_records
from matching.party_store import COMPARED, PartyStore
from matching.records import OrderLine, PurchaseOrder, RecordKind, Supplier
from matching.references import PartyClues
from matching.staging_store import BATCH, RecordsBusy, StagingStore, sweep
from matching.store import RecordStore, matching_migrations

ORDER_HEAD = "po_number,supplier_id,line_number,description,quantity,unit_price,sku,status\n"
SETS = (ingest_migrations, audit_migrations, matching_migrations)


def put_in(db: Database, folder: Path, kind: RecordKind, text: str) -> None:
    path = folder / f"{kind.value}.csv"
    path.write_text(text, encoding="utf-8")
    import_records(db, kind, path)


def suppliers(db: Database, folder: Path, rows: str, columns: str = "supplier_id,name") -> None:
    put_in(db, folder, RecordKind.SUPPLIERS, f"{columns}\n{rows}")


def orders(db: Database, folder: Path, rows: str) -> None:
    put_in(db, folder, RecordKind.PURCHASE_ORDERS, ORDER_HEAD + rows)


def numbers(found: tuple[PurchaseOrder, ...]) -> list[str]:
    return [order.po_number for order in found]


@pytest.fixture
def shelf(empty_db: Database, tmp_path: Path) -> Iterator[Database]:
    """Two suppliers with orders."""
    suppliers(empty_db, tmp_path, "S-1,Kornblum\nS-2,Besen\n")
    rows = (
        "4500012345,S-1,1,Schraube M8,10,1.50,K-17,open\n4500012345,S-1,2,Mutter,6,2.00,,open\n"
        "4500099999,S-1,1,Schraube M8,10,1.50,K-17,closed\n4500012346,S-2,1,Schraube M8,10,1.50,K-17,open\n"
        "PO-2026-00777123,S-1,1,Dübel,100,0.25,K-18,open\n"
    )
    orders(empty_db, tmp_path, rows)
    yield empty_db


# ------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    "printed",
    [
        "4500012345",
        "45OOO12345",
        "4500012845",
        "450012345",
        "45000123456",
        "4500013245",
        "PO-4500012345/1",
        "BESTELLUNG4500012345",
        "Best.-Nr. 4500012345 vom 1.9.",
    ],
)
def test_a_damaged_or_wrapped_number_finds_its_order(shelf: Database, printed: str) -> None:
    assert "4500012345" in numbers(RecordStore(shelf).orders_near(printed, "S-1"))


def test_the_prefix_of_a_number_may_be_missing_or_another(shelf: Database) -> None:
    store = RecordStore(shelf)
    for printed in ("777123", "00777123", "2026-00777123", "PO-2026-0077712"):
        assert numbers(store.orders_near(printed, "S-1"))[:1] == ["PO-2026-00777123"], printed


def test_near_means_the_suppliers_own_and_the_equal_one_first(shelf: Database) -> None:
    store = RecordStore(shelf)
    assert numbers(store.orders_near("4500012346", "S-1")) == ["4500012345"]
    assert numbers(store.orders_near("4500012346", None)) == ["4500012346", "4500012345"]
    assert store.orders_near("45", "S-1") == ()
    assert store.orders_near("9911991199", None) == ()


def test_one_edit_is_every_one_and_no_more() -> None:
    near = order_index.one_edit("ACDE")
    assert {"ACE", "AXCDE", "AXDE", "CADE", "ACDEZ"} <= near
    assert not {"ACDE", "AXXE", "AC", "DCAE"} & near


def test_orders_are_probed_not_scanned(shelf: Database) -> None:
    asked: list[str] = []
    shelf.conn.set_trace_callback(asked.append)
    RecordStore(shelf).orders_near("PO-4500012845", None)
    RecordStore(shelf).open_orders_with("S-1", ("K-17",), (Decimal("1.50"),))
    PartyStore(shelf, "supplier").candidates(PartyClues(name="Kornblm", address="Weg 1, 12345 Ulm"))
    shelf.conn.set_trace_callback(None)
    plans = [row[3] for sql in asked for row in shelf.execute("EXPLAIN QUERY PLAN " + sql).fetchall()]
    assert len(asked) > 5
    assert [
        plan
        for plan in plans
        if plan.startswith("SCAN") and "VIRTUAL TABLE" not in plan and "pending_imports" not in plan
    ] == []


# ------------------------------------------------------------ content


def test_open_orders_are_found_by_article_price_description_or_total(shelf: Database) -> None:
    store = RecordStore(shelf)
    assert numbers(store.open_orders_with("S-1", ("k 17",), ())) == ["4500012345"]
    assert numbers(store.open_orders_with("S-1", ("MUTTER",), ())) == ["4500012345"]
    assert numbers(store.open_orders_with("S-1", (), (Decimal("0.250"),))) == ["PO-2026-00777123"]
    assert numbers(store.open_orders_with("S-1", (), (Decimal(25),))) == ["PO-2026-00777123"]
    assert store.open_orders_with("S-2", ("K-18",), (Decimal(25),)) == ()


def test_an_order_that_changes_is_found_by_what_it_carries_now(shelf: Database, tmp_path: Path) -> None:
    store = RecordStore(shelf)
    orders(shelf, tmp_path, "PO-2026-00777123,S-1,1,Dübel,100,0.30,K-19,open\n")
    assert store.open_orders_with("S-1", ("K-18",), (Decimal("0.25"),)) == ()
    assert numbers(store.open_orders_with("S-1", ("K-19",), ())) == ["PO-2026-00777123"]
    orders(shelf, tmp_path, "PO-2026-00777123,S-1,1,Dübel,100,0.30,K-19,closed\n")
    assert store.open_orders_with("S-1", ("K-19",), ()) == ()
    assert numbers(store.orders_near("777123", "S-1")) == ["PO-2026-00777123"]


def test_the_order_that_shares_most_comes_first_among_many(shelf: Database, tmp_path: Path) -> None:
    rows = "".join(f"X{n:05d},S-1,1,Schraube M8,10,1.50,K-17,open\n" for n in range(400))
    orders(shelf, tmp_path, rows)
    found = RecordStore(shelf).open_orders_with("S-1", ("K-17", "Mutter"), (Decimal("1.50"), Decimal(2)))
    assert found[0].po_number == "4500012345"
    assert len(found) == 200


# ------------------------------------------------------------ names


@pytest.mark.parametrize(
    "printed",
    ["Kornblurn Verbindungstechnik", "Kornb1um Verbindungstechnik AG", "Kornblum Verb.technik", "Kornblum"],
)
def test_a_damaged_name_finds_its_record_first(db: Database, printed: str) -> None:
    assert PartyStore(db, "supplier").named(printed)[0] == "S-101"


def test_a_name_that_many_have_is_told_apart_by_the_postal_code(empty_db: Database, tmp_path: Path) -> None:
    rows = "".join(f"P{n:04d},Deutsche Filialbank AG,{10000 + n}\n" for n in range(3000))
    suppliers(empty_db, tmp_path, rows, "supplier_id,name,postal_code")
    store = RecordStore(empty_db)
    for printed in ("Deutsche Filialbank AG", "Deutsche Fi1ialbonk"):
        clues = PartyClues(name=printed, address="Hauptstr. 1, D-12777 Berlin")
        found = [record.supplier_id for record in store.supplier_candidates(clues)]
        assert "P2777" in found, printed
        assert len(found) <= COMPARED + 12


def test_of_many_that_share_a_key_those_are_compared_that_more_speaks_for(empty_db: Database, tmp_path: Path) -> None:
    rows = "".join(f"G{n:04d},Holding Teil {n} GmbH,DE136695976\n" for n in range(300))
    suppliers(empty_db, tmp_path, rows + "G9999,Zobel Werke,DE136695976\n", "supplier_id,name,vat_id")
    found = RecordStore(empty_db).supplier_candidates(PartyClues(name="Zobel Werke AG", vat_ids=("DE136695976",)))
    assert found[0].supplier_id == "G9999"
    assert len(found) >= COMPARED


def test_unrelated_records_change_nobodys_place(db: Database, tmp_path: Path) -> None:
    clues = PartyClues(name="Kornblurn Verbindungstechnik", address="Lenneufer 12, 58762 Altena, DE")
    before = RecordStore(db).supplier_candidates(clues)[0]
    suppliers(db, tmp_path, "".join(f"U{n:04d},Unbeteiligte Verbindungstechnik {n}\n" for n in range(500)))
    assert RecordStore(db).supplier_candidates(clues)[0] == before


def test_the_index_outlives_restarts_and_follows_another_process(tmp_path: Path) -> None:
    ours, theirs = open_database(tmp_path / "x.sqlite"), open_database(tmp_path / "x.sqlite")
    migrate(ours, SETS)
    suppliers(theirs, tmp_path, "S-1,Kornblum Technik\n")
    assert PartyStore(ours, "supplier").named("Kornblurn Technik") == ["S-1"]
    suppliers(theirs, tmp_path, "S-1,Zobel Werke\nS-2,Kornblum Handel\n")
    assert PartyStore(ours, "supplier").named("Kornblurn Technik") == ["S-2"]
    ours.close()
    theirs.close()
    again = open_database(tmp_path / "x.sqlite")
    assert PartyStore(again, "supplier").named("Zobe1 Werke") == ["S-1"]
    again.close()


def test_names_that_are_gone_are_swept_out(empty_db: Database, tmp_path: Path) -> None:
    for turn in range(5):
        suppliers(empty_db, tmp_path, "".join(f"S{n:03d},Firma{n} Turnus{turn}\n" for n in range(700)))
    (last,) = empty_db.execute("SELECT max(row) FROM party_names").fetchone()
    assert last <= 2 * 700 + 1000
    store = PartyStore(empty_db, "supplier")
    assert store.named("Firma123 Turnus4")[0] == "S123"


def test_a_database_from_before_the_index_is_indexed_once(tmp_path: Path) -> None:
    db = open_database(tmp_path / "old.sqlite")
    migrate(db, SETS[:2])
    with transaction(db):
        matching_migrations.apply(db, stop_before="create_order_keys")
        record = Supplier("S-1", "Kornblum Technik", postal_code="58762")
        db.execute("INSERT INTO suppliers VALUES ('S-1', 'Kornblum Technik', ?)", [to_json(record)])
        order = PurchaseOrder("4500012345", "S-1", (OrderLine("1", "Schraube", Decimal(1), Decimal(2), "K-17"),))
        db.execute(
            "INSERT INTO orders VALUES ('4500012345', '4500012345', 'S-1', NULL, 'open', NULL, ?)", [to_json(order)]
        )
    migrate(db, SETS)
    assert RecordStore(db).supplier_candidates(PartyClues(name="Kornblurn Technik")) == (record,)
    assert RecordStore(db).open_orders_with("S-1", ("K-17",), ()) == (order,)
    assert numbers(RecordStore(db).orders_near("Nr 4500012345", "S-1")) == ["4500012345"]
    db.close()


# ------------------------------------------------------------ imports beside others


def test_staging_holds_no_lock_and_sees_that_another_import_came_between(tmp_path: Path) -> None:
    ours, theirs = open_database(tmp_path / "x.sqlite"), open_database(tmp_path / "x.sqlite")
    migrate(ours, SETS)
    theirs.execute("PRAGMA busy_timeout = 0")
    with StagingStore(ours, RecordKind.SUPPLIERS) as staging:
        staging.add(Supplier("S-1", "Kornblum"))
        staging.prepare()
        assert RecordStore(theirs).counts()["suppliers"] == 0
        with transaction(theirs):
            assert not staging.records_changed()
        suppliers(theirs, tmp_path, "S-1,Zobel\n")
        with transaction(ours):
            assert staging.records_changed()
    suppliers(ours, tmp_path, "S-2,Besen\n")
    assert [record.name for record in RecordStore(theirs).suppliers()] == ["Besen", "Zobel"]
    ours.close()
    theirs.close()


def bulk(count: int) -> Iterator[PurchaseOrder]:
    for number in range(count):
        yield PurchaseOrder(f"P{number:06d}", "S-1", (OrderLine("1", "Schraube", Decimal(1), Decimal(2), "K-17"),))


def test_a_large_import_is_put_ahead_and_seen_all_at_once(tmp_path: Path) -> None:
    ours, theirs = open_database(tmp_path / "x.sqlite"), open_database(tmp_path / "x.sqlite")
    migrate(ours, SETS)
    suppliers(ours, tmp_path, "S-1,Kornblum\n")
    store = RecordStore(theirs)

    def seen() -> tuple[int, bool, int]:
        found = store.open_orders_with("S-1", ("K-17",), ())
        return store.counts()["purchase-orders"], store.order("P000007") is not None, len(found)

    def put_ahead(staging: StagingStore) -> None:
        for order in bulk(BATCH + 1):
            staging.add(order)
        staging.prepare()
        assert theirs.execute("SELECT count(*) FROM order_rows").fetchone() == (BATCH + 1,)
        assert seen() == (0, False, 0)

    with pytest.raises(LookupError), StagingStore(ours, RecordKind.PURCHASE_ORDERS) as staging:
        put_ahead(staging)
        raise LookupError
    assert theirs.execute("SELECT count(*) FROM order_rows").fetchone() == (0,)
    with StagingStore(ours, RecordKind.PURCHASE_ORDERS) as staging:
        put_ahead(staging)
        with pytest.raises(RecordsBusy), StagingStore(theirs, RecordKind.PURCHASE_ORDERS) as second:
            put_ahead(second)
        with transaction(ours):
            assert not staging.records_changed()
            staging.swap_in()
    assert seen() == (BATCH + 1, True, 200)
    ours.close()
    theirs.close()


def test_what_a_dead_import_put_ahead_is_swept_away(empty_db: Database, tmp_path: Path) -> None:
    suppliers(empty_db, tmp_path, "S-1,Kornblum\n")
    staging = StagingStore(empty_db, RecordKind.PURCHASE_ORDERS).__enter__()
    for order in bulk(BATCH + 1):
        staging.add(order)
    staging.prepare()
    orders(empty_db, tmp_path, "P000007,S-1,1,Mutter,1,1.00,,open\n")
    assert numbers(RecordStore(empty_db).orders()) == ["P000007"]
    empty_db.execute("UPDATE pending_imports SET touched = 0")
    with transaction(empty_db):
        sweep(empty_db)
        assert staging.records_changed()
    assert empty_db.execute("SELECT count(*) FROM order_rows").fetchone() == (1,)
