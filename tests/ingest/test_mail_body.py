"""Invoices that are written in a mail itself: set as a page in the cage, and only where they are invoices."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from mail_samples import HTML, NO_INVOICES, PLAIN

from ingest.extract import extract
from ingest.readers import read_document
from ingest.sources.body_layout import WIDEST, lines_of_html, lines_of_text
from ingest.sources.mail_parts import Mail, files_in, take_apart, with_body


def mail(text: str, html: str = "", subject: str = "Invoice HM-4711") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Harbour Metals <billing@harbour.example>", subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def seen(raw: bytes) -> Mail:
    return with_body(take_apart(raw), raw)


def test_rows_of_tables_stay_rows_and_what_is_hidden_is_left_out() -> None:
    told = lines_of_html(HTML)
    assert told[:3] == [
        "Harbour Metals Ltd         INVOICE",
        "                           Invoice number: HM-4711",
        "1 Dock Road                Invoice date: 3 November 2026",
    ]
    assert "SR-1   Steel rod, Łódź quality   10    4.00         20      40.00" in told
    assert "Total GBP                                                   48.00" in told
    whole = "\n".join(told)
    assert not any(word in whole for word in ("999.99", "never shown", "1.00 ", "document.write", "color"))


def test_an_invoice_in_html_is_read_as_its_table_says() -> None:
    (file,) = seen(mail("see the HTML part", HTML)).files
    assert file.name == "Invoice HM-4711 (text of the mail).pdf"
    assert isinstance(file.content, bytes)
    found = extract(read_document(file.content, "0" * 64))
    told = {name: found.text(name) for name in ("invoice_number", "issue_date", "gross_total", "net_total", "currency")}
    assert told == {
        "invoice_number": "HM-4711", "issue_date": "2026-11-03", "gross_total": "48.00", "net_total": "40.00",
        "currency": "GBP",
    }  # fmt: skip
    (line,) = found.line_items
    assert {name: cell.value for name, cell in line.cells()}["description"] == "Steel rod, Łódź quality"
    assert seen(mail("see the HTML part", HTML)).files == (file,), "the same words, the same bytes"


def test_one_in_plain_text_is_taken_also_from_a_forwarded_or_saved_mail() -> None:
    assert len(seen(mail(PLAIN)).files) == 1
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "anna@northwind.example", "Fwd: invoice over 48.00"
    outer.set_content("for you, 48.00")
    inner = EmailMessage()
    inner["Subject"] = "Invoice"
    inner.set_content(PLAIN)
    outer.add_attachment(inner)
    assert len(seen(outer.as_bytes()).files) == 1
    (saved,) = files_in("saved.eml", mail(PLAIN))
    assert saved.name.endswith("(text of the mail).pdf")


@pytest.mark.parametrize("kind", NO_INVOICES)
def test_what_is_no_invoice_is_not_taken(kind: str) -> None:
    assert seen(mail(NO_INVOICES[kind])).files == ()


def test_a_mail_with_a_file_or_one_that_was_refused_gives_no_page() -> None:
    for content in (b"%PDF-1.7 the invoice itself", b"Rar!" + bytes(99)):
        message = EmailMessage()
        message.set_content(PLAIN)
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename="r.pdf")
        told = seen(message.as_bytes())
        assert [file.content for file in told.files] == [content] * (not told.refused)


def test_html_of_any_kind_gives_lines_that_fit_on_a_page() -> None:
    deep = "<div>" * 3000 + "deep" + "</div>" * 3000
    wide = "<table><tr>" + "".join(f"<td>column {number}</td>" for number in range(100)) + "</tr></table>"
    wild = "<table><tr><td colspan=99999999>a<td rowspan=0>b<table><tr><td>" * 30
    for html in (deep, wide, wild, "", "<", "\0", "<!--" * 99, "x" * 100_000, "&#x202e;abc<br>\u202e1.00"):
        lines = lines_of_html(html)
        assert all(len(line) <= WIDEST for line in lines), html[:20]
        assert all(line.isprintable() for line in lines)
    assert "column 99" in "".join(lines_of_html(wide))
    assert lines_of_text("x" * 1000)[0] == "x" * WIDEST


def test_a_hostile_mail_ends_in_nothing_and_reaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Invoice number: SECRET-1")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><p>&e; 48.00</p>' + "<table>" * 50_000
    assert seen(mail("48.00", entity)).files == ()
