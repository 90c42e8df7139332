"""The table of lines in its many forms, with what it tells of every line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from samples.model import money
from samples.paper.blocks import Carry, Cell, Column, Gap, Part, Row, Table, Text
from samples.paper.desk import Desk
from samples.paper.facts import ZERO, Line
from samples.paper.vocabulary import tables

FIGURES = {"quantity", "price", "base", "discount", "rate", "net", "tax", "gross"}
MIDDLE = {"unit", "code", "pos"}


@dataclass(frozen=True, slots=True)
class Lined:
    """The part, and the cells of every line."""

    part: Part
    cells: tuple[dict[str, str], ...]


def _codes(desk: Desk) -> dict[Decimal, str]:
    rates = sorted({line.rate for line in desk.facts.lines}, reverse=True)
    return {rate: letter for rate, letter in zip(rates, "ABCD", strict=False)}


def _numbering(desk: Desk) -> list[str]:
    count = len(desk.facts.lines)
    style = desk.rng.choice(("{}", "{}", "{}0", "{:02d}", "{:03d}"))
    return [style.format(at) for at in range(1, count + 1)]


def _quantity(desk: Desk, line: Line) -> str:
    text = desk.form.quantity(line.quantity)
    if desk.layout.has("glued"):
        return f"{text}{line.printed_unit}"
    if desk.layout.has("joined"):
        return f"{text} {line.printed_unit}"
    return f"{text}x" if desk.layout.has("times") else text


def _figure(desk: Desk, line: Line, column: str, position: str, codes: dict[Decimal, str]) -> str:
    """The printed text of a cell other than the description."""
    form, rate = desk.form, ZERO if desk.facts.untaxed else line.rate
    mark = form.money if desk.layout.has("marks") else form.number
    match column:
        case "pos":
            return position
        case "net":
            return mark(line.total)
        case "gross":
            return mark(line.total if desk.facts.with_tax else line.total + (money(line.total * rate / 100)))
        case "tax":
            return form.number(money(line.total * rate / 100))
        case "rate":
            return form.percent(rate) + (" %" if desk.layout.has("percents") else "")
        case "code":
            return codes[line.rate]
    if line.charge:
        return ""
    match column:
        case "sku":
            return line.sku
        case "quantity":
            return _quantity(desk, line)
        case "unit":
            return line.printed_unit
        case "price":
            return (form.money if desk.layout.has("marks") and line.price >= 1 else form.price)(line.price)
        case "base":
            return str(line.base)
        case "discount":
            return form.percent(line.discount) if line.discount else ""
        case "date":
            return form.day(line.delivered) if line.delivered else ""
        case "order":
            return line.order
    return ""


def _truth(desk: Desk, line: Line, position: str) -> dict[str, str]:
    columns = desk.layout.columns.split()
    unit_shown = "unit" in columns or desk.layout.has("glued") or desk.layout.has("joined")
    cells = {"line_number": position} if "pos" in columns else {}
    cells["description"] = line.text
    cells["line_total"] = str(line.total)
    if {"rate", "code"} & set(columns):
        cells["tax_rate"] = str(ZERO if desk.facts.untaxed else line.rate)
    if line.order and ("order" in columns or desk.layout.has("line_orders")):
        cells["purchase_order"] = line.order
    if line.charge:
        return cells
    if "sku" in columns:
        cells["sku"] = line.sku
    if "quantity" in columns:
        cells["quantity"] = str(line.quantity)
    if unit_shown and "quantity" in columns:
        cells["unit"] = line.unit
    if "price" in columns:
        cells["unit_price"] = str(line.price)
    if "base" in columns and line.base > 1:
        cells["price_base"] = str(line.base)
    if "discount" in columns and line.discount:
        cells["line_discount_percent"] = str(line.discount)
    if line.delivered and ("date" in columns or desk.layout.has("line_dates")):
        cells["delivery_date"] = line.delivered.isoformat()
    return cells


def _beside(desk: Desk, line: Line) -> tuple[str, ...]:
    """Lines below the description that are none of it."""
    extra = []
    if line.serial:
        extra.append(desk.words("text", "serial", x=line.serial))
    if line.delivered and desk.layout.has("line_dates"):
        extra.append(desk.words("text", "delivered_row", date=desk.form.day(line.delivered)))
    if desk.layout.has("origin") and not line.charge:
        extra.append(desk.words("text", "origin", c=desk.facts.seller.country, t="8481 80 59"))
    return tuple(extra)


def _line_rows(desk: Desk, line: Line, columns: list[str], figures: dict[str, str]) -> list[Row]:
    described = "\n".join(part for part in (line.description, line.detail, *_beside(desk, line)) if part)
    amount = line.total
    if desk.layout.wrap == "own_row":
        before = [Cell(figures[column]) for column in columns[: columns.index("description")]]
        span = len(columns) - len(before)
        rest = [Cell(figures[column]) for column in columns[columns.index("description") + 1 :]]
        upper = Row((*before, Cell(described, span, align="left")), "plain", keep=True)
        return [upper, Row((*(Cell() for _ in before), Cell(), *rest), amount=amount)]
    cells = tuple(Cell(described if column == "description" else figures[column]) for column in columns)
    return [Row(cells, amount=amount, low=desk.layout.wrap == "low")]


def _across(text: str, columns: list[str], *, bold: bool = False) -> Row:
    return Row((Cell(text, len(columns), bold, align="left"),), "plain", keep=True)


def _sum_row(text: str, amount: str, columns: list[str]) -> Row:
    at = columns.index("net") if "net" in columns else columns.index("gross")
    rest = tuple(Cell() for _ in columns[at + 1 :])
    return Row((Cell(text, at, True, "right"), Cell(amount, bold=True), *rest), "plain")


def _rows(desk: Desk, columns: list[str]) -> tuple[list[Row], list[dict[str, str]]]:
    facts, layout, codes = desk.facts, desk.layout, _codes(desk)
    rows, truths, section, order = list[Row](), list[dict[str, str]](), "", ""
    for at, (line, position) in enumerate(zip(facts.lines, _numbering(desk), strict=True)):
        if line.order and line.order != order and layout.has("line_orders"):
            rows.append(_across(_order_text(desk, line), columns, bold=layout.has("bold_orders")))
        if layout.has("note_rows") and at == 0 and "delivery_note" in facts.refs:
            day = facts.dates.get("delivery_note_date", facts.issued)
            text = desk.words("text", "note_row", note=facts.refs["delivery_note"], date=desk.form.day(day))
            rows.append(_across(text, columns))
        if line.section and line.section != section:
            rows.append(_across(line.section, columns, bold=True))
        section, order = line.section, line.order
        figures = {column: _figure(desk, line, column, position, codes) for column in columns}
        rows += _line_rows(desk, line, columns, figures)
        truths.append(_truth(desk, line, position))
        last = at + 1 == len(facts.lines) or facts.lines[at + 1].section != section
        if section and last and layout.has("subtotals"):
            total = sum((other.total for other in facts.lines if other.section == section), ZERO)
            text = desk.words("text", "section_sum", section=section)
            rows.append(_sum_row(text, desk.form.number(total), columns))
        if layout.has("remark") and at == 0:
            rows.append(_across(desk.rng.choice(_remarks(desk)), columns))
    return rows, truths


def _remarks(desk: Desk) -> list[str]:
    return tables(desk.words.language)["goods"]["remark"].split("|")


def _order_text(desk: Desk, line: Line) -> str:
    if line.ordered and not desk.layout.has("undated_orders"):
        return desk.words("text", "order_row", order=line.order, date=desk.form.day(line.ordered))
    return desk.words("text", "order_row_plain", order=line.order)


def _heads(desk: Desk, columns: list[str]) -> tuple[Row, ...]:
    if desk.layout.head == "none":
        return ()
    names = [desk.words("columns", column) for column in columns]
    if desk.layout.has("capital_heads"):
        names = [name.upper() for name in names]
    rows = [Row(tuple(Cell(name) for name in names), "head", keep=True)]
    if desk.layout.head == "two":
        under = {"price": desk.facts.currency, "net": desk.facts.currency, "gross": desk.facts.currency, "rate": "%"}
        if "net" not in columns:
            under.pop("price")
        rows.append(Row(tuple(Cell(under.get(column, ""), bold=False) for column in columns), "head"))
    return tuple(rows)


def lines_part(desk: Desk) -> Lined:
    """The whole table."""
    columns, layout, form = desk.layout.columns.split(), desk.layout, desk.form
    rows, truths = _rows(desk, columns)
    aligns = [
        layout.numbers if column in FIGURES else "centre" if column in MIDDLE and layout.has("middle") else "left"
        for column in columns
    ]
    carry = None
    if layout.has("carry") and "net" in columns:
        words = desk.words
        carry = Carry(
            words("text", "carried"), words("text", "brought", n="{n}"), columns.index("net"), (form.group, form.point)
        )
    table = Table(
        tuple(Column(align, column == "description") for align, column in zip(aligns, columns, strict=True)),
        tuple(rows), _heads(desk, columns), rules=layout.rules, carry=carry, size=0.95,
        head_fill={"fill": desk.look.accent, "light": "#e4e8ec"}.get(layout.head, ""),
        head_colour="#ffffff" if layout.head == "fill" else "",
        air=2.6 if layout.has("airy") else 1.6,
    )  # fmt: skip
    told: dict[str, str] = {}
    orders = [line.order for line in desk.facts.lines if line.order]
    if orders:
        told["purchase_order"] = orders[0]
    if layout.head == "two" and "net" in columns:
        told["currency"] = desk.facts.currency
    blocks: tuple[Text | Table | Gap, ...] = (table, Gap(6))
    if "code" in columns and not desk.facts.untaxed:
        legend = ", ".join(f"{letter} = {form.percent(rate)} %" for rate, letter in _codes(desk).items())
        blocks += (Text((f"{desk.words('text', 'legend')} {legend}",), 0.85), Gap(4))
    hidden = frozenset({"delivery_date"}) if any(line.delivered for line in desk.facts.lines) else frozenset[str]()
    return Lined(Part(blocks, told, hidden), tuple(truths))
