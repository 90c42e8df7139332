"""Who gets in, and who does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from office import PASSWORD, add_users
from visitor import PUBLIC, Visitor

from web.app import DemoLogin, create_app
from web.services import Services
from web.store import UserStore


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every route that takes the method, with parameters filled in."""
    values = {
        "document_id": 1,
        "page": 1,
        "kind": "orders",
        "po_number": "PO-7001",
        "token": "t",
        "filename": "style.css",
        "sha256": "0" * 64,
        "number": 1,
        "user_id": 1,
        "token_id": 1,
    }
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, adapter.build(rule.endpoint, {name: values.get(name, 1) for name in rule.arguments}, method))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    ]


def test_only_the_door_is_open_without_log_in(app: Flask, visit) -> None:
    browser = visit()
    open_ones = set()
    for endpoint, address in addresses(app, "GET"):
        response = browser.get(address)
        if response.status_code == 303 and response.location.startswith("/login"):
            continue
        if response.status_code == 401 and address.startswith("/api/"):
            continue
        open_ones.add(endpoint)
    # that of the code sends on who has not given a password
    assert open_ones == {endpoint for endpoint, _ in addresses(app, "GET")} & PUBLIC - {"factor.ask"}


def test_nothing_can_be_sent_without_log_in(app: Flask, visit) -> None:
    browser = visit()
    browser.get("/login")
    posts = [
        item for item in addresses(app, "POST") if item[0] not in PUBLIC and not item[0].startswith(("api.", "api_"))
    ]
    assert len(posts) >= 6
    for endpoint, address in posts:
        response = browser.post(address)
        assert (response.status_code, response.location) == (303, "/login"), endpoint


def test_a_script_without_session_is_told_so(visit) -> None:
    response = visit().get("/documents/1/verdict", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json["error"]["code"] == "log_in_needed"


def test_log_in_leads_to_the_page_that_was_asked_for(visit) -> None:
    browser = visit()
    asked = browser.get("/records/orders?text=PO")
    page = browser.get(asked.location)
    assert 'value="/records/orders?text=PO"' in page.text
    response = browser.post("/login", name="coordinator", password=PASSWORD, next="/records/orders?text=PO")
    assert response.location == "/records/orders?text=PO"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_log_in_never_leads_to_another_site(visit, elsewhere: str) -> None:
    browser = visit()
    browser.get("/login")
    response = browser.post("/login", name="coordinator", password=PASSWORD, next=elsewhere)
    assert response.location == "/queue"


def test_wrong_password_keeps_the_name_and_says_what_to_check(visit) -> None:
    browser = visit()
    response = browser.log_in("coordinator", "not the password")
    assert response.status_code == 401
    assert "do not fit together" in response.text
    assert 'value="coordinator"' in response.text
    assert browser.get("/queue").status_code == 303


def test_unknown_name_and_wrong_password_are_answered_alike(visit) -> None:
    known, unknown = visit().log_in("coordinator", "wrong"), visit().log_in("nobody", "wrong")
    assert known.status_code == unknown.status_code
    assert "do not fit together" in unknown.text


def test_many_wrong_passwords_are_slowed_down_for_that_name_only(visit) -> None:
    browser = visit()
    statuses = [browser.log_in("approver", f"guess {number}").status_code for number in range(9)]
    assert statuses == [401] * 8 + [429]
    assert browser.log_in("approver").status_code == 429
    assert visit().log_in("coordinator").status_code == 303


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visit) -> None:
    cookies = visit().log_in("coordinator").headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("coordinator_session="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Secure" not in session


def test_behind_https_cookies_are_secure(services: Services) -> None:
    settings = replace(services.settings, server=replace(services.settings.server, secure_cookies=True))
    secured = Services(settings, services.files)
    add_users(secured)
    cookies = create_app(secured).test_client().get("/login").headers.getlist("Set-Cookie")
    secured.close()
    assert len(cookies) == 1
    assert "Secure" in cookies[0]


def test_logged_out_means_out_even_with_the_old_cookie(visit) -> None:
    browser = visit("coordinator")
    kept = browser.client.get_cookie("coordinator_session").value
    assert browser.post("/logout").location == "/login"
    browser.client.set_cookie("coordinator_session", kept)
    assert browser.get("/queue").status_code == 303


def test_a_new_password_ends_every_session(visit, services: Services) -> None:
    browser = visit("coordinator")
    UserStore(services.db).set_password("coordinator", "another good phrase")
    assert browser.get("/queue").status_code == 303
    assert visit().log_in("coordinator", "another good phrase").status_code == 303


def test_the_set_up_link_makes_one_administrator_and_is_spent(services: Services) -> None:
    app = create_app(services)
    browser = Visitor(app)
    assert "no user yet" in browser.get("/login").text
    token = UserStore(services.db).new_setup_token()
    browser.get(f"/setup/{token}")
    short = browser.post(f"/setup/{token}", name="Anna", password="short", again="short")
    assert short.status_code == 422
    assert "at least 12 characters" in short.text
    differ = browser.post(f"/setup/{token}", name="Anna", password=PASSWORD, again=PASSWORD + "x")
    assert differ.status_code == 422
    assert not UserStore(services.db).any()
    made = browser.post(f"/setup/{token}", name="Anna", password=PASSWORD, again=PASSWORD)
    assert made.location == "/queue"
    assert [str(user.role) for user in UserStore(services.db).all()] == ["admin"]
    assert browser.get("/queue").status_code == 200
    assert browser.get(f"/setup/{token}").status_code == 404


def test_a_demonstration_shows_its_log_in(services: Services) -> None:
    add_users(services)
    shown = create_app(services, demo_login=DemoLogin("anna", "secret-for-demo")).test_client().get("/login").text
    assert "secret-for-demo" in shown
    assert "secret-for-demo" not in create_app(services).test_client().get("/login").text
