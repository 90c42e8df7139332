"""Identifiers that OCR misread: put right only where form and check digits leave one reading."""

from functools import partial

import pytest

from ingest.extract import extract
from ingest.misread import iban_of, may_be_misread, vat_id_of, with_country
from tests.ingest import paper


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
