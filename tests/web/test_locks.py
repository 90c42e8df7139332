"""Who edits a document: the lock, its hand-over, its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from office import add_document, invoice
from visitor import Visitor

from ingest.audit import trail
from ingest.store import DocumentStore
from matching.store import MatchStore
from web import lock_store
from web.lock_store import IDLE, PRESENT, UNANSWERED, LockStore
from web.services import Services

Visit = Callable[..., Visitor]


@pytest.fixture
def dear(services: Services, app: object) -> int:
    """An invoice that waits."""
    return add_document(services, invoice())


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time go by for locks."""
    real, gone = lock_store.now, [timedelta()]
    monkeypatch.setattr(lock_store, "now", lambda: real() + gone[0])
    monkeypatch.setattr("web.views.people.now", lambda: real() + gone[0])

    def go_by(time: timedelta) -> None:
        gone[0] += time

    return go_by


def lock(browser: Visitor, number: int, step: str = "take") -> dict[str, object]:
    answer = browser.post(f"/documents/{number}/lock", step=step, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json["lock"]
    return found


def correct(browser: Visitor, services: Services, number: int) -> int:
    version = DocumentStore(services.db).get(number).version
    form = {"field": "buyer_reference", "value": "X", "version": version}
    return browser.post(f"/documents/{number}/correct", **form).status_code


def test_who_edits_has_it_and_others_change_nothing(visit: Visit, services: Services, dear: int) -> None:
    anna, ben = visit("coordinator"), visit("approver")
    assert lock(anna, dear)["mine"] is True
    assert lock(ben, dear) == {"by": "coordinator", "mine": False, "free": False, "asked": "", "asked_by_me": False}
    assert correct(ben, services, dear) == 423
    version = DocumentStore(services.db).get(dear).version
    refused = ben.post(f"/documents/{dear}/decide", step="reject", reason="no", version=version)
    assert refused.status_code == 423
    assert "coordinator is editing" in refused.text
    assert MatchStore(services.db).corrections(dear) == ()
    assert "coordinator is editing this document." in ben.get(f"/documents/{dear}").text
    assert correct(anna, services, dear) == 303


def test_it_is_asked_for_and_handed_over(visit: Visit, services: Services, dear: int) -> None:
    anna, ben = visit("coordinator"), visit("approver")
    lock(anna, dear)
    assert lock(ben, dear, "ask")["asked_by_me"] is True
    assert anna.post(f"/documents/{dear}/presence").json["lock"]["asked"] == "approver"
    assert lock(anna, dear, "keep")["asked"] == ""
    lock(ben, dear, "ask")
    assert lock(anna, dear, "give")["by"] == "approver"
    assert correct(anna, services, dear) == 423
    assert correct(ben, services, dear) == 303


@pytest.mark.parametrize(("first", "time"), [("take", IDLE), ("ask", UNANSWERED)])
def test_it_is_taken_over_from_who_does_nothing(
    visit: Visit, services: Services, dear: int, later: Callable[[timedelta], None], first: str, time: timedelta
) -> None:
    anna, ben = visit("coordinator"), visit("approver")
    lock(anna, dear)
    lock(ben, dear, first)
    assert ben.post(f"/documents/{dear}/lock", step="take_over").status_code == 423
    for _ in range(time // timedelta(seconds=15) + 1):
        later(timedelta(seconds=15))
        anna.post(f"/documents/{dear}/presence")  # her page is open all the time
    assert ben.post(f"/documents/{dear}/presence").json["lock"]["free"] is True
    assert lock(ben, dear, "take_over")["mine"] is True
    last = trail(services.db, dear)[-1]
    assert (last.action, last.actor, last.details["before"]) == ("taken_over", "approver", "coordinator")


def test_it_ends_when_its_holder_leaves_or_gives_no_sign_of_life(
    visit: Visit, services: Services, dear: int, later: Callable[[timedelta], None]
) -> None:
    anna, ben = visit("coordinator"), visit("approver")
    lock(anna, dear)
    anna.post(f"/documents/{dear}/presence", leaving="yes")
    assert LockStore(services.db).of(dear) is None
    lock(anna, dear)
    later(PRESENT + timedelta(seconds=1))
    assert correct(ben, services, dear) == 303


def test_looking_takes_nothing_and_writes_seldom(visit: Visit, services: Services, dear: int) -> None:
    browser = visit("viewer")
    browser.get(f"/documents/{dear}")
    before = services.db.execute("SELECT seen_at FROM presence").fetchall()
    assert browser.post(f"/documents/{dear}/presence").json["lock"] is None
    assert services.db.execute("SELECT seen_at FROM presence").fetchall() == before
    assert browser.post(f"/documents/{dear}/lock", step="take").status_code == 403
