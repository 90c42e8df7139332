"""Held documents that come back by themselves: on a day, or when their goods are received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from office import ORDER, add_document, add_records, add_users, invoice
from visitor import Visitor

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict
from ingest.store import DocumentStore
from matching import reviewing
from matching.hold_store import HoldStore
from matching.records import GoodsReceipt
from matching.store import RecordStore
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]
TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=3)


@pytest.fixture
def office(services: Services) -> Services:
    add_users(services)
    add_records(services)
    services.settings = replace(services.settings, today=TODAY)
    return services


def hold(services: Services, number: int, until: date | None = None, for_receipts: bool = False) -> None:
    version = DocumentStore(services.db).get(number).version
    reviewing.hold(
        services.db,
        number,
        version,
        "ben",
        "waits",
        services.policy,
        services.settings.current_day(),
        services.now(),
        until=until,
        for_receipts=for_receipts,
    )


def state(services: Services, number: int) -> State:
    return DocumentStore(services.db).get(number).state


def receive_goods(services: Services, po_number: str, quantity: str = "10") -> None:
    with transaction(services.db):
        RecordStore(services.db).put([GoodsReceipt(po_number, "1", Decimal(quantity), TODAY, "LS-1")])


def test_it_comes_back_on_its_day_and_says_why(office: Services) -> None:
    number, forever = add_document(office, invoice()), add_document(office, invoice("HM-2"))
    hold(office, number, until=LATER)
    hold(office, forever)
    worker = Worker(office)
    worker.decide_next()
    assert state(office, number) is State.ON_HOLD
    office.settings = replace(office.settings, today=LATER)
    worker.decide_next()
    assert (state(office, number), state(office, forever)) == (State.NEEDS_REVIEW, State.ON_HOLD)
    told = {entry.action: entry.details for entry in trail(office.db, number)}
    assert told["hold"]["until"] == "2026-11-26"
    assert told["woken"]["reason"] == "the day has come until which it was held"
    assert [entry.action for entry in trail(office.db, number)][-2:] == ["woken", "rechecked"]


def test_it_comes_back_when_goods_of_its_order_are_received(office: Services) -> None:
    with transaction(office.db):
        RecordStore(office.db).put([replace(ORDER, po_number="PO-7002")])
    receive_goods(office, "PO-7001", "2")
    number = add_document(office, invoice())
    hold(office, number, for_receipts=True)
    worker = Worker(office)
    worker.decide_next()
    receive_goods(office, "PO-7002")
    worker.decide_next()
    assert state(office, number) is State.ON_HOLD
    receive_goods(office, "PO-7001", "10")
    worker.decide_next()
    assert state(office, number) is State.NEEDS_REVIEW
    told = {entry.action: entry.details for entry in trail(office.db, number)}
    assert told["woken"]["reason"] == "goods receipts for PO-7001 have come in"


def test_goods_that_came_before_the_hold_do_not_end_it(office: Services) -> None:
    number, worker = add_document(office, invoice()), Worker(office)
    worker.decide_next()
    receive_goods(office, "PO-7001", "4")
    hold(office, number, for_receipts=True)
    worker.decide_next()
    assert state(office, number) is State.ON_HOLD


def test_an_earlier_holds_day_does_not_end_a_later_one(office: Services) -> None:
    number = add_document(office, invoice())
    hold(office, number, until=LATER)
    day, now = office.settings.current_day(), office.now()
    version = DocumentStore(office.db).get(number).version
    reviewing.reopen(office.db, number, version, "ben", "", office.policy, day, now)
    hold(office, number)
    assert HoldStore(office.db).of(number) is None
    office.settings = replace(office.settings, today=LATER)
    Worker(office).decide_next()
    assert state(office, number) is State.ON_HOLD


def test_what_was_decided_meanwhile_stays_so(office: Services) -> None:
    number = add_document(office, invoice())
    hold(office, number, until=LATER)
    day, now = office.settings.current_day(), office.now()
    version = DocumentStore(office.db).get(number).version
    reviewing.reject(office.db, number, version, "ben", "wrong", office.policy, day, now)
    office.settings = replace(office.settings, today=LATER)
    Worker(office).decide_next()
    assert state(office, number) is State.REJECTED


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_a_day_that_is_not_to_come_is_refused(office: Services, day: date) -> None:
    number = add_document(office, invoice())
    with pytest.raises(Conflict, match="later one"):
        hold(office, number, until=day)
    assert state(office, number) is State.NEEDS_REVIEW


def test_without_an_order_no_receipt_can_be_waited_for(office: Services) -> None:
    number = add_document(office, invoice(order="unknown-1"))
    with pytest.raises(Conflict, match="No order"):
        hold(office, number, for_receipts=True)
    assert state(office, number) is State.NEEDS_REVIEW


def test_it_is_held_until_a_day_on_the_page(visit: Visit, services: Services) -> None:
    services.settings = replace(services.settings, today=TODAY)
    number = add_document(services, invoice())
    browser = visit("coordinator")
    assert 'name="until"' in browser.get(f"/documents/{number}").text
    version = str(DocumentStore(services.db).get(number).version)
    form = {"step": "hold", "reason": "on leave", "version": version}
    assert browser.post(f"/documents/{number}/decide", until="soon", **form).status_code == 422
    answer = browser.post(f"/documents/{number}/decide", until="2026-12-01", for_receipts="yes", **form)
    assert answer.status_code == 303
    shown = browser.get(f"/documents/{number}").text
    assert "Comes back by itself on 1 Dec 2026, or when goods of PO-7001 are received" in shown
    assert "Put on hold until 1 Dec 2026 or until goods of PO-7001 are received: on leave" in shown
