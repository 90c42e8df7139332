"""Domain values to JSON and back, by cattrs: absent values are left out, Decimals and dates are strings."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cattrs import Converter

from ingest.document import Box

T = TypeVar("T")


def _converter() -> Converter:
    converter = Converter(omit_if_default=True)
    converter.register_unstructure_hook(Decimal, lambda value: format(value, "f"))
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    converter.register_unstructure_hook(Box, lambda box: [round(edge, 2) for edge in box])
    converter.register_structure_hook(Box, lambda value, _: Box(*value))
    return converter


_CONVERTER = _converter()


def to_plain(value: object) -> Any:
    """A domain value as dicts, lists and strings."""
    return _CONVERTER.unstructure(value)


def from_plain(value: object, kind: type[T]) -> T:
    """The domain value of `kind` that `to_plain` made `value` from."""
    return _CONVERTER.structure(value, kind)


def to_json(value: object) -> str:
    """A domain value as one line of JSON."""
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str, kind: type[T]) -> T:
    """The domain value of `kind` that `to_json` wrote."""
    return from_plain(json.loads(text), kind)
