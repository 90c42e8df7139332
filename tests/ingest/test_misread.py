"""Identifiers that OCR misread: put right only where form and check digits leave one reading."""

import pytest

from ingest.misread import iban_of, vat_id_of, with_country


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
