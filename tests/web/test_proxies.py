"""Behind another web server: whose address counts, and whose word."""

from __future__ import annotations

import http.client
import threading
from dataclasses import replace

import pytest
from flask import Flask
from office import add_users
from waitress import wasyncore

from ingest.errors import SettingsError
from web import server
from web.app import create_app
from web.services import Services
from web.settings import load_settings
from web.store import ADDRESS_FAILURES_ALLOWED

PROXY, OTHER_PROXY = "10.1.2.3", "10.1.9.9"


def behind(services: Services, *trusted: str) -> Flask:
    settings = replace(services.settings, server=replace(services.settings.server, trusted_proxies=trusted))
    return create_app(Services(settings, services.files))


def seen_as(app: Flask, remote: str, passed_by: str) -> tuple[str, str]:
    """(address, cookie's name) as the log-in page sees a request."""
    seen: list[str] = []

    def note() -> None:
        from flask import request

        seen.append(request.remote_addr or "")

    app.before_request_funcs.setdefault(None, []).append(note)
    headers = {"X-Forwarded-For": passed_by, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = app.test_client().get("/login", headers=headers, environ_base={"REMOTE_ADDR": remote})
    assert "evil.example" not in answer.text
    return seen[-1], answer.headers["Set-Cookie"].partition("=")[0]


@pytest.mark.parametrize(
    ("remote", "passed_by", "address", "secure"),
    [
        (PROXY, "203.0.113.7", "203.0.113.7", True),
        (PROXY, f"1.1.1.1, 203.0.113.7, {OTHER_PROXY}", "203.0.113.7", True),  # the first was made up by the sender
        (PROXY, "1.1.1.1, 203.0.113.7", "203.0.113.7", True),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9", False),  # not by the proxy: what it claims is nothing
        ("2001:db8::1", "1.1.1.1", "2001:db8::1", False),
    ],
)
def test_only_trusted_proxies_say_who_asks(
    services: Services, remote: str, passed_by: str, address: str, secure: bool
) -> None:
    name = "__Host-coordinator_form" if secure else "coordinator_form"
    assert seen_as(behind(services, "10.1.0.0/16"), remote, passed_by) == (address, name)


def test_without_the_setting_nobody_is_trusted(services: Services) -> None:
    assert seen_as(behind(services), PROXY, "203.0.113.7") == (PROXY, "coordinator_form")


def test_guessers_are_told_apart_behind_a_proxy(services: Services) -> None:
    add_users(services)
    for number in range(ADDRESS_FAILURES_ALLOWED):
        services.db.table("login_failures").insert(
            {"name_key": f"n{number}", "at": "2999-01-01T00:00:00+00:00", "address": "203.0.113.7"}
        )
    services.db.conn.commit()
    app = behind(services, PROXY)
    statuses = []
    for client in ("203.0.113.7", "203.0.113.8"):
        browser = app.test_client()
        options = {"headers": {"X-Forwarded-For": client}, "environ_base": {"REMOTE_ADDR": PROXY}}
        page = browser.get("/login", **options).text
        token = page.partition('name="csrf" value="')[2].partition('"')[0]
        form = {"name": "viewer", "password": "wrong", "csrf": token}
        statuses.append(browser.post("/login", data=form, **options).status_code)
    assert statuses == [429, 401]


def test_https_by_a_proxys_word_is_remembered_by_browsers(services: Services) -> None:
    app = behind(services, PROXY)
    for passed_by, told in (("https", "max-age=31536000"), ("http", None)):
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": passed_by}
        answer = app.test_client().get("/login", headers=headers, environ_base={"REMOTE_ADDR": PROXY})
        assert answer.headers.get("Strict-Transport-Security") == told


def test_a_wrong_address_is_refused_with_the_settings(services: Services) -> None:
    (services.settings.data / "settings.toml").write_text('[server]\ntrusted_proxies = ["10.0.0.1/8"]\n')
    with pytest.raises(SettingsError, match="trusted_proxies"):
        load_settings(services.settings.data, {})


def test_figures_for_this_machine_alone_are_not_passed_on_by_a_proxy_on_it(services: Services) -> None:
    sockets: dict[int, object] = {}
    running = server._listen(services.settings.server, create_app(services), sockets)
    port, stop = server._port(sockets), threading.Event()

    def serve() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.1, map=sockets, count=1)
        wasyncore.close_all(sockets)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        told = {}
        for passed_by in ("", "203.0.113.7"):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/metrics", headers={"X-Forwarded-For": passed_by} if passed_by else {})
            told[passed_by] = connection.getresponse().status
            connection.close()
    finally:
        stop.set()
        thread.join()
        running.task_dispatcher.shutdown()
    assert told[""] == 200
    assert told["203.0.113.7"] in (401, 403, 404)
