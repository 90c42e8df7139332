"""Who sells and who buys: told apart by labels, places, imprints and the rest of the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document, Source, Word
from ingest.extract import extract
from ingest.extraction import Extraction
from ingest.fields.names import is_name, is_place_line, is_sender_line, tidy_name
from tests.ingest import paper

Print = tuple[float, float, str]


def _read(*prints: Print, size: float = 9) -> Extraction:
    def draw(canvas: Canvas) -> None:
        for x, y, text in prints:
            large = text.startswith("#")
            canvas.setFont("Helvetica", 18 if large else size)
            canvas.drawString(x, 842 - y, text.lstrip("#"))

    return extract(paper.read(paper.pdf(draw)))


REFERENCES: tuple[Print, ...] = (
    (340, 120, "Rechnungsnummer: RE-118"),
    (340, 132, "Datum: 12.03.2026"),
    (60, 300, "Summe netto"),
    (450, 300, "100,00 EUR"),
    (60, 312, "USt. 19 %"),
    (450, 312, "19,00 EUR"),
    (60, 324, "Gesamtbetrag"),
    (450, 324, "119,00 EUR"),
)


def test_a_window_under_the_senders_line_holds_the_buyer() -> None:
    read = _read(
        (60, 100, "Feinmechanik Ost GmbH · Werkstr. 5 · 01067 Dresden"),
        (60, 118, "Holzbau Wiese"),
        (60, 130, "Am Anger 3"),
        (60, 142, "99084 Erfurt"),
        *REFERENCES,
    )
    assert read.text("seller_name") == "Feinmechanik Ost GmbH"
    assert read.text("seller_address") == "Werkstr. 5, 01067 Dresden"
    assert read.text("buyer_name") == "Holzbau Wiese"
    assert read.text("buyer_address") == "Am Anger 3, 99084 Erfurt"


def test_numbers_between_a_label_and_its_name_are_passed_over() -> None:
    read = _read(
        (60, 60, "Verkäufer:"),
        (60, 72, "Globale Nummer: 4000001123452 (GTIN)"),
        (60, 84, "Feinmechanik Ost GmbH"),
        (60, 96, "Werkstr. 5"),
        (60, 108, "01067 Dresden"),
        (60, 140, "Käufer:"),
        (60, 152, "Nummer: 4711"),
        (60, 164, "Holzbau Wiese KG"),
        (60, 176, "Am Anger 3"),
        (60, 188, "99084 Erfurt"),
        *REFERENCES,
    )
    assert (read.text("seller_name"), read.text("buyer_name")) == ("Feinmechanik Ost GmbH", "Holzbau Wiese KG")


def test_a_logo_gives_way_to_the_whole_name_in_the_imprint() -> None:
    read = _read(
        (60, 60, "#Lindgren"),
        (60, 118, "Holzbau Wiese"),
        (60, 130, "Am Anger 3"),
        (60, 142, "99084 Erfurt"),
        *REFERENCES,
        (60, 800, "Lindgren Verktyg AB · Hamngatan 6 · 211 45 Malmö"),
    )
    assert read.text("seller_name") == "Lindgren Verktyg AB"
    assert read.text("buyer_name") == "Holzbau Wiese"


def test_the_tax_number_in_the_buyers_block_is_the_buyers() -> None:
    read = _read(
        (60, 60, "Feinmechanik Ost GmbH"),
        (60, 72, "Werkstr. 5"),
        (60, 84, "01067 Dresden"),
        (60, 130, "Rechnungsempfänger"),
        (60, 142, "Holzbau Wiese KG"),
        (60, 154, "Am Anger 3"),
        (60, 166, "99084 Erfurt"),
        (60, 178, "USt-IdNr.: DE136695976"),
        *((x, y + 60, text) for x, y, text in REFERENCES),
        (60, 800, "USt-IdNr.: DE812871812"),
    )
    assert read.text("buyer_vat_id") == "DE136695976"
    assert read.text("seller_vat_id") == "DE812871812"


def test_an_account_broken_in_two_by_a_narrow_column_is_put_together() -> None:
    read = _read(
        (60, 60, "Officine Ravarelli S.r.l."),
        *REFERENCES,
        (60, 790, "IBAN: DE79 0000 0000"),
        (60, 799, "1234 5678 90"),
    )
    assert read.text("seller_iban") == "DE79000000001234567890"


def test_what_is_left_to_pay_after_a_payment_is_the_amount_due() -> None:
    read = _read(
        (60, 60, "Feinmechanik Ost GmbH"),
        *REFERENCES,
        (60, 336, "Anzahlung"),
        (450, 336, "-19,00 EUR"),
        (60, 348, "Zu zahlen"),
        (450, 348, "100,00 EUR"),
    )
    assert (read.text("gross_total"), read.text("prepaid")) == ("119.00", "19.00")
    assert read.text("amount_due") == "100.00"


def test_danish_crowns_are_no_swedish_ones() -> None:
    read = _read(
        (60, 60, "Nørrevang Værktøj ApS"),
        (60, 72, "Havnepladsen 37, 9000 Aalborg"),
        (60, 84, "CVR-nr. 12345674"),
        (340, 60, "Fakturanummer: 4711"),
        (340, 72, "Fakturadato: 12.03.2026"),
        (60, 300, "I alt at betale inkl. moms"),
        (450, 300, "1.250,00 kr."),
    )
    assert read.text("currency") == "DKK"


def test_typewritten_thousands_are_one_number() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 10)
        for y, label, amount in ((300, "Summe netto", "4 807,06"), (314, "USt. 21 %", "1 009,48"),
                                 (328, "Gesamtbetrag", "5 816,54")):  # fmt: skip
            canvas.drawString(60, 842 - y, label)
            canvas.drawString(400, 842 - y, amount + " EUR")

    assert extract(paper.read(paper.pdf(draw))).text("gross_total") == "5816.54"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TRI SHAAS SDN BHD (728515-M)", "TRI SHAAS SDN BHD"),
        ("Herrn Max Mustermann", "Max Mustermann"),
        ("Owned by Dommal Food Services", "Dommal Food Services"),
        ("MR. D.I.Y. (M) SDN BHD", "MR. D.I.Y. (M) SDN BHD"),
        ("SARL BERTHIER ET FILS au capital de 8 000 euros", "SARL BERTHIER ET FILS"),
        ("Capital Sociale Consulting", "Capital Sociale Consulting"),
    ],
)
def test_names_lose_what_stands_around_them(text: str, name: str) -> None:
    assert is_name(text) and tidy_name(text) == name


@pytest.mark.parametrize("text", ["Herrn", "Deutschland", "Invoice", "Anytown, USA", "80333 München", "12 High Street"])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_places_and_senders() -> None:
    assert is_place_line("80333 München") and is_place_line("Redmond WA, 98052") and is_place_line("1012 AB Amsterdam")
    assert not is_place_line("Tel. 80333 12") and not is_place_line("Total 12345 EUR: 5")
    assert is_sender_line("Kessler Werkzeuge GmbH Neckarstraße 88, 70190 Stuttgart")
    assert is_sender_line("Afsender: Nordlys Emballage ApS Havnevej 4 6700 Esbjerg")
    assert is_sender_line("Harbour Metals Ltd, 1 Dock Road, Liverpool L3 4AA") and not is_sender_line(
        "New York, NY, 10001"
    )


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("HERO DISTRIBUTION SON BHD", "HERO DISTRIBUTION SDN BHD"),
        ("99 SPEED MART 5/B (519537-X)", "99 SPEED MART S/B"),
        ("Harbour Tools Lto", "Harbour Tools Ltd"),
        ("Meyer & Son", "Meyer & Son"),
        ("Kornblum GmbH", "Kornblum GmbH"),
    ],
)
def test_a_legal_form_that_ocr_spoilt_is_put_right(printed: str, name: str) -> None:
    assert tidy_name(printed) == name


def test_the_owner_of_a_shop_is_the_seller_and_an_earlier_name_is_not() -> None:
    owned = _read((60, 60, "#Pizza Corner"), (60, 500, "Owned by"), (60, 512, "Dorado Foods Ltd"), *REFERENCES)
    renamed = _read((60, 60, "Alba Foods Ltd"), (60, 72, "formerly known as"), (60, 84, "Nera Foods Ltd"), *REFERENCES)
    assert (owned.text("seller_name"), renamed.text("seller_name")) == ("Dorado Foods Ltd", "Alba Foods Ltd")


def _by_ocr(document: Document) -> Document:
    """The document as OCR reads it: boxes fit the ink, so that a "g" or a capital makes a word higher."""

    def fitted(word: Word) -> Word:
        size = word.box.height
        top = word.box.top + size * (0.22 if re.search(r"[A-Zbdfhklt0-9]", word.text) else 0.42)
        bottom = word.box.bottom - size * (0.0 if re.search(r"[gjpqy,]", word.text) else 0.21)
        return replace(word, box=word.box._replace(top=top, bottom=bottom), confidence=0.96)

    pages = (replace(one, words=tuple(map(fitted, one.words)), source=Source.OCR) for one in document.pages)
    return replace(document, pages=tuple(pages))


def test_a_person_over_a_company_is_no_name_in_two_lines_for_the_height_of_letters() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for x, y, text in (
            (60, 60, "Joy Campbell"),
            (60, 70, "Highland Guesthouses Ltd"),
            (60, 80, "14 Mill Street"),
            (60, 90, "Leeds LS1 4DY"),
            (340, 120, "Invoice no.: 118"),
            (340, 132, "Date: 12.03.2026"),
            *((60, 200 + 10 * row, "Felt hat lined with black silk") for row in range(9)),
            (60, 324, "Total"),
            (450, 324, "119.00 EUR"),
        ):
            canvas.drawString(x, 842 - y, text)

    printed = paper.read(paper.pdf(draw))
    assert extract(_by_ocr(printed)).text("seller_name") == "Highland Guesthouses Ltd"


@pytest.mark.parametrize(
    ("sizes", "name"),
    [
        # both as large, over an address in usual print; the second is a line of its own below
        ((13, 13), "Calder Valley Catering Supplies"),
        ((13, 9.5), "Calder Valley Catering"),
        ((9, 9), "Calder Valley Catering"),
    ],
)
def test_two_lines_that_are_printed_equally_large_over_an_address_are_one_name(
    sizes: tuple[float, float], name: str
) -> None:
    def draw(canvas: Canvas) -> None:
        lines = (
            (60, 60, "Calder Valley Catering", sizes[0]),
            (60, 60 + 1.2 * sizes[0], "Supplies", sizes[1]),
            *((60, 90 + 11 * row, text, 9) for row, text in enumerate(("14 Mill Street", "Leeds LS1 4DY"))),
            (60, 150, "Bill to:", 9),
            *((60, 162 + 11 * row, text, 9) for row, text in enumerate(("Hebden Bistro Ltd", "7 High Street", "York"))),
            *((340, 120 + 12 * row, text, 9) for row, text in enumerate(("Invoice no.: 118", "Date: 12.03.2026"))),
            *((60, 220 + 10 * row, "Felt hat lined with black silk", 9) for row in range(9)),
            (60, 324, "Total", 9),
            (450, 324, "119.00 EUR", 9),
        )
        for x, y, text, size in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, 842 - y, text)

    printed = paper.read(paper.pdf(draw))
    assert [extract(one).text("seller_name") for one in (printed, _by_ocr(printed))] == [name] * 2


def test_a_name_over_its_owner_is_a_business() -> None:
    buyer = ("Kindertagesstätte Wirbelwind e.V.", "Am Mühlenteich 12", "29439 Lüchow")

    def sure(below: str) -> float:
        rows = ((60, "Hofladen Brettschneider"), (72, below), *((110 + 11 * n, text) for n, text in enumerate(buyer)))
        found = _read(*((60, top, text) for top, text in rows), *REFERENCES).fields["seller_name"]
        assert found.value == "Hofladen Brettschneider"
        return found.confidence or 0.0

    # beside its buyer, a company, a way to reach it says less
    assert sure("Inh. Maria Brettschneider") > sure("Tel. 05844 976120") + 0.12


def test_a_sender_over_the_window_sells_though_the_addressees_numbers_are_printed() -> None:
    window = ("Nordlys Emballage ApS Havnevej 4 6700 Esbjerg", "Café Kastellet I/S", "Østergade 18",
              "1100 København K", "", "Cvr/SE nr: 78718005",
              "", "Faktura nr: 2026465", "22. september 2026")  # fmt: skip
    own = ("Nordlys Emballage ApS", "Havnevej 4", "6700 Esbjerg", "", "Tlf: 75 12 34 56", "", "Bank: Sydbank",
           "Iban: DK50 0040 0440 1162 43", "Cvr/SE nr: 13585628")  # fmt: skip

    def seller(*left: str) -> tuple[str | None, float]:
        prints = [
            (x, 47 + 10.5 * n, text) for x, texts in ((46, left), (381, own)) for n, text in enumerate(texts) if text
        ]
        read = _read(
            *prints, (344, 298, "Subtotal:"), (495, 298, "1.370,98"), (344, 322, "Total:"), (495, 322, "1.713,73")
        )
        return read.text("seller_name"), read.fields["seller_name"].confidence or 0.0

    name, sure = seller(f"Afsender: {window[0]}", *window[1:])
    assert name == "Nordlys Emballage ApS"
    assert sure > 0.94


def test_whose_division_a_company_is_is_no_part_of_its_name() -> None:
    head = ("PRAIRIE MOTOR FREIGHT", "A Division of Prairie Logistics Group LLC", "14 Mill Street", "Leeds LS1 4DY")
    read = _read(*((60, 60 + 11 * row, f"#{text}" if row < 2 else text) for row, text in enumerate(head)), *REFERENCES)
    # the division, or the company that it belongs to: never both as one
    assert read.text("seller_name") in {"PRAIRIE MOTOR FREIGHT", "Prairie Logistics Group LLC"}


def test_a_shipper_is_no_seller_beside_a_letterhead() -> None:
    head = ("Tidewater Joinery Ltd", "Unit 7 Mill Lane, Bristol BS3 2LH", "VAT: GB245719348")
    labelled = (("CUSTOMER", "Ashworth Catering Ltd", "14 Park Row", "London EC2V 7HN"),
                ("SHIPPER", "Shandong Machinery Import", "88 Ocean Road, Qingdao"))  # fmt: skip
    prints = [(380.0, 60.0 + 11 * row, text) for row, text in enumerate(head)]
    prints += [(46.0, 110.0 + 60 * place + 11 * row, text) for place, block in enumerate(labelled)
               for row, text in enumerate(block)]  # fmt: skip
    assert _read(*prints, *REFERENCES).text("seller_name") == "Tidewater Joinery Ltd"
