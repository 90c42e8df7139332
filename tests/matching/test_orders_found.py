"""Which order an invoice is for, as it is decided."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from matching_desk import DOWELS, Desk, invoice, row

from ingest.document import Source
from ingest.extraction import Extraction
from matching.load_records import import_records
from matching.order_numbers import misread
from matching.records import GoodsReceipt, OrderLine, PurchaseOrder, RecordKind
from matching.results import MatchResult

FRAME = "4500026002"
OK = ("approved", set[str]())


def review(*codes: str) -> tuple[str, set[str]]:
    return "needs_review", set(codes)


def order(number: str, *lines: tuple[str, str, str, str], supplier: str = "S-101") -> PurchaseOrder:
    """An order of (article, words, quantity, price), lines 1, 2, ..."""
    return PurchaseOrder(
        number,
        supplier,
        tuple(
            OrderLine(str(at), text, Decimal(quantity), Decimal(price), sku, "H87", Decimal(19))
            for at, (sku, text, quantity, price) in enumerate(lines, start=1)
        ),
        customer_id="C-01",
        order_date=date(2026, 9, 1),
        currency="EUR",
    )


def put(desk: Desk, *records: PurchaseOrder | GoodsReceipt) -> None:
    """Import records as the files have them."""
    orders = [
        {
            "po_number": record.po_number,
            "supplier_id": record.supplier_id,
            "line_number": line.line_number,
            "description": line.description,
            "quantity": str(line.quantity),
            "unit_price": str(line.unit_price),
            "customer_id": record.customer_id,
            "order_date": str(record.order_date),
            "currency": record.currency,
            "sku": line.sku or "",
            "unit": line.unit,
            "tax_rate": str(line.tax_rate),
        }
        for record in records
        if isinstance(record, PurchaseOrder)
        for line in record.lines
    ]
    receipts = [
        {
            "po_number": record.po_number,
            "line_number": record.line_number,
            "quantity": str(record.quantity),
            "receipt_date": str(record.receipt_date),
            "delivery_note": record.delivery_note,
        }
        for record in records
        if isinstance(record, GoodsReceipt)
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind, rows in ((RecordKind.PURCHASE_ORDERS, orders), (RecordKind.GOODS_RECEIPTS, receipts)):
            if rows:
                path = Path(folder) / f"{kind.value}.json"
                path.write_text(json.dumps(rows), "utf-8")
                import_records(desk.db, kind, path)


def item(sku: str, words: str, quantity: str, price: str) -> dict[str, str]:
    return row(sku=sku, description=words, quantity=quantity, unit_price=price)


def decided(desk: Desk, extraction: Extraction) -> tuple[str, MatchResult]:
    document, decision = desk.decide(extraction)
    return decision.verdict.value, desk.match(document)


@pytest.mark.parametrize(
    "printed",
    [
        FRAME,
        "Ihre Bestellung Nr. 4500026002 vom 3.4.",
        "Best. 4500026002 v. 12.09.",
        "PO-4500026002",
        "PO 4500026002",
        "4500026002/1",
        "4500026002-00",
        "4500026002 / Hr. Maier",
        "#4500026002",
        "4500 026 002",
        "4500.026.002",
        "45000 26002 vom 15.09.2025",
        "04500026002",
        "Bestellung: 4S00026OO2",
        "26002",
    ],
)
def test_a_number_in_other_clothes(desk: Desk, printed: str) -> None:
    verdict, match = decided(desk, invoice(purchase_order=printed))
    if printed == "26002":
        # the end of a number may be any order's
        assert {item.code for item in match.discrepancies} == {"order_not_found"}
        return
    assert (verdict, [found.id for found in match.purchase_orders]) == ("approved", [FRAME])


@pytest.mark.parametrize("name", ["buyer_reference", "contract_number", "delivery_note", "payment_reference"])
@pytest.mark.parametrize("text", [FRAME, "Bestellung 4500026002", "Your order 4500026002", "4500026002 - Werk 2"])
def test_the_number_stands_elsewhere(desk: Desk, name: str, text: str) -> None:
    assert desk.outcome(invoice(purchase_order=None, **{name: text})) == OK


def test_the_number_stands_in_a_note_of_a_line(desk: Desk) -> None:
    assert desk.outcome(invoice(row(note="zu Bestellung 4500026002"), purchase_order=None)) == OK


@pytest.mark.parametrize("text", ["45000260021", "Werk 2", "4500026", "Kst. 26002", "PO-26-0107"])
def test_what_stands_elsewhere_is_this_suppliers_whole_number_or_nothing(desk: Desk, text: str) -> None:
    assert desk.outcome(invoice(purchase_order=None, buyer_reference=text)) == review("order_missing")


def test_the_suppliers_own_number_beside_ours(desk: Desk) -> None:
    assert desk.outcome(invoice(purchase_order="AB-118-77", buyer_reference=FRAME)) == OK
    other = invoice(item("XX", "Bohrhammer", "1", "99"), purchase_order="AB-118-77", buyer_reference=FRAME)
    assert "order_not_found" in desk.outcome(other)[1]


def test_the_suppliers_own_number_alone_leaves_the_content(desk: Desk) -> None:
    hinges = item("KV-5500", "Scharnier 120 mm", "40", "4.10")
    verdict, match = decided(desk, invoice(hinges, purchase_order="AB-118-77"))
    (told,) = match.discrepancies
    assert (verdict, told.code, told.expected) == ("needs_review", "order_not_found", "4500026008")
    assert match.purchase_orders == ()


def test_several_orders_in_one_field(desk: Desk) -> None:
    rows = [item("KV-5500", "Scharnier 120 mm", "40", "4.10"), item("KV-5510", "Türband schwer", "15", "12.60")]
    for at, printed in enumerate(("4500026008, 4500026009", "4500026008 / 4500026009", "4500026008 und 4500026009")):
        day = f"2026-09-{10 + at}"
        verdict, match = decided(desk, invoice(*rows, purchase_order=printed, invoice_number=f"R{at}", issue_date=day))
        assert [found.id for found in match.purchase_orders] == ["4500026008", "4500026009"]
        if not at:
            assert verdict == "approved"
    _, match = decided(desk, invoice(*rows, purchase_order="4500026008, 4599999999", invoice_number="R9"))
    assert {told.code for told in match.discrepancies} >= {"order_not_found"}


# ---------------------------------------------------------------- damaged


def ocr(extraction: Extraction) -> Extraction:
    printed = replace(extraction.fields["purchase_order"], source=Source.OCR)
    return replace(extraction, fields={**extraction.fields, "purchase_order": printed})


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("4500026O02", "approved"),
        ("45O0O26002", "approved"),
        ("4500026042", "needs_review"),
        ("4500062002", "needs_review"),
        ("4599926002", "needs_review"),
    ],
)
def test_one_error_of_ocr(desk: Desk, printed: str, verdict: str) -> None:
    assert decided(desk, ocr(invoice(purchase_order=printed)))[0] == verdict


@pytest.mark.parametrize("printed", ["4500026082", "450002602", "45000026002"])
def test_a_number_one_sign_off_finds_the_order_and_leaves_the_word_to_a_person(desk: Desk, printed: str) -> None:
    verdict, match = decided(desk, ocr(invoice(purchase_order=printed)))
    (told,) = match.discrepancies
    assert (verdict, told.code, told.expected, told.found) == ("needs_review", "low_confidence", FRAME, printed)
    assert [found.id for found in match.purchase_orders] == [FRAME]
    assert match.line_matches


@pytest.mark.parametrize("printed", ["4500026082", "4500026042", "450002602"])
def test_what_was_not_read_from_a_picture_is_no_error_of_ocr(desk: Desk, printed: str) -> None:
    verdict, match = decided(desk, invoice(purchase_order=printed))
    (told,) = match.discrepancies
    assert (verdict, told.code) == ("needs_review", "order_not_found")
    assert FRAME in (told.expected or "")


def test_two_orders_one_sign_away_are_for_a_person(desk: Desk) -> None:
    put(desk, order("4500026302", ("KV-D16", "Schwerlastdübel 16 mm", "600", "1.85")))
    verdict, match = decided(desk, ocr(invoice(purchase_order="4500026802")))
    assert (verdict, [told.code for told in match.discrepancies]) == ("needs_review", ["order_not_found"])


def test_a_damaged_number_with_another_price_is_no_proof(desk: Desk) -> None:
    assert desk.outcome(ocr(invoice(row(unit_price="1.95"), purchase_order="4500026082"))) == review("order_not_found")


def test_signs_that_ocr_takes_for_each_other() -> None:
    assert misread("4500026002", "4500026082")
    assert misread("4500026002", "450002602")
    assert not misread("4500026002", "4500026042")
    assert not misread("4500026002", "4500026083")
    assert not misread("4500026002", "4500026002")


# ---------------------------------------------------------------- content


PUMPS = ("P-1", "Tauchpumpe 400 W", "5", "88.00")
HOSES = ("H-2", "Spiralschlauch 25 m", "3", "41.50")
SEALS = ("D-3", "Dichtungssatz EPDM", "20", "2.15")


def test_two_orders_that_explain_an_invoice_together_are_proposed(desk: Desk) -> None:
    put(desk, order("7001", PUMPS), order("7002", HOSES), order("7003", SEALS))
    both = invoice(item(*PUMPS), item(*HOSES), purchase_order=None)
    verdict, match = decided(desk, both)
    (told,) = match.discrepancies
    assert (verdict, told.code, told.expected) == ("needs_review", "order_missing", "7001, 7002")
    # more than one order is never taken unasked
    taking = desk.under(accept_content_match=True)
    again = invoice(item(*PUMPS), item(*HOSES), purchase_order=None, invoice_number="RE-2", issue_date="2026-10-01")
    assert taking.outcome(again)[0] == "needs_review"


def test_the_delivery_note_tells_two_orders_apart(desk: Desk) -> None:
    put(desk, order("7001", PUMPS), order("7002", PUMPS))
    plain = invoice(item(*PUMPS), purchase_order=None)
    assert desk.outcome(plain) == review("order_ambiguous")
    put(desk, GoodsReceipt("7002", "1", Decimal(5), date(2026, 10, 1), "LS-0815"))
    noted = invoice(item(*PUMPS), purchase_order=None, delivery_note="LS 815", invoice_number="RE-2")
    verdict, match = decided(desk, noted)
    told = [each for each in match.discrepancies if each.code == "order_missing"]
    assert (verdict, [each.expected for each in told]) == ("needs_review", ["7002"])
    assert any("LS 815" in why for found in match.order_candidates for why in found.why)


def test_an_order_at_another_price_is_told_and_not_taken(desk: Desk) -> None:
    put(desk, order("7001", PUMPS))
    taking = desk.under(accept_content_match=True)
    verdict, match = decided(taking, invoice(item(*PUMPS[:3], "89.00"), purchase_order=None))
    (told,) = match.discrepancies
    assert (verdict, told.code, told.expected) == ("needs_review", "order_missing", "7001")
    assert match.purchase_orders == ()


def test_unrelated_orders_are_not_proposed(desk: Desk) -> None:
    put(desk, order("7001", PUMPS))
    verdict, match = decided(desk, invoice(item("Z-1", "Bürostuhl", "1", "310.00"), purchase_order=None))
    (told,) = match.discrepancies
    assert (verdict, told.code, told.expected) == ("needs_review", "order_missing", None)


def test_what_is_billed_before_is_no_longer_open_for_content(desk: Desk) -> None:
    put(desk, order("7001", PUMPS))
    assert desk.outcome(invoice(item(*PUMPS), purchase_order="7001")) == OK
    later = invoice(item(*PUMPS), purchase_order=None, invoice_number="RE-2", issue_date="2026-08-20")
    verdict, match = decided(desk.under(accept_content_match=True), later)
    assert verdict == "needs_review"
    assert match.purchase_orders == ()


# ---------------------------------------------------------------- lines of the order


def test_one_sum_as_ordered_passes_and_one_without_words_does_not(desk: Desk) -> None:
    put(desk, order("7001", PUMPS, HOSES))
    whole = item("", "Material laut Bestellung", "1", "564.50")
    verdict, match = decided(desk, invoice(whole, purchase_order="7001"))
    assert (verdict, match.discrepancies) == ("approved", ())
    assert [(pair.order_line, pair.quantity) for pair in match.line_matches] == [("1", 5), ("2", 3)]
    assert desk.outcome(
        invoice(whole, purchase_order="7001", invoice_number="RE-2", issue_date="2026-09-09")
    ) == review("order_closed", "line_not_ordered")


def test_a_sum_without_words_is_explained_to_the_person(desk: Desk) -> None:
    put(desk, order("7001", PUMPS, HOSES))
    verdict, match = decided(desk, invoice(item("", "Projekt Nord", "1", "564.50"), purchase_order="7001"))
    (told,) = match.discrepancies
    assert (verdict, told.code) == ("needs_review", "line_not_ordered")
    assert "sum of the lines 1, 2 of 7001" in told.message


def test_a_higher_charge_than_ordered_is_told_once(desk: Desk) -> None:
    freight = ("", "Frachtkosten", "1", "45.00")
    put(desk, order("7001", PUMPS, freight))
    dear = item("", "Versandkosten", "1", "60.00")
    document, decision = desk.decide(invoice(item(*PUMPS), dear, purchase_order="7001"))
    (told,) = desk.match(document).discrepancies
    assert (decision.verdict, told.code, told.difference) == ("needs_review", "charge_differs", "15.00")
    assert "33.3 %" in told.message


def test_another_kind_of_charge_is_not_the_ordered_one(desk: Desk) -> None:
    put(desk, order("7001", PUMPS, ("", "Frachtkosten", "1", "45.00")))
    fuel = item("", "Energiezuschlag", "1", "45.00")
    assert desk.outcome(invoice(item(*PUMPS), fuel, purchase_order="7001")) == review("charge_differs")


def test_a_carriers_invoice_is_charges_only(desk: Desk) -> None:
    put(desk, order("7001", ("", "Transport", "4", "120.00")))
    rides = item("", "Transportkosten", "2", "120.00")
    assert desk.outcome(invoice(rides, purchase_order="7001")) == OK
    dear = item("", "Transportkosten", "2", "130.00")
    assert desk.outcome(invoice(dear, purchase_order="7001", invoice_number="RE-2")) == review("charge_differs")


def test_a_line_that_rounds_is_no_charge_and_a_larger_one_is(desk: Desk) -> None:
    rounding = row(sku="", description="Rundungsdifferenz", quantity="1", unit_price="0.02")
    assert desk.outcome(invoice(row(), rounding)) == OK
    larger = row(sku="", description="Rundungsdifferenz", quantity="1", unit_price="0.20")
    assert desk.outcome(invoice(row(), larger, invoice_number="RE-2")) == review("charge_differs")


def test_a_discount_line_is_in_our_favour(desk: Desk) -> None:
    for at, (quantity, price) in enumerate((("1", "-5.00"), ("-1", "5.00"))):
        discount = row(sku="", description="Treuerabatt 3 %", quantity=quantity, unit_price=price)
        goods = row(quantity=str(10 + at))
        assert desk.outcome(invoice(goods, discount, invoice_number=f"RE-{at}")) == OK


def test_messages_tell_money_and_per_cent(desk: Desk) -> None:
    document, _ = desk.decide(invoice(row(quantity="3", unit_price="2.35")))
    (told,) = desk.match(document).discrepancies
    assert told.difference == "1.50"
    assert "0.50 (27 %) more each, 1.50 EUR for 3" in told.message
    assert DOWELS["unit_price"] in told.message
