"""Faults of the lines: price, quantity, unit, tax, what was never ordered, charges, and the total."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from samples.scenarios import noise
from samples.scenarios.clean import HALF, Kind, with_freight
from samples.scenarios.drafts import Draft, DraftLine, cents
from samples.scenarios.maker import Maker
from samples.scenarios.names import LANGUAGE
from samples.scenarios.wordlists import FREIGHT, PACKING

CENT = Decimal("0.01")


def _first_line(draft: Draft, **changes: object) -> Draft:
    first = replace(draft.lines[0], **changes)  # type: ignore[arg-type]
    return replace(draft, lines=(first, *draft.lines[1:]))


def price_higher(m: Maker) -> None:
    """A price above the order's, where the order has room."""
    draft = m.bill(m.order(), share=Decimal("0.3"))
    price = draft.lines[0].price
    more = max(cents(price * Decimal(m.rng.choice((2, 5, 12))) / 100), CENT) + CENT
    m.add(
        "price_higher", _first_line(draft, price=price + more, quantity=draft.lines[0].quantity + 2), ["price_differs"]
    )


def price_higher_all(m: Maker) -> None:
    """A price above the order's on all that was ordered: the total is above it too."""
    draft = m.bill(m.order())
    price = draft.lines[0].price
    dearer = price + max(cents(price / 10), Decimal("0.05"))
    m.add("price_higher_all", _first_line(draft, price=dearer), ["price_differs", "total_over_order"])


def price_two_cents(m: Maker) -> None:
    """One piece at two cents more: one cent above the tolerance of a line."""
    ordered = m.order(1, lines=({"quantity": Decimal(10)},))
    line = m.line(ordered, 0, Decimal(1))
    draft = m.bill(ordered, lines=(replace(line, price=line.price + 2 * CENT),))
    m.add("price_two_cents", draft, ["price_differs"])


def price_for_ten(m: Maker) -> None:
    """Ordered at a price per 100, billed at that price per piece."""
    supplier = m.supplier()
    article = m.article(supplier, unit="H87")
    line = {"quantity": Decimal(5000), "price_base": Decimal(100), "unit_price": cents(article.price * 20)}
    ordered = m.order(supplier=supplier, articles=(article,), lines=(line,))
    wrong = m.line(ordered, 0, Decimal(20), base=Decimal(1))
    m.add("price_for_ten", m.bill(ordered, lines=(wrong,)), ["price_differs"])


def discount_missing(m: Maker) -> None:
    """The list price without the discount that reaches the order's price."""
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(60)},))
    draft = m.bill(ordered, share=Decimal("0.3"))
    listed = cents(draft.lines[0].price * Decimal("1.25")) + Decimal("0.05")
    m.add("discount_missing", _first_line(draft, price=listed, percent=Decimal(1)), ["price_differs"])


def quantity_one_more(m: Maker) -> None:
    """One piece more than ordered; other lines leave the order room in money."""
    supplier = m.supplier()
    articles = sorted(m.articles(supplier, 2), key=lambda each: each.price)
    ordered = m.order(
        supplier=supplier, articles=articles, lines=({"quantity": Decimal(50)}, {"quantity": Decimal(60)})
    )
    draft = m.bill(ordered, lines=(m.line(ordered, 0, Decimal(51)), m.line(ordered, 1, Decimal(40))))
    m.add("quantity_one_more", draft, ["quantity_over_ordered"])


def quantity_above_receipt(m: Maker) -> None:
    """More than came in, less than ordered."""
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(50)},))
    for line in ordered.order.lines[1:]:
        m.receive_line(ordered, line.line_number, line.quantity)
    m.receive_line(ordered, ordered.order.lines[0].line_number, Decimal(30))
    draft = _first_line(m.bill(ordered), quantity=Decimal(m.rng.choice((31, 45))))
    m.add("quantity_above_receipt", draft, ["quantity_over_received"])


def receipt_of_other_line(m: Maker) -> None:
    """An order with receipts, but none for this line: nothing of it came."""
    ordered = m.order(3)
    m.receive(ordered, lines=[line.line_number for line in ordered.order.lines[1:]])
    m.add("receipt_of_other_line", m.bill(ordered), ["quantity_over_received"])


def returned(m: Maker) -> None:
    """All came, some went back, all is billed."""
    ordered = m.order(1, lines=({"quantity": Decimal(40)},))
    line = ordered.order.lines[0].line_number
    m.receive_line(ordered, line, Decimal(40))
    m.receive_line(ordered, line, Decimal(-5))
    m.add("returned", m.bill(ordered), ["quantity_over_received"])


def not_ordered(m: Maker) -> None:
    """An article that the order lacks, beside ordered ones; the order has room in money."""
    ordered = m.order(m.rng.randint(1, 3), lines=({"quantity": Decimal(400)},))
    draft = m.bill(ordered, share=Decimal("0.1"))
    other = m.article(ordered.supplier)
    while any((other.noun, other.attribute) == (each.noun, each.attribute) for each in ordered.articles):
        other = m.article(ordered.supplier)
    extra = DraftLine(other.description, Decimal(1), Decimal("1.10"), other.unit, other.sku, rate=draft.lines[0].rate)
    m.add("not_ordered", replace(draft, lines=(*draft.lines, extra)), ["line_not_ordered"])


def other_size(m: Maker) -> None:
    """The ordered article in another size, under another number, at the same price."""
    ordered = m.order(m.rng.randint(1, 3))
    draft = m.bill(ordered, share=Decimal("0.2"))
    other = m.article(ordered.supplier)
    noun, attribute, size = ordered.articles[0].words()
    digit = next(char for char in size if char.isdigit())
    grown = size.replace(digit, "7" if digit == "9" else "9", 1)
    wrong = _first_line(draft, description=f"{noun} {attribute} {grown}", sku=other.sku, pairs=())
    m.add("other_size", wrong, ["line_not_ordered"], orders=(ordered.number,))


def added_line(m: Maker) -> None:
    """All of the order, and one line more: the total is above the order."""
    ordered = m.order(m.rng.randint(1, 3))
    draft = m.bill(ordered)
    other = m.article(ordered.supplier)
    while any(other.noun == each.noun for each in ordered.articles):
        other = m.article(ordered.supplier)
    extra = DraftLine(other.description, Decimal(2), other.price + 1, other.unit, other.sku, rate=draft.lines[0].rate)
    # what was not ordered is no money billed on the order's lines: the contract leaves the second code open
    m.add("added_line", replace(draft, lines=(*draft.lines, extra)), ["line_not_ordered"], may=("total_over_order",))


def unit_other(m: Maker) -> None:
    """Kilograms for pieces: quantity and price cannot be compared."""
    supplier = m.supplier()
    article = m.article(supplier, unit="H87")
    ordered = m.order(supplier=supplier, articles=(article,))
    unit = m.rng.choice(("KGM", "MTR", "HUR"))
    m.add("unit_other", m.bill(ordered, lines=(m.line(ordered, unit=unit),)), ["unit_differs"])


def tax_other(m: Maker) -> None:
    """Another tax rate than the order line's, with sums that are right."""
    draft = m.bill(m.order(m.rng.randint(1, 3)), share=HALF)
    rate = Decimal(7) if draft.lines[0].rate != 7 else Decimal(19)
    m.add("tax_other", _first_line(draft, rate=rate), ["tax_rate_differs"])


def freight_not_ordered(m: Maker) -> None:
    """Freight or packing that the order lacks, among the lines or below them."""
    draft = m.bill(m.order(m.rng.randint(1, 3)))
    words = m.rng.choice((FREIGHT, PACKING))
    word = words[LANGUAGE[draft.supplier.country or "GB"]]
    amount = Decimal(m.rng.randint(100, 6000)) / 100
    if m.rng.random() < 0.5:
        line = DraftLine(word, Decimal(1), amount, rate=draft.lines[0].rate)
        draft = replace(draft, lines=(*draft.lines, line))
    else:
        draft = replace(draft, charges=(("charge", amount, word),))
    m.add("freight_not_ordered", draft, ["charge_differs"])


def freight_higher(m: Maker) -> None:
    """More freight than the order carries."""
    _, draft = with_freight(m, billed=Decimal(m.rng.randint(10000, 15000)) / 100, room=True)
    m.add("freight_higher", draft, ["charge_differs"], may=("total_over_order",))


def many_cents(m: Maker) -> None:
    """Six lines, each one cent above its order: above the document's tolerance only together."""
    supplier = m.supplier()
    articles = m.articles(supplier, 6)
    ordered = m.order(supplier=supplier, articles=articles, lines=tuple({"quantity": Decimal(1)} for _ in articles))
    draft = m.bill(ordered)
    lines = tuple(replace(line, price=line.price + CENT) for line in draft.lines)
    m.add("many_cents", replace(draft, lines=lines), ["total_over_order"])


def price_and_quantity(m: Maker) -> None:
    """One line dearer, another one above its quantity."""
    supplier = m.supplier()
    articles = sorted(m.articles(supplier, 3), key=lambda each: each.price)
    counts = tuple({"quantity": Decimal(count)} for count in (20, 50, 60))
    ordered = m.order(supplier=supplier, articles=articles, lines=counts)
    dear = m.line(ordered, 1, Decimal(10))
    lines = (
        m.line(ordered, 0, Decimal(21)),
        replace(dear, price=dear.price + Decimal("0.08")),
        m.line(ordered, 2, Decimal(10)),
    )
    m.add("price_and_quantity", m.bill(ordered, lines=lines), ["price_differs", "quantity_over_ordered"])


def tax_and_freight(m: Maker) -> None:
    """Another tax rate, and freight that was not ordered."""
    draft = m.bill(m.order(2), share=HALF)
    rate = Decimal(5) if draft.lines[0].rate != 5 else Decimal(10)
    word = FREIGHT[LANGUAGE[draft.supplier.country or "GB"]]
    draft = replace(_first_line(draft, rate=rate), charges=(("charge", Decimal("14.90"), word),))
    m.add("tax_and_freight", draft, ["tax_rate_differs", "charge_differs"])


def reworded_and_dearer(m: Maker) -> None:
    """No article numbers, other words, and one price is higher."""
    ordered = m.order(m.rng.randint(2, 4))
    draft = m.bill(ordered, share=Decimal("0.3"))
    lines = [
        replace(line, sku=None, description=noise.reworded(article, m.rng))
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    ]
    lines[0] = replace(lines[0], price=cents(lines[0].price * Decimal("1.2")) + Decimal("0.05"))
    m.add("reworded_and_dearer", replace(draft, lines=tuple(lines)), ["price_differs"])


LINE_FAULTS: tuple[Kind, ...] = (
    price_higher, price_higher_all, price_two_cents, price_for_ten, discount_missing, quantity_one_more,
    quantity_above_receipt, receipt_of_other_line, returned, not_ordered, other_size, added_line, unit_other,
    tax_other, freight_not_ordered, freight_higher, many_cents, price_and_quantity, tax_and_freight,
    reworded_and_dearer,
)  # fmt: skip
