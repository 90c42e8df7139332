"""Payment codes: what they say wins over print, and where the two differ somebody is told."""

from ingest.document import Box, Code, Page, Source
from ingest.extraction import FieldValue
from ingest.fields.qr import payment_codes, with_codes

EPC = "BCD\n002\n1\nSCT\nGENODEM1GLS\nWerkstatt Ost eG\nDE02 1203 0000 0000 2020 51\nEUR119.00\n\n\nRE 4711\n"
SWISS = "\r\n".join(
    ["SPC", "0200", "1", "CH4431999123000889012", "S", "Holzbau Aare AG", "Aarweg", "4", "3011", "Bern", "CH"]
    + [""] * 7
    + ["1949.75", "CHF", "S", "Muster Handels AG", "Grossmattstrasse", "9", "8001", "Zürich", "CH"]
    + ["QRR", "210000000003139471430009017", "", "EPD", "//S1/10/10201409/11/260512/30/106017086/40/0:30"]
)


def page(*texts: str) -> Page:
    return Page(1, 595, 842, codes=tuple(Code(text, Box(400, 700, 500, 800), "QRCode") for text in texts))


def printed(value: str, confidence: float = 0.8) -> FieldValue:
    return FieldValue(value, value, confidence, 1, Box(10, 10, 20, 20), Source.TEXT)


def test_what_a_sepa_code_says_fills_what_is_not_printed() -> None:
    values, findings = with_codes({}, payment_codes((page(EPC),)))
    said = {name: value.value for name, value in values.items()}
    assert said == {
        "seller_bic": "GENODEM1GLS",
        "seller_iban": "DE02120300000000202051",
        "amount_due": "119.00",
        "currency": "EUR",
        "payment_reference": "RE 4711",
    }
    assert values["seller_iban"].source is Source.QR and values["seller_iban"].box is not None
    assert not findings


def test_a_swiss_code_carries_number_date_and_tax_number() -> None:
    values, _ = with_codes({}, payment_codes((page(SWISS),)))
    said = {name: value.value for name, value in values.items()}
    assert said["invoice_number"] == "10201409" and said["issue_date"] == "2026-05-12"
    assert said["seller_vat_id"] == "CHE106017086" and said["amount_due"] == "1949.75" and said["currency"] == "CHF"
    assert said["payment_reference"] == "210000000003139471430009017" and said["buyer_name"] == "Muster Handels AG"


def test_print_that_agrees_becomes_sure_and_keeps_its_place() -> None:
    values, findings = with_codes(
        {"amount_due": printed("119.00"), "gross_total": printed("119.0")}, payment_codes((page(EPC),))
    )
    assert values["amount_due"].confidence == values["gross_total"].confidence == 0.995
    assert values["amount_due"].source is Source.TEXT and not findings


def test_another_account_in_print_is_told_and_stays_in_sight() -> None:
    values, findings = with_codes(
        {"seller_iban": printed("DE89370400440532013000", 0.985)}, payment_codes((page(EPC),))
    )
    assert values["seller_iban"].value == "DE02120300000000202051"
    assert values["seller_iban"].others == ("DE89370400440532013000",)
    assert [finding.field for finding in findings] == ["seller_iban"]


def test_wrong_check_digits_foreign_codes_and_two_codes_change_nothing() -> None:
    wrong = EPC.replace("DE02", "DE03")
    for pages in ((page(wrong),), (page("https://example.com/pay"),), (page(EPC, EPC.replace("119.00", "59.50")),)):
        assert with_codes({"amount_due": printed("119.00")}, payment_codes(pages)) == (
            {"amount_due": printed("119.00")},
            (),
        )
