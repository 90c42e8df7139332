"""Letters to suppliers: every language whole, every amount in it, nothing of ours given away."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from office import SUPPLIER, add_document, invoice, value
from visitor import Visitor

from ingest.database import transaction
from ingest.extraction import DocumentType, FieldValue
from ingest.store import DocumentStore
from matching.results import Candidate, Discrepancy, MatchResult, Severity
from matching.rules import DEFAULTS
from matching.store import RecordStore
from web.letters import INTERNAL, SIDES, Letter, language_of, languages, letter
from web.services import Services

Visit = Callable[..., Visitor]
TEXTS = tomllib.loads(files("web").joinpath("letters.toml").read_text("utf-8"))
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "da", "sv", "cs")
PRICE = Discrepancy(
    "price_differs", Severity.ERROR, "...", "unit_price", 1, expected="4.00", found="5.00", difference="1010.00"
)


def write(*found: Discrepancy, language: str = "en", reason: str = "") -> Letter:
    match = MatchResult(customer=Candidate("C-1", 1.0, name="Northwind Trading Ltd"), discrepancies=found)
    return letter(invoice(), match, language, "a@b.example", "Northwind Trading Ltd", reason)


def test_there_are_letters_in_eleven_languages() -> None:
    assert tuple(code for code, _ in languages()) == LANGUAGES
    assert dict(languages())["de"] == "Deutsch"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_whole_and_fills_the_same_blanks(language: str) -> None:
    english, own = TEXTS["en"], TEXTS[language]
    assert set(own) | {"colon"} == set(english)
    assert set(own["codes"]) == set(DEFAULTS) - INTERNAL
    assert set(own["fields"]) == set(english["fields"])
    for name, text in english.items():
        if isinstance(text, str) and name in own:
            assert set(re.findall(r"{\w+}", own[name])) == set(re.findall(r"{\w+}", text)), (language, name)
    for code, text in own["codes"].items():
        assert text.endswith(".") is (code != "missing_field"), (language, code)
        assert "{" not in text


def test_every_code_is_told_or_ours() -> None:
    assert set(TEXTS["en"]["codes"]) | INTERNAL == set(DEFAULTS)
    assert set(SIDES) <= set(TEXTS["en"]["codes"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(set(DEFAULTS) - INTERNAL))
def test_each_defect_is_told_in_each_language(language: str, code: str) -> None:
    found = replace(PRICE, code=code, field="invoice_number" if code == "missing_field" else "unit_price")
    text = write(found, language=language).body
    assert TEXTS[language]["codes"][code] in text
    assert "{" not in text
    assert "None" not in text


def test_a_letter_names_document_line_and_amounts() -> None:
    found = write(PRICE, Discrepancy("missing_field", Severity.ERROR, "...", "purchase_order"))
    assert found.subject == "Invoice HM-1: we cannot accept it"
    assert "your invoice no. HM-1 of 3 November 2026 for 60.00\u00a0GBP and cannot" in found.body
    point = (
        "\u2013 Line 1 (Steel rod): The price is not the one ordered. Expected: 4.00\u00a0GBP; stated: 5.00\u00a0GBP;"
    )
    assert f"{point} difference: 1,010.00\u00a0GBP." in found.body
    assert found.body.endswith("Yours faithfully\nNorthwind Trading Ltd\n")


def test_amounts_and_days_are_written_as_the_language_does() -> None:
    german, french = write(PRICE, language="de").body, write(PRICE, language="fr").body
    assert "Ihre Rechnung Nr. HM-1 vom 3. November 2026 \u00fcber 60,00\u00a0GBP" in german
    assert "Position 1 (Steel rod): Der Preis entspricht nicht der Bestellung. Erwartet: 4,00\u00a0GBP;" in german
    assert "Differenz: 1.010,00\u00a0GBP." in german
    assert "Ligne 1 (Steel rod) : Le prix n\u2019est pas celui de la commande. Attendu : 4,00\u00a0GBP" in french


def test_what_is_ours_is_not_told() -> None:
    account = Discrepancy(
        "bank_account_changed", Severity.ERROR, "...", "seller_iban", expected="GB-ON-FILE", found="GB-PRINTED"
    )
    party = Discrepancy("customer_differs", Severity.ERROR, "...", "buyer_name", expected="C-7", found="C-1")
    doubt = Discrepancy("low_confidence", Severity.ERROR, "...", "issue_date", found="2026-11-03")
    note = Discrepancy("charge_differs", Severity.INFO, "...", "shipping_total", expected="5", found="4")
    text = write(account, party, doubt, note).body
    assert "GB-PRINTED" in text
    for ours in ("GB-ON-FILE", "C-7", "C-1", "2026-11-03", "charge"):
        assert ours not in text


def test_a_credit_note_is_called_one() -> None:
    credit = replace(invoice(), document_type=FieldValue(DocumentType.CREDIT_NOTE))
    found = letter(credit, MatchResult(discrepancies=(PRICE,)), "de", "", "", "")
    assert found.subject.startswith("Gutschrift HM-1")
    assert "Ihre Gutschrift" in found.body


def test_what_is_not_known_of_the_document_is_left_out() -> None:
    kept = ("currency", "seller_name")
    bare = replace(invoice(), fields={name: one for name, one in invoice().fields.items() if name in kept})
    missing = Discrepancy("missing_field", Severity.ERROR, "...", "invoice_number")
    found = letter(bare, MatchResult(discrepancies=(missing,)), "en", "", "", "")
    assert found.subject == "Invoice: we cannot accept it"
    assert "received your invoice and cannot" in found.body
    assert "\u2013 Missing or not legible: invoice number\n" in found.body


def test_without_a_defect_the_reason_stands_in() -> None:
    found = write(reason="We never ordered this.")
    assert not found.has_defects
    assert "\u2013 We never ordered this.\n" in found.body


def test_the_mail_program_gets_the_whole_letter() -> None:
    found = write(PRICE, language="pl")
    address = urlsplit(found.mailto)
    sent = parse_qs(address.query)
    assert unquote(address.path) == "a@b.example"
    assert sent["subject"] == [found.subject]
    assert sent["body"][0].replace("\r\n", "\n") == found.body


def test_the_language_is_the_documents_else_english() -> None:
    assert language_of(replace(invoice(), language="cs")) == "cs"
    assert language_of(replace(invoice(), language="hu")) == "en"
    assert language_of(replace(invoice(), language=None)) == "en"


def test_the_page_takes_the_address_on_file_never_the_printed_one(visit: Visit, services: Services) -> None:
    extraction = invoice()
    printed = {**extraction.fields, "seller_email": value("swindler@evil.example")}
    number = add_document(services, replace(extraction, fields=printed))
    browser = visit("coordinator")
    browser.get(f"/documents/{number}")
    version = str(DocumentStore(services.db).get(number).version)
    form = {"step": "reject", "reason": "not the price", "version": version}
    location = browser.post(f"/documents/{number}/decide", **form).location
    assert f"/documents/{number}/letter" in browser.get(location).text
    assert f"/documents/{number}/letter" in browser.get(f"/documents/{number}").text
    shown = browser.get(f"/documents/{number}/letter").text
    assert "No address is on file for Harbour Metals Ltd" in shown
    assert "evil.example" not in shown
    assert "The price is not the one ordered." in shown
    with transaction(services.db):
        RecordStore(services.db).put([replace(SUPPLIER, email="ar@harbour.example")])
    german = browser.get(f"/documents/{number}/letter?language=de").text
    assert "mailto:ar@harbour.example?subject=Rechnung" in german
    assert "Der Preis entspricht nicht der Bestellung." in german
    assert browser.get(f"/documents/{number}/letter?language=xx").status_code == 200
