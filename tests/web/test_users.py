"""Users: invited by link, ended, never without an administrator; their own passwords; guessers slowed down."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from office import PASSWORD, add_users
from visitor import Visitor

from web.app import create_app
from web.people_store import PeopleStore, TokenStore
from web.services import Services
from web.store import InvalidInput, TooManyAttempts, UserStore

Visit = Callable[..., Visitor]
OTHER = "seven green lamps at sea"


def link_in(text: str) -> str:
    found = re.search(r"http://localhost(/link/[\w-]+)", text)
    assert found is not None
    return found[1]


def actions(services: Services) -> list[tuple[str, str]]:
    return [(row["action"], row["actor"]) for row in services.db.query("SELECT action, actor FROM audit ORDER BY id")]


def number_of(services: Services, name: str) -> int:
    return next(one.user.id for one in PeopleStore(services.db).all() if one.user.name == name)


def test_a_new_user_sets_a_password_by_a_link_that_works_once(visit: Visit, services: Services) -> None:
    admin = visit("admin")
    page = admin.post("/users", name="Nora Lind", role="coordinator")
    assert page.status_code == 200
    address = link_in(page.text)
    assert "Link not used yet" in admin.get("/users").text
    assert visit().log_in("Nora Lind", "!").status_code == 401
    nora = visit()
    assert "Nora Lind" in nora.get(address).text
    assert nora.post(address, password=OTHER, again="another").status_code == 422
    assert nora.post(address, password=OTHER, again=OTHER).status_code == 303
    assert nora.get("/queue").status_code == 200
    assert visit().get(address).status_code == 404
    assert visit().log_in("Nora Lind", OTHER).status_code == 303
    assert actions(services) == [("user_added", "admin"), ("password_set", "Nora Lind")]


def test_a_name_that_is_taken_or_empty_is_told(visit: Visit) -> None:
    admin = visit("admin")
    assert "already" in admin.post("/users", name="VIEWER", role="viewer").text
    assert admin.post("/users", name=" ", role="viewer").status_code == 422
    assert admin.post("/users", name="Nora", role="king").status_code == 422


def test_a_new_link_ends_the_one_before(visit: Visit, services: Services) -> None:
    admin, number = visit("admin"), number_of(services, "viewer")
    first = link_in(admin.post(f"/users/{number}", step="link").text)
    second = link_in(admin.post(f"/users/{number}", step="link").text)
    assert visit().get(first).status_code == 404
    assert visit().get(second).status_code == 200


def test_who_is_deactivated_is_out_at_once_and_may_come_back(visit: Visit, services: Services) -> None:
    viewer, admin, number = visit("viewer"), visit("admin"), number_of(services, "viewer")
    assert admin.post(f"/users/{number}", step="deactivate").status_code == 303
    assert viewer.get("/queue").status_code == 303
    assert visit().log_in("viewer").status_code == 401
    assert admin.post(f"/users/{number}", step="activate").status_code == 303
    assert visit().log_in("viewer").status_code == 303


def test_logged_out_everywhere(visit: Visit, services: Services) -> None:
    one, two, admin = visit("approver"), visit("approver"), visit("admin")
    admin.post(f"/users/{number_of(services, 'approver')}", step="log_out")
    assert (one.get("/queue").status_code, two.get("/queue").status_code) == (303, 303)


@pytest.mark.parametrize("form", [{"step": "deactivate"}, {"step": "role", "role": "viewer"}])
def test_the_last_administrator_stays(visit: Visit, services: Services, form: dict[str, str]) -> None:
    admin, number = visit("admin"), number_of(services, "admin")
    answer = admin.post(f"/users/{number}", **form)
    assert (answer.status_code, "last administrator" in answer.text) == (409, True)
    admin.post(f"/users/{number_of(services, 'approver')}", step="role", role="admin")
    assert admin.post(f"/users/{number}", **form).status_code == 303


def test_a_role_counts_from_the_next_request(visit: Visit, services: Services) -> None:
    viewer, admin = visit("viewer"), visit("admin")
    assert viewer.post("/export", format="csv").status_code == 403
    admin.post(f"/users/{number_of(services, 'viewer')}", step="role", role="coordinator")
    assert viewer.post("/export", format="csv").status_code == 200
    assert ("user_role", "admin") in actions(services)


def test_ones_own_password_asks_the_present_one(visit: Visit, services: Services) -> None:
    browser, elsewhere = visit("coordinator"), visit("coordinator")
    assert browser.get("/account").status_code == 200
    wrong = browser.post("/account", present="not it", password=OTHER, again=OTHER)
    assert (wrong.status_code, "present password" in wrong.text) == (422, True)
    assert browser.post("/account", present=PASSWORD, password=OTHER, again="x").status_code == 422
    assert browser.post("/account", present=PASSWORD, password=OTHER, again=OTHER).status_code == 303
    assert browser.get("/queue").status_code == 200
    assert elsewhere.get("/queue").status_code == 303
    assert ("password_set", "coordinator") in actions(services)


@pytest.mark.parametrize("password", ["password1234", "qwertyuiop12", "Administrator1", "aaaaaaaaaaaaaaa", "short"])
def test_passwords_that_are_guessed_first_are_refused(services: Services, password: str) -> None:
    with pytest.raises(InvalidInput):
        UserStore(services.db).add("Administrator", password, "admin")


def test_many_names_from_one_address_are_slowed_down(services: Services) -> None:
    store = UserStore(services.db)
    add_users(services)
    for number in range(60):
        assert store.authenticate(f"guess {number}", "whatever it is", "203.0.113.9") is None
    with pytest.raises(TooManyAttempts, match="address"):
        store.authenticate("viewer", PASSWORD, "203.0.113.9")
    assert store.authenticate("viewer", PASSWORD, "203.0.113.10") is not None


def test_behind_https_cookies_are_bound_to_the_host(services: Services) -> None:
    settings = replace(services.settings, server=replace(services.settings.server, secure_cookies=True))
    secured = Services(settings, services.files)
    add_users(secured)
    client = create_app(secured).test_client()
    page = client.get("/login", base_url="https://localhost")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf": token[1], "name": "viewer", "password": PASSWORD}
    answer = client.post("/login", data=form, base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-coordinator_session=") and "Path=/" in cookie for cookie in cookies)
    assert client.get("/queue", base_url="https://localhost").status_code == 200
    secured.close()


def test_a_token_is_shown_once_and_only_its_hash_is_kept(visit: Visit, services: Services) -> None:
    admin = visit("admin")
    page = admin.post("/tokens", name="accounting", scope="read", days="30")
    found = re.search(r"icp_[\w-]{43}", page.text)
    assert found is not None
    assert found[0] not in admin.get("/users").text
    assert found[0] not in "".join(services.db.conn.iterdump())
    (token,) = TokenStore(services.db).all()
    assert (token.name, token.last_used_at, token.created_by) == ("accounting", None, "admin")
    for wrong in ({"name": ""}, {"days": "0"}, {"days": "x"}, {"scope": ""}):
        form = {"name": "x", "scope": "read", "days": "30"} | wrong
        assert admin.post("/tokens", **form).status_code == 422
