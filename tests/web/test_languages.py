"""Which language a reader gets, and that every catalogue is whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask_babel import lazy_gettext
from visitor import Visitor

from ingest.errors import SettingsError
from web.languages import Tongue, choose_tongue, in_language, language_names, languages
from web.services import Services
from web.settings import load_settings


@pytest.mark.parametrize(
    ("own", "accepted", "house", "tongue"),
    [
        ("", [], "en", Tongue("en", "en_GB")),
        ("", [], "de", Tongue("de", "de")),
        ("", ["en"], "de", Tongue("en", "en_GB")),
        ("", ["en-US", "en"], "de", Tongue("en", "en_US")),
        ("", ["de-AT", "en"], "en", Tongue("de", "de_AT")),
        ("", ["xx-nonsense-xx", "fr"], "en", Tongue("en", "fr")),
        ("", ["fr", "de"], "en", Tongue("de", "de")),
        ("", ["*"], "de", Tongue("de", "de")),
        ("de", ["en-US", "de-CH"], "en", Tongue("de", "de_CH")),
        ("en", ["de"], "de", Tongue("en", "en_GB")),
        ("xx", [], "en", Tongue("en", "en_GB")),
    ],
)
def test_the_own_choice_counts_then_the_browsers_then_the_houses(
    own: str, accepted: list[str], house: str, tongue: Tongue
) -> None:
    assert choose_tongue(own, accepted, house) == tongue


def test_each_language_is_called_by_its_own_name() -> None:
    assert {"en": "English", "de": "Deutsch"}.items() <= language_names().items()
    assert languages()[0] == "en"


def test_the_log_in_page_speaks_the_browsers_language(visit: Callable[..., Visitor]) -> None:
    german = visit().get("/login", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}).text
    assert '<html lang="de">' in german and "Anmelden" in german
    french = visit().get("/login", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en">' in french and "Log in" in french


def test_a_user_chooses_a_language_and_it_stays(visit: Callable[..., Visitor], services: Services) -> None:
    browser = visit("viewer")
    assert '<html lang="en">' in browser.get("/account").text
    assert browser.post("/account/language", language="de").status_code == 303
    assert '<html lang="de">' in browser.get("/account").text
    assert '<html lang="de">' in visit("viewer").get("/account", headers={"Accept-Language": "en"}).text
    row = next(iter(services.db.query("SELECT action, actor FROM audit ORDER BY id DESC LIMIT 1")))
    assert (row["action"], row["actor"]) == ("language_set", "viewer")
    assert browser.post("/account/language", language="xx").status_code == 422


def test_the_houses_language_must_be_one_that_is_there() -> None:
    with pytest.raises(SettingsError, match="language must be one of"):
        load_settings(environment={"COORDINATOR_LANGUAGE": "tlh"})


def test_mails_are_written_outside_a_request() -> None:
    text = lazy_gettext("Log in")
    with in_language("de"):
        assert str(text) == "Anmelden"
    assert str(text) == "Log in"
