from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from web.settings import load_settings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.server.port == 8000
    assert settings.policy.tolerance.line == Decimal("0.01")
    assert settings.policy.min_confidence == 0.95


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[tolerance]\nprice_percent = 2\n[server]\nport = 9000\n")
    settings = load_settings(
        tmp_path, {"COORDINATOR_TOLERANCE__PRICE_PERCENT": "3.5", "COORDINATOR_TODAY": "2026-11-23"}
    )
    assert settings.policy.tolerance.price_percent == Decimal("3.5")
    assert settings.server.port == 9000
    assert str(settings.current_day()) == "2026-11-23"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[tolerance]\nprice_precent = 2\n", "price_precent"),
        ("[server]\nport = 'http'\n", "port"),
        ("[tolerance]\nline = -1\n", "line"),
        ("[severity]\nprice_differs = 'ignore'\n", "price_differs"),
        ("[[mailbox]]\nhost = 'imap.example'\n", "user"),
        ("[server\n", "settings.toml"),
        ("order_required = 'perhaps'\n", "order_required"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError, match=key):
        load_settings(tmp_path, {})


def test_every_wrong_key_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("colour = 'red'\n[reading]\nseconds = 'long'\n[folder]\nenabled = 3\n")
    with pytest.raises(SettingsError) as told:
        load_settings(tmp_path, {})
    assert all(key in told.value.message for key in ("colour", "seconds", "enabled"))


def test_a_mistyped_variable_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tolerence"):
        load_settings(tmp_path, {"COORDINATOR_TOLERENCE__LINE": "1"})


def test_overrides_are_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        '[[override]]\nsupplier = "S-0042"\ntolerance.price_percent = 2\nseverity.price_differs = "warning"\n'
    )
    (override,) = load_settings(tmp_path, {}).policy.override
    assert override.supplier == ("S-0042",)
    assert override.changes == {"tolerance.price_percent": "2", "severity.price_differs": "warning"}


def test_a_wrong_override_names_whom_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[[override]]\nsupplier = "S-0042"\ntolerance.price_precent = 2\n')
    with pytest.raises(SettingsError, match=r"settings\.toml.*S-0042.*price_precent"):
        load_settings(tmp_path, {})


def test_rules_of_assignment_take_one_id_or_several(tmp_path: Path) -> None:
    text = '[[assign]]\nsupplier = "S-1"\nleast_amount = 1000.50\nuser = "Anna"\n'
    text += '[[assign]]\ncustomer = ["C-1", "C-2"]\nuser = "Ben"\n'
    (tmp_path / "settings.toml").write_text(text)
    first, second = load_settings(tmp_path, {}).assign
    assert (first.supplier, first.least_amount, first.user) == (("S-1",), Decimal("1000.50"), "Anna")
    assert second.customer == ("C-1", "C-2")
    (tmp_path / "settings.toml").write_text('[[assign]]\nsupplier = "S-1"\n')
    with pytest.raises(SettingsError, match="needs a user"):
        load_settings(tmp_path, {})
