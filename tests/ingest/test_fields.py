from __future__ import annotations

from ingest.fields import FIELD_NAMES, FIELDS

KINDS = {"text", "identifier", "date", "amount", "number", "percent", "currency", "address"}
GROUPS = {"document", "references", "dates", "payment", "seller", "buyer", "totals"}


def test_every_field_is_listed_once_with_a_known_kind_and_group() -> None:
    assert len(set(FIELD_NAMES)) == len(FIELD_NAMES)
    for field in FIELDS:
        assert field.label
        assert field.kind in KINDS
        assert field.group in GROUPS


def test_labels_on_a_screen_differ() -> None:
    assert len({field.label for field in FIELDS}) == len(FIELDS)
