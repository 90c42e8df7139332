"""How sure the chosen totals are, and what is odd about them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ingest.document import Source
from ingest.extraction import FieldValue, Finding, Rival
from ingest.fields.amounts import NAMES, PAID, Total
from ingest.fields.candidates import worth_of_ocr
from ingest.numbers import plain
from ingest.repair import REPAIRED
from ingest.resolve import COIN, PRINTED, TOLERANCE, Sums
from ingest.total_pools import CENT, TOGETHER, pool_of

_UNEXPLAINED = 0.55
"""How sure what is due is at most, where it is not the total and nothing says what was paid before."""
_OUTDONE = 0.85
"""How sure totals of OCR are at most, where more than them is due under a label of its own and nothing says why."""


def total_values(sums: Sums, found: Sequence[Total]) -> dict[str, FieldValue]:
    """The chosen totals as field values."""
    return {name: _value(name, total, sums, found) for name, total in sums.chosen.items()}


def _value(name: str, total: Total, sums: Sums, found: Sequence[Total]) -> FieldValue:
    sure = 0.30 + 0.55 * min(1.0, total.score)
    if name in sums.confirmed:
        sure = max(sure, 0.955 + 0.03 * min(1.0, total.score))
    elif sums.contradicted and name in {"net_total", "tax_total", "gross_total"}:
        sure *= 0.6
    rivals = [t for t in pool_of(found, name) if t.value != total.value][:3]
    # beside a printed rounding, the total before it contradicts nothing
    rounded = name == "gross_total" and any(one.name == "rounding" and 0 < abs(one.value) < COIN for one in found)
    against = [t for t in rivals if not (rounded and abs(t.value - total.value) < COIN)]
    if against and name not in sums.confirmed:
        sure -= max(0.0, 0.25 - (total.score - against[0].score)) * 0.8
    segment = total.amount.segment
    if segment.source is Source.OCR:
        sure *= 0.95 if name in sums.confirmed else worth_of_ocr(segment.confidence)
    if total.label == REPAIRED:
        sure = min(sure, 0.85)
    if name == "amount_due" and segment.source is Source.OCR and _is_unexplained(sums):
        # OCR loses a first figure sooner than a program prints no payment
        sure = min(sure, _UNEXPLAINED)
    elif name == "prepaid" and _is_unexplained(sums):
        # of several payments one alone was read as such
        sure = min(sure, _UNEXPLAINED)
    elif name != "amount_due" and segment.source is Source.OCR and _is_outdone(sums):
        # the net, tax and gross of one line or one rate add up as well
        sure = min(sure, _OUTDONE)
    made = total.label in {PAID, "halves", TOGETHER} or total.name == "tax_rows"
    derived = made or (total.name == "amount_due" and name == "gross_total")
    # EN 16931 has deductions positive: that they are taken off is in their name
    amount = abs(total.value) if name in {"prepaid", "discount_total"} else total.value
    return FieldValue(
        value=plain(amount),
        raw=None if made else segment.text,
        confidence=round(max(0.05, min(0.985, sure)), 3),
        page=None if derived else segment.page,
        box=None if derived else segment.box,
        source=Source.DERIVED if derived else segment.source,
        rivals=tuple(
            Rival(
                plain(t.value),
                round(max(0.01, (1 - sure) * t.score * 0.5), 3),
                t.amount.segment.page,
                t.amount.segment.box,
            )
            for t in rivals
        ),
    )


def _is_unexplained(sums: Sums) -> bool:
    """Whether what is due is another sum than the total, or than net and tax, and nothing printed says why."""
    net, tax, gross, due = (sums.chosen.get(name) for name in ("net_total", "tax_total", "gross_total", "amount_due"))
    whole = gross.value if gross else net.value + tax.value if net and tax else None
    if whole is None or due is None:
        return False
    between = abs(whole - due.value)
    printed = (sums.chosen.get(name) for name in ("prepaid", "discount_total", "rounding"))
    return between > TOLERANCE and not any(one and abs(between - abs(one.value)) <= TOLERANCE for one in printed)


def _is_outdone(sums: Sums) -> bool:
    """Whether more is due, under a label of its own, than the total."""
    gross, due = sums.chosen.get("gross_total"), sums.chosen.get("amount_due")
    return bool(gross and due and due.score >= PRINTED and due.value > gross.value) and _is_unexplained(sums)


def sum_findings(values: dict[str, FieldValue], sums: Sums) -> list[Finding]:
    """What is odd about the totals."""
    if not sums.contradicted:
        return []
    net, tax, gross = (values[name].value for name in ("net_total", "tax_total", "gross_total"))
    rate = sums.chosen["tax_total"].rate
    message = f"Net {net} and tax {tax} do not add up to {gross}."
    if rate:
        levied = (Decimal(net) * rate / 100).quantize(CENT, ROUND_HALF_UP)
        if abs(levied - Decimal(tax)) <= CENT:
            message += f" Tax at {plain(rate)} % is right; the total should be {plain(Decimal(net) + Decimal(tax))}."
        elif abs(Decimal(net) + levied - Decimal(gross)) <= CENT:
            message += f" Tax at {plain(rate)} % would be {plain(levied)}, and the total right."
    return [Finding("totals_do_not_add_up", message, "gross_total")]


def repair_findings(sums: Sums) -> list[Finding]:
    """Totals whose misread digit was put right: a person should have seen it."""
    return [
        Finding(
            "low_confidence",
            f"Read as {total.amount.segment.text}; the other totals and the tax rate make it {plain(total.value)}.",
            name,
        )
        for name, total in sums.chosen.items()
        if total.label == REPAIRED
    ]


def second_total(values: dict[str, FieldValue], found: Sequence[Total]) -> list[Finding]:
    """A further total under a label as good as the chosen one's, which no other printed amount explains."""
    amounts = {name: abs(value.number) for name, value in values.items() if name in NAMES and value.number is not None}
    gross = amounts.get("gross_total")
    if gross is None:
        return []
    others = [amount for name, amount in amounts.items() if name != "gross_total"]
    explained = [gross, *others, *(gross - amount for amount in others), *(gross + amount for amount in others)]
    for total in found:
        clear = total.name == "gross_total" and total.score >= 0.95 and total.amount.money and total.value
        if clear and all(abs(abs(total.value) - amount) > TOLERANCE for amount in explained):
            message = f"Beside the total {plain(gross)} a second one is printed: {plain(total.value)}."
            return [Finding("low_confidence", message, "gross_total")]
    return []
