"""The totals in their many forms, with what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from samples.paper.blocks import Band, Block, Cell, Column, Gap, Keep, Part, Row, Side, Table, Text
from samples.paper.desk import Desk


@dataclass(frozen=True, slots=True)
class Sum:
    """A row of the totals."""

    label: str
    value: str
    told: tuple[tuple[str, str], ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Summed:
    """The part, and the rows of the tax table."""

    part: Part
    taxes: tuple[dict[str, str], ...]


def _charges(desk: Desk) -> list[Sum]:
    facts, words, form = desk.facts, desk.words, desk.form
    if not (facts.shipping or facts.surcharge or facts.discount):
        return []
    total = facts.lines_total
    rows = [Sum(words("totals", "lines"), form.money(total), (("lines_total", str(total)),))]
    if facts.discount:
        amount = facts.discount_total
        label = words("totals", "discount") + (f" {form.percent(facts.discount)} %" if desk.chance(0.8) else "")
        rows.append(Sum(label, form.money(-amount), (("discount_total", str(amount)),)))
    if facts.shipping:
        told = () if facts.surcharge else (("shipping_total", str(facts.shipping)),)
        rows.append(Sum(words("totals", "shipping"), form.money(facts.shipping), told))
    if facts.surcharge:
        key = desk.rng.choice(("surcharge", "packing"))
        rows.append(Sum(words("totals", key), form.money(facts.surcharge)))
    return rows


def _tax_rows(desk: Desk) -> tuple[list[Sum], tuple[dict[str, str], ...]]:
    """Rows of tax below each other, with the cells of the tax table."""
    facts, words, form = desk.facts, desk.words, desk.form
    if facts.untaxed and desk.chance(0.5):
        return [], ()
    rows, cells = [], []
    for row in facts.taxes:
        rate, told = form.percent(row.rate), {"rate": str(row.rate), "tax": str(row.tax)}
        label = words("text", "included", rate=rate) if facts.with_tax else words("totals", "tax", rate=rate)
        if desk.layout.taxes == "based":
            label = f"{label} ({form.number(row.taxable)})"
            told["taxable"] = str(row.taxable)
        fields = (("tax_total", str(facts.tax)),) if len(facts.taxes) == 1 else ()
        rows.append(Sum(label, form.money(row.tax), fields))
        cells.append(told)
    if len(facts.taxes) > 1 and desk.chance(0.6):
        rows.append(Sum(words("totals", "tax_sum"), form.money(facts.tax), (("tax_total", str(facts.tax)),)))
    return rows, tuple(cells)


def _tax_table(desk: Desk) -> tuple[Table, tuple[dict[str, str], ...]]:
    facts, words, form = desk.facts, desk.words, desk.form
    keys = ["h_rate", "h_taxable", "h_tax"] + (["h_gross"] if desk.layout.has("tax_gross") else [])
    rows, cells = [], []
    for row in facts.taxes:
        values = (f"{form.percent(row.rate)} %", *map(form.number, (row.taxable, row.tax, row.taxable + row.tax)))
        rows.append(Row(tuple(Cell(value) for value in values[: len(keys)])))
        cells.append({"rate": str(row.rate), "taxable": str(row.taxable), "tax": str(row.tax)})
    head = Row(tuple(Cell(words("totals", key)) for key in keys), "head")
    columns = (Column(), *(Column("right") for _ in keys[1:]))
    rules = desk.rng.choice(("all", "underline", "none", "head"))
    return Table(columns, tuple(rows), (head,), rules=rules, full=False, size=0.9), tuple(cells)


def _ending(desk: Desk) -> list[Sum]:
    facts, words, form = desk.facts, desk.words, desk.form
    gross, due = facts.gross, facts.to_pay
    shown = (("gross_total", str(gross)),)
    if not facts.prepaid and not facts.rounding:
        if desk.layout.has("only_due"):
            label = _with_currency(desk, words("totals", "due"))
            return [Sum(label, form.money(gross), (*shown, ("amount_due", str(gross))), True)]
        rows = [Sum(_total_label(desk), form.money(gross), shown, True)]
        if desk.layout.has("due_row"):
            rows.append(Sum(words("totals", "due"), form.money(due), (("amount_due", str(due)),), True))
        return rows
    rows = [Sum(_total_label(desk), form.money(gross), shown, True)]
    if facts.prepaid:
        rows.append(Sum(words("totals", "prepaid"), form.money(-facts.prepaid), (("prepaid", str(facts.prepaid)),)))
    if facts.rounding:
        rows.append(Sum(words("totals", "rounding"), form.money(facts.rounding), (("rounding", str(facts.rounding)),)))
    rows.append(Sum(words("totals", "due"), form.money(due), (("amount_due", str(due)),), True))
    return rows


def _total_label(desk: Desk) -> str:
    return _with_currency(desk, desk.words("totals", "gross"))


def _with_currency(desk: Desk, label: str) -> str:
    """The caption names the currency where the amounts do not."""
    if not desk.form.mark or desk.layout.has("total_currency"):
        return f"{label} {desk.facts.currency}"
    return label


def _sums(desk: Desk) -> tuple[list[Sum], tuple[dict[str, str], ...]]:
    facts, words, form = desk.facts, desk.words, desk.form
    taxes, cells = _tax_rows(desk)
    net = Sum(words("totals", "net"), form.money(facts.net), (("net_total", str(facts.net)),))
    if facts.with_tax:
        return [*_charges(desk), *_ending(desk)[:1], *taxes, *_ending(desk)[1:]], cells
    if desk.layout.taxes == "table":
        whole = Sum(words("totals", "tax_sum"), form.money(facts.tax), (("tax_total", str(facts.tax)),))
        return [*_charges(desk), net, whole, *_ending(desk)], ()
    return [*_charges(desk), net, *taxes, *_ending(desk)], cells


def _table(desk: Desk, rows: list[Sum], *, full: bool, align: str, rules: str) -> Table:
    lines = tuple(
        Row((Cell(row.label), Cell(row.value)), "sum" if row.strong else "body") for row in rows
    )  # fmt: skip
    columns = (Column(grow=full), Column("right"))
    return Table(columns, lines, rules=rules, full=full, align=align, pad=4, air=2)


def _strip(rows: list[Sum]) -> Table:
    columns = tuple(Column("right") for _ in rows)
    head = Row(tuple(Cell(row.label) for row in rows), "head")
    return Table(columns, (Row(tuple(Cell(row.value) for row in rows), "sum"),), (head,), rules="all", equal=True,
                 head_bold=False, size=0.9)  # fmt: skip


def _placed(desk: Desk, rows: list[Sum], beside: tuple[Block, ...]) -> tuple[Block, ...]:
    share: tuple[float, float] = (1, 1.15)
    match desk.layout.totals:
        case "boxed":
            block: Block = Band(
                (_table(desk, rows, full=True, align="left", rules="none"),), frame=desk.look.ink, pad=3
            )
            return (Side(((share[0], beside), (share[1], (block,)))),)
        case "wide":
            return (*beside, _table(desk, rows, full=True, align="left", rules=desk.rng.choice(("rows", "none"))))
        case "left":
            return (_table(desk, rows, full=False, align="left", rules="none"), Gap(4), *beside)
        case "bottom":
            inner = Side(((share[0], beside), (share[1], (_table(desk, rows, full=True, align="left", rules="rows"),))))
            return (inner,)
        case "strip":
            return (
                (*beside, _strip(rows))
                if len(rows) < 7
                else (*beside, _table(desk, rows, full=False, align="right", rules="rows"))
            )
        case "ruled":
            return (
                Side(((share[0], beside), (share[1], (_table(desk, rows, full=True, align="left", rules="all"),)))),
            )
        case "shaded":
            block = Band((_table(desk, rows, full=True, align="left", rules="none"),), fill="#eceff3", pad=4)
            return (Side(((share[0], beside), (share[1], (block,)))),)
        case _:
            return (
                Side(((share[0], beside), (share[1], (_table(desk, rows, full=False, align="right", rules="none"),)))),
            )


def sums(desk: Desk) -> Summed:
    """The totals of the document."""
    facts = desk.facts
    rows, cells = _sums(desk)
    beside: tuple[Block, ...] = ()
    if desk.layout.taxes == "table":
        table, cells = _tax_table(desk)
        heading = (Text((desk.words("totals", "summary"),), 0.9, True),) if desk.chance(0.5) else ()
        beside = (*heading, table, Gap(6))
    told = {name: value for row in rows for name, value in row.told}
    if desk.form.mark or any(facts.currency in row.label for row in rows):
        told["currency"] = facts.currency
    hidden = {"lines_total", "net_total", "tax_total", "amount_due", "shipping_total", "gross_total"} - set(told)
    blocks = list(_placed(desk, rows, beside))
    notes = _notes(desk)
    if notes:
        blocks += [Gap(6), Text(notes, 0.95)]
    part = Part((*blocks, Gap(10)), told, frozenset(hidden))
    kept = part if desk.layout.totals == "bottom" else part.showing(Keep(part.blocks))
    return Summed(kept, cells)


def _notes(desk: Desk) -> tuple[str, ...]:
    """Sentences below the totals; some carry sums that are no totals."""
    facts, words, form = desk.facts, desk.words, desk.form
    notes = []
    if facts.untaxed:
        notes.append(words("text", "reverse"))
    if desk.layout.has("saved") and facts.kind == "invoice":
        notes.append(words("text", "saved", x=form.money(max(facts.net / 17, Decimal(1)))))
    if desk.layout.has("second_currency"):
        other = "USD" if facts.currency != "USD" else "EUR"
        rate = Decimal("1.0842")
        text = form.number(facts.gross * rate)
        notes.append(words("text", "second_currency", c=other, r=form.number(rate, 4), x=f"{text} {other}"))
    return tuple(notes)
