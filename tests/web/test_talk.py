"""Comments, mentions and assignment: in the store, on the page and by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from office import add_document, add_records, add_users, invoice
from visitor import Visitor

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import State
from ingest.errors import NotFound
from ingest.store import DocumentStore
from web.assigning import AssignRule, assign_by_rule
from web.doctor import examine
from web.services import Services
from web.store import InvalidInput, Role, User
from web.talk_store import TalkStore, mentioned
from web.worker import Worker

Visit = Callable[..., Visitor]


@pytest.fixture
def people(services: Services) -> dict[Role, User]:
    made = add_users(services)
    add_records(services)
    return made


def test_longer_names_are_not_taken_for_shorter_ones() -> None:
    ann, ann_lee, oe = User(1, "Ann", Role.VIEWER), User(2, "Ann Lee", Role.VIEWER), User(3, "Jörg Öz", Role.VIEWER)
    people = (ann, ann_lee, oe)
    assert mentioned("@Ann Lee, is this right?", people) == (ann_lee,)
    assert set(mentioned("@ann and @jörg öz: look", people)) == {ann, oe}
    assert mentioned("mail@ann.example, @Annabel, Ann", people) == ()


def test_a_mention_is_open_until_it_is_answered_or_seen(services: Services, people: dict[Role, User]) -> None:
    number, store, now = add_document(services, invoice()), TalkStore(services.db), services.now()
    first, second = people[Role.COORDINATOR], people[Role.APPROVER]
    made = store.comment(number, first, " Is 5.00 agreed, @Approver?\r\n Thanks  ", now)
    assert made.text == "Is 5.00 agreed, @Approver?\n Thanks"
    assert store.mentions_of(second) == (number,)
    assert store.mentions_of(first) == ()
    store.comment(number, second, "Yes, @coordinator", now)
    assert store.mentions_of(second) == ()
    assert store.mentions_of(first) == (number,)
    store.note_read(number, first, now)
    assert store.mentions_of(first) == ()
    assert [one.mentioned for one in store.of_document(number)] == [("approver",), ("coordinator",)]
    told = [(one.action, one.actor) for one in trail(services.db, number)][-2:]
    assert told == [("commented", "coordinator"), ("commented", "approver")]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_an_empty_or_endless_comment_is_refused(services: Services, people: dict[Role, User], text: str) -> None:
    number = add_document(services, invoice())
    with pytest.raises(InvalidInput):
        TalkStore(services.db).comment(number, people[Role.ADMIN], text, services.now())
    assert TalkStore(services.db).of_document(number) == ()


def test_nothing_is_said_of_a_document_that_is_not_there(services: Services, people: dict[Role, User]) -> None:
    with pytest.raises(NotFound):
        TalkStore(services.db).comment(99, people[Role.ADMIN], "hello", services.now())
    with pytest.raises(NotFound):
        TalkStore(services.db).assign(99, people[Role.ADMIN].id, "admin", services.now())


def test_a_document_has_one_holder_and_who_cannot_work_gets_none(services: Services, people: dict[Role, User]) -> None:
    number, store, now = add_document(services, invoice()), TalkStore(services.db), services.now()
    one, other = people[Role.COORDINATOR], people[Role.APPROVER]
    store.assign(number, one.id, "admin", now)
    store.assign(number, one.id, "admin", now)
    store.assign(number, other.id, "admin", now)
    assert store.assigned_to(one) == ()
    assert store.assigned_to(other) == (number,)
    assert store.assignees((number, 77)) == {number: "approver"}
    for nobody in (people[Role.VIEWER].id, 999):
        with pytest.raises(InvalidInput):
            store.assign(number, nobody, "admin", now)
    services.db.execute("UPDATE users SET active = 0 WHERE id = ?", [one.id])
    services.db.conn.commit()
    with pytest.raises(InvalidInput):
        store.assign(number, one.id, "admin", now)
    second = add_document(services, invoice("HM-2"))
    store.assign(second, people[Role.ADMIN].id, "admin", now)
    services.db.execute("UPDATE users SET active = 0 WHERE id = ?", [people[Role.ADMIN].id])
    services.db.conn.commit()
    assert store.assignment(second) is None
    assert store.assign_by_name(second, "approver", now, "by rule")
    assert store.assignees((second,)) == {second: "approver"}
    with transaction(services.db):
        DocumentStore(services.db).move(number, State.APPROVED, now)
    assert store.assigned_to(other) == (second,)
    assert [entry.action for entry in trail(services.db, number)].count("assigned") == 2


RULES = (
    AssignRule("approver", supplier=("S-1",), least_amount=Decimal(1000)),
    AssignRule("gone", customer=("C-1",)),
    AssignRule("viewer"),
    AssignRule("Coordinator", customer=("C-1",), supplier=("S-1", "S-2")),
)


@pytest.mark.parametrize(("price", "holder"), [("5.00", "coordinator"), ("500.00", "approver")])
def test_the_first_rule_that_fits_and_names_a_user_counts(
    services: Services, people: dict[Role, User], price: str, holder: str
) -> None:
    number = add_document(services, invoice(price=price))
    assign_by_rule(services.db, number, RULES, services.now())
    found = TalkStore(services.db).assignment(number)
    assert found is not None
    assert found.user.name == holder
    assert "by rule (S-1" in trail(services.db, number)[-1].details["reason"]


def test_rules_leave_alone_what_passed_and_what_somebody_has(services: Services, people: dict[Role, User]) -> None:
    passed, taken = add_document(services, invoice(price="4.00")), add_document(services, invoice("HM-2"))
    assert DocumentStore(services.db).get(passed).state is State.APPROVED
    store = TalkStore(services.db)
    store.assign(taken, people[Role.ADMIN].id, "admin", services.now())
    for number in (passed, taken):
        assign_by_rule(services.db, number, (AssignRule("coordinator"),), services.now())
    assert store.assignment(passed) is None
    assert store.assignees((passed, taken)) == {taken: "admin"}


def test_the_worker_gives_what_comes_to_review(services: Services, people: dict[Role, User]) -> None:
    number = add_document(services, invoice())
    services.settings = replace(services.settings, assign=(AssignRule("coordinator", supplier=("S-1",)),))
    with transaction(services.db):
        DocumentStore(services.db).move(number, State.READ, services.now())
    assert Worker(services).decide_next()
    assert TalkStore(services.db).assigned_to(people[Role.COORDINATOR]) == (number,)


def test_comments_stand_on_the_page_escaped_with_author_and_history(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    first, second = visit("coordinator"), visit("approver")
    assert "Nobody in particular has it" in first.get(f"/documents/{number}").text
    answer = first.post(f"/documents/{number}/comments", htmx=True, comment="<b>Agreed?</b> @approver")
    assert answer.status_code == 200
    assert "approver will find it under" in answer.text
    shown = second.get(f"/documents/{number}").text
    assert "&lt;b&gt;Agreed?&lt;/b&gt; @approver" in shown
    assert "You are mentioned here." in shown
    assert "Commented: \u201c&lt;b&gt;" in shown
    assert second.post(f"/documents/{number}/seen").status_code == 303
    assert "You are mentioned here." not in second.get(f"/documents/{number}").text
    assert first.post(f"/documents/{number}/comments", htmx=True, comment=" ").status_code == 422


def test_a_document_is_taken_given_and_let_go_on_the_page(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("coordinator")
    version = DocumentStore(services.db).get(number).version
    assert "has the document now" in browser.post(f"/documents/{number}/assign", htmx=True, to="me").text
    assert "<strong>coordinator</strong> has it" in browser.get(f"/documents/{number}").text
    admin = next(one.id for one in TalkStore(services.db).workers() if one.name == "admin")
    browser.post(f"/documents/{number}/assign", to=str(admin))
    assert "given by coordinator" in browser.get(f"/documents/{number}").text
    browser.post(f"/documents/{number}/assign", to="")
    assert "Taken from admin" in browser.get(f"/documents/{number}").text
    assert browser.post(f"/documents/{number}/assign", to="you").status_code == 422
    # who has it is nothing that a decision rests on
    assert DocumentStore(services.db).get(number).version == version


def test_a_viewer_reads_and_changes_nothing(visit: Visit, services: Services, app: Flask) -> None:
    number = add_document(services, invoice())
    shown = visit("viewer").get(f"/documents/{number}").text
    assert 'name="comment"' not in shown
    assert "Give it to me" not in shown


def test_doctor_tells_of_rules_that_name_nobody(services: Services, people: dict[Role, User]) -> None:
    assert not [one for one in examine(services) if one.what == "assigning"]
    services.settings = replace(services.settings, assign=(AssignRule("coordinator"), AssignRule("Viewer")))
    found = next(one for one in examine(services) if one.what == "assigning")
    assert (found.good, found.message) == (False, "no user may work on documents who is called Viewer")
