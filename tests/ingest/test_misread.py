"""What OCR misread: identifiers are put right where form and check digits leave one reading; labels are known still."""

from dataclasses import replace
from functools import partial

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Source
from ingest.extract import extract
from ingest.extraction import Extraction
from ingest.misread import iban_of, may_be_misread, vat_id_of, with_country
from tests.ingest import paper
from tests.ingest.prints import HEAD, PARTIES, TABLE, Print, drawn


@pytest.mark.parametrize(
    ("printed", "account"),
    [
        ("G8338UK820201555555555", "GB33BUKB20201555555555"),
        ("DEI7 23II 67O8 0501 4737 27", "DE17231167080501473727"),
        ("DE17 2311 6708 0501 4737 28", None),
        ("XX17 2311 6708 0501 4737 28", None),
        ("Sparkasse Altena", None),
    ],
)
def test_a_misread_iban(printed: str, account: str | None) -> None:
    assert iban_of(printed) == account


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("DE32O11641O", "DE320116410"),
        ("1OAFBPJ2298DIZ0", "10AFBPJ2298D1Z0"),
        ("1E8256796U", "IE8256796U"),
        ("IE36689970H", "IE3668997OH"),
        ("G8012345678", None),
        ("DE320116411", None),
    ],
)
def test_a_misread_tax_number(printed: str, number: str | None) -> None:
    assert vat_id_of(printed) == number


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("G8 012 3456 78", "GB012345678"),
        ("1T01234567890", "IT01234567890"),
        ("8E0123456789", "BE0123456789"),
        ("GB012345678", "GB012345678"),
        ("80123456", "80123456"),
    ],
)
def test_a_countrys_letters_read_as_digits_are_put_right_without_check_digits(printed: str, read: str) -> None:
    assert with_country(printed) == read


@pytest.mark.parametrize("number", ["P0O-90208", "P03615372", "L5837999", "40S16", "S9881234"])
def test_letters_and_digits_that_look_alike(number: str) -> None:
    assert may_be_misread(number)


@pytest.mark.parametrize(
    "number", ["PO-90208", "B2024-4809", "2412/2019", "RE-2026-118", "LS837999", "SO12345", "4508"]
)
def test_numbers_without_look_alikes(number: str) -> None:
    assert not may_be_misread(number)


def test_a_scanned_order_number_that_may_be_misread_is_less_sure_than_one_that_may_not() -> None:
    """What stands in a text layer was not read by OCR, and is as sure as ever."""

    def order(number: str, scanned: bool) -> float:
        content = paper.pdf(partial(paper.german_invoice, order=number))
        if scanned:
            content = paper.saved(paper.picture(content, 200).convert("L"), "PNG", dpi=(200, 200))
        value = extract(paper.read(content)).fields["purchase_order"]
        assert value.value == number
        return value.confidence or 0.0

    assert order("S9881234", scanned=True) < 0.75 < order("4500026008", scanned=True)
    assert order("S9881234", scanned=False) > 0.9


def _scanned(*rows: tuple[float, str, str]) -> Extraction:
    """An invoice with these sums, each with the place of its amount, as if OCR had read it."""
    sums: list[Print] = []
    for index, (x, label, amount) in enumerate(rows):
        sums += [(340, 360 + 12 * index, label), (x, 360 + 12 * index, amount)]
    document = drawn(*PARTIES, *HEAD, *TABLE, *sums)
    return extract(replace(document, pages=tuple(replace(page, source=Source.OCR) for page in document.pages)))


def test_a_net_total_is_no_total_where_the_totals_label_is_lost() -> None:
    found = _scanned(
        (480, "Net total", "100.00"), (480, "VAT", "20.03"), (480, "Rounding", "0.02"), (480, "Ttl", "120.05")
    )
    assert (found.text("net_total"), found.text("gross_total")) == ("100.00", "120.05")


def test_what_is_left_to_pay_is_no_total_where_the_totals_label_is_lost() -> None:
    paid = (480, "Total deductions", "70.00")
    found = _scanned(
        (480, "Net total", "100.00"),
        (480, "VAT", "20.00"),
        (480, "G ros", "120.00"),
        paid,
        (480, "Amount due", "50.00"),
    )
    assert (found.text("gross_total"), found.text("amount_due")) == ("120.00", "50.00")


def test_a_figure_behind_a_label_is_no_misread_letter_of_it() -> None:
    found = _scanned((480, "Net", "4 803,00"), (480, "VAT", "1 108,41"), (398, "Amount due", "5 911,41"))
    assert found.text("amount_due") == "5911.41"


def test_a_compound_is_known_on_a_scan_too() -> None:
    assert _scanned((480, "Hauptrechnungssumme", "120.00")).text("gross_total") == "120.00"


def test_a_number_and_its_day_without_a_blank_between_them() -> None:
    document = drawn(*PARTIES, *HEAD, (340, 154, "Your order: PO-118842/19.10.2026"), *TABLE)
    assert extract(document).text("purchase_order") == "PO-118842"


def test_a_brand_over_the_name_that_holds_it_is_no_first_line_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 782, "HARBOUR FASTENERS")
        canvas.drawString(60, 762, "Harbour Fasteners Ltd")
        canvas.setFont("Helvetica", 9)
        for x, y, text in (*PARTIES[3:], *HEAD, *TABLE):
            canvas.drawString(x, 842 - y, text)

    assert extract(paper.read(paper.pdf(draw))).text("seller_name") == "Harbour Fasteners Ltd"


def test_numbers_told_apart_by_doubtful_names_are_doubtful() -> None:
    def sure(*prints: Print) -> list[float]:
        head = ((60.0, y + 120, text) for _, y, text in HEAD)
        found = extract(drawn(*prints, *head, *TABLE)).fields
        return [found[name].confidence or 0.0 for name in ("seller_vat_id", "buyer_vat_id")]

    sides = [(60, 96, "VAT no. GB 631 1884 20"), (60, 178, "VAT no. GB 220 4302 31")]
    labelled = sure(*PARTIES, *sides)
    alone = sure(*PARTIES[:3], sides[0], *((340.0, y - 82, text) for _, y, text in PARTIES[4:]), (340, 96, sides[1][2]))
    assert min(labelled) > 0.9 > max(alone)


def test_what_is_due_is_doubtful_on_a_scan_where_net_and_tax_make_another_sum() -> None:
    def sure(due: str) -> float:
        found = _scanned((480, "Net total", "7,073.00"), (480, "VAT", "1,768.00"), (480, "Amount due", due))
        assert found.text("amount_due") == due.replace(",", "")
        return found.fields["amount_due"].confidence or 0.0

    assert sure("841.00") < 0.85 < 0.9 < sure("8,841.00")


def test_who_prints_his_account_sells_though_only_the_addressee_heads_the_page() -> None:
    buyer: tuple[Print, ...] = (
        (60, 130, "Larkfield Joinery Ltd"),
        (60, 142, "22 Mill Lane"),
        (60, 154, "Leeds LS1 4DY"),
    )
    payee: tuple[Print, ...] = ((60, 440, "Harbour Fasteners Ltd"), (60, 452, "IBAN GB33 BUKB 2020 1555 5555 55"))
    found = extract(drawn(*buyer, *HEAD, *TABLE, *payee))
    assert (found.text("seller_name"), found.text("buyer_name")) == ("Harbour Fasteners Ltd", "Larkfield Joinery Ltd")
