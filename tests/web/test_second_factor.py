"""The second factor, recovery codes, sessions and stolen passwords, as people and thieves meet them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from command import run
from flask import Flask
from office import PASSWORD, add_users
from visitor import Visitor

from ingest.errors import SettingsError
from web.app import create_app
from web.passwords import is_in
from web.services import Services
from web.settings import load_settings
from web.store import UserStore

Visit = Callable[..., Visitor]
CODE = re.compile(r"<code>((?:[a-z2-9]{4}-){3}[a-z2-9]{4})</code>")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The seconds that codes go by; a test turns them on."""
    now = [datetime(2026, 11, 23, tzinfo=UTC).timestamp()]
    monkeypatch.setattr("web.factor_store.time.time", lambda: now[0])
    yield now


def set_up(browser: Visitor, clock: list[float]) -> tuple[pyotp.TOTP, list[str]]:
    page = browser.post("/account/second-factor", step="begin", present=PASSWORD).text
    found = re.search(r'<code class="wrap">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    done = browser.post("/account/second-factor", step="confirm", code=app.at(int(clock[0])))
    codes = CODE.findall(done.text)
    assert len(set(codes)) == 10
    clock[0] += 30
    return app, codes


def user_id(services: Services, name: str) -> int:
    return next(one.id for one in UserStore(services.db).all() if one.name == name)


def test_the_password_alone_opens_nothing_and_a_code_counts_once(
    visit: Visit, services: Services, clock: list[float]
) -> None:
    app, _ = set_up(visit("approver"), clock)
    browser = visit()
    answer = browser.log_in("approver")
    assert answer.location == "/login/code?next=%2Fqueue"
    assert browser.get("/queue").status_code == 303
    half_way = browser.client.get_cookie("coordinator_code")
    assert half_way is not None
    thief = visit()
    thief.client.set_cookie("coordinator_session", half_way.value)
    assert thief.get("/queue").status_code == 303
    browser.get("/login/code?next=/upload")
    assert browser.post("/login/code", code="000000").status_code == 401
    code = app.at(int(clock[0]))
    assert browser.post("/login/code", code=f"{code[:3]} {code[3:]}", next="/upload").location == "/upload"
    assert browser.get("/queue").status_code == 200
    again = visit()
    again.log_in("approver")
    again.get("/login/code")
    assert again.post("/login/code", code=code).status_code == 401
    clock[0] += 30
    assert again.post("/login/code", code=app.at(int(clock[0])), next="//evil.example").location == "/queue"


def test_guessing_codes_is_slowed_down_though_the_password_is_known(visit: Visit, clock: list[float]) -> None:
    app, _ = set_up(visit("approver"), clock)
    statuses = []
    for number in range(10):
        browser = visit()
        browser.log_in("approver")  # right each time: that must not clear the count
        browser.get("/login/code")
        statuses.append(browser.post("/login/code", code=f"{number:06}").status_code)
    assert statuses[:8] == [401] * 8
    assert statuses[8:] == [429] * 2
    assert browser.post("/login/code", code=app.at(int(clock[0]))).status_code == 429
    assert visit("coordinator").get("/queue").status_code == 200


def test_a_recovery_code_works_once_and_new_ones_end_the_old(visit: Visit, clock: list[float]) -> None:
    first = visit("viewer")
    _, codes = set_up(first, clock)

    def log_in_with(code: str) -> int:
        browser = visit()
        browser.log_in("viewer")
        browser.get("/login/code")
        return browser.post("/login/code", code=code).status_code

    assert log_in_with(codes[0].upper().replace("-", " ")) == 303
    assert log_in_with(codes[0]) == 401
    assert "9 of 10 recovery codes" in first.get("/account/second-factor").text
    renewed = CODE.findall(first.post("/account/second-factor", step="renew", present=PASSWORD).text)
    assert len(set(renewed) | set(codes)) == 20
    assert log_in_with(codes[1]) == 401
    assert log_in_with(renewed[1]) == 303


def test_secrets_are_asked_for_with_the_password_and_codes_are_kept_as_hashes(
    visit: Visit, services: Services, clock: list[float]
) -> None:
    browser = visit("viewer")
    for step in ("begin", "renew", "remove"):
        assert browser.post("/account/second-factor", step=step, present="wrong").status_code == 422
    assert browser.post("/account/second-factor", step="confirm", code="123456").status_code == 422
    app, codes = set_up(browser, clock)
    assert browser.post("/account/second-factor", step="begin", present=PASSWORD).status_code == 409
    assert not any(code in "".join(services.db.conn.iterdump()) for code in codes)
    assert app.secret not in browser.get("/account/second-factor").text
    assert browser.post("/account/second-factor", step="remove", present=PASSWORD, code="1").status_code == 422
    code = app.at(int(clock[0]))
    assert browser.post("/account/second-factor", step="remove", present=PASSWORD, code=code).location == "/account"
    assert visit().log_in("viewer").location == "/queue"
    told = [row["action"] for row in services.db.query("SELECT action FROM audit WHERE actor = 'viewer' ORDER BY id")]
    assert told == ["second_factor_set", "second_factor_removed"]


def test_a_role_that_needs_it_does_nothing_before(services: Services, clock: list[float]) -> None:
    add_users(services)
    demanding = replace(services.settings, server=replace(services.settings.server, second_factor=("admin",)))
    app = create_app(Services(demanding, services.files))
    admin, approver = Visitor(app), Visitor(app)
    admin.log_in("admin")
    approver.log_in("approver")
    assert approver.get("/queue").status_code == 200
    for address in ("/", "/queue", "/users", "/account", "/export"):
        assert admin.get(address).location == "/account/second-factor", address
    admin.get("/account/second-factor")
    refused = admin.post("/tokens", htmx=True, name="x", scope="read", days="1")
    assert (refused.status_code, "second factor" in refused.text) == (403, True)
    totp, _ = set_up(admin, clock)
    assert admin.get("/users").status_code == 200
    form = {"step": "remove", "present": PASSWORD, "code": totp.at(int(clock[0]))}
    assert "Your role needs" in admin.post("/account/second-factor", **form).text


def test_a_link_of_the_administrator_does_not_pass_by_the_second_factor(
    visit: Visit, services: Services, clock: list[float]
) -> None:
    set_up(visit("viewer"), clock)
    admin = visit("admin")
    found = re.search(
        r"http://localhost(/link/[\w-]+)", admin.post(f"/users/{user_id(services, 'viewer')}", step="link").text
    )
    assert found is not None
    browser = visit()
    browser.get(found[1])
    password = "seven green lamps at sea"
    assert browser.post(found[1], password=password, again=password).location.startswith("/login/code")
    assert browser.get("/queue").status_code == 303


def test_a_lost_telephone_is_forgotten_by_an_administrator_or_the_command_line(
    visit: Visit, services: Services, clock: list[float]
) -> None:
    viewer, admin = visit("viewer"), visit("admin")
    set_up(viewer, clock)
    assert "Forget second factor" in admin.get("/users").text
    assert admin.post(f"/users/{user_id(services, 'viewer')}", step="forget_factor").status_code == 303
    assert viewer.get("/queue").status_code == 303
    assert visit().log_in("viewer").location == "/queue"
    set_up(admin, clock)
    assert run("user", "forget-factor", "nobody", data=services.settings.data).returncode == 1
    assert run("user", "forget-factor", "Admin", data=services.settings.data).returncode == 0
    assert visit().log_in("admin").location == "/queue"
    told = [(row["action"], row["actor"]) for row in services.db.query("SELECT action, actor FROM audit ORDER BY id")]
    assert ("user_forget_factor", "admin") in told
    assert ("user_forget_factor", "command line") in told


def test_ones_own_sessions_are_listed_and_ended_and_nobody_elses(visit: Visit, services: Services) -> None:
    here, there, third = visit("coordinator"), visit("coordinator"), visit("coordinator")
    other = visit("approver")
    page = here.get("/account").text
    handles = re.findall(r'name="session" value="([0-9a-f]{16})"', page)
    assert len(handles) == 2
    assert page.count("this browser") == 1
    other.post("/account/sessions", session=handles[0])
    assert [one.get("/queue").status_code for one in (there, third)] == [200, 200]
    assert here.post("/account/sessions", session=handles[0]).location == "/account"
    assert sorted(one.get("/queue").status_code for one in (there, third)) == [200, 303]
    here.post("/account/sessions", step="others")
    assert [one.get("/queue").status_code for one in (there, third, here)] == [303, 303, 200]
    assert other.get("/queue").status_code == 200


def test_a_log_in_ends_the_session_that_the_browser_had(visit: Visit, services: Services) -> None:
    browser = visit("viewer")
    before = browser.client.get_cookie("coordinator_session").value
    browser.client.set_cookie("coordinator_form", "x")
    token = browser.token
    assert (
        browser.client.post("/login", data={"csrf": token, "name": "viewer", "password": PASSWORD}).status_code == 303
    )
    after = browser.client.get_cookie("coordinator_session").value
    assert before != after
    thief = visit()
    thief.client.set_cookie("coordinator_session", before)
    assert thief.get("/queue").status_code == 303


@pytest.mark.parametrize(
    ("column", "limit"), [("seen_at", timedelta(minutes=120)), ("created_at", timedelta(hours=12))]
)
def test_sessions_end_by_themselves(visit: Visit, services: Services, column: str, limit: timedelta) -> None:
    browser = visit("viewer")
    for beyond, status in ((timedelta(minutes=-2), 200), (timedelta(minutes=2), 303)):
        then = (datetime.now(UTC) - limit - beyond).isoformat()
        services.db.execute(f"UPDATE sessions SET {column} = ?", [then])
        services.db.conn.commit()
        assert browser.get("/account").status_code == status
    assert visit("viewer").get("/account").status_code == 200


def test_logging_out_clears_what_the_browser_keeps(visit: Visit) -> None:
    assert visit("viewer").post("/logout").headers["Clear-Site-Data"] == '"cache"'


def test_stolen_passwords_are_refused_wherever_one_is_chosen(visit: Visit, services: Services, tmp_path: Path) -> None:
    stolen = "seven green lamps at sea"
    hashes = sorted(hashlib.sha1(f"{number}".encode()).hexdigest().upper() for number in range(5000))
    file = tmp_path / "pwned.txt"
    theirs = hashlib.sha1(stolen.encode()).hexdigest().upper()
    file.write_text("".join(f"{one}:{number}\r\n" for number, one in enumerate(sorted([*hashes, theirs]))))
    assert all(is_in(file, one) for one in (hashes[0], hashes[-1], theirs, *hashes[::97]))
    assert not any(is_in(file, hashlib.sha1(f"x{number}".encode()).hexdigest().upper()) for number in range(500))
    (tmp_path / "empty").write_text("")
    assert not is_in(tmp_path / "empty", theirs)
    add = run("user", "add", "Nora", "--role", "viewer", "--password", stolen, data=services.settings.data,
              COORDINATOR_SERVER__BREACHED_PASSWORDS=str(file))  # fmt: skip
    assert (add.returncode, "known to thieves" in add.stderr) == (1, True)
    settings = replace(services.settings, server=replace(services.settings.server, breached_passwords=str(file)))
    add_users(services) if not UserStore(services.db).any() else None
    browser = Visitor(create_app(Services(settings, services.files)))
    browser.log_in("viewer")
    answer = browser.post("/account", present=PASSWORD, password=stolen, again=stolen)
    assert (answer.status_code, "known to thieves" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "line", ['second_factor = ["king"]', "session_hours = 0", 'breached_passwords = "/nowhere/pwned.txt"']
)
def test_settings_without_sense_are_refused_by_name(services: Services, line: str, app: Flask) -> None:
    (services.settings.data / "settings.toml").write_text(f"[server]\n{line}\n")
    with pytest.raises(SettingsError, match=line.partition(" ")[0]):
        load_settings(services.settings.data, {})
