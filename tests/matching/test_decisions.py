"""Cases that the worked examples do not have: what a careful coordinator would not let pass."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from matching_desk import DOWELS, EXAMPLES, KORNBLUM, NOW, RECORD_FILES, TODAY, Desk, invoice, row, value
from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database
from ingest.document import Source
from ingest.extraction import DocumentType, Extraction, FieldValue
from ingest.schema import ingest_migrations
from matching.deciding import decide_document
from matching.load_records import import_records
from matching.policy import Policy
from matching.results import CheckResult, Severity
from matching.store import MatchStore, matching_migrations

OK = ("approved", set[str]())


def review(*codes: str) -> tuple[str, set[str]]:
    return "needs_review", set(codes)


def test_the_plain_invoice_passes(desk: Desk) -> None:
    assert desk.outcome(invoice()) == OK


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"invoice_number": None}, {"missing_field"}),
        ({"issue_date": None}, {"missing_field"}),
        ({"currency": None}, {"missing_field"}),
        ({"gross_total": None}, {"missing_field"}),
        ({"purchase_order": None}, {"order_missing"}),
        ({"seller_name": None, "seller_vat_id": None, "seller_iban": None}, {"supplier_unknown"}),
        ({"buyer_name": None, "buyer_vat_id": None, "buyer_address": None}, {"customer_unknown"}),
        ({"due_date": "2026-11-20"}, {"payment_terms_differ"}),
        (
            {"seller_iban": "DE49320163410771504477", "seller_vat_id": None, "seller_address": None},
            {"supplier_ambiguous"},
        ),
        # two identifiers of two suppliers: neither outvotes the other
        ({"seller_vat_id": "DE316564847"}, {"supplier_ambiguous"}),
        ({"buyer_vat_id": "PL9696375113"}, {"customer_ambiguous"}),
        # a right number that is nobody's here contradicts everything else
        ({"seller_vat_id": "DE312642143"}, {"supplier_ambiguous"}),
        (
            {"seller_vat_id": None, "seller_iban": None, "seller_address": None, "seller_name": "Kornblum Verbindung"},
            {"supplier_unknown"},
        ),
        (
            {
                "seller_vat_id": None,
                "seller_iban": None,
                "seller_name": "Kornblum Verbindungstechnik AG",
                "seller_address": None,
            },
            {"supplier_unknown"},
        ),
        ({"buyer_address": "Postfach 10 12, 34112 Kassel"}, {"billing_address_differs"}),
        ({"buyer_address": "Industriestr. 84, 34123 Kassel"}, {"billing_address_differs"}),
        ({"buyer_vat_id": "DE373550377"}, {"tax_id_invalid"}),
        ({"amount_due": "12.00"}, {"totals_do_not_add_up"}),
        ({"tax_total": "3.00", "gross_total": "21.50"}, {"totals_do_not_add_up"}),
    ],
)
def test_a_changed_header_field(desk: Desk, changes: dict[str, str | None], codes: set[str]) -> None:
    verdict, found = desk.outcome(invoice(**changes))
    assert (verdict, found & codes) == ("needs_review", codes)
    assert found <= codes | {"order_missing"}


@pytest.mark.parametrize(
    "changes",
    [
        {"seller_name": "KORNBLUM VERBINDUNGSTECHNIK GMBH"},
        {"seller_name": "Kornblum", "seller_vat_id": None},
        {"seller_vat_id": "320116410"},
        {"seller_vat_id": None, "seller_tax_id": "DE 320 116 410"},
        {"seller_vat_id": None, "seller_iban": None},
        {"seller_name": "Kornblurn Verbindungstechnik GmbH", "seller_vat_id": None, "seller_iban": None},
        {"buyer_vat_id": None},
        {"buyer_address": "Birkenfeld Anlagenbau GmbH, Einkauf, Industriestr. 48, D-34123 Kassel"},
        {"buyer_address": None},
        {"purchase_order": "45 0002-6002"},
        {"purchase_order": "4S00026002"},
        {"due_date": "2026-12-10"},
        {"due_date": "2026-12-24"},
    ],
)
def test_what_is_only_written_differently_passes(desk: Desk, changes: dict[str, str | None]) -> None:
    assert desk.outcome(invoice(**changes)) == OK


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([row(quantity="0", line_total="0.00")], set()),
        ([row(quantity="", unit_price="", line_total="18.50")], {"missing_field"}),
        ([row(sku="KV-D18", description="Schwerlastdübel 18 mm")], {"line_not_ordered"}),
        ([row(sku="", description="Schwerlastdübel 18 mm")], {"line_not_ordered"}),
        ([row(sku="", description="Gewindestange M12 1000 mm", unit_price="3.20")], {"line_not_ordered"}),
        ([row(unit="KGM")], {"unit_differs"}),
        ([row(), row(sku="", description="Versandkosten", quantity="1", unit_price="4.90")], {"charge_differs"}),
        ([row(), row(sku="", description="Sonderposten", quantity="1", unit_price="4.90")], {"line_not_ordered"}),
        ([row(quantity="400"), row(quantity="300")], {"quantity_over_ordered"}),
        ([row(quantity="-5")], {"preceding_invoice_not_found"}),
        ([row(), row(quantity="-4")], set()),
        (
            [row(quantity="4"), row(quantity="-9"), row(sku="KV-G10", description="", unit_price="3.20")],
            {"credit_over_invoiced"},
        ),
        ([row(unit_price="1.90", line_discount_percent="1", line_total="18.81")], {"price_differs"}),
    ],
)
def test_lines_that_do_not_fit(desk: Desk, rows: list[dict[str, str]], codes: set[str]) -> None:
    verdict, found = desk.outcome(invoice(*rows))
    assert found == codes
    assert verdict == ("needs_review" if codes or rows[0]["quantity"] == "0" else "approved")


@pytest.mark.parametrize(
    "rows",
    [
        [row(unit="Stk.")],
        [row(unit="")],
        [row(unit="CEN", quantity="2", unit_price="185.00")],
        [row(sku="KVD16", description="")],
        [row(sku="KV-DI6")],
        [row(sku="", description="Art. KV-D16 Anker")],
        [row(unit_price="2.00", line_discount_percent="7.5", line_total="18.50")],
        [row(unit_price="2.00", line_discount="1.50", line_total="18.50")],
        [row(unit_price="185", price_base="100", line_total="18.50")],
        [row(unit_price="", line_total="18.50")],
        [row(), {"description": "Lieferschein 4711 vom 3.11."}],
    ],
)
def test_lines_that_fit_in_other_words(desk: Desk, rows: list[dict[str, str]]) -> None:
    assert desk.outcome(invoice(*rows)) == OK


@pytest.mark.parametrize("amount", ["1E+400", "-9" + "9" * 40, "1E-300", "NaN", "Infinity", "1E+999999"])
@pytest.mark.parametrize(
    "name", ["gross_total", "net_total", "rounding", "quantity", "unit_price", "price_base", "line_total"]
)
def test_amounts_beyond_all_measure_are_for_a_person(desk: Desk, amount: str, name: str) -> None:
    odd = invoice()
    if name in odd.fields or name == "rounding":
        odd = replace(odd, fields={**odd.fields, name: value(amount)})
    else:
        odd = replace(odd, line_items=(replace(odd.line_items[0], **{name: value(amount)}),))
    verdict, _ = desk.outcome(odd)
    assert verdict == "needs_review"


def test_without_lines_an_order_cannot_be_checked(desk: Desk) -> None:
    extraction = replace(invoice(), line_items=())
    assert desk.outcome(extraction) == review("missing_field")


@pytest.mark.parametrize("name", ["invoice_number", "issue_date"])
def test_a_doubtful_reading_is_for_a_person(desk: Desk, name: str) -> None:
    assert desk.outcome(invoice(confidence={name: 0.94})) == review("low_confidence")


def test_what_records_and_sums_confirm_may_be_doubtful(desk: Desk) -> None:
    doubtful = {
        name: 0.5 for name in ("currency", "gross_total", "net_total", "quantity", "unit_price", "purchase_order")
    }
    assert desk.outcome(invoice(confidence=doubtful)) == OK


def test_a_due_date_that_fits_the_terms_confirms_the_invoice_date(desk: Desk) -> None:
    doubtful = {"issue_date": 0.6}
    assert desk.outcome(invoice(confidence=doubtful, due_date="2026-12-10", payment_terms_days="30")) == OK
    odd = invoice(confidence=doubtful, due_date="2026-12-11", payment_terms_days="30", invoice_number="RE-2")
    assert "low_confidence" in desk.outcome(odd)[1]


def test_a_bad_copy_is_a_duplicate_and_nothing_else(desk: Desk) -> None:
    desk.decide(invoice())
    bad = invoice(row(quantity="", unit_price="", line_total="1.00"), confidence={"invoice_number": 0.5})
    bad = replace(bad, fields={**bad.fields, "gross_total": value("22.02", 0.4)})
    assert desk.outcome(bad) == ("duplicate", {"duplicate_invoice"})
    told = desk.under(severity={"duplicate_invoice": Severity.INFO})
    assert "low_confidence" in told.outcome(bad)[1]


def test_tax_at_another_rate_than_the_lines_have(desk: Desk) -> None:
    extraction = invoice(row(tax_rate="7"))
    assert "totals_do_not_add_up" in desk.outcome(extraction)[1]


def test_charges_contradict_their_stated_sum(desk: Desk) -> None:
    charges = [("allowance", "1.00", "Rabatt")]
    assert desk.outcome(invoice(charges=charges, discount_total="1.00")) == OK
    contradicting = invoice(charges=charges, discount_total="2.00", invoice_number="RE-2", issue_date="2026-10-01")
    assert desk.outcome(contradicting) == review("totals_do_not_add_up")


def test_a_charge_that_is_repeated_below_the_lines_counts_once(desk: Desk) -> None:
    freight = row(sku="", description="Fracht", quantity="1", unit_price="4.90")
    lenient = desk.under(charge_limit=Decimal(5))
    assert lenient.outcome(invoice(row(), freight, shipping_total="4.90")) == OK


def test_sums_that_were_derived_confirm_nothing(desk: Desk) -> None:
    extraction = invoice(confidence={"gross_total": 0.6})
    derived = {name: replace(extraction.fields[name], source=Source.DERIVED) for name in ("net_total", "tax_total")}
    extraction = replace(extraction, fields={**extraction.fields, **derived}, tax_breakdown=())
    assert desk.outcome(extraction) == review("low_confidence")


def test_a_total_without_any_sums_is_not_taken_for_checked(desk: Desk) -> None:
    extraction = replace(invoice(net_total=None, tax_total=None), tax_breakdown=())
    document_id, decision = desk.decide(extraction)
    assert decision.verdict == "needs_review"
    assert "could not be made" in decision.reasons[0]
    assert desk.codes(document_id) == set()


@pytest.mark.parametrize("code", ["xml_differs_from_page", "hidden_text"])
def test_what_reading_noticed_stops_a_document(desk: Desk, code: str) -> None:
    assert desk.outcome(invoice(warnings=[(code, "The page and the XML disagree.")])) == review(code)


@pytest.mark.parametrize(
    "kind", [DocumentType.REMINDER, DocumentType.STATEMENT, DocumentType.ESTIMATE, DocumentType.OTHER]
)
def test_other_documents_are_told_as_such_alone(desk: Desk, kind: DocumentType) -> None:
    assert desk.outcome(invoice(kind=kind, gross_total="1.00")) == review("not_an_invoice")


def test_a_receipt_never_passes_untouched(desk: Desk) -> None:
    assert desk.outcome(invoice(kind=DocumentType.RECEIPT)) == review()


def test_a_part_of_a_number_of_another_supplier_is_not_taken(desk: Desk) -> None:
    # PO-26-0107 is Hessler's: for Kornblum the damaged number is no order
    assert desk.outcome(invoice(purchase_order="P0-26-O1O7")) == review("order_not_found")


def test_content_is_taken_for_the_order_only_where_policy_says_so(desk: Desk) -> None:
    rails = row(sku="KV-4010", description="Montageschiene 2 m", unit_price="9.80")
    assert desk.outcome(invoice(rails, purchase_order=None, invoice_number="A")) == review("order_missing")
    taking = desk.under(accept_content_match=True)
    assert taking.outcome(invoice(rails, purchase_order=None, invoice_number="B", issue_date="2026-09-10")) == OK


# ---------------------------------------------------------------- twins, credit notes


def test_twins_in_other_clothes(desk: Desk) -> None:
    assert desk.outcome(invoice(invoice_number="RE-0042")) == OK
    assert desk.outcome(invoice(invoice_number="re 42")) == ("duplicate", {"duplicate_invoice"})
    assert desk.outcome(invoice(invoice_number="RE-42", issue_date="2026-11-11")) == review("duplicate_suspected")
    assert desk.outcome(invoice(invoice_number="RE-43")) == review("duplicate_suspected")
    assert desk.outcome(invoice(invoice_number="RE-44", delivery_note="L-1", issue_date="2026-10-01")) == OK
    assert desk.outcome(invoice(invoice_number="RE-45", delivery_note="L-2", issue_date="2026-10-01")) == OK
    assert desk.outcome(invoice(invoice_number="RE-46", delivery_note="L-2", issue_date="2026-10-09")) == review(
        "duplicate_suspected"
    )


def test_a_twin_of_what_used_up_the_order_is_told_as_a_twin_alone(desk: Desk) -> None:
    hinges = row(sku="KV-5500", description="Scharnier 120 mm", quantity="40", unit_price="4.10")
    whole = invoice(hinges, purchase_order="4500026008")
    assert desk.outcome(whole) == OK
    assert desk.outcome(whole) == ("duplicate", {"duplicate_invoice"})
    again = invoice(hinges, purchase_order="4500026008", invoice_number="RE-2", issue_date="2026-09-20")
    assert desk.outcome(again) == review("order_closed")


def test_credit_notes_give_back_what_their_invoice_billed(desk: Desk) -> None:
    note = {"kind": DocumentType.CREDIT_NOTE, "preceding_invoice": "RE-1"}
    assert desk.outcome(invoice(row(quantity="600"))) == OK
    assert desk.outcome(invoice(row(quantity="1"), invoice_number="RE-2")) == review("quantity_over_ordered")
    assert desk.outcome(invoice(row(quantity="200"), invoice_number="G-1", **note)) == OK
    assert desk.outcome(invoice(row(quantity="401"), invoice_number="G-2", **note)) == review("credit_over_invoiced")
    assert desk.outcome(invoice(row(quantity="200"), invoice_number="RE-3", issue_date="2026-11-12")) == OK
    assert desk.outcome(invoice(row(quantity="2"), invoice_number="RE-4")) == review("quantity_over_ordered")


def test_a_credit_note_that_names_nothing_or_what_still_waits(desk: Desk) -> None:
    desk.decide(invoice(invoice_number="RE-9", seller_iban="DE70831798300353972563"))
    for preceding in (None, "RE-9", "RE-77"):
        note = invoice(kind=DocumentType.CREDIT_NOTE, invoice_number=f"G-{preceding}", preceding_invoice=preceding)
        assert "preceding_invoice_not_found" in desk.outcome(note)[1]


def test_a_credit_note_at_a_lower_price_than_billed_gives_too_little_back(desk: Desk) -> None:
    desk.decide(invoice(row(quantity="100")))
    note = {"kind": DocumentType.CREDIT_NOTE, "preceding_invoice": "RE-1"}
    cheap = invoice(row(unit_price="1.50"), invoice_number="G-1", **note)
    assert desk.outcome(cheap) == review("price_differs")


# ---------------------------------------------------------------- policy


def test_policy_may_turn_an_error_into_a_warning(desk: Desk) -> None:
    mild = desk.under(severity={"billing_address_differs": Severity.WARNING})
    old = {"buyer_address": "Am Güterbahnhof 3, 34117 Kassel"}
    assert mild.outcome(invoice(**old)) == ("approved", {"billing_address_differs"})


def test_price_tolerance_takes_the_smaller_of_per_cent_and_amount(desk: Desk) -> None:
    tolerance = replace(Policy().tolerance, price_percent=Decimal(10), price_amount=Decimal("0.50"))
    lenient = desk.under(tolerance=tolerance)
    assert lenient.outcome(invoice(row(unit_price="1.90"))) == OK
    assert lenient.outcome(invoice(row(unit_price="1.91"), invoice_number="RE-2")) == review("price_differs")


def test_receipts_may_be_required_of_every_order(desk: Desk) -> None:
    strict = desk.under(receipts_required=True)
    assert strict.outcome(invoice()) == review("quantity_over_received")


def test_orders_may_be_needed_by_nobody(db: Database) -> None:
    db.execute("UPDATE suppliers SET content = replace(content, '\"order_required\":true', '\"order_required\":null')")
    free = Desk(db, Policy(order_required=False))
    assert free.outcome(invoice(purchase_order=None)) == OK
    limited = Desk(db, Policy(order_required=False, no_order_limit=Decimal(10)), count=1)
    other = invoice(row(quantity="7"), purchase_order=None, invoice_number="RE-2")
    assert limited.outcome(other) == review("order_missing")


def test_charges_stand_up_to_the_limit_of_a_document(desk: Desk) -> None:
    lenient = desk.under(charge_limit=Decimal(10))
    two = [("charge", "6.00", "Fracht"), ("charge", "4.00", "Verpackung")]
    assert lenient.outcome(invoice(charges=two)) == OK
    three = [*two, ("charge", "0.01", "Maut")]
    assert lenient.outcome(invoice(charges=three, invoice_number="RE-2")) == review("charge_differs")


def test_two_writers_cannot_let_both_twins_pass(tmp_path: Path) -> None:
    path = tmp_path / "coordinator.db"
    db = open_database(path)
    migrate(db, (ingest_migrations, audit_migrations, matching_migrations))
    for kind, name in RECORD_FILES.items():
        import_records(db, kind, EXAMPLES / name)
    desk = Desk(db)
    twins = [desk.put(invoice()) for _ in range(2)]

    def decide(document_id: int) -> str:
        own = open_database(path)
        try:
            return decide_document(own, document_id, Policy(), TODAY, NOW).verdict.value
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        verdicts = sorted(pool.map(decide, twins))
    assert verdicts == ["approved", "duplicate"]
    db.close()


def test_every_rule_says_pass_fail_or_why_not(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice())
    checks = desk.match(document_id).checks
    assert len({check.code for check in checks}) == len(checks) == 36
    assert all(check.why for check in checks if check.result is CheckResult.NOT_CHECKED)


def test_a_second_printed_account_that_is_on_file_does_not_hide_a_new_first_one(desk: Desk) -> None:
    extraction = invoice()
    both = FieldValue("DE70831798300353972563", confidence=0.99, others=(KORNBLUM["seller_iban"],))
    changed: Extraction = replace(extraction, fields={**extraction.fields, "seller_iban": both})
    assert desk.outcome(changed) == review("bank_account_changed")


def test_an_unknown_currency_of_the_order_is_compared_with_the_supplier(desk: Desk) -> None:
    assert desk.outcome(invoice(currency="USD")) == review("currency_differs")


def test_a_line_of_dowels_is_what_the_helper_bills() -> None:
    assert invoice().line_items[0].sku == value(DOWELS["sku"])


def test_pages_that_were_left_out_may_say_anything(desk: Desk) -> None:
    assert desk.outcome(invoice(warnings=[("pages_left_out", "Only 50 of 80 pages were read.")])) == review()


def test_prices_are_not_compared_in_another_currency_than_the_suppliers(desk: Desk) -> None:
    desk.db.execute("UPDATE order_rows SET content = replace(content, '\"currency\":\"EUR\",', '')")
    assert desk.outcome(invoice(row(unit_price="99.00"), currency="USD")) == review("currency_differs")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        # the order is checked also while the supplier is open
        ({"seller_name": "Wer auch immer", "seller_vat_id": None, "seller_iban": None}, {"supplier_unknown"}),
        (
            {"buyer_name": "Wohnstift Lindenhof gGmbH", "buyer_vat_id": None, "buyer_address": None},
            {"customer_ambiguous"},
        ),
    ],
)
def test_the_order_is_checked_while_a_party_is_open(
    desk: Desk, changes: dict[str, str | None], codes: set[str]
) -> None:
    assert desk.outcome(invoice(row(unit_price="2.85"), **changes)) == review("price_differs", *codes)


def test_somebody_elses_account_is_never_right_even_where_none_is_on_file(desk: Desk) -> None:
    grease = row(sku="HS-500", description="Bremsenreiniger 500 ml", unit_price="2.35")
    hessler = {
        "seller_name": "Hessler Schmierstoffe GmbH",
        "seller_address": "Am Tanklager 9, 34266 Niestetal",
        "seller_vat_id": "DE316564847",
        "purchase_order": "4500026022",
    }
    assert desk.outcome(invoice(grease, **hessler)) == review("bank_account_changed")
    own = {**hessler, "seller_iban": "DE82556401976684825017", "invoice_number": "RE-2", "issue_date": "2026-10-01"}
    assert desk.outcome(invoice(grease, **own)) == OK


def test_an_order_number_among_other_words(desk: Desk) -> None:
    assert desk.outcome(invoice(purchase_order="Nr. 4500026002 vom 15.09.2025")) == OK


def test_a_candidate_shows_the_sum_behind_its_score_and_the_runner_up_beside_it(desk: Desk) -> None:
    document_id, _ = desk.decide(invoice())
    match = MatchStore(desk.db).match(document_id)
    assert match is not None
    assert match.supplier is not None
    terms = [float(term.rsplit(" ", 1)[1]) for term in match.supplier.weights]
    assert match.supplier.weights[-1].startswith("sum ")
    assert abs(sum(terms[:-1]) - terms[-1]) <= 0.05 * len(terms)
    assert match.supplier_candidates[0].id == match.supplier.id
