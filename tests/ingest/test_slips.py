"""Heads of till slips: shop, register numbers and address under one another, without labels."""

from __future__ import annotations

import pytest

from ingest.document import Box, Document, Page, Source, Word
from ingest.extract import extract

GOODS = ("TAX INVOICE", "Date: 12/03/2018 10:25", "1 PEN BLUE 2.50", "TOTAL 2.50", "CASH 5.00", "CHANGE 2.50")


def _slip(*head: str, width: float = 400, height: float = 900, goods: tuple[str, ...] = GOODS) -> Document:
    """A roll of lines, each centred, as OCR reads them; it lies in the middle of the picture."""
    words = []
    for index, line in enumerate((*head, *goods)):
        x, top = width / 2 - 5.0 * len(line), 30.0 + 26 * index
        for text in line.split():
            words.append(Word(text, Box(x, top, x + 10.0 * len(text) - 2, top + 18), 0.96))
            x += 10.0 * (len(text) + 1)
    page = Page(1, width, height, tuple(words), Source.OCR, unit="px")
    return Document("0", "image/jpeg", (page,), 1)


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (
            ("KEDAI BUKU SINAR SDN BHD", "(723451-M)", "NO. 5, JALAN MAWAR 2,", "TAMAN INDAH,",
             "43200 CHERAS, SELANGOR"),
            "NO. 5, JALAN MAWAR 2, TAMAN INDAH, 43200 CHERAS, SELANGOR",
        ),
        (
            ("Blue Door Restaurants Ltd", "formerly known as", "Green Door Restaurants Ltd", "Level 3, 14 Mill Road",
             "Leeds LS1 4AP", "VAT No: 232 153 895"),
            "Level 3, 14 Mill Road, Leeds LS1 4AP",
        ),
        (
            ("TRI MART SDN BHD", "MART SRI PUTRA", "No: 28, Jalan Astana 1C,", "41050 KLANG", "SELANGOR DARUL EHSAN",
             "Tel: 03-3362 4395"),
            "No: 28, Jalan Astana 1C, 41050 KLANG, SELANGOR DARUL EHSAN",
        ),
        (("CAFE AM MARKT GMBH", "Lindenweg 4", "04109 Leipzig", "Tel. 0341 123456"), "Lindenweg 4, 04109 Leipzig"),
        (("TWO FRIENDS BISTRO SDN BHD", "109, SS21/1A,", "DAMANSARA UTAMA", "GST ID : 001661886464"),
         "109, SS21/1A, DAMANSARA UTAMA"),
    ],
)  # fmt: skip
def test_the_address_ends_at_the_first_label_and_holds_no_numbers_or_names(head: tuple[str, ...], address: str) -> None:
    assert extract(_slip(*head)).text("seller_address") == address


def test_a_slip_that_lay_alone_on_the_glass_is_one_too() -> None:
    head = (
        "WARUNG PERMAS SDN BHD",
        "Reg No: 1203194-W",
        "JALAN PERMAS UTARA 1,",
        "81750 MASAI JOHOR",
        "Tel: 0111-5580000",
    )
    read = extract(_slip(*head, width=1080, height=1500))
    assert read.text("seller_address") == "JALAN PERMAS UTARA 1, 81750 MASAI JOHOR"


def test_a_head_without_an_address_gives_none() -> None:
    assert extract(_slip("KEDAI BUKU SINAR SDN BHD", "(723451-M)", "Tel: 03-3362 4395")).text("seller_address") is None


def test_what_is_written_large_above_the_shop_makes_no_buyer_of_it() -> None:
    words = []
    lines = (
        ("tan mei lin", 73, 23, 99, 16), ("DEF HO TRADING", 64, 45, 82, 6), ("No. 4, Jalan Mawar 3/2,", 53, 55, 103, 8),
        ("TAMAN DESA MAWAR", 62, 68, 84, 6), ("81100 JOHOR BAHRU", 53, 80, 97, 6),
        ("Cash Bill : 01-143008", 20, 110, 100, 6), ("Date 09/01/2019", 20, 120, 100, 6),
        ("Total Amount: 31.00", 20, 150, 160, 6), ("Cash Received 101.00", 20, 160, 160, 6),
        ("Change : 70.00", 20, 170, 160, 6),
    )  # fmt: skip
    for text, x, top, width, height in lines:
        sign = width / len(text)
        for part in text.split():
            words.append(Word(part, Box(x, top, x + sign * len(part), top + height), 0.97))
            x += sign * (len(part) + 1)
    page = Page(1, 222, 290, tuple(words), Source.OCR)
    found = extract(Document("0", "image/jpeg", (page,), 1))
    assert (found.text("seller_name"), found.text("buyer_name")) == ("DEF HO TRADING", None)


def test_cash_less_change_confirms_the_total_that_is_printed_too() -> None:
    rows = ("TAX INVOICE", "Date: 12/03/2018", "1 PRINT A4 7.42", "Total incl. GST 7.42", "Rounding (0.02)")
    paid = ("Total Payable 7.40", "Paid Amount 10.00", "Change 2.60")
    read = extract(_slip("KEDAI BUKU SINAR SDN BHD", goods=(*rows, *paid)))
    assert (read.text("gross_total"), read.text("prepaid")) == ("7.40", None)
    assert (read.fields["gross_total"].confidence or 0) > 0.985


def test_what_was_given_confirms_no_other_total() -> None:
    rows = ("TAX INVOICE", "Date: 12/03/2018", "1 PRINT A4 7.42", "Total 7.42", "Paid Amount 10.00", "Change 2.50")
    read = extract(_slip("KEDAI BUKU SINAR SDN BHD", goods=rows))
    assert (read.fields["gross_total"].confidence or 0) < 0.95
