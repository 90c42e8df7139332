"""What `coordinator backtest` and `coordinator policy` show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingest.errors import SettingsError
from matching.backtest import Changed, Comparison, Outcome
from matching.policy import Policy
from matching.policy_values import differences
from matching.store import RecordStore
from web.policy_store import PolicyVersion


def settings_given(pairs: Iterable[str]) -> dict[str, object]:
    """`tolerance.price_percent=3` as setting and value; SettingsError for anything else."""
    given: dict[str, object] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise SettingsError(f"'{pair}' is not of the form SETTING=VALUE, such as tolerance.price_percent=3.")
        given[key.strip()] = value.strip()
    return given


def unknown_parties(records: RecordStore, policy: Policy) -> tuple[str, ...]:
    """A sentence for each number of an override that no record has: it may be mistyped, or the record still to come."""
    lost = [("supplier", one) for each in policy.override for one in each.supplier if records.supplier(one) is None]
    lost += [("customer", one) for each in policy.override for one in each.customer if records.customer(one) is None]
    return tuple(
        f"An override names the {kind} '{one}', and no record has this number: until one has, it changes nothing."
        for kind, one in dict.fromkeys(lost)
    )


def as_text(found: Comparison) -> str:
    """The comparison as lines for a terminal."""
    lines = [
        f"{found.documents} documents replayed: {found.approved_before} approved now, "
        f"{found.approved_after} with the other settings.",
        f"approved more: {len(found.approved_more)}",
        f"reviewed more: {len(found.reviewed_more)}",
        "money let through: "
        + (", ".join(f"{amount} {currency}".strip() for currency, amount in found.let_through.items()) or "none"),
    ]
    apart = [one for one in found.changed if one.by_person]
    for title, shown in (
        ("Would change", [one for one in found.changed if not one.by_person]),
        ("Would change, and were decided by people", apart),
    ):
        if shown:
            lines += ["", f"{title}:", *(_line(one) for one in shown)]
    return "\n".join(lines)


def as_plain(found: Comparison) -> dict[str, Any]:
    """The comparison as one JSON object."""
    return {
        "documents": found.documents,
        "approved_before": found.approved_before,
        "approved_after": found.approved_after,
        "approved_more": len(found.approved_more),
        "reviewed_more": len(found.reviewed_more),
        "let_through": {currency: str(amount) for currency, amount in found.let_through.items()},
        "changed": [
            {
                "document_id": one.label,
                "file": one.file,
                "currency": one.currency,
                "total": str(one.total) if one.total is not None else None,
                "before": {"status": one.before.verdict.value, "codes": list(one.before.codes)},
                "after": {"status": one.after.verdict.value, "codes": list(one.after.codes)},
                "let_through": str(one.let_through),
                "decided_by_people": one.by_person,
            }
            for one in found.changed
        ],
    }


def history_as_text(versions: tuple[PolicyVersion, ...]) -> str:
    """Versions of the policy, newest first, each with what it changed."""
    lines = []
    for version, before in zip(versions, (*versions[1:], None), strict=True):
        note = f": {version.note}" if version.note else ""
        lines.append(f"{version.number}  {version.stamp}  {version.at:%Y-%m-%d %H:%M}  {version.actor}{note}")
        if before is not None:
            lines += [
                f"     {change.key}: {change.before or 'not set'} -> {change.after or 'not set'}"
                for change in differences(before.policy, version.policy)
            ]
    return "\n".join(lines)


def _line(one: Changed) -> str:
    total = f"{one.total} {one.currency}" if one.total is not None else "no total"
    return f"  {one.label} {one.file}, {total}: {_told(one.before)} -> {_told(one.after)}"


def _told(outcome: Outcome) -> str:
    verdict = outcome.verdict.value.replace("_", " ")
    return f"{verdict} ({', '.join(outcome.codes)})" if outcome.codes else verdict
