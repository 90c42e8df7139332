"""How differences are said."""

from __future__ import annotations

from decimal import Decimal

from matching.rules.case import plain


def percent(difference: Decimal, whole: Decimal) -> str:
    """A difference as a share of a whole, unsigned: `4.2 %`."""
    share = abs(difference / whole * 100) if whole else Decimal(0)
    return f"{plain(round(share, 1))} %"
