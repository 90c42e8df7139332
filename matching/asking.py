"""What is asked about a document: its discrepancies by cause, gravest first, with the money of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matching.results import Discrepancy, Severity

BY_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)

FOLLOWS: dict[str, frozenset[str]] = {
    "total_over_order": frozenset({"price_differs", "quantity_over_ordered", "charge_differs", "line_not_ordered"}),
}
"""Discrepancies that say the same money again once these others are told."""

OF_THE_DOCUMENT = frozenset({"total_over_order", "totals_do_not_add_up", "low_confidence", "quantity_over_ordered"})
"""Causes whose values are the single document's, not those of an order or record."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One cause on a document, over all lines it stands on."""

    code: str
    found: tuple[Discrepancy, ...]
    money: Decimal | None
    """What it comes to, in the document's currency; None where it has no price."""


def by_weight(discrepancies: Iterable[Discrepancy]) -> list[Discrepancy]:
    """Errors first, in the order they were found."""
    return sorted(discrepancies, key=lambda found: BY_WEIGHT.index(found.severity))


def asks(discrepancies: Sequence[Discrepancy]) -> tuple[Ask, ...]:
    """What a document asks, gravest first; notes and what only follows from another question are left out."""
    found: dict[str, list[Discrepancy]] = {}
    for one in by_weight(discrepancies):
        if one.severity is not Severity.INFO:
            found.setdefault(one.code, []).append(one)
    asked = {code: Ask(code, tuple(each), _money(each)) for code, each in found.items()}
    return tuple(one for one in asked.values() if not _follows(one, asked))


def cause(ask: Ask, sender: str, currency: str) -> str:
    """A key: the same for documents of one sender on which the same stands against the same."""
    shared = ask.code not in OF_THE_DOCUMENT
    sides = sorted({(one.expected or "", one.found or "") for one in ask.found}) if shared else []
    parts = [ask.code, sender, currency, *(side for pair in sides for side in pair)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _money(found: Sequence[Discrepancy]) -> Decimal | None:
    differences = [Decimal(one.difference) for one in found if one.difference]
    return sum(differences, Decimal(0)) if differences else None


def _follows(ask: Ask, asked: dict[str, Ask]) -> bool:
    causes = [asked[code] for code in FOLLOWS.get(ask.code, ()) if code in asked]
    return bool(causes) and ask.money == sum((one.money or Decimal(0) for one in causes), Decimal(0))
