"""The settings page: who may change what, what is refused beside its field, what a change would do, versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from office import add_document, invoice
from visitor import Visitor

from matching.policy import Override
from matching.results import Severity
from web.policy_form import GROUPS, SETTINGS, shown, typed
from web.policy_store import PolicyStore
from web.presenters import Presenter
from web.services import Services

Visit = Callable[..., Visitor]
LENIENT = {
    "tolerance.price_percent": "25",
    "tolerance.price_amount": "10",
    "tolerance.total_percent": "25",
    "tolerance.total_amount": "10",
}


def send(browser: Visitor, step: str = "save", **fields: Any) -> Any:
    """The form as the page shows it, with some fields filled in otherwise."""
    page = browser.get("/settings").text
    stamp = re.search(r'name="stamp" value="(\w+)"', page)
    assert stamp
    return browser.post("/settings", step=step, **{"stamp": stamp[1], **fields})


def test_every_setting_of_the_policy_is_on_the_page_with_its_default(services: Services, visit: Visit) -> None:
    names = {field.name for field in fields(services.policy)} - {"tolerance", "severity", "override"}
    names |= {f"tolerance.{field.name}" for field in fields(services.policy.tolerance)}
    assert {setting.key for setting in SETTINGS} == names
    page = visit("admin").get("/settings").text
    for _, settings in GROUPS:
        for setting in settings:
            assert f'name="{setting.key}"' in page
    assert "Differences up to this are none. Default: 0.01." in page


@pytest.mark.parametrize("locale", ["en_GB", "de", "de_CH", "fr"])
def test_an_unchanged_form_is_the_same_policy(services: Services, locale: str) -> None:
    policy, present = services.policy, Presenter(locale)
    form = shown(policy, present)
    assert typed(form.values, form.overrides, policy, present).policy == policy


@pytest.mark.parametrize(
    ("locale", "entered", "taken"),
    [("de", "1.234,50", "1234.50"), ("en_GB", "1,234.50", "1234.50"), ("de", "1.5", None), ("en_GB", "1,50", None)],
)
def test_numbers_are_typed_as_the_reader_writes_them(
    services: Services, locale: str, entered: str, taken: str | None
) -> None:
    present = Presenter(locale)
    form = shown(services.policy, present)
    found = typed({**form.values, "charge_limit": entered}, form.overrides, services.policy, present)
    assert found.values["charge_limit"] == entered
    assert (found.policy.charge_limit if found.policy else None) == (Decimal(taken) if taken else None)
    assert ("charge_limit" in found.problems) is (taken is None)


def test_saving_is_a_new_version_with_who_and_why(visit: Visit, services: Services) -> None:
    browser = visit("admin")
    done = send(browser, note="agreed with purchasing", **LENIENT, **{"severity.hidden_text": "warning"})
    assert done.status_code == 303
    assert services.policy.tolerance.price_percent == Decimal(25)
    assert services.policy.severity == {"hidden_text": Severity.WARNING}
    latest = PolicyStore(services.db).all()[0]
    assert (latest.actor, latest.note) == ("admin", "agreed with purchasing")
    page = browser.get("/settings").text
    assert "Prices, dearer by: 0 → 25" in page
    assert "Severity of “Hidden text”: not set → warning" in page


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("tolerance.price_percent", "two", "two"),
        ("charge_limit", "-1", "from 0 up"),
        ("charge_limit", "1,50", "a point, not a comma"),
        ("min_confidence", "95", "between 0 and 1"),
        ("max_age_months", "1.5", "whole number"),
        ("max_age_months", "", "A value is needed; the default is 12"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_lost(
    visit: Visit, services: Services, field: str, text: str, told: str
) -> None:
    before = services.policy
    answer = send(visit("admin"), note="a good reason", **{"no_order_limit": "77", field: text})
    assert answer.status_code == 422
    at = f"s-{field.replace('.', '-')}-fault"
    fault = re.search(f'<p class="field-problem" id="{at}">(.*?)</p>', answer.text)
    assert fault and told in fault[1]
    assert f'aria-describedby="s-{field.replace(".", "-")}-help {at}"' in answer.text
    assert f'name="{field}" value="{text}"' in answer.text
    assert 'name="no_order_limit" value="77"' in answer.text
    assert 'value="a good reason"' in answer.text
    assert services.policy == before


def test_a_reason_is_needed(visit: Visit, services: Services) -> None:
    answer = send(visit("admin"), charge_limit="5", note="  ")
    assert answer.status_code == 422
    assert "Say in a few words why" in answer.text
    assert 'name="charge_limit" value="5"' in answer.text
    assert services.policy.charge_limit == 0


def test_what_would_change_is_told_and_nothing_written(visit: Visit, services: Services) -> None:
    add_document(services, invoice())
    before = len(PolicyStore(services.db).all())
    answer = send(visit("admin"), step="preview", **LENIENT)
    assert answer.status_code == 200
    assert "Approved more: <strong>1</strong>" in answer.text
    told = re.search("Money let through: <strong>(.*?)</strong>", answer.text)
    assert told and "10.00" in told[1]
    assert 'name="tolerance.price_percent" value="25"' in answer.text
    assert len(PolicyStore(services.db).all()) == before


def test_overrides_are_added_changed_and_removed(visit: Visit, services: Services) -> None:
    browser = visit("admin")
    columns = {
        "override.supplier": ["S-1", "S-1", "", ""],
        "override.customer": ["", "", "C-1", ""],
        "override.key": ["tolerance.price_percent", "tolerance.price_amount", "charge_limit", ""],
        "override.value": ["2", "50", "20", ""],
    }
    assert send(browser, note="three", **columns).status_code == 303
    both = {"tolerance.price_percent": "2", "tolerance.price_amount": "50"}
    assert services.policy.override == (
        Override(("S-1",), (), both),
        Override((), ("C-1",), {"charge_limit": "20"}),
    )
    columns["override.value"][0] = "3"
    assert send(browser, note="dearer", gone=["2"], **columns).status_code == 303
    assert services.policy.override == (Override(("S-1",), (), both | {"tolerance.price_percent": "3"}),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("", "", "charge_limit", "2"), "Name the supplier or the customer"),
        (("S-1", "", "", "2"), "Choose the setting"),
        (("S-1", "", "charge_limit", "many"), "many"),
        (("S-1", "", "severity.price_differs", "off"), "none of error, warning, info"),
        (("S-1", "", "colour", "red"), "no such setting"),
    ],
)
def test_a_wrong_override_is_told_in_its_row(visit: Visit, row: tuple[str, ...], told: str) -> None:
    names = ("supplier", "customer", "key", "value")
    answer = send(visit("admin"), note="why", **{f"override.{n}": cell for n, cell in zip(names, row, strict=True)})
    assert answer.status_code == 422
    fault = re.search('<p class="field-problem" id="o-0">(.*?)</p>', answer.text)
    assert fault and told in fault[1]
    assert f'name="override.value" value="{row[3]}"' in answer.text


def test_an_unknown_number_in_an_override_is_a_warning(visit: Visit) -> None:
    row = {"override.supplier": "S-9", "override.customer": "", "override.key": "charge_limit", "override.value": "2"}
    browser = visit("admin")
    assert send(browser, note="new supplier", **row).status_code == 303
    assert "An override names the supplier &#39;S-9&#39;" in browser.get("/settings").text


def test_a_form_that_somebody_else_overtook_is_not_saved(visit: Visit, services: Services) -> None:
    browser = visit("admin")
    answer = send(browser, note="mine", charge_limit="5", stamp="0000000000")
    assert answer.status_code == 409
    assert 'name="charge_limit" value="5"' in answer.text
    assert services.policy.charge_limit == 0


def test_going_back_is_one_press_and_a_new_version(visit: Visit, services: Services) -> None:
    browser = visit("admin")
    send(browser, note="looser", charge_limit="5")
    assert browser.post("/settings/versions/1/back").status_code == 303
    assert services.policy == services.settings.policy
    assert [version.note for version in PolicyStore(services.db).all()] == ["back to version 1", "looser", ""]
    assert browser.post("/settings/versions/1/back").status_code == 409
    assert browser.get("/settings/versions/99").status_code == 404


@pytest.mark.parametrize("name", ["viewer", "coordinator", "approver"])
def test_others_read_and_cannot_write(visit: Visit, services: Services, name: str) -> None:
    browser = visit(name)
    page = browser.get("/settings").text
    assert "only an administrator" in page
    assert '<fieldset class="bare-set" disabled>' in page
    assert 'value="save"' not in page
    assert "Go back to this one" not in page
    assert browser.post("/settings", step="save", note="x", charge_limit="5").status_code == 403
    assert browser.post("/settings/versions/1/back").status_code == 403
    assert services.policy == services.settings.policy


def test_a_decision_names_the_version_it_was_made_under(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    send(browser, note="looser", charge_limit="5")
    page = browser.get(f"/documents/{number}").text
    assert '<a href="/settings/versions/1">version 1 of the settings</a>' in page
    old = browser.get("/settings/versions/1").text
    assert "Charges, not ordered, up to: 0 then, 5 now" in old
