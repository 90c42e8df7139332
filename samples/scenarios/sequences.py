"""Documents that follow each other: what came before decides what the next one may bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from samples.scenarios import noise, parties
from samples.scenarios.clean import HALF, Kind, service_bill
from samples.scenarios.drafts import Draft, cents
from samples.scenarios.maker import Maker, Ordered

TENTH = Decimal("0.1")


def deliveries(m: Maker) -> None:
    """Three partial deliveries that make the order."""
    ordered = m.order(1, lines=({"quantity": Decimal(100)},))
    for step, count in enumerate((40, 35, 25), start=1):
        m.add("deliveries", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(count)),)), step=step)
        m.later()


def deliveries_over(m: Maker) -> None:
    """Two partial deliveries, and a third one that is one piece more than is open."""
    ordered = m.order(1, lines=({"quantity": Decimal(100)},))
    for step, count in enumerate((40, 35), start=1):
        m.add("deliveries_over", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(count)),)), step=step)
        m.later()
    codes = ["quantity_over_ordered"]
    if ordered.order.lines[0].unit_price > Decimal("0.05"):
        codes.append("total_over_order")
    m.add("deliveries_over", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(26)),)), codes, step=3)


def receipts_over(m: Maker) -> None:
    """Billed as received; then more than came in."""
    ordered = m.order(1, lines=({"quantity": Decimal(100)},))
    m.receive_line(ordered, ordered.order.lines[0].line_number, Decimal(60))
    m.add("receipts_over", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(40)),)))
    m.later()
    m.add(
        "receipts_over", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(21)),)), ["quantity_over_received"], step=2
    )


def billed_in_full(m: Maker) -> None:
    """An order that was billed in full is billed once more."""
    ordered = m.order(2)
    m.add("billed_in_full", m.bill(ordered))
    m.later()
    count = max(Decimal(1), ordered.order.lines[0].quantity - 1)
    again = m.bill(ordered, lines=(m.line(ordered, 0, count),))
    m.add("billed_in_full", again, ["order_closed"], step=2)


def _first(m: Maker, kind: str, *, share: Decimal | None = Decimal("0.3")) -> tuple[Ordered, Draft]:
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(200)},))
    draft = m.bill(ordered, share=share)
    m.add(kind, draft)
    m.later()
    return ordered, draft


def sent_twice(m: Maker) -> None:
    """The same invoice in another file."""
    _, draft = _first(m, "sent_twice", share=m.rng.choice((None, Decimal("0.3"))))
    m.add("sent_twice", draft, ["duplicate_invoice"], status="duplicate", step=2)


def sent_twice_respelt(m: Maker) -> None:
    """The same invoice, its number in another spelling."""
    _, draft = _first(m, "sent_twice_respelt", share=m.rng.choice((None, Decimal("0.3"))))
    again = replace(draft, number=noise.respelt(draft.number, m.rng))
    m.add("sent_twice_respelt", again, ["duplicate_invoice"], status="duplicate", step=2)


def sent_twice_misread(m: Maker) -> None:
    """The same invoice scanned again: one sign of its number is read as a look-alike, or another digit."""
    _, draft = _first(m, "sent_twice_misread")
    wrong = noise.look_alike if m.rng.random() < 0.5 else noise.other_digit
    again = replace(draft, number=wrong(draft.number, m.rng), misread=("invoice_number",))
    m.add("sent_twice_misread", again, ["duplicate_suspected"], step=2)


def sent_twice_all_billed(m: Maker) -> None:
    """The same substance under another number, on an order that has no room for it."""
    _, draft = _first(m, "sent_twice_all_billed", share=None)
    again = replace(draft, number=m.invoice_number(draft.supplier))
    may = ("order_closed", "quantity_over_ordered", "total_over_order")
    m.add("sent_twice_all_billed", again, ["duplicate_suspected"], may=may, step=2)


def number_again_other_total(m: Maker) -> None:
    """The same number with other quantities."""
    ordered, draft = _first(m, "number_again_other_total")
    other = m.bill(ordered, share=TENTH)
    again = replace(other, number=draft.number, issued=draft.issued, fields={})
    m.add("number_again_other_total", again, ["duplicate_suspected"], step=2)


def number_again_other_date(m: Maker) -> None:
    """The same invoice with its date changed."""
    _, draft = _first(m, "number_again_other_date")
    again = replace(draft, issued=draft.issued + timedelta(days=1), fields={})
    m.add("number_again_other_date", again, ["duplicate_suspected"], step=2)


def other_number_other_date(m: Maker) -> None:
    """The same substance and delivery under another number and date."""
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(200)},))
    day = (m.day() - timedelta(days=3)).isoformat()
    draft = m.bill(ordered, share=Decimal("0.3")).having(delivery_date=day)
    m.add("other_number_other_date", draft)
    m.later()
    again = replace(draft, number=m.invoice_number(draft.supplier), issued=draft.issued + timedelta(days=2))
    again = again.having(due_date=None)
    m.add("other_number_other_date", again, ["duplicate_suspected"], step=2)


def same_again_other_delivery(m: Maker) -> None:
    """The same goods once more, with another delivery."""
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(200)},))
    for step in (1, 2):
        delivered = {"delivery_date": (m.day() - timedelta(days=2)).isoformat(), "delivery_note": f"LS-{m.next()}"}
        m.add("same_again_other_delivery", m.bill(ordered, share=Decimal("0.3")).having(**delivered), step=step)
        m.later()


def monthly(m: Maker) -> None:
    """The same service every month: another period is another invoice."""
    one = parties.without_orders(m, 800)
    m.moment = 0.3
    first = service_bill(m, one, Decimal(600), 7)
    for step in (1, 2, 3):
        month = 6 + step
        own = service_bill(m, one, Decimal(600), month)
        draft = replace(own, customer=first.customer, lines=first.lines)
        m.add("monthly", draft, step=step)
        m.moment += 0.2


def monthly_twice(m: Maker) -> None:
    """The same month under two numbers."""
    one = parties.without_orders(m, 800)
    m.moment = 0.4
    draft = service_bill(m, one, Decimal(600), 8)
    m.add("monthly_twice", draft)
    m.moment += 0.15
    again = replace(draft, number=m.invoice_number(one), issued=m.day())
    m.add("monthly_twice", again, ["duplicate_suspected"], step=2)


def credited(m: Maker) -> None:
    """A credit note gives a part back, which may be billed again."""
    ordered = m.order(2)
    draft = m.bill(ordered)
    m.add("credited", draft)
    m.later()
    back = max(Decimal(1), (ordered.order.lines[0].quantity * HALF).to_integral_value())
    m.add("credited", m.credit(replace(draft, lines=(m.line(ordered, 0, back),))), step=2)
    m.later()
    m.add("credited", m.bill(ordered, lines=(m.line(ordered, 0, back),)), step=3)


def credited_whole(m: Maker) -> None:
    """A credit note over all of an invoice; the order is billed in full by then."""
    draft = m.bill(m.order())
    m.add("credited_whole", draft)
    m.later()
    m.add("credited_whole", m.credit(draft), step=2)


def credited_too_much(m: Maker) -> None:
    """More pieces are credited than the invoice billed."""
    ordered = m.order(1, lines=({"quantity": Decimal(100)},))
    draft = m.bill(ordered, lines=(m.line(ordered, 0, Decimal(30)),))
    m.add("credited_too_much", draft)
    m.later()
    note = m.credit(replace(draft, lines=(m.line(ordered, 0, Decimal(31)),)))
    m.add("credited_too_much", note, ["credit_over_invoiced"], step=2)


def credited_twice(m: Maker) -> None:
    """Two credit notes that together give back more than was billed."""
    ordered = m.order(1, lines=({"quantity": Decimal(100)},))
    draft = m.bill(ordered, lines=(m.line(ordered, 0, Decimal(30)),))
    m.add("credited_twice", draft)
    m.later()
    m.add("credited_twice", m.credit(replace(draft, lines=(m.line(ordered, 0, Decimal(20)),))), step=2)
    m.later()
    note = m.credit(replace(draft, lines=(m.line(ordered, 0, Decimal(15)),)))
    m.add("credited_twice", note, ["credit_over_invoiced"], step=3)


def credited_unknown(m: Maker) -> None:
    """A credit note over an invoice that never came."""
    ordered = m.order(1)
    note = m.credit(m.bill(ordered, share=HALF), preceding_invoice=m.invoice_number(ordered.supplier))
    m.add("credited_unknown", note, ["preceding_invoice_not_found"])


def credited_nothing(m: Maker) -> None:
    """A credit note that names no invoice."""
    draft = m.bill(m.order())
    m.add("credited_nothing", draft)
    m.later()
    note = m.credit(draft, preceding_invoice=None)
    m.add("credited_nothing", note, ["preceding_invoice_not_found"], step=2)


def credited_waiting(m: Maker) -> None:
    """A credit note over an invoice that waits for a person."""
    ordered = m.order(1, lines=({"quantity": Decimal(50)},))
    line = m.line(ordered, 0, Decimal(20))
    wrong = m.bill(ordered, lines=(replace(line, price=cents(line.price * 2)),))
    m.add("credited_waiting", wrong, ["price_differs"])
    m.later()
    m.add("credited_waiting", m.credit(wrong), ["preceding_invoice_not_found"], may=("price_differs",), step=2)


SEQUENCES: tuple[Kind, ...] = (
    deliveries, same_again_other_delivery, monthly, credited, credited_whole,
)  # fmt: skip
"""Those in which everything passes."""

FAULTY_SEQUENCES: tuple[Kind, ...] = (
    deliveries_over, receipts_over, billed_in_full, sent_twice, sent_twice_respelt, sent_twice_misread,
    sent_twice_all_billed, number_again_other_total, number_again_other_date, other_number_other_date, monthly_twice,
    credited_too_much, credited_twice, credited_unknown, credited_nothing, credited_waiting,
)  # fmt: skip
"""Those whose last document is to be stopped."""
