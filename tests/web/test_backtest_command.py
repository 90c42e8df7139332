from __future__ import annotations

import json
from decimal import Decimal

from command import run
from office import add_document, add_records, add_users, invoice

from web.services import Services

LENIENT = ("tolerance.price_percent=25", "tolerance.price_amount=10", "severity.total_over_order=warning")


def test_backtest_says_what_would_have_passed_and_writes_nothing(services: Services) -> None:
    add_records(services)
    add_document(services, invoice())
    before = list(services.db.conn.iterdump())
    options = [part for setting in LENIENT for part in ("--set", setting)]
    done = run("backtest", *options, "--json", data=services.settings.data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["documents"], told["approved_more"], told["let_through"]) == (1, 1, {"GBP": "10.00"})
    assert told["changed"][0]["before"]["codes"] == ["price_differs", "total_over_order"]
    text = run("backtest", *options, data=services.settings.data).stdout
    assert "money let through: 10.00 GBP" in text
    assert "needs review (price_differs, total_over_order) -> approved" in text
    assert list(services.db.conn.iterdump()) == before


def test_a_wrong_setting_is_a_sentence_and_wrong_usage(services: Services) -> None:
    for pair in ("tolerance.price_precent=3", "tolerance.price_percent"):
        done = run("backtest", "--set", pair, data=services.settings.data)
        assert done.returncode == 2
        assert "price_p" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_policy_is_changed_shown_and_taken_back(services: Services) -> None:
    data = services.settings.data
    add_users(services)
    done = run("policy", "set", *LENIENT, "--user", "admin", "--note", "agreed with purchasing", data=data)
    assert done.returncode == 0, done.stderr
    assert services.policy.tolerance.price_percent == Decimal(25)
    shown = run("policy", "history", data=data).stdout
    assert "tolerance.price_percent: 0 -> 25" in shown
    assert "agreed with purchasing" in shown
    assert run("policy", "back", "1", "--user", "admin", data=data).returncode == 0
    assert services.policy == services.settings.policy
    refused = run("policy", "set", *LENIENT, "--user", "viewer", "--note", "why not", data=data)
    assert refused.returncode == 1
    assert "admin" in refused.stderr
    assert services.policy == services.settings.policy
