"""One misread digit in a document's totals, found and put right by the two equations that they must fulfil."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ingest.document import Source
from ingest.fields.amounts import Total

CENT = Decimal("0.01")
REPAIRED = "repaired"
"""Label of a total whose value follows from the others, one digit apart from what was read."""


def repaired(net: Total, tax: Total, gross: Total, rates: Iterable[Decimal]) -> tuple[str, Total] | None:
    """The one total that a single wrong digit explains, with its right value; None where none or several do.

    Net and tax must make gross, and tax must be net at a printed rate: the second equation tells which figure is
    wrong. What a text layer says is never changed: there the invoice itself is wrong.
    """
    known = [rate for rate in rates if 0 < rate < 100]
    options = []
    for name, printed, value in (
        ("gross_total", gross, net.value + tax.value),
        ("tax_total", tax, gross.value - net.value),
        ("net_total", net, gross.value - tax.value),
    ):
        base = value if name == "net_total" else net.value
        levied = value if name == "tax_total" else tax.value
        holds = any(abs(base * rate / 100 - levied) <= 2 * CENT for rate in known)
        if holds and printed.amount.segment.source is Source.OCR and one_digit_apart(printed.value, value):
            options.append((name, replace(printed, value=value, label=REPAIRED)))
    return options[0] if len(options) == 1 else None


def one_digit_apart(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts differ in one digit only."""
    first, second = (format(value, ".2f") for value in (one, other))
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
