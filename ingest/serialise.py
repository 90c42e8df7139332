"""Domain values to JSON and back, by cattrs: absent values are left out, Decimals and dates are strings."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ingest.document import Box
from ingest.extraction import Extraction

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
    absent = override(omit_if_default=True)
    converter.register_unstructure_hook(
        Extraction,
        # the contract's lists and the type stand in every extraction, empty or not
        make_dict_unstructure_fn(
            Extraction,
            converter,
            _cattrs_omit_if_default=False,
            language=absent,
            part=absent,
            page_range=absent,
            other_pages=absent,
            charges=absent,
        ),
    )
    return converter


_CONVERTER = _converter()
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_plain(value: object) -> Any:
    """A domain value as dicts, lists and strings."""
    return _CONVERTER.unstructure(value)


def from_plain(value: object, kind: type[T]) -> T:
    """The domain value of `kind` that `to_plain` made `value` from."""
    return _CONVERTER.structure(value, kind)


def to_json(value: object) -> str:
    """A domain value as one line of JSON."""
    return _ENCODER.encode(to_plain(value))


def from_json(text: str, kind: type[T]) -> T:
    """The domain value of `kind` that `to_json` wrote."""
    return from_plain(json.loads(text), kind)
