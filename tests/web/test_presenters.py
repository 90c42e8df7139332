"""How values and steps are put into words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from ingest.audit import AuditEntry
from matching.results import Discrepancy, Severity
from web.presenters import Presenter, age, audit_sentence, causes

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "day", "amount", "number"),
    [
        ("en_GB", "3 Nov 2026", "1,234.50\u00a0EUR", "0.125"),
        ("en_US", "Nov 3, 2026", "1,234.50\u00a0EUR", "0.125"),
        ("de", "03.11.2026", "1.234,50\u00a0EUR", "0,125"),
        ("pl", "3 lis 2026", "1\u00a0234,50\u00a0EUR", "0,125"),
    ],
)
def test_dates_and_numbers_follow_the_locale(locale: str, day: str, amount: str, number: str) -> None:
    present = Presenter(locale)
    assert present.day(date(2026, 11, 3)) == day
    assert present.amount(Decimal("1234.5"), "EUR") == amount
    assert present.number("0.125") == number


def test_no_digit_of_an_amount_is_lost() -> None:
    assert Presenter().amount("0.00345") == "0.00345"
    assert Presenter().amount("12") == "12.00"


def test_what_is_no_number_or_date_is_shown_as_it_is() -> None:
    assert Presenter().amount("about ten") == "about ten"
    assert Presenter().value("date", "soon") == "soon"
    assert Presenter().amount(None) == ""


@pytest.mark.parametrize(("typed", "read"), [("1,234.50", "1234.50"), ("12", "12"), ("1,23", None), ("abc", None)])
def test_typed_numbers_are_strict(typed: str, read: str | None) -> None:
    assert Presenter("en_GB").typed_number(typed) == read


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (timedelta(seconds=30), "under 1 min"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=12), "12 days"),
        (timedelta(days=-1), "under 1 min"),
    ],
)
def test_ages_have_one_unit(waited: timedelta, said: str) -> None:
    assert age(NOW - waited, NOW) == said


def test_causes_are_distinct_gravest_first_and_without_notes() -> None:
    found = [
        Discrepancy("payment_terms_differ", Severity.INFO, ""),
        Discrepancy("low_confidence", Severity.WARNING, ""),
        Discrepancy("price_differs", Severity.ERROR, "", line=1),
        Discrepancy("price_differs", Severity.ERROR, "", line=2),
    ]
    assert causes(found) == ["Price differs", "Read with doubt"]


@pytest.mark.parametrize(
    ("action", "details", "sentence"),
    [
        ("received", {"name": "a.pdf", "door": "mailbox", "origin": "x@y"}, "File a.pdf came in through mail (x@y)"),
        ("read", {"pages": "1"}, "Read, 1 page"),
        (
            "corrected",
            {"field": "issue_date", "from": "2026-11-03", "to": "2026-11-04"},
            "Invoice date set from \u201c3 Nov 2026\u201d to \u201c4 Nov 2026\u201d",
        ),
        (
            "corrected",
            {"field": "line_items/2/quantity", "from": "", "to": "5"},
            "Quantity of line 2 set from nothing to \u201c5\u201d",
        ),
        ("decided", {"verdict": "needs_review", "codes": "price_differs"}, "Matched: needs review (price differs)"),
        ("reject", {"reason": "not ours"}, "Rejected: not ours"),
        ("something_new", {"what": "it"}, "Something new (what: it)"),
    ],
)
def test_steps_of_the_trail_are_sentences(action: str, details: dict[str, str], sentence: str) -> None:
    assert audit_sentence(AuditEntry(NOW, "anna", action, 1, details), Presenter()) == sentence
