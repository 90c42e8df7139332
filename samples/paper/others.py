"""Documents that are no invoices: what statements and reminders list, and the page of conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from samples.paper.blocks import Block, Cell, Column, Gap, Paper, Part, Row, Side, Table, Text
from samples.paper.desk import Desk
from samples.paper.identifiers import digits
from samples.paper.layouts import Layout

NO_INVOICES = ("estimate", "purchase_order", "delivery_note", "statement", "reminder")
PRICES = {"price", "base", "discount", "rate", "code", "net", "tax", "gross"}


def without_prices(layout: Layout) -> Layout:
    """The same maker's delivery note."""
    columns = " ".join(column for column in layout.columns.split() if column not in PRICES)
    if "quantity" not in columns.split():
        columns = f"quantity {columns}"
    extras = " ".join(extra for extra in layout.extras.split() if extra not in ("subtotals", "carry", "rebate_line"))
    return replace(layout, columns=columns, extras=extras)


def open_items(desk: Desk) -> Part:
    """The open invoices that a statement or a reminder lists."""
    form, rng, total = desk.form, desk.rng, Decimal(0)
    rows = []
    for back in sorted(rng.sample(range(35, 160), rng.randint(1, 6)), reverse=True):
        day = desk.facts.issued - timedelta(days=back)
        amount = Decimal(rng.randint(4000, 900000)) / 100
        total += amount
        due = day + timedelta(days=30)
        texts = (digits(rng, 6), form.day(day), form.day(due), form.number(amount))
        rows.append(Row(tuple(Cell(text) for text in texts)))
    rows.append(Row((Cell(desk.words("totals", "due"), 3), Cell(form.money(total))), "sum"))
    heads = (*(desk.label(key, colon=False) for key in ("number", "date", "due")), desk.words("columns", "net"))
    columns = (Column(), Column(), Column(), Column("right"))
    head = Row(tuple(Cell(text) for text in heads), "head")
    return Part((Table(columns, tuple(rows), (head,), rules=desk.layout.rules), Gap(10)))


def conditions(paper: Paper, desk: Desk) -> Paper:
    """A page of conditions, as it follows many invoices."""
    words, clauses = desk.words, []
    for number in range(1, 15):
        clauses.append(f"{number}. {words('text', 'title_goods')}")
    left, right = tuple(clauses[:7]), tuple(clauses[7:])
    body: tuple[Block, ...] = (
        Text((words("text", "conditions"),), 1.4, True),
        Gap(8),
        Side(((1, (Text(left, 0.72),)), (1, (Text(right, 0.72),)))),
    )
    return replace(paper, body=body, running=(), numbered="")
