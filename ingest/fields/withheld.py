"""What the buyer keeps back of the total: taxes that he pays for the seller, and securities for the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingest.fields.amounts import Total
from ingest.fields.money import Amount, amounts_in, amounts_of_row
from ingest.fields.spots import Spot

WITHHELD = "withheld"
"""Name of such readings among those of the totals."""
_BELOW = 3
"""Rows under the title of a table of withholdings in which its amount stands."""


def withheld(spots: Sequence[Spot], point: str) -> Iterator[Total]:
    """Amounts beside the words for a withholding, or in the table under them; whether one counts, arithmetic says."""
    for spot in spots:
        weight = spot.meanings.get(WITHHELD, 0.0)
        for amount in _amounts(spot, point) if weight else ():
            value = abs(amount.readings[0])
            if value > Decimal(0):
                yield Total(WITHHELD, amount, value, weight, spot.text)


def _amounts(spot: Spot, point: str) -> list[Amount]:
    beside = [amount for segment in spot.beside() for amount in amounts_in(segment, point)]
    found = [amount for amount in beside if amount.money and not amount.percent]
    if found or not spot.opens:
        return found
    below = spot.sheet.rows[spot.row + 1 : spot.row + _BELOW]
    return [one for row in below for one in amounts_of_row(row, point) if one.money and not one.percent]
