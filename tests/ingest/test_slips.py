"""Heads of till slips: shop, register numbers and address under one another, without labels."""

from __future__ import annotations

import pytest

from ingest.document import Box, Document, Page, Source, Word
from ingest.extract import extract
from ingest.numbers import number_readings

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
        (("CAFE AM MARKT GMBH", "Lindenweg 4", "70173 Stuttgart", "0711/22817"), "Lindenweg 4, 70173 Stuttgart"),
        (("HOCK SDN BHD", "NO. 12 & 14, M AVENUE,", "70000 SEREMBAN"), "NO. 12 & 14, M AVENUE, 70000 SEREMBAN"),
        (("HOCK SDN BHD", "HQ: NO 8, JALAN KOTA,", "70000 SEREMBAN"), "NO 8, JALAN KOTA, 70000 SEREMBAN"),
        (("HOCK SDN BHD", "Address : NO 8, JALAN KOTA,", "70000 SEREMBAN"), "NO 8, JALAN KOTA, 70000 SEREMBAN"),
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


def test_what_is_rounded_is_the_total_though_nothing_says_what_was_given() -> None:
    rows = ("TAX INVOICE", "TOTAL (EXCLUDING GST) 200.20", "GST 6% 12.01", "TOTAL (INCLUDING GST) 212.21")
    read = extract(_slip("GOLDEN LAKE SDN BHD", goods=(*rows, "ROUNDING ADJUSTMENT -0.01", "NETT TOTAL 212.20")))
    assert read.text("gross_total") == "212.20"


@pytest.mark.parametrize(
    "paid",
    [("Kortbetalning 247,50",), ("Mottaget Kontokort 247,50",), ("Kontant 100,00", "Kort 147,50")],
)
def test_the_row_of_one_rate_is_no_total_beside_one_that_was_paid(paid: tuple[str, ...]) -> None:
    rows = ("Kvitto 88213 2021-03-26", "Ost 245,50", "Pant 2,00", "Totalt 247,50 SEK", *paid)
    taxes = ("Moms 12% 26,30", "Netto 219,20", "Brutto 245,50")
    assert extract(_slip("Lindberg Livs AB", goods=(*rows, *taxes))).text("gross_total") == "247.50"


def test_what_was_added_after_the_tax_was_paid_too() -> None:
    rows = ("TAX INVOICE", "Total Excl. GST 40.92", "GST @ 6% 1.08", "Total Incl. GST 42.00", "Donation 1.15")
    read = extract(_slip("SRI MELUR SDN BHD", goods=(*rows, "TOTAL 43.15", "CASH 50.00", "CHANGE 6.85")))
    assert read.text("gross_total") == "43.15"


def test_a_total_that_leaves_what_is_due_after_a_deposit_is_the_whole() -> None:
    rows = ("OFFICIAL RECEIPT", "Room charge 398.70", "Mini bar 20.00", "Total 418.70", "Deposit paid 100.00")
    read = extract(_slip("HOTEL SERI PUTERI", goods=(*rows, "Balance 318.70")))
    assert (read.text("gross_total"), read.text("amount_due")) == ("418.70", "318.70")


def test_slips_in_malay() -> None:
    goods = ("RESIT", "Tarikh: 12/04/2018", "KEK BATIK 22.80", "JUMLAH RM 22.80", "TUNAI RM 50.00", "BAKI RM 27.20")
    read = extract(_slip("KEDAI KEK MAK JAH", goods=goods))
    assert (read.text("gross_total"), read.text("issue_date")) == ("22.80", "2018-04-12")


def test_a_sign_of_money_that_was_read_twice() -> None:
    assert number_readings("$$18.35") == number_readings("$18.35")
    assert not number_readings("$€18.35")
    goods = ("Receipt 100-8827", "17/02/2019 12:48", "Kopi 9.35", "Total $$18.35")
    assert extract(_slip("Kopitiam Lorong 8 Pte Ltd", goods=goods)).text("gross_total") == "18.35"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (("HOTEL MAWAR", "HOTEL MAWAR SDN BHD (223341-T)", "NO. 1, JALAN PANTAI,", "07000 LANGKAWI"),
         "HOTEL MAWAR SDN BHD"),
        (("MAWAR SDN BHD 201901012345 (1321234-X)", "NO. 1, JALAN PANTAI,", "07000 LANGKAWI"), "MAWAR SDN BHD"),
        (("PARKHAUS AM DOM", "BETRIEBS GMBH", "Domplatz 3", "39104 Magdeburg", "Steuernr. 102/118/03322"),
         "PARKHAUS AM DOM BETRIEBS GMBH"),
        (("Trattoria da Bruno", "di Bruno Salvi", "Via Garibaldi 45 - 50123 Firenze"),
         "Trattoria da Bruno di Bruno Salvi"),
        (("KLINIK DR. RAVI", "41, JALAN 14/20, SEKSYEN 14,", "46100 PETALING JAYA", "RECEIVED FROM: TAN BOON KEONG"),
         "KLINIK DR. RAVI"),
        (("AMANAH MOTOR", "SERVICE CENTRE", "(IP0288173-M)", "LOT 22, JALAN INDUSTRI 4,", "31400 IPOH, PERAK"),
         "AMANAH MOTOR SERVICE CENTRE"),
        (("KUALI MAS CATERING", "& TRADING", "(001998271-P)", "NO. 17, JALAN 2/50C,", "53000 KUALA LUMPUR"),
         "KUALI MAS CATERING & TRADING"),
        (("TECH DOCTOR", "NKL GLOBAL GADGET", "(SA0388172-X)", "NO. 17, JALAN 2/50C,", "53000 KUALA LUMPUR"),
         "NKL GLOBAL GADGET"),
        (("PAIT MAR 2018", "MAWAR (M) SDN BHD", "(CO Reg :860671-D)", "LOT 1851, JALAN KPB 6,", "43300 KAJANG"),
         "MAWAR (M) SDN BHD"),
        (("SWEE HIN MOTOR TRADING SDN BHD (Co. No. 88271-T)", "88, JALAN KUCHING, 51200 KUALA LUMPUR"),
         "SWEE HIN MOTOR TRADING SDN BHD"),
        (("GREEN LEAF", "VEGETARIAN RESTAURANT", "(002388172-A)", "25, JALAN RADIN 3,", "57000 KUALA LUMPUR"),
         "GREEN LEAF VEGETARIAN RESTAURANT"),
        (("BURGER SHACK", "A DIVISION OF SHACK FOODS SDN BHD", "G-22, JALAN PJS 11/15,", "46150 PETALING JAYA"),
         "SHACK FOODS SDN BHD"),
        (("BURGER SHACK", "(0perated by SHACK FOODS SDN BHD)", "G-22, JALAN PJS 11/15,", "46150 PETALING JAYA"),
         "SHACK FOODS SDN BHD"),
        (("SHACK FOODS SDN BHD", "(F/K/A BURGER KITA SDN BHD)", "G-22, JALAN PJS 11/15,", "46150 PETALING JAYA"),
         "SHACK FOODS SDN BHD"),
        (("Greenleaf Pharmacy", "4501 Colfax Ave", "Denver, CO 80220", "303-555-0117"), "Greenleaf Pharmacy"),
        (("COOP PRIX", "Coop Prix Nordstrand AS", "Kirkeveien 61, 1150 Oslo"), "Coop Prix Nordstrand AS"),
        (("BURGER SHACK", "(SHACK FOODS SDN BHD)", "882716-T", "G-22, JALAN PJS 11/15,", "46150 PETALING JAYA"),
         "SHACK FOODS SDN BHD"),
    ],
)  # fmt: skip
def test_the_whole_name_heads_a_slip(head: tuple[str, ...], name: str) -> None:
    assert extract(_slip(*head)).text("seller_name") == name


def test_a_tax_number_that_looks_like_a_postal_code_ends_an_address() -> None:
    head = ("PARKHAUS AM DOM GMBH", "Domplatz 3", "39104 Magdeburg", "Steuernr. 102/118/03322")
    assert extract(_slip(*head)).text("seller_address") == "Domplatz 3, 39104 Magdeburg"


def test_the_company_at_the_end_of_a_head_has_the_address_under_its_brand() -> None:
    head = ("The Copper Kettle", "15 Market Street", "Otley LS21 3HD", "The Copper Kettle Ltd Company No 08812345")
    read = extract(_slip(*head, goods=("Order 118 Table 5", "Date: 12/03/2018", "TOTAL 2.50", "CASH 2.50")))
    assert read.text("seller_name") == "The Copper Kettle Ltd"
    assert read.text("seller_address") == "15 Market Street, Otley LS21 3HD"


def test_a_name_whose_form_stands_apart() -> None:
    words = [Word(text, Box(x, 30, x + w, 48), 0.95) for text, x, w in
             (("Apteka", 60, 62), ("Pod", 128, 30), ("Lip", 164, 24), ("sp.", 232, 26), ("j.", 264, 14))]  # fmt: skip
    rest = _slip("", "ul. Lipowa 12, 31-018 Kraków", "NIP 676-22-33-445", goods=("Suma 46,27", "Karta 46,27"))
    page = Page(1, 400, 900, (*words, *rest.pages[0].words), Source.OCR, unit="px")
    assert extract(Document("0", "image/jpeg", (page,), 1)).text("seller_name") == "Apteka Pod Lip sp. j."


@pytest.mark.parametrize(
    "printed", ["2018/08/1108:12:45", "11/08/201808:12", "11-Aug-1808:12", "ll/O8/2018 08:12", "11/08/2O18"]
)
def test_a_day_and_an_hour_without_a_blank(printed: str) -> None:
    goods = (printed, "1 COCONUT BUN 17.30", "3 ITEMS", "TL *17.30", "CASH *20.00", "CG *2.70")
    read = extract(_slip("LIM KEE BAKERY", goods=goods))
    assert (read.text("issue_date"), read.text("gross_total")) == ("2018-08-11", "17.30")


@pytest.mark.parametrize("back", ["BAL RM 3.55", "Sejumlah 3.55"])
def test_what_cash_less_the_next_amount_makes_was_paid(back: str) -> None:
    rows = ("DATE 09/02/18", "MCB 20A 96.46", "TOTAL RM 96.46", "ROUND -0.01", "NET RM 96.45", "CASH RM 100.00")
    assert extract(_slip("HAP SENG ELECTRICAL", goods=(*rows, back))).text("gross_total") == "96.45"


def test_a_title_may_stand_between_a_name_and_its_address() -> None:
    head = ("HAP SENG ELECTRICAL SDN BHD", "TAX INVOICE", "(GST ID : 000227182736)", "11, JALAN 3/62D,")
    read = extract(_slip(*head, "52200 KUALA LUMPUR", goods=("DATE 09/02/18", "TOTAL 2.50", "CASH 2.50")))
    assert read.text("seller_address") == "11, JALAN 3/62D, 52200 KUALA LUMPUR"


def test_what_stands_under_a_title_is_no_address_without_a_place() -> None:
    head = ("HAP SENG ELECTRICAL SDN BHD", "TAX INVOICE", "12 Table Four and Corner", "Guests 4 of ten")
    assert extract(_slip(*head, goods=("DATE 09/02/18", "TOTAL 2.50"))).text("seller_address") is None


def test_a_discount_under_the_total_is_off_it_where_the_rest_was_paid() -> None:
    rows = ("RECEIPT 1182", "Date 12/03/2018", "Total 9.00", "Discount -0.50", "Nett 8.50", "Cash 10.00", "Change 1.50")
    assert extract(_slip("KEDAI MAWAR SDN BHD", goods=rows)).text("gross_total") == "8.50"


def test_what_vouchers_leave_of_the_total_was_paid() -> None:
    rows = ("RECEIPT 1182", "Date 12/03/2018", "TOTAL 60.88", "LESS VOUCHER -2.00", "ROUNDING -0.03")
    read = extract(_slip("KEDAI MAWAR SDN BHD", goods=(*rows, "NET TOTAL 58.85", "CASH 60.00", "CHANGE 1.15")))
    assert read.text("gross_total") == "58.85"
