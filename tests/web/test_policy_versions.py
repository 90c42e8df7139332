from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from office import add_records

from ingest.errors import NotFound
from matching.policy import Policy
from matching.policy_values import changed
from web.policy_store import FIRST, PolicyStore
from web.services import Services, open_services


def test_the_settings_policy_holds_until_a_person_sets_another(services: Services) -> None:
    first = services.settings.policy
    assert services.policy == first
    other = changed(first, {"charge_limit": "5"})
    PolicyStore(services.db).put_in_force(other, services.policy, "anna", services.now(), "freight")
    assert services.policy == other
    # the file no longer counts, and opening the folder again with another file keeps the person's policy
    again = open_services(replace(services.settings, policy=Policy(max_age_months=3)))
    try:
        assert again.policy == other
        stamps = [version.stamp for version in PolicyStore(again.db).all()]
    finally:
        again.close()
    assert stamps == [Policy(max_age_months=3).version, other.version, first.version]


def test_a_version_is_found_by_its_stamp_with_who_and_why(services: Services) -> None:
    store = PolicyStore(services.db)
    other = changed(services.policy, {"tolerance.price_percent": "2"})
    store.put_in_force(other, services.policy, "anna", services.now(), "agreed with purchasing")
    found = store.stamped(other.version)
    assert found is not None
    assert (found.actor, found.note, found.policy.tolerance.price_percent) == (
        "anna",
        "agreed with purchasing",
        Decimal(2),
    )
    first = store.stamped(Policy().version)
    assert first is not None and first.actor == FIRST
    assert store.stamped("0000000000") is None
    with pytest.raises(NotFound):
        store.version(99)


def test_going_back_is_a_new_version_with_the_old_content(services: Services) -> None:
    store, first = PolicyStore(services.db), services.policy
    store.put_in_force(changed(first, {"charge_limit": "5"}), first, "anna", services.now())
    old = store.version(1)
    store.put_in_force(old.policy, services.policy, "ben", services.now(), "back to version 1")
    assert services.policy == first
    assert [version.actor for version in store.all()] == ["ben", "anna", FIRST]


def test_opening_twice_keeps_one_first_version(services: Services) -> None:
    add_records(services)
    open_services(services.settings).close()
    assert len(PolicyStore(services.db).all()) == 1
