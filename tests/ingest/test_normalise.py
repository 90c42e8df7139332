from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ingest.dates import dates_in
from ingest.fields import FIELD_NAMES
from ingest.normalise import normalise_field
from ingest.numbers import number_readings


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("1.234,50", ["1234.50"]),
        ("1,234.50", ["1234.50"]),
        ("1.234", ["1234", "1.234"]),
        ("1,234", ["1234", "1.234"]),
        ("0.125", ["0.125"]),
        ("1 234,50 €", ["1234.50"]),
        ("1'234.05", ["1234.05"]),
        ("1,23,456.00", ["123456.00"]),
        ("12,00-", ["-12.00"]),
        ("(3.50)", ["-3.50"]),
        ("12,--", ["12"]),
        ("RM10.50", ["10.50"]),
        ("12.03.2019", []),
        ("A12", []),
        ("12 Stück", []),
    ],
)
def test_numbers_keep_every_reading(printed: str, values: list[str]) -> None:
    assert [str(number) for number in number_readings(printed)] == values
    assert all(isinstance(number, Decimal) for number in number_readings(printed))


@pytest.mark.parametrize(
    ("printed", "days"),
    [
        ("12. März 2026", [(2026, 3, 12)]),
        ("le 3 février 2021", [(2021, 2, 3)]),
        ("Nov 5, 2025", [(2025, 11, 5)]),
        ("15-Jan-24", [(2024, 1, 15)]),
        ("2026-11-23T10:00", [(2026, 11, 23)]),
        ("03/04/2026", [(2026, 4, 3), (2026, 3, 4)]),
        ("12/25/2019", [(2019, 12, 25)]),
        ("31.02.2026", []),
        ("Tel. 0711/123-456", []),
    ],
)
def test_dates_keep_both_orders_of_day_and_month(printed: str, days: list[tuple[int, int, int]]) -> None:
    found = [reading for one in dates_in(printed) for reading in one.readings]
    assert found == [date(*day) for day in days]


@pytest.mark.parametrize(
    ("name", "typed", "language", "value"),
    [
        ("gross_total", "1.234,50", "de", "1234.50"),
        ("gross_total", "1.234", "de", "1234"),
        ("gross_total", "1.234", "en", "1.234"),
        ("gross_total", "1,234", "en", "1234"),
        ("issue_date", "12. März 2026", None, "2026-03-12"),
        ("due_date", "03/04/2026", None, "2026-04-03"),
        ("due_date", "03/04/2026", "en-US", "2026-03-04"),
        ("seller_vat_id", "DE 123 456 789", None, "DE123456789"),
        ("seller_iban", "de79 0000 0000 1234 5678 90", None, "DE79000000001234567890"),
        ("seller_iban", "DE79 0000 0000 1234 5678 91", None, None),
        ("currency", "€", None, "EUR"),
        ("currency", "$", None, None),
        ("buyer_address", "Weg 1\n12345 Ort", None, "Weg 1, 12345 Ort"),
        ("unit", "Stück", None, "H87"),
        ("unit", "Gebinde", None, "Gebinde"),
        ("tax_rate", "19 %", None, "19"),
        ("payment_terms_days", "30 Tage", None, "30"),
        ("invoice_number", "  # RE-1 ", None, "RE-1"),
        ("gross_total", "viel", None, None),
        ("no_such_field", "1", None, None),
    ],
)
def test_what_a_person_types_becomes_the_contracts_value(
    name: str, typed: str, language: str | None, value: str | None
) -> None:
    assert normalise_field(name, typed, language) == value


def test_every_field_can_be_typed() -> None:
    typed = {"date": "2026-01-31", "currency": "EUR"}
    for name in FIELD_NAMES:
        text = "DE79000000001234567890" if name == "seller_iban" else "123456"
        text = typed["date"] if name.endswith("_date") or name.startswith("period") else text
        text = typed["currency"] if name == "currency" else text
        text = "2" if name == "discount_percent" else text
        assert normalise_field(name, text), name
