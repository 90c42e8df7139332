"""Four eyes above an amount: in the store, on the pages, and where there is only one person."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from office import PASSWORD, add_document, add_records, add_users, invoice
from visitor import Visitor

from ingest.audit import trail
from ingest.document import State
from ingest.errors import Conflict, NotAllowed
from ingest.store import DocumentRecord, DocumentStore
from matching import reviewing
from matching.deciding import recheck
from matching.policy import Override, Policy
from matching.results import Severity
from matching.review import Correction
from matching.second_person import Authority, first_approval
from matching.second_store import FirstApprovalStore
from web.services import Services
from web.store import UserStore

Visit = Callable[..., Visitor]
LIMIT = Policy(second_person_over=Decimal("59.99"))


@pytest.fixture
def number(services: Services) -> int:
    """An invoice of 60.00 whose price differs."""
    add_users(services)
    add_records(services)
    services.settings = replace(services.settings, policy=LIMIT)
    return add_document(services, invoice())


def approve(
    services: Services, number: int, actor: str, authority: Authority, policy: Policy = LIMIT, reason: str = "agreed"
) -> DocumentRecord:
    version, day = DocumentStore(services.db).get(number).version, services.settings.current_day()
    return reviewing.approve(
        services.db, number, version, actor, reason, policy, day, services.now(), authority=authority
    )


def state(services: Services, number: int) -> State:
    return DocumentStore(services.db).get(number).state


def test_two_people_approve_and_the_trail_names_both(services: Services, number: int) -> None:
    assert approve(services, number, "ben", Authority.FIRST).state is State.NEEDS_REVIEW
    assert FirstApprovalStore(services.db).waiting() == (number,)
    assert approve(services, number, "clara", Authority.SECOND).state is State.APPROVED
    assert FirstApprovalStore(services.db).of(number) is None
    first, last = trail(services.db, number)[-2:]
    assert (first.action, first.actor) == ("approve_first", "ben")
    assert (last.action, last.actor, last.details["first_by"]) == ("approve", "clara", "ben")


@pytest.mark.parametrize("authority", [Authority.FIRST, Authority.SECOND])
@pytest.mark.parametrize("again", ["ben", "BEN"])
def test_the_same_person_twice_is_refused(services: Services, number: int, authority: Authority, again: str) -> None:
    approve(services, number, "ben", authority)
    with pytest.raises(Conflict, match="approved it already"):
        approve(services, number, again, Authority.SECOND)
    assert state(services, number) is State.NEEDS_REVIEW


def test_the_second_needs_the_role(services: Services, number: int) -> None:
    approve(services, number, "clara", Authority.SECOND)
    with pytest.raises(NotAllowed):
        approve(services, number, "ben", Authority.FIRST)
    assert state(services, number) is State.NEEDS_REVIEW


def test_what_has_changed_since_was_not_approved(services: Services, number: int) -> None:
    approve(services, number, "ben", Authority.FIRST)
    version, day, now = DocumentStore(services.db).get(number).version, services.settings.current_day(), services.now()
    correction = Correction("invoice_number", "HM-1A", raw="HM-1A")
    reviewing.correct(services.db, number, version, [correction], "ben", LIMIT, day, now)
    assert first_approval(services.db, number) is None
    assert approve(services, number, "clara", Authority.SECOND).state is State.NEEDS_REVIEW
    assert trail(services.db, number)[-1].details["lapsed"] == "ben"
    assert approve(services, number, "anna", Authority.SECOND).state is State.APPROVED


def test_a_document_that_was_put_elsewhere_begins_anew(services: Services, number: int) -> None:
    approve(services, number, "ben", Authority.FIRST)
    day, now = services.settings.current_day(), services.now()
    for step in (reviewing.reject, reviewing.reopen):
        step(services.db, number, DocumentStore(services.db).get(number).version, "ben", "x", LIMIT, day, now)
    assert first_approval(services.db, number) is None
    assert approve(services, number, "clara", Authority.SECOND).state is State.NEEDS_REVIEW


def test_a_first_approval_brings_it_back_from_hold(services: Services, number: int) -> None:
    day, now = services.settings.current_day(), services.now()
    version = DocumentStore(services.db).get(number).version
    reviewing.hold(services.db, number, version, "ben", "x", LIMIT, day, now)
    assert approve(services, number, "ben", Authority.FIRST).state is State.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("policy", "waits"),
    [
        (Policy(), False),
        (Policy(second_person_over=Decimal(60)), False),
        (Policy(second_person_over=Decimal("59.99")), True),
        (Policy(override=(Override(("S-1",), (), {"second_person_over": "10"}),)), True),
        (Policy(override=(Override(("S-2",), (), {"second_person_over": "10"}),)), False),
    ],
)
def test_the_limit_is_the_policys(services: Services, number: int, policy: Policy, waits: bool) -> None:
    done = approve(services, number, "ben", Authority.FIRST, policy)
    assert (done.state is State.NEEDS_REVIEW) is waits


def test_a_total_that_was_not_read_counts_as_above(services: Services, number: int) -> None:
    day, now = services.settings.current_day(), services.now()
    version = DocumentStore(services.db).get(number).version
    gone = [Correction("gross_total", "")]
    reviewing.correct(services.db, number, version, gone, "ben", LIMIT, day, now)
    huge = Policy(second_person_over=Decimal(1_000_000))
    assert approve(services, number, "ben", Authority.SECOND, huge).state is State.NEEDS_REVIEW


def test_who_is_alone_says_enough(services: Services, number: int) -> None:
    with pytest.raises(Conflict, match="how you made sure"):
        approve(services, number, "ben", Authority.ALONE)
    reason = "compared with the order and the delivery note"
    assert approve(services, number, "ben", Authority.ALONE, reason=reason).state is State.APPROVED
    assert trail(services.db, number)[-1].details["alone"] == "yes"


# ------------------------------------------------------------ on the pages


@pytest.fixture
def limited(services: Services) -> Services:
    services.settings = replace(services.settings, policy=LIMIT)
    services.db.execute("DELETE FROM policy_versions")
    services.db.conn.commit()
    return services


def decide(browser: Visitor, services: Services, number: int, **form: str) -> str:
    browser.get(f"/documents/{number}")
    version = str(DocumentStore(services.db).get(number).version)
    answer = browser.post(f"/documents/{number}/decide", step="approve", version=version, **{"reason": "ok", **form})
    return answer.location if answer.status_code == 303 else f"{answer.status_code} {answer.text}"


def test_a_coordinator_and_an_approver_approve_on_the_page(visit: Visit, limited: Services) -> None:
    number = add_document(limited, invoice())
    first, second = visit("coordinator"), visit("approver")
    assert "Yours is the first approval." in first.get(f"/documents/{number}").text
    assert "done=approve_first" in decide(first, limited, number)
    assert "waits for a second person" in first.get(f"/documents/{number}").text
    assert decide(first, limited, number).startswith("409")
    assert decide(visit("coordinator"), limited, number).startswith("409")
    shown = second.get(f"/documents/{number}").text
    assert "<strong>coordinator</strong> approved it" in shown
    assert "done=approve" in decide(second, limited, number)
    assert state(limited, number) is State.APPROVED
    assert "as the second of two, after coordinator" in second.get(f"/documents/{number}").text


def test_a_first_approval_is_taken_back_by_who_gave_it(visit: Visit, limited: Services) -> None:
    number = add_document(limited, invoice())
    first, second = visit("coordinator"), visit("approver")
    decide(first, limited, number)
    assert "Take it back" in first.get(f"/documents/{number}").text
    assert "Take it back" not in second.get(f"/documents/{number}").text
    assert second.post(f"/documents/{number}/first-approval/withdraw").status_code == 409
    assert first.post(f"/documents/{number}/first-approval/withdraw").status_code == 303
    assert trail(limited.db, number)[-1].action == "approval_withdrawn"
    assert "done=approve_first" in decide(second, limited, number)
    assert state(limited, number) is State.NEEDS_REVIEW


def leave_only(services: Services, *names: str) -> None:
    for one in UserStore(services.db).all():
        services.db.execute("UPDATE users SET active = ? WHERE id = ?", [int(one.name in names), one.id])
    services.db.conn.commit()


def test_the_only_person_enters_the_password_again(visit: Visit, limited: Services) -> None:
    number = add_document(limited, invoice())
    leave_only(limited, "admin", "viewer")
    browser = visit("admin")
    assert "Your password again" in browser.get(f"/documents/{number}").text
    note = {"reason": "compared with the order and the delivery note"}
    assert decide(browser, limited, number, **note).startswith("403")
    assert decide(browser, limited, number, password="wrong", **note).startswith("403")
    assert decide(browser, limited, number, password=PASSWORD).startswith("409")
    assert state(limited, number) is State.NEEDS_REVIEW
    assert "done=approve" in decide(browser, limited, number, password=PASSWORD, **note)
    assert state(limited, number) is State.APPROVED


def test_the_only_approver_is_the_second(visit: Visit, limited: Services) -> None:
    number = add_document(limited, invoice())
    leave_only(limited, "admin", "coordinator")
    admin = visit("admin")
    refused = decide(admin, limited, number)
    assert refused.startswith("409")
    assert "Let a colleague approve it first" in refused
    decide(visit("coordinator"), limited, number)
    assert "done=approve" in decide(admin, limited, number)
    assert state(limited, number) is State.APPROVED


def test_below_the_limit_one_person_is_enough(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("coordinator")
    assert "Two people approve" not in browser.get(f"/documents/{number}").text
    assert "done=approve&" in decide(browser, services, number) + "&"
    assert state(services, number) is State.APPROVED


def test_one_answer_for_many_approves_none_above_the_limit(visit: Visit, limited: Services) -> None:
    small, large = add_document(limited, invoice("HM-3", price="4.50")), add_document(limited, invoice("HM-4"))
    browser = visit("coordinator")
    for number in (large, small):
        shown = browser.get("/queue/causes").text
        assert any(answers(browser, limited, key, number) for key in re.findall(r'id="cause-(\w+)"', shown))
    assert (state(limited, small), state(limited, large)) == (State.APPROVED, State.NEEDS_REVIEW)
    assert FirstApprovalStore(limited.db).waiting() == (large,)


def answers(browser: Visitor, services: Services, key: str, number: int) -> bool:
    """Approve a document by the answer to a cause; whether the cause was one of its own."""
    version = DocumentStore(services.db).get(number).version
    form = {"step": "approve", "reason": "agreed with purchasing", "document": f"{number}/{version}"}
    location = browser.post(f"/queue/causes/{key}", **form).location
    return f"answered={number}" in location or version != DocumentStore(services.db).get(number).version


DIFFERENCE = Policy(coordinator_difference=Decimal("9.99"), approver_difference=Decimal(20))


def test_a_difference_above_a_coordinators_limit_needs_an_approver_too(services: Services, number: int) -> None:
    # ten rods at 5.00, ordered at 4.00: 10.00 too much
    assert approve(services, number, "ben", Authority.FIRST, DIFFERENCE).state is State.NEEDS_REVIEW
    with pytest.raises(NotAllowed, match="needs the role approver"):
        approve(services, number, "dora", Authority.FIRST, DIFFERENCE)
    assert approve(services, number, "clara", Authority.SECOND, DIFFERENCE).state is State.APPROVED
    assert trail(services.db, number)[-1].details["first_by"] == "ben"


@pytest.mark.parametrize(
    ("policy", "authority", "enough"),
    [
        (DIFFERENCE, Authority.SECOND, True),
        (Policy(coordinator_difference=Decimal(10)), Authority.FIRST, True),
        (Policy(coordinator_difference=Decimal("9.99")), Authority.FIRST, False),
        (Policy(approver_difference=Decimal("9.99")), Authority.FIRST, True),
        (Policy(approver_difference=Decimal("9.99")), Authority.SECOND, False),
        (Policy(severity={"price_differs": Severity.WARNING, "total_over_order": Severity.WARNING},
                coordinator_difference=Decimal(1)), Authority.FIRST, True),
    ],
)  # fmt: skip
def test_how_much_each_role_approves_alone(
    services: Services, number: int, policy: Policy, authority: Authority, enough: bool
) -> None:
    if policy.severity:
        day = services.settings.current_day()
        recheck(services.db, number, policy, day, services.now())
    done = approve(services, number, "ben", authority, policy)
    assert (done.state is State.APPROVED) is enough


def test_the_page_says_what_the_role_may_and_an_approver_is_enough(services: Services, visit: Visit) -> None:
    services.settings = replace(services.settings, policy=DIFFERENCE)
    document = add_document(services, invoice())
    browser = visit("coordinator")
    page = browser.get(f"/documents/{document}").text.replace("\xa0", " ")
    assert "The differences come to 10.00 GBP; you approve up to 9.99 GBP alone." in page
    assert "you approve up to" not in visit("approver").get(f"/documents/{document}").text
