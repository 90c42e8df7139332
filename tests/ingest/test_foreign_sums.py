"""Classes of sums and parties of further programs: taxes kept back, earlier bills, brands and their owners."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.extract import extract
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, SUMS, TABLE, Print, read

_TOTALS = ("net_total", "tax_total", "gross_total", "prepaid", "amount_due")


def _sums(*rows: tuple[str, str], top: int = 360) -> tuple[Print, ...]:
    """Labels and their amounts, one under the other."""
    return tuple(
        (x, top + 12 * index, text) for index, row in enumerate(rows) for x, text in zip((340, 480), row, strict=True)
    )


def _totals(*prints: Print) -> list[str | None]:
    found = read(*PARTIES, *HEAD, *TABLE, *prints)
    return [found.text(name) for name in _TOTALS]


def test_a_total_after_a_withheld_tax_is_what_is_due() -> None:
    sums = _sums(
        ("BASE IMPONIBLE", "100,00€"), ("IVA 21%", "21,00€"), ("RETENCIÓN IRPF -15%", "-15,00€"), ("TOTAL", "106,00€")
    )
    assert _totals(*sums) == ["100.00", "21.00", None, None, "106.00"]


def test_the_total_before_a_security_kept_back_stays_the_total() -> None:
    sums = _sums(
        ("Net total", "100.00"), ("VAT 20 %", "20.00"), ("Total", "120.00"), ("Less retention 5%", "(5.00)"),
        ("Amount due", "115.00"),
    )  # fmt: skip
    assert _totals(*sums) == ["100.00", "20.00", "120.00", None, "115.00"]


def test_amounts_of_earlier_invoices_are_no_totals() -> None:
    listed = tuple(
        (x, 420 + 12 * index, text)
        for index, row in enumerate(
            (
                ("Abschlagsrechnung", "vom", "netto", "MwSt.", "brutto"),
                ("1. AR 2026/0041", "12.06.2026", "30,00", "5,70", "35,70"),
                ("2. AR 2026/0066", "21.08.2026", "20,00", "3,80", "23,80"),
                ("Summe Abschläge", "", "50,00", "9,50", "59,50"),
            )
        )
        for x, text in zip((60, 180, 300, 380, 480), row, strict=True)
        if text
    )
    sums = _sums(("Summe netto", "100,00"), ("zzgl. 19 % MwSt.", "19,00"), ("Schlussrechnungssumme brutto", "119,00"))
    assert _totals(*sums, *listed, *_sums(("Restforderung", "59,50"), top=480)) == [
        "100.00",
        "19.00",
        "119.00",
        "59.50",
        "59.50",
    ]


def test_an_advance_with_the_number_of_its_invoice() -> None:
    sums = _sums(
        ("Net total", "100.00"), ("VAT 20 %", "20.00"), ("Total", "120.00"),
        ("Deposit - invoice no. 12/2026:", "-50.00"), ("Amount due", "70.00"),
    )  # fmt: skip
    assert _totals(*sums)[3:] == ["50.00", "70.00"]


def test_what_is_carried_to_a_page_that_is_missing_is_no_total() -> None:
    more = ((60, 350, "Washers"), (300, 350, "2"), (380, 350, "10.00"), (480, 350, "20.00"))
    carried = ((60, 400, "Carried forward"), (480, 400, "120.00"))
    assert _totals(*more, *carried) == [None] * 5
    assert _totals(*more, *carried[1:])[2] == "120.00"


def test_two_taxes_make_the_tax() -> None:
    sums = _sums(("Subtotal:", "100.00"), ("GST", "5.00"), ("PST", "7.00"), ("Total Amount", "112.00"))
    assert _totals(*sums)[:3] == ["100.00", "12.00", "112.00"]


def test_a_statement_below_the_sums_makes_no_statement_of_an_invoice() -> None:
    listed = tuple(
        (x, 430 + 12 * index, text)
        for index, row in enumerate(
            (
                ("Invoice", "Date", "Amount", "Outstanding"),
                ("NW-440012", "30/09/2026", "112.20", "112.20"),
                ("NW-441880", "31/10/2026", "164.28", "164.28"),
            )
        )
        for x, text in zip((60, 180, 300, 420), row, strict=True)
    )
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, *listed).document_type.value == "invoice"


def test_an_only_price_is_the_lines_total_where_prices_add_up() -> None:
    table = tuple(
        (x, 310 + 14 * index, text)
        for index, row in enumerate(
            (("Product", "Quantity", "Price"), ("Key fob", "40", "£180.00"), ("Guest book", "2", "£130.00"))
        )
        for x, text in zip((60, 300, 480), row, strict=True)
    )
    items = read(*PARTIES, *HEAD, *table, *_sums(("Subtotal", "£310.00"), ("Total", "£310.00"))).line_items
    cells = [dict(item.cells()) for item in items]
    assert [(c["quantity"].value, c["line_total"].value, "unit_price" in c) for c in cells] == [
        ("40", "180.00", False),
        ("2", "130.00", False),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Thornfield Electrical is a trading name of TFE (Bristol) Limited. Registered in England No. 03118842.",
        "Operated by TFE (Bristol) Limited. VAT No. GB 631 1884 20",
    ],
)
def test_the_company_behind_a_brand_sells(said: str) -> None:
    seller = ((60, 60, "Thornfield Electrical"), (60, 72, "18 Severn Way"), (60, 84, "Bristol BS35 3UW"))
    found = read(*seller, *PARTIES[3:], *HEAD, *TABLE, *SUMS, (60, 800, said))
    assert found.text("seller_name") == "TFE (Bristol) Limited"


def test_who_registers_himself_in_the_foot_sells_though_the_buyer_stands_first() -> None:
    buyer = ((60, 60, "The Old Forge Bakery Ltd"), (60, 72, "3 Quay Street"), (60, 84, "Calstock PL18 9QA"))
    foot = "Tamar Valley Water Limited. Registered office: Harbour House, Plymouth. Registered in England No. 2366640."
    found = read((340, 50, "Tamar Valley Water"), *buyer, *HEAD, *TABLE, *SUMS, (60, 800, foot))
    names = (found.text("seller_name"), found.text("buyer_name"))
    assert names == ("Tamar Valley Water Limited", "The Old Forge Bakery Ltd")


def test_a_bold_name_over_two_lines_beside_another_column() -> None:
    def draw(canvas: Canvas) -> None:
        bold = ((60, 60, "FRUTAS Y VERDURAS"), (60, 70, "EL SEGURA, S.L."))
        plain = ((60, 81, "Mercamurcia, puesto 44"), (60, 92, "30120 El Palmar"), (340, 65, "Cliente: 430.0118"))
        for font, prints in (("Helvetica-Bold", bold), ("Helvetica", (*plain, *HEAD, *TABLE, *SUMS))):
            canvas.setFont(font, 9)
            for x, y, text in prints:
                canvas.drawString(x, 842 - y, text)

    assert extract(paper.read(paper.pdf(draw))).text("seller_name") == "FRUTAS Y VERDURAS EL SEGURA, S.L."


def test_a_name_printed_with_blanks_between_its_letters() -> None:
    seller = ((60, 60, "K O O I M A N   T R A N S P O R T"), (60, 72, "4388 PB Vlissingen"), (60, 84, "KvK 22041188"))
    assert read(*seller, *PARTIES[3:], *HEAD, *TABLE, *SUMS).text("seller_name") == "KOOIMAN TRANSPORT"


def test_heads_of_a_table_are_no_names() -> None:
    heads = ("Tipologia documento", "Numero documento", "Data documento", "Codice destinatario")
    row = tuple((60 + 130 * index, 180, text) for index, text in enumerate(heads))
    values = ((60, 192, "TD01"), (190, 192, "47/2026"), (320, 192, "13-11-2026"))
    seller = ((60, 60, "Fornitore:"), (60, 72, "Cognome nome: Carta Luca"), (60, 84, "36016 Thiene VI"))
    assert read(*seller, *PARTIES[3:], *row, *values, *TABLE, *SUMS).text("seller_name") == "Carta Luca"


def test_a_polish_account_without_its_country_is_one() -> None:
    foot = (60, 500, "Przelew w terminie 14 dni, rachunek 61 1090 1014 0000 0712 1981 2874 (Santander)")
    assert read(*PARTIES, *HEAD, *TABLE, *SUMS, foot).text("seller_account") == "61 1090 1014 0000 0712 1981 2874"


def test_a_structured_communication_is_told_by_its_signs() -> None:
    foot = (60, 500, "Gelieve te betalen met de mededeling +++260/0447/10018+++")
    found = read(*PARTIES, *HEAD, *TABLE, *SUMS, foot).text("payment_reference")
    assert found == "+++260/0447/10018+++"


@pytest.mark.parametrize(
    ("language", "head", "sums"),
    [
        (
            "no",
            ("Fakturanr: 10772", "Fakturadato: 05.11.2026", "Forfallsdato: 19.11.2026", "KID: 0010772001889"),
            (("Sum eks. mva", "100,00"), ("MVA 25 %", "25,00"), ("Å betale NOK", "125,00")),
        ),
        (
            "fi",
            ("Laskun numero: 10772", "Laskun päivä: 05.11.2026", "Eräpäivä: 19.11.2026", "Viitenumero: 0010772001889"),
            (("Veroton yhteensä", "100,00"), ("Alv 25 %", "25,00"), ("Maksettava yhteensä EUR", "125,00")),
        ),
        (
            "hu",
            (
                "Számla sorszáma: 10772",
                "Számla kelte: 2026.11.05.",
                "Esedékesség: 2026.11.19.",
                "Közlemény: 0010772001889",
            ),
            (("Nettó összesen", "100,00 Ft"), ("ÁFA 25 %", "25,00 Ft"), ("Fizetendo összesen", "125,00 Ft")),
        ),
        (
            "ro",
            (
                "Factura nr.: 10772",
                "Data emiterii: 05.11.2026",
                "Data scadentei: 19.11.2026",
                "Referinta plata: 0010772001889",
            ),
            (("Total fara TVA", "100,00 lei"), ("TVA 25 %", "25,00 lei"), ("Total de plata", "125,00 lei")),
        ),
    ],
)
def test_languages_of_few_makers_are_read(
    language: str, head: tuple[str, ...], sums: tuple[tuple[str, str], ...]
) -> None:
    lines = tuple((340, 130 + 12 * index, text) for index, text in enumerate(head))
    title = (60, 200, {"no": "Faktura", "fi": "LASKU", "hu": "SZÁMLA", "ro": "FACTURA"}[language])
    found = read(*PARTIES[:3], *lines, title, *_sums(*sums))
    names = ("invoice_number", "issue_date", "due_date", "payment_reference", "net_total", "tax_total", "amount_due")
    assert [found.text(name) for name in names] == [
        *("10772", "2026-11-05", "2026-11-19", "0010772001889", "100.00", "25.00", "125.00"),
    ]
    assert (found.language, found.document_type.value) == (language, "invoice")


def test_an_address_under_its_label_goes_before_the_head_of_the_next_column() -> None:
    heads = ((60, 130, "Invoice to"), (260, 130, "Vessel / voyage MSC Alina"))
    address = ((60, 142, "Nordlys Møbler A/S"), (60, 154, "Havnegade 44"), (60, 166, "7100 Vejle"))
    found = read(*PARTIES[:3], *heads, *address, (260, 142, "Subscription"), *HEAD, *TABLE, *SUMS)
    assert found.text("buyer_name") == "Nordlys Møbler A/S"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Reederei Claasen", "GmbH & Cie. KG"),
        ("Lackfabrik Heidenau", "Aktiengesellschaft"),
        ("Honey Producers Co-", "operative Inc."),
    ],
)
def test_a_name_goes_on_in_the_next_line(first: str, second: str) -> None:
    buyer = ((60, 130, "Bill to:"), (60, 142, first), (60, 154, second), (60, 166, "22767 Hamburg"))
    assert read(*PARTIES[:3], *buyer, *HEAD, *TABLE, *SUMS).text("buyer_name") == f"{first} {second}"


def test_an_amount_and_a_day_that_go_on_in_the_next_line_of_their_cells() -> None:
    head = ((340, 130, "Invoice no.: 4471"), (340, 142, "Invoice Date:"), (440, 142, "November 8,"), (440, 152, "2026"))
    sums = ((340, 360, "Totaal incl. btw"), (480, 360, "€"), (480, 370, "120,00"))
    found = read(*PARTIES, *head, *TABLE, *sums)
    assert (found.text("issue_date"), found.text("gross_total")) == ("2026-11-08", "120.00")


def test_days_that_leave_the_usual_term_are_the_likelier() -> None:
    days = ((340, 130, "Invoice no.: 4471"), (340, 142, "Date: 11/02/2026"), (340, 154, "Due date: 12/02/2026"))
    sums = ((380, 360, "Total"), (480, 360, "$100.00"))
    found = read(*PARTIES[:1], *PARTIES[3:5], *days, *TABLE, *sums)
    assert (found.text("issue_date"), found.text("due_date")) == ("2026-11-02", "2026-12-02")


def test_a_column_of_periods_is_not_the_documents() -> None:
    title = (60, 200, "Your bill 01.11.2025 to 31.10.2026")
    spans = ("01.11.2025 - 31.12.2025", "01.01.2026 - 31.10.2026")
    table = tuple(
        (x, 430 + 14 * index, text)
        for index, row in enumerate((("Item", "Period"), ("Energy", spans[0]), ("Energy", spans[1])))
        for x, text in zip((60, 200), row, strict=True)
    )
    found = read(*PARTIES, *HEAD, title, *TABLE, *SUMS, *table)
    assert (found.text("period_start"), found.text("period_end")) == ("2025-11-01", "2026-10-31")


def test_a_discount_between_lines_and_net_leaves_the_net_that_is_taxed() -> None:
    sums = _sums(
        ("Total hors taxe", "8'295.00"), ("Rabais 3%", "-248.85"), ("Sous-total", "8'046.15"), ("TVA 8.1%", "651.74"),
        ("Arrondi", "0.01"), ("Total TTC", "8'697.90"),
    )  # fmt: skip
    found = read(*PARTIES, *HEAD, *sums)
    assert [found.text(name) for name in _TOTALS[:3]] == ["8046.15", "651.74", "8697.90"]


def test_a_type_in_a_table_of_the_documents_data_is_its_title() -> None:
    heads, row = ("Documento", "Numero", "Data"), ("NOTA DI CREDITO", "NC/44", "11/11/2026")
    table = tuple((60 + 150 * i, y, text) for y, texts in ((200, heads), (212, row)) for i, text in enumerate(texts))
    found = read(*PARTIES, *table, (60, 230, "Rif. ns. fattura n. 1187/V del 22/10/2026"), *TABLE, *SUMS)
    assert (found.document_type.value, found.text("invoice_number")) == ("credit_note", "NC/44")


def test_a_company_with_its_tax_number_in_one_line_sells() -> None:
    seller = ((60, 60, "Veloz Comunicaciones, S.A.U. CIF A-83441187"), (60, 72, "C/ Albasanz 22, 28037 Madrid"))
    buyer = ((340, 60, "Talleres Mecánicos Roca"), (340, 72, "Avda. del Mar 118"), (340, 84, "12003 Castellón"))
    found = read(*seller, *buyer, *HEAD, *TABLE, *SUMS)
    assert found.text("seller_name") == "Veloz Comunicaciones, S.A.U."


def test_a_rate_in_brackets_behind_the_name_of_a_tax() -> None:
    sums = _sums(("Net total", "100.00"), ("VAT (20 %)", "20.00"), ("Total", "120.00"))
    (row,) = read(*PARTIES, *HEAD, *TABLE, *sums).tax_breakdown
    assert [cell.value for _, cell in row.cells()] == ["20", "100.00", "20.00"]


@pytest.mark.parametrize("named", ["VAT 7 %", "VAT"])
def test_the_lines_rates_make_the_taxes_that_no_row_tells(named: str) -> None:
    rows = (("Goods", "Qty", "Price", "VAT %", "Net"), ("Potatoes", "24", "1.40", "7", "33.60"),
            ("Eggs", "60", "0.32", "7", "19.20"), ("Crate", "2", "12.50", "19", "25.00"))  # fmt: skip
    table = tuple(
        (x, 300 + 14 * index, text)
        for index, row in enumerate(rows)
        for x, text in zip((60, 300, 350, 400, 480), row, strict=True)
    )
    taxes = (("VAT", "8.45"),) if named == "VAT" else ((named, "3.70"), ("VAT 19 %", "4.75"))
    found = read(*PARTIES, *HEAD, *table, *_sums(("Net total", "77.80"), *taxes, ("Total", "86.25")))
    assert [[cell.value for _, cell in row.cells()] for row in found.tax_breakdown] == [
        ["7", "52.80", "3.70"],
        ["19", "25.00", "4.75"],
    ]


def test_lines_whose_rates_do_not_make_the_tax_tell_none() -> None:
    rows = (("Goods", "Qty", "Price", "VAT %", "Net"), ("Potatoes", "24", "1.40", "7", "33.60"),
            ("Crate", "2", "12.50", "19", "25.00"))  # fmt: skip
    table = tuple(
        (x, 300 + 14 * index, text)
        for index, row in enumerate(rows)
        for x, text in zip((60, 300, 350, 400, 480), row, strict=True)
    )
    sums = _sums(("Net total", "58.60"), ("VAT", "11.13"), ("Total", "69.73"))
    assert read(*PARTIES, *HEAD, *table, *sums).tax_breakdown == ()


def test_several_advances_are_added_up() -> None:
    sums = _sums(
        ("Net total", "100.00"), ("VAT 20 %", "20.00"), ("Total", "120.00"), ("Deposit 02/07/2026", "-50.00"),
        ("Deposit 10/09/2026", "-50.00"), ("Amount due", "20.00"),
    )  # fmt: skip
    assert _totals(*sums)[2:] == ["120.00", "100.00", "20.00"]


def test_the_net_that_no_label_names_is_what_the_lines_make() -> None:
    sums = _sums(("", "100.00"), ("CGST Output", "9.00"), ("SGST Output", "9.00"), ("Total", "118.00"))
    assert _totals(*(one for one in sums if one[2]))[:3] == ["100.00", "18.00", "118.00"]


def test_a_company_where_letters_are_addressed_under_another_name_buys() -> None:
    seller = ((60, 50, "Hofladen Brettschneider"), (340, 50, "Dorfstraße 3"), (340, 62, "29459 Clenze"))
    buyer = ((60, 130, "Wirbelwind e.V."), (60, 142, "Am Mühlenteich 12"), (60, 154, "29439 Lüchow"))
    found = read(*seller, *buyer, (340, 200, "Rechnung Nr. 4471"), (340, 212, "Datum: 06.11.2026"), *TABLE, *SUMS)
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Hofladen Brettschneider", "Wirbelwind e.V.")
