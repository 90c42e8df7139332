"""Accounts to be paid: every printed one must be on file for this supplier, however it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from matching_desk import KORNBLUM, Desk, invoice

from ingest.document import Door
from matching.load_records import import_records
from matching.records import RecordKind

OK: tuple[str, set[str]] = ("approved", set())
CHANGED = ("needs_review", {"bank_account_changed"})
HEADER = "supplier_id,name,vat_id,iban,account,routing,street,postal_code,city,country,currency,payment_terms_days\n"


def on_file(desk: Desk, folder: Path, *, iban: str = "", account: str = "", routing: str = "") -> None:
    """Kornblum's record with these bank details."""
    address = "Lenneufer 12,58762,Altena,DE,EUR,30"
    row = f"S-101,{KORNBLUM['seller_name']},{KORNBLUM['seller_vat_id']},{iban},{account},{routing},{address}\n"
    path = folder / "suppliers.csv"
    path.write_text(HEADER + row, "utf-8")
    import_records(desk.db, RecordKind.SUPPLIERS, path)


@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        ("0501473727", OK),  # the tail of the known IBAN
        ("501 473 727", OK),
        ("99887766", CHANGED),  # a known IBAN beside it does not excuse it
        ("27", CHANGED),  # too short to be told from chance
    ],
)
def test_a_national_number_beside_a_known_iban(desk: Desk, account: str, outcome: tuple[str, set[str]]) -> None:
    assert desk.outcome(invoice(seller_account=account)) == outcome


def test_a_second_national_number_must_be_known_too(desk: Desk, tmp_path: Path) -> None:
    on_file(desk, tmp_path, account="31926819", routing="601613")
    extraction = invoice(seller_iban=None, seller_account="31926819", seller_routing="60-16-13")
    both = replace(extraction.fields["seller_account"], others=("44556677",))
    extraction = replace(extraction, fields={**extraction.fields, "seller_account": both})
    assert desk.outcome(extraction) == CHANGED


@pytest.mark.parametrize(("routing", "outcome"), [("60-16-13", OK), ("601613", OK), (None, OK), ("20-00-00", CHANGED)])
def test_the_same_number_at_another_bank(
    desk: Desk, tmp_path: Path, routing: str | None, outcome: tuple[str, set[str]]
) -> None:
    on_file(desk, tmp_path, account="31926819", routing="601613")
    printed = invoice(seller_iban=None, seller_account="31926819", seller_routing=routing)
    assert desk.outcome(printed) == outcome


@pytest.mark.parametrize(
    ("iban", "outcome"),
    [("GB29NWBK60161331926819", OK), ("GB07BARC20000031926819", CHANGED), ("DE17231167080501473727", CHANGED)],
)
def test_an_iban_where_a_national_account_is_on_file(
    desk: Desk, tmp_path: Path, iban: str, outcome: tuple[str, set[str]]
) -> None:
    on_file(desk, tmp_path, account="31926819", routing="601613")
    # the known number printed beside it does not excuse another bank's IBAN
    for number, account in (("RE-1", None), ("RE-2", "31926819")):
        printed = invoice(seller_iban=iban, seller_account=account, invoice_number=number, issue_date="2026-11-09")
        document_id, decision = desk.decide(printed)
        if number == "RE-1" or outcome == CHANGED:
            assert desk.codes(document_id) & {"bank_account_changed"} == outcome[1]
            assert (decision.verdict == "approved") == (outcome == OK)


def test_a_sort_code_where_only_the_iban_is_on_file(desk: Desk, tmp_path: Path) -> None:
    on_file(desk, tmp_path, iban="GB29NWBK60161331926819")
    printed = {"seller_iban": None, "seller_account": "31926819"}
    assert desk.outcome(invoice(**printed, seller_routing="20-00-00")) == CHANGED
    assert desk.outcome(invoice(**printed, seller_routing="60-16-13", invoice_number="RE-2", issue_date="2026-10-01"))[
        1
    ] <= {"duplicate_suspected"}


def test_the_message_says_whose_account_it_is_and_what_to_do(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice(seller_iban="FR4830002263586588990005805"))
    (fault,) = (item for item in desk.match(document_id).discrepancies if item.code == "bank_account_changed")
    assert "it is on file for Atelier Verdier SARL (S-102)" in fault.message
    assert "Call Kornblum Verbindungstechnik GmbH at the number on file, not at one on the invoice" in fault.message
    assert "the bank is in FR, the supplier in DE" in fault.message


@pytest.mark.parametrize(
    ("sender", "outcome"),
    [
        ("rechnung@kornblum.example", OK),
        ("rechnung@post.kornblum.example", OK),
        ("rechnung@steuerberater.example", OK),  # somebody else may send it
        ("rechnung@kornbIum.example", CHANGED),
        ("rechnung@kornblurn.example", CHANGED),
        ("rechnung@kornblum.examples", CHANGED),
        ("rechnung@kornbulm.example", CHANGED),
        ("rechnung@korn-blum.example", CHANGED),
        ("rechnung@k\u043ernblum.example", CHANGED),  # a Cyrillic letter
    ],
)
def test_a_sender_whose_domain_only_looks_like_the_suppliers_holds_the_invoice(
    desk: Desk, tmp_path: Path, sender: str, outcome: tuple[str, set[str]]
) -> None:
    path = tmp_path / "suppliers.csv"
    head = HEADER.strip() + ",email\n"
    row = f"S-101,{KORNBLUM['seller_name']},{KORNBLUM['seller_vat_id']},{KORNBLUM['seller_iban']},,,"
    path.write_text(head + row + "Lenneufer 12,58762,Altena,DE,EUR,30,info@kornblum.example\n", "utf-8")
    import_records(desk.db, RecordKind.SUPPLIERS, path)
    desk.origin = (Door.MAILBOX, f"Kornblum <{sender}>: Rechnung: die neue")
    assert desk.outcome(invoice()) == outcome
