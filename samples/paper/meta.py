"""Number, dates and references of the document, in the forms that makers give them."""

from __future__ import annotations

from samples.paper.blocks import Band, Block, Cell, Column, Gap, Part, Row, Table
from samples.paper.desk import Desk, Entry, pairs, stack, told_by

FIELDS = {
    "customer": "customer_number", "your_ref": "buyer_reference", "contract": "contract_number",
    "delivery_note": "delivery_note", "preceding": "preceding_invoice",
}  # fmt: skip
BESIDE = ("our_ref", "project", "quotation", "tracking", "clerk")


def number_entry(desk: Desk) -> Entry:
    """The document's number."""
    facts = desk.facts
    key = {"credit_note": "credit_number", "invoice": "number", "receipt": "number"}.get(facts.kind, "other_number")
    return Entry("number", desk.label(key), facts.number, (("invoice_number", facts.number),))


def date_entry(desk: Desk) -> Entry:
    """The day of issue."""
    facts = desk.facts
    key = "date" if facts.kind in ("invoice", "receipt") else "credit_date"
    return Entry("date", desk.label(key), desk.form.day(facts.issued), (("issue_date", facts.issued.isoformat()),))


def _dated(desk: Desk) -> list[Entry]:
    facts, entries = desk.facts, list[Entry]()
    if facts.due and (facts.terms_days is None or desk.chance(0.7)):
        entries.append(
            Entry("due", desk.label("due"), desk.form.day(facts.due), (("due_date", facts.due.isoformat()),))
        )
    if facts.delivered:
        told = (("delivery_date", facts.delivered.isoformat()),)
        entries.append(Entry("delivered", desk.label("delivered"), desk.form.day(facts.delivered), told))
    for key, day in facts.dates.items():
        entries.append(Entry(key, desk.label(key), desk.form.day(day)))
    if facts.period:
        first, last = facts.period
        told_period = (("period_start", first.isoformat()), ("period_end", last.isoformat()))
        text = f"{desk.form.day(first)} {desk.rng.choice(('-', '–'))} {desk.form.day(last)}"
        entries.append(Entry("period", desk.label("period"), text, told_period))
    return entries


def meta_entries(desk: Desk, already: dict[str, str]) -> list[Entry]:
    """All entries in the order of this document; what the title tells already is left out."""
    facts, entries = desk.facts, list[Entry]()
    if facts.kind == "receipt":
        return [number_entry(desk), date_entry(desk)]
    if facts.order and not any(line.order for line in facts.lines):
        entries.append(Entry("order", desk.label("order"), facts.order, (("purchase_order", facts.order),)))
    for key, value in facts.refs.items():
        if key in FIELDS:
            entries.append(Entry(key, desk.label(key), value, ((FIELDS[key], value),)))
        elif key in BESIDE:
            entries.append(Entry(key, desk.label(key), value))
    entries += _dated(desk)
    if desk.layout.has("balance"):
        value = desk.form.money(facts.gross * desk.rng.choice((2, 3)) / 7)
        entries.append(Entry("balance", desk.label("balance"), value))
    if desk.layout.has("page"):
        entries.append(Entry("page", "", desk.words("labels", "page")))
    desk.rng.shuffle(entries)
    entries.sort(key=lambda entry: entry.key == "page")
    first = [entry for entry in (number_entry(desk), date_entry(desk)) if entry.told[0][0] not in already]
    if desk.chance(0.2):
        first.reverse()
    if desk.chance(0.15) and entries:
        return [entries[0], *first, *entries[1:]]
    return [*first, *entries]


def _above(entries: list[Entry], across: int, *, boxed: bool, fill: str) -> Table:
    rows: list[Row] = []
    for start in range(0, len(entries), across):
        part = entries[start : start + across]
        blank = tuple(Cell() for _ in range(across - len(part)))
        rows.append(Row((*(Cell(entry.label.rstrip(" :")) for entry in part), *blank), "head", keep=True))
        rows.append(Row((*(Cell(entry.value, bold=False) for entry in part), *blank), "body"))
    columns = tuple(Column() for _ in range(across))
    return Table(columns, tuple(rows), rules="all" if boxed else "none", size=0.9, head_bold=not boxed, head_fill=fill,
                 equal=True)  # fmt: skip


def meta(desk: Desk, already: dict[str, str]) -> Part:
    """The entries in the layout's form."""
    entries, form = meta_entries(desk, already), desk.layout.meta
    told = told_by(entries)
    if not entries:
        return Part()
    narrow = desk.layout.meta_at != "below"
    named = [entry for entry in entries if entry.label]
    bare = [entry for entry in entries if not entry.label]
    fill = "#e6e6e6" if desk.layout.has("shaded") else ""
    blocks: tuple[Block, ...]
    match form:
        case "stack":
            blocks = (stack(entries),)
        case "right":
            blocks = (pairs(entries, align="right", right=True),)
        case "ruled":
            blocks = (pairs(entries, full=narrow, rules="all"),)
        case "bold":
            blocks = (pairs(entries, bold=True),)
        case "above":
            blocks = (_above(named, 2 if narrow else 4, boxed=False, fill=""),)
        case "grid":
            blocks = (_above(named, 2 if narrow else 4, boxed=True, fill=fill),)
        case "row":
            across = min(len(named), 3 if narrow else 5)
            blocks = (_above(named[:across], across, boxed=True, fill=fill),)
            if named[across:]:
                blocks += (Gap(4), pairs(named[across:]))
        case "strip":
            across = min(len(named), 3 if narrow else 6)
            blocks = (Band((_above(named[:across], across, boxed=False, fill=""),), fill="#eef2f6", pad=3),)
            if named[across:]:
                blocks += (Gap(3), stack(named[across:]))
        case "frame":
            blocks = (Band((pairs(entries),), frame=desk.look.ink, pad=4),)
        case _:
            blocks = (pairs(entries),)
    if bare and form in ("above", "grid", "row", "strip"):
        blocks += (stack(bare),)
    return Part(blocks, told)
