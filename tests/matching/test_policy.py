from __future__ import annotations

import pytest
from matching_desk import Desk, invoice, row

from ingest.errors import SettingsError
from matching.policy import Override, Policy
from matching.policy_values import as_raw, changed, differences, from_raw, resolved
from matching.results import Severity

DEARER = row(unit_price="1.90")
"""Ten dowels, five cents each above the order's 1.85: 2.7 % and 0.50 EUR."""
LENIENT = {"tolerance.price_percent": "3", "tolerance.price_amount": "5", "severity.total_over_order": "warning"}


def test_an_override_changes_only_its_suppliers_documents(desk: Desk) -> None:
    other = desk.under(override=(Override(supplier=("S-OTHER",), changes=LENIENT),))
    assert other.outcome(invoice(DEARER))[0] == "needs_review"
    supplier = desk.match(1).supplier
    assert supplier is not None
    own = desk.under(override=(Override(supplier=(supplier.id,), changes=LENIENT),))
    assert own.outcome(invoice(DEARER, invoice_number="RE-2"))[0] == "approved"


def test_two_settings_give_two_stamps(desk: Desk) -> None:
    _, one = desk.decide(invoice())
    _, two = desk.under(override=(Override(supplier=("S-X",), changes=LENIENT),)).decide(invoice(invoice_number="RE-2"))
    assert one.policy_version == Policy().version
    assert two.policy_version not in ("", one.policy_version)


def test_supplier_wins_over_customer_and_both_over_either() -> None:
    def percent(supplier: str | None, customer: str | None) -> str:
        return str(resolved(policy, supplier, customer).tolerance.price_percent)

    key = "tolerance.price_percent"
    policy = Policy(
        override=(
            Override(("S-1",), ("C-1",), {key: "4"}),
            Override(("S-1",), (), {key: "3"}),
            Override((), ("C-1",), {key: "2"}),
        )
    )
    assert percent("S-1", "C-1") == "4"
    assert percent("S-1", "C-2") == "3"
    assert percent("S-2", "C-1") == "2"
    assert percent(None, None) == "0"
    assert resolved(policy, None, None) is policy


def test_a_stored_policy_comes_back_as_it_was() -> None:
    policy = Policy(
        severity={"price_differs": Severity.WARNING}, override=(Override(("S-1", "S-2"), ("C-1",), LENIENT),)
    )
    assert from_raw(as_raw(policy)) == policy
    assert from_raw(as_raw(policy)).version == policy.version


def test_differences_name_the_setting_and_both_values() -> None:
    before = Policy()
    after = changed(before, {"tolerance.price_percent": "3", "severity.price_differs": "info"})
    assert [(c.key, c.before, c.after) for c in differences(before, after)] == [
        ("tolerance.price_percent", "0", "3"),
        ("severity.price_differs", "", "info"),
    ]
    overridden = changed(before, {"override": [{"supplier": "S-1", "charge_limit": "5"}]})
    assert [(c.key, c.after) for c in differences(before, overridden)] == [("S-1: charge_limit", "5")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tolerance.price_precent": "3"}, "price_precent"),
        ({"tolerence.line": "3"}, "tolerence.line"),
        ({"tolerance": "3"}, "tolerance"),
        ({"tolerance.line": "-1"}, "from 0 up"),
        ({"charge_limit": "ten"}, "ten"),
        ({"min_confidence": "95"}, "between 0 and 1"),
        ({"severity.price_difers": "info"}, "price_difers"),
        ({"severity.price_differs": "off"}, "none of error, warning, info"),
        ({"override": [{"tolerance": {"line": "1"}}]}, "name the supplier or the customer"),
        ({"override": [{"supplier": "S-1", "colour": "red"}]}, "S-1.*colour"),
        ({"override": [{"supplier": 7, "charge_limit": "1"}]}, "id in quotes"),
    ],
)
def test_a_wrong_setting_is_told(changes: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        changed(Policy(), changes)
