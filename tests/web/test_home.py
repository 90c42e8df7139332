"""Home: figures that are right, each with its way to the documents behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from office import add_document, add_failed, add_records, invoice, value
from visitor import Visitor

from web.home_store import HomeStore
from web.services import Services

Visit = Callable[..., Visitor]
TODAY = date(2026, 11, 23)


def figures(page: str) -> dict[str, int]:
    """What stands beside each figure."""
    return {label.strip(): int(number) for number, label in re.findall(r'class="figure">(\d+)</b> ([^<]+)</a>', page)}


def test_what_waits_is_due_and_went_through(visit: Visit, services: Services) -> None:
    browser = visit("viewer")
    add_document(services, invoice(price="4.00"))  # went through by itself
    overdue = invoice("HM-2")
    dates = {**overdue.fields, "due_date": value("2026-11-20")}
    add_document(services, replace(overdue, fields=dates), "overdue.pdf")
    soon = invoice("HM-3", price="6.00")
    terms = {"due_date": "2026-11-30", "discount_percent": "2", "discount_days": "23"}
    dates = {**soon.fields, **{name: value(text) for name, text in terms.items()}}
    add_document(services, replace(soon, fields=dates), "soon.pdf")
    add_failed(services)
    page = browser.get("/").text
    found = figures(page)
    assert found["to review"] == 2
    assert found["overdue"] == 1
    assert found["due within 7 days"] == 1
    assert found["cash discounts that end within 7 days"] == 1
    assert "1.44\u00a0GBP" in page  # 2 % of 72.00
    assert found["could not be read"] == 1
    assert "Today <b>1</b> of 4 (25%)" in page


def test_money_is_summed_by_currency_and_days_have_edges(services: Services) -> None:
    add_records(services)
    for number, day in enumerate(("2026-11-22", "2026-11-23", "2026-11-30", "2026-12-01")):
        extraction = invoice(f"HM-{number}", price=f"{5 + number}.00")
        add_document(
            services, replace(extraction, fields={**extraction.fields, "due_date": value(day)}), f"{number}.pdf"
        )
    store = HomeStore(services.db)
    assert store.due(None, TODAY - timedelta(days=1)).money == (("GBP", Decimal("60.00")),)
    assert store.due(TODAY, TODAY + timedelta(days=7)).money == (("GBP", Decimal("156.00")),)


def test_days_without_documents_are_there(services: Services) -> None:
    days = HomeStore(services.db).days(TODAY, 30)
    assert (len(days), days[0].day, days[-1].day) == (30, date(2026, 10, 25), TODAY)
    assert sum(day.came for day in days) == 0


def test_what_a_person_touched_is_not_counted_as_untouched(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    number = add_document(services, invoice())
    version = services.db.execute("SELECT version FROM documents").fetchone()[0]
    browser.post(f"/documents/{number}/decide", step="approve", reason="agreed", version=str(version))
    assert HomeStore(services.db).days(services.now().date(), 1)[0].untouched == 0
    assert "Today <b>0</b> of 1 (0%)" in browser.get("/").text


def test_an_empty_service_has_a_home(visit: Visit) -> None:
    page = visit("viewer").get("/").text
    assert figures(page)["to review"] == 0
    assert "Today <b>0</b> of 0" in page
