"""A new account of a supplier, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from office import PASSWORD, SUPPLIER, add_document, invoice, value
from visitor import Visitor

from ingest.database import transaction
from ingest.document import State
from ingest.store import DocumentStore
from matching.account_store import AccountStore
from matching.store import MatchStore, RecordStore
from web.services import Services
from web.store import Role, UserStore

Visit = Callable[..., Visitor]
IBAN, OTHER = "GB29NWBK60161331926819", "GB33BUKB20201555555555"
NOTE = "called Mr Hill at +44 151 496 0000, the number on file"


def held(services: Services) -> int:
    with transaction(services.db):
        RecordStore(services.db).put([replace(SUPPLIER, iban=(IBAN,))])
    extraction = invoice("HM-9", price="4.00")
    extraction = replace(extraction, fields={**extraction.fields, "seller_iban": value(OTHER)})
    return add_document(services, extraction)


def codes(services: Services, number: int) -> set[str]:
    match = MatchStore(services.db).match(number)
    assert match is not None
    return {item.code for item in match.discrepancies}


def test_one_proposes_beside_the_invoice_and_another_accepts(visit: Visit, services: Services) -> None:
    number = held(services)
    first, second = visit("coordinator"), visit("approver")
    assert "It is the supplier's new account" in first.get(f"/documents/{number}").text
    form = {"account": OTHER, "note": NOTE}
    assert first.post(f"/documents/{number}/account", **form).status_code == 303
    assert NOTE in first.get(f"/documents/{number}").text
    assert "waits for a second person" in first.get("/accounts").text
    assert "1 new account of suppliers waits" in second.get("/queue").text
    assert first.post("/accounts/1/accept", **{"note": ""}).status_code == 403
    assert "Accept account" in second.get(f"/documents/{number}").text
    answer = second.post("/accounts/1/accept", **{"note": "", "document": str(number)})
    assert answer.location == f"/documents/{number}"
    assert codes(services, number) == set()
    assert OTHER in second.get("/records/suppliers").text
    assert "Accepted by approver" in second.get("/accounts").text
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW


def test_who_is_alone_enters_the_password_again(visit: Visit, services: Services) -> None:
    number = held(services)
    users = UserStore(services.db)
    services.db.execute("DELETE FROM users WHERE name IN ('approver')")
    services.db.conn.commit()
    assert [one.name for one in users.all() if one.role.includes(Role.APPROVER)] == ["admin"]
    browser = visit("admin")
    browser.post(f"/documents/{number}/account", **{"account": OTHER, "note": NOTE})
    assert "Your password again" in browser.get(f"/documents/{number}").text
    wrong = browser.post("/accounts/1/accept", **{"note": NOTE, "password": "wrong"})
    assert wrong.status_code == 403
    assert AccountStore(services.db).waiting() != ()
    assert browser.post("/accounts/1/accept", **{"note": NOTE, "password": PASSWORD}).status_code == 303
    assert codes(services, number) == set()


def test_a_proposal_is_refused_or_taken_back(visit: Visit, services: Services) -> None:
    number = held(services)
    browser = visit("coordinator")
    browser.post(f"/documents/{number}/account", **{"account": OTHER, "note": NOTE})
    assert "Take back" in browser.get(f"/documents/{number}").text
    assert browser.post("/accounts/1/refuse", **{"note": "typing error"}).status_code == 303
    assert codes(services, number) == {"bank_account_changed"}
    assert "Refused by coordinator" in browser.get("/accounts").text
