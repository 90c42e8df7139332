"""Policy from texts and back: checked values, single settings changed, overrides resolved, versions compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError
from cattrs.v import format_exception

from ingest.errors import SettingsError
from matching.policy import Override, Policy
from matching.results import Severity
from matching.rules import DEFAULTS

CODES = frozenset(DEFAULTS)
NOT_PER_PARTY = ("override",)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs between two policies; empty where it is not set."""

    key: str
    before: str
    after: str


@cache
def converter() -> Converter:
    """Turns tables of settings into values; every fault is a ValueError that says what is wrong with the value."""
    made = Converter(forbid_extra_keys=True, detailed_validation=True)
    made.register_structure_hook(Decimal, lambda value, _: _decimal(value))
    made.register_structure_hook(bool, lambda value, _: _boolean(value))
    made.register_structure_hook(int, lambda value, _: _whole(value))
    # only str itself: an enumeration of words is a str too
    made.register_structure_hook_func(lambda kind: kind is str, lambda value, _: _text(value))
    made.register_structure_hook(Severity, lambda value, _: _severity(value))
    made.register_structure_hook(Override, lambda value, _: _override(value))
    plain = made.get_structure_hook(Policy)
    made.register_structure_hook(Policy, lambda value, kind: _checked(plain(value, kind)))
    return made


def explain(error: BaseException, kind: object) -> str:
    """The converter's own words, but for the sentences of the hooks here."""
    return str(error) if type(error) is ValueError else format_exception(error, kind)  # type: ignore[arg-type]


def changed(policy: Policy, changes: Mapping[str, object], whole: tuple[str, ...] = ()) -> Policy:
    """The policy with some settings put to other values, as `{"tolerance.price_percent": "3"}`.

    Tables named in `whole`, such as `severity`, may be given as a whole, too.

    Raises:
        SettingsError: a setting that does not exist, or a value that it cannot have; every fault at once.
    """
    raw = as_raw(policy)
    for key, value in changes.items():
        *path, name = key.strip().split(".")
        table = raw
        for step in path:
            table = table.get(step) if isinstance(table, dict) else None  # type: ignore[assignment]
        if not isinstance(table, dict) or (isinstance(table.get(name), dict) and key not in whole):
            raise SettingsError(f"There is no setting '{key}'. Settings are such as tolerance.price_percent.")
        table[name] = value
    return from_raw(raw)


def as_raw(policy: Policy) -> dict[str, Any]:
    """The whole policy as tables of texts, defaults too: what is stored means the same when defaults change."""
    raw: dict[str, Any] = _texts(asdict(replace(policy, override=())))
    raw["override"] = [_override_raw(each) for each in policy.override]
    return raw


def from_raw(raw: Mapping[str, Any]) -> Policy:
    """The policy that these tables say; SettingsError names every fault at once."""
    try:
        return converter().structure(raw, Policy)
    except ClassValidationError as error:
        faults = transform_error(error, "$", explain)
        told = sorted(fault.replace(" @ $.", " at ").replace(" @ $", "") for fault in faults)
        raise SettingsError("; ".join(told)) from None
    except ValueError as error:
        raise SettingsError(str(error)) from None


def resolved(policy: Policy, supplier: str | None, customer: str | None) -> Policy:
    """The policy for a document of this supplier for this customer.

    General settings first, then overrides for the customer, then those that name the supplier, then those that name
    both; among equals the later one wins. Without overrides that fit it is the policy itself.
    """
    fitting = [each for each in policy.override if each.fits(supplier, customer)]
    changes: dict[str, object] = {}
    for each in sorted(fitting, key=lambda one: (bool(one.supplier), bool(one.customer))):
        changes.update(each.changes)
    return changed(policy, changes) if changes else policy


def differences(before: Policy, after: Policy) -> tuple[Change, ...]:
    """What one policy says otherwise than another, setting by setting."""
    old, new = _flat(as_raw(before)), _flat(as_raw(after))
    keys = [*old, *(key for key in new if key not in old)]
    return tuple(
        Change(key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")
    )


def severities_for(code: str) -> tuple[Severity, ...]:
    """What a policy may say of a discrepancy: only what runs at the policy's wish can be off."""
    every = tuple(Severity)
    return every if DEFAULTS[code] is Severity.OFF else tuple(one for one in every if one is not Severity.OFF)


def _checked(policy: Policy) -> Policy:
    unknown = sorted(set(policy.severity) - CODES)
    if unknown:
        raise ValueError(f"severity: there is no code '{unknown[0]}' (the codes stand in the contract)")
    for code, severity in policy.severity.items():
        if severity not in severities_for(code):
            raise ValueError(f"severity: '{severity}' for '{code}' is none of {', '.join(severities_for(code))}")
    if not 0 <= policy.min_confidence <= 1:
        raise ValueError(f"min_confidence: '{policy.min_confidence}' is not between 0 and 1")
    for each in policy.override:
        _check_override(each)
    return policy


def _check_override(each: Override) -> None:
    whom = ", ".join((*each.supplier, *each.customer))
    if not whom:
        raise ValueError("override: name the supplier or the customer that it is for")
    for key in each.changes:
        if key.split(".")[0] in NOT_PER_PARTY:
            raise ValueError(f"override for {whom}: '{key}' cannot be set for one party")
    try:
        changed(Policy(), each.changes)
    except SettingsError as error:
        raise ValueError(f"override for {whom}: {error.message}") from None


def _override(value: object) -> Override:
    if isinstance(value, Override):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("an override is a table: [[override]]")
    rest = dict(value)
    supplier, customer = _ids(rest.pop("supplier", ())), _ids(rest.pop("customer", ()))
    return Override(supplier, customer, _flat(_texts(rest)))


def _override_raw(each: Override) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    if each.supplier:
        raw["supplier"] = list(each.supplier)
    if each.customer:
        raw["customer"] = list(each.customer)
    for key, value in each.changes.items():
        *path, name = key.split(".")
        table = raw
        for step in path:
            table = table.setdefault(step, {})
        table[name] = value
    return raw


def _ids(value: object) -> tuple[str, ...]:
    ids = (value,) if isinstance(value, str) else value
    if not isinstance(ids, list | tuple) or not all(isinstance(each, str) and each.strip() for each in ids):
        raise ValueError(f"override: '{value}' is neither an id in quotes nor a list of them")
    return tuple(each.strip() for each in ids)


def _flat(raw: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in raw.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            for each in value:
                whom = ", ".join((*each.get("supplier", ()), *each.get("customer", ())))
                flat |= _flat({k: v for k, v in each.items() if k not in ("supplier", "customer")}, f"{whom}: ")
        else:
            flat[prefix + key] = str(value)
    return flat


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _texts(each) for key, each in value.items()}
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _severity(value: object) -> Severity:
    if value in list(Severity):
        return Severity(str(value))
    raise ValueError(f"'{value}' is none of {', '.join(Severity)}")


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool):
        raise ValueError(f"'{value}' is not a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"'{value}' is not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError(f"'{value}' is not a number from 0 up")
    return number


def _whole(value: object) -> int:
    number = _decimal(value)
    if number != number.to_integral_value():
        raise ValueError(f"'{value}' is not a whole number")
    return int(number)


def _boolean(value: object) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() in words:
        return words[str(value).lower()]
    raise ValueError(f"'{value}' is neither true nor false")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"'{value}' is not a text (put it in quotes)")
