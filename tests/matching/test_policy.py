from __future__ import annotations

from dataclasses import replace

import pytest
from matching_desk import TODAY, Desk, invoice, row

from ingest.errors import SettingsError
from ingest.extraction import Extraction
from matching.matcher import match
from matching.policy import Override, Policy
from matching.policy_values import as_raw, changed, differences, from_raw, resolved
from matching.results import Severity
from matching.store import StoredReferences

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


def test_more_than_ordered_may_be_billed_up_to_per_cent_and_money(desk: Desk) -> None:
    more = invoice(row(quantity="630"))  # 600 are ordered; thirty too many cost 55.50
    percent = {"tolerance.quantity_percent": "5"}
    assert told(desk, more) == {"quantity_over_ordered"}
    assert told(loose(desk, percent), more) == set()
    assert told(loose(desk, percent | {"tolerance.quantity_amount": "55.50"}), more) == set()
    assert told(loose(desk, percent | {"tolerance.quantity_amount": "55.49"}), more) == {"quantity_over_ordered"}


def test_an_invoice_may_go_over_its_order_by_the_smaller_of_per_cent_and_money(desk: Desk) -> None:
    more = invoice(row(quantity="3000"))  # 5550.00 on an order of 4770.00
    many = {"tolerance.quantity_percent": "400"}
    assert told(loose(desk, many), more) == {"total_over_order"}
    for percent, amount, stops in (
        ("17", "780", False),
        ("16", "780", True),
        ("17", "779.99", True),
        ("17", "0", True),
    ):
        changes = many | {"tolerance.total_percent": percent, "tolerance.total_amount": amount}
        assert ("total_over_order" in told(loose(desk, changes), more)) is stops, (percent, amount)


def test_terms_may_be_some_days_shorter(desk: Desk) -> None:
    agreed = invoice(payment_terms_days="27")
    assert "payment_terms_differ" in told(desk, agreed)
    assert "payment_terms_differ" in told(loose(desk, {"tolerance.terms_days": "2"}), agreed)
    assert "payment_terms_differ" not in told(loose(desk, {"tolerance.terms_days": "3"}), agreed)


def test_charges_that_no_order_has_stand_up_to_the_smaller_of_sum_and_share(desk: Desk) -> None:
    freight = invoice(row(quantity="100"), charges=(("charge", "10.00", "Fracht"),))  # on lines of 185.00
    assert "charge_differs" in told(desk, freight)
    assert "charge_differs" not in told(loose(desk, {"charge_limit": "10"}), freight)
    assert "charge_differs" not in told(loose(desk, {"charge_limit": "10", "charge_percent": "6"}), freight)
    assert "charge_differs" in told(loose(desk, {"charge_limit": "10", "charge_percent": "5"}), freight)
    assert "charge_differs" in told(loose(desk, {"charge_percent": "6"}), freight)


def loose(desk: Desk, changes: dict[str, str]) -> Desk:
    return replace(desk, policy=changed(desk.policy, changes))


def told(desk: Desk, extraction: Extraction) -> set[str]:
    """Codes of errors; nothing is kept."""
    found = match(extraction, StoredReferences(desk.db, 0), desk.policy, TODAY)
    return {item.code for item in found.discrepancies if item.severity is Severity.ERROR}
