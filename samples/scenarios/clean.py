"""Documents that a careful coordinator would let pass: nothing about them differs, however they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from matching.records import Supplier
from samples.scenarios import noise, parties
from samples.scenarios.drafts import Draft, DraftLine, address_of, cents
from samples.scenarios.maker import Maker, Ordered
from samples.scenarios.names import LANGUAGE, service
from samples.scenarios.wordlists import FREIGHT

Kind = Callable[[Maker], object]
HALF = Decimal("0.5")


def exact(m: Maker) -> None:
    """All of an order."""
    m.add("exact", m.bill(m.order()))


def part(m: Maker) -> None:
    """A part of an order."""
    m.add("part", m.bill(m.order(), share=Decimal("0.4")))


def received(m: Maker) -> None:
    """All of an order that came in in full."""
    ordered = m.order()
    m.receive(ordered)
    m.add("received", m.bill(ordered))


def shuffled(m: Maker) -> None:
    """The lines in another order."""
    draft = m.bill(m.order(m.rng.randint(3, 8)))
    m.add("shuffled", replace(draft, lines=tuple(m.rng.sample(draft.lines, len(draft.lines)))))


def reworded(m: Maker) -> None:
    """Other words, the same article numbers."""
    ordered = m.order(m.rng.randint(2, 5))
    draft = m.bill(ordered)
    lines = tuple(
        replace(line, description=noise.reworded(article, m.rng))
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    )
    m.add("reworded", replace(draft, lines=lines))


def other_language(m: Maker) -> None:
    """Words of another language, the same article numbers."""
    ordered = m.order(m.rng.randint(2, 4))
    draft = m.bill(ordered)
    lines = tuple(
        replace(line, description=noise.translated(article, m.rng))
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    )
    m.add("other_language", replace(draft, lines=lines))


def without_sku(m: Maker) -> None:
    """No article numbers, the words of the order or nearly so, in another sequence."""
    ordered = m.order(m.rng.randint(2, 5))
    draft = m.bill(ordered)
    lines = [
        replace(
            line, sku=None, description=line.description if m.rng.random() < 0.5 else noise.reworded(article, m.rng)
        )
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    ]
    m.rng.shuffle(lines)
    m.add("without_sku", replace(draft, lines=tuple(lines)))


def sku_spelt_otherwise(m: Maker) -> None:
    """Article numbers with other separators."""
    draft = m.bill(m.order())
    lines = tuple(replace(line, sku=noise.other_punctuation(line.sku or "", m.rng)) for line in draft.lines)
    m.add("sku_spelt_otherwise", replace(draft, lines=lines))


def sku_in_description(m: Maker) -> None:
    """The article number stands among the words."""
    ordered = m.order(m.rng.randint(1, 4))
    lines = tuple(
        replace(line, sku=None, description=f"{line.sku} {noise.reworded(article, m.rng)}")
        for line, article in zip(m.bill(ordered).lines, ordered.articles, strict=True)
    )
    m.add("sku_in_description", m.bill(ordered, lines=lines))


CONVERSIONS = (
    ("KGM", "GRM", Decimal(1000)), ("KGM", "TNE", Decimal("0.001")), ("H87", "CEN", Decimal("0.01")),
    ("H87", "DZN", Decimal(1) / 12), ("MTR", "CMT", Decimal(100)), ("LTR", "MLT", Decimal(1000)),
    ("H87", "C62", Decimal(1)), ("H87", "EA", Decimal(1)), ("LTR", "HLT", Decimal("0.01")),
)  # fmt: skip


def unit_converted(m: Maker) -> None:
    """Another unit of the same dimension, quantity and price along with it."""
    ordered_in, billed_in, factor = m.rng.choice(CONVERSIONS)
    supplier = m.supplier()
    article = m.article(supplier, unit=ordered_in)
    count = Decimal(m.rng.randint(1, 20) * (12 if billed_in == "DZN" else 1000))
    ordered = m.order(supplier=supplier, articles=(article,), lines=({"quantity": count},))
    quantity = (count * factor).normalize()
    if quantity != quantity.to_integral_value() and billed_in == "DZN":
        quantity = quantity.to_integral_value()
    line = m.line(ordered, 0, quantity, unit=billed_in, price=count * article.price / quantity)
    m.add("unit_converted", m.bill(ordered, lines=(line,)))


def price_per_many(m: Maker) -> None:
    """A price per 100 or 1000, ordered so or billed so."""
    supplier = m.supplier()
    article = m.article(supplier, unit="H87")
    base = Decimal(m.rng.choice((100, 1000)))
    price, count = cents(article.price * base / 10), Decimal(m.rng.randint(2, 40) * 100)
    if m.rng.random() < 0.5:
        ordered = m.order(
            supplier=supplier,
            articles=(article,),
            lines=({"quantity": count, "unit_price": price, "price_base": base},),
        )
        line = m.line(ordered, price=price / base, base=Decimal(1)) if m.rng.random() < 0.5 else m.line(ordered)
    else:
        ordered = m.order(
            supplier=supplier, articles=(article,), lines=({"quantity": count, "unit_price": price / base},)
        )
        line = m.line(ordered, price=price, base=base)
    m.add("price_per_many", m.bill(ordered, lines=(line,)))


def several_orders(m: Maker) -> None:
    """One invoice over two or three orders, named on the lines."""
    first = m.order(m.rng.randint(1, 3))
    more = [
        m.order(m.rng.randint(1, 3), supplier=first.supplier, customer=first.customer)
        for _ in range(m.rng.choice((1, 1, 2)))
    ]
    draft = m.bill(first, *more)
    if m.rng.random() < 0.4:  # only the head names them
        draft = replace(draft, lines=tuple(replace(line, order=None) for line in draft.lines))
    m.add("several_orders", draft)


def one_for_two(m: Maker) -> None:
    """One line bills two order lines of one article and price."""
    supplier = m.supplier()
    article = m.article(supplier)
    others = m.articles(supplier, 1)
    ordered = m.order(supplier=supplier, articles=(article, article, *others))
    both = ordered.order.lines[0].quantity + ordered.order.lines[1].quantity
    pairs = tuple((ordered.number, line.line_number) for line in ordered.order.lines[:2])
    m.add("one_for_two", m.bill(ordered, lines=(m.line(ordered, 0, both, pairs=pairs), m.line(ordered, 2))))


def two_for_one(m: Maker) -> None:
    """Two lines bill one order line: two deliveries of it on one invoice."""
    ordered = m.order(m.rng.randint(1, 3))
    count = ordered.order.lines[0].quantity
    first = Decimal(m.rng.randint(1, int(count) - 1))
    rest = tuple(m.line(ordered, index) for index in range(1, len(ordered.order.lines)))
    lines = (m.line(ordered, 0, first), m.line(ordered, 0, count - first), *rest)
    m.add("two_for_one", m.bill(ordered, lines=lines))


def same_article_two_prices(m: Maker) -> None:
    """One article on two order lines at two prices, billed the other way round."""
    supplier = m.supplier()
    article = m.article(supplier)
    dearer = cents(article.price * Decimal("1.15")) + Decimal("0.05")
    ordered = m.order(supplier=supplier, articles=(article, article), lines=({}, {"unit_price": dearer}))
    m.add("same_article_two_prices", m.bill(ordered, lines=(m.line(ordered, 1), m.line(ordered, 0))))


def discounted(m: Maker) -> None:
    """List prices with a discount that reaches the order's price."""
    ordered = m.order(m.rng.randint(1, 4))
    lines = []
    for index, line in enumerate(ordered.order.lines):
        percent = Decimal(m.rng.choice((5, 10, 20, 25, 50)))
        listed = line.unit_price / (1 - percent / 100)
        if listed == cents(listed):
            lines.append(m.line(ordered, index, price=listed, percent=percent))
        else:
            whole = cents(line.unit_price * Decimal("1.25"))
            off = cents(whole * line.quantity) - cents(line.unit_price * line.quantity)
            lines.append(m.line(ordered, index, price=whole, discount=off))
    m.add("discounted", m.bill(ordered, lines=lines))


def with_freight(m: Maker, *, billed: Decimal = Decimal(0), room: bool = False) -> tuple[Ordered, Draft]:
    """An order that carries freight as its last line, and its invoice with freight among or below the lines."""
    ordered = m.order(m.rng.randint(1, 3))
    order, amount = ordered.order, Decimal(m.rng.randint(1500, 9900)) / 100
    word = FREIGHT[LANGUAGE[ordered.supplier.country or "GB"]]
    freight = replace(
        order.lines[0], line_number=str(int(order.lines[-1].line_number) + 1), description=word,
        quantity=Decimal(1), unit_price=amount, sku=None, unit="H87", price_base=Decimal(1),
    )  # fmt: skip
    carried = replace(order, lines=(*order.lines, freight))
    m.orders[m.orders.index(order)] = carried
    share = Decimal("0.4") if room else None
    draft = m.bill(ordered, share=share)
    billed = billed or amount
    if m.rng.random() < 0.5:
        line = DraftLine(word, Decimal(1), amount + billed - amount, rate=order.lines[0].tax_rate or Decimal(0))
        return replace(ordered, order=carried), replace(draft, lines=(*draft.lines, line))
    return replace(ordered, order=carried), replace(draft, charges=(("charge", billed, word),))


def freight_ordered(m: Maker) -> None:
    """Freight that the order carries as a line."""
    _, draft = with_freight(m)
    m.add("freight_ordered", draft)


def cheaper(m: Maker) -> None:
    """A price below the order's is in our favour."""
    ordered = m.order(m.rng.randint(1, 3))
    line = m.line(ordered)
    low = max(cents(line.price * Decimal("0.9")), Decimal("0.01"))
    if (line.price - low) * line.quantity <= Decimal("0.02"):
        return exact(m)
    rest = tuple(m.line(ordered, index) for index in range(1, len(ordered.order.lines)))
    m.add("cheaper", m.bill(ordered, lines=(replace(line, price=low), *rest)), infos=("price_differs",))
    return None


def longer_terms(m: Maker) -> None:
    """More days to pay than agreed are in our favour."""
    ordered = m.order()
    draft = replace(m.bill(ordered), fields={})
    days = (ordered.order.payment_terms_days or 30) + 15
    m.add("longer_terms", draft.having(payment_terms_days=str(days)), infos=("payment_terms_differ",))


def one_cent_dearer(m: Maker) -> None:
    """One piece at a price one cent above: the tolerance of a line."""
    ordered = m.order(1, lines=({"quantity": Decimal(10)},))
    line = m.line(ordered, 0, Decimal(1))
    m.add("one_cent_dearer", m.bill(ordered, lines=(replace(line, price=line.price + Decimal("0.01")),)))


def rounded_sums(m: Maker) -> None:
    """A line one cent off, or a total five: the tolerance of rounding."""
    draft = m.bill(m.order(), share=HALF)
    if m.rng.random() < 0.5:
        m.add("rounded_sums", replace(draft, gross_off=Decimal("0.05")))
    else:
        first = replace(draft.lines[0], total_off=Decimal("-0.01"))
        m.add("rounded_sums", replace(draft, lines=(first, *draft.lines[1:])))


def allowance(m: Maker) -> None:
    """A discount on the whole that the order lacks is in our favour."""
    draft = m.bill(m.order(m.rng.randint(1, 3)))
    if len({line.rate for line in draft.lines}) == 1 and draft.net > 20:
        draft = replace(draft, charges=(("allowance", cents(draft.net * 2 / 100), "2 %"),))
    m.add("allowance", draft)


def goods_like_charges(m: Maker) -> None:
    """Goods whose name holds a charge's word."""
    supplier = m.supplier(m.rng.choice(("DE", "AT", "GB")))
    german = LANGUAGE[supplier.country or "DE"] == "de"
    words = ("Versandtasche B4 braun", "Transportroller 60x40", "Palettenaufsatzrahmen 1200x800", "Frachtbriefmappe A5")
    english = ("Shipping label 100x150", "Pallet collar 1200x800", "Freight strap 5 m", "Delivery note pouch A5")
    ordered = m.order(2, supplier=supplier, lines=({"description": m.rng.choice(words if german else english)},))
    m.add("goods_like_charges", m.bill(ordered))


def terms_of_the_supplier(m: Maker) -> None:
    """The order states neither terms nor currency: the supplier's hold."""
    ordered = m.order(payment_terms_days=None, currency=None)
    draft = replace(m.bill(ordered), currency=ordered.supplier.currency or "EUR", fields={})
    m.add("terms_of_the_supplier", draft.having(payment_terms_days=str(ordered.supplier.payment_terms_days)))


def prepaid(m: Maker) -> None:
    """A part was paid before, the rest was rounded."""
    draft = m.bill(m.order())
    paid = cents(draft.gross / 3)
    due = draft.gross - paid - Decimal("0.02")
    m.add("prepaid", draft.having(prepaid=str(paid), rounding="-0.02", amount_due=str(due)))


def old_number_of_another(m: Maker) -> None:
    """The same invoice number from two suppliers."""
    one, two = m.bill(m.order()), m.bill(m.order())
    while two.supplier == one.supplier:
        two = m.bill(m.order())
    m.add("number_of_another", one)
    m.later()
    m.add("number_of_another", replace(two, number=one.number, issued=m.day(), fields={}), step=2)


def small_without_order(m: Maker) -> Draft:
    """A service without order, below the supplier's limit."""
    return m.add("small_without_order", service_bill(m, parties.without_orders(m, 500), Decimal(300)))


def service_bill(m: Maker, one: Supplier, net: Decimal, month: int = 0) -> Draft:
    """An invoice for a month's service, without an order."""
    buyer = m.customer()
    word = service(one.country or "GB", m.rng)
    price = cents(net * Decimal(m.rng.randint(60, 100)) / 100)
    line = DraftLine(word, Decimal(1), price, "MON", rate=m.rate(one, buyer))
    day = m.day()
    first = date(2026, month or max(1, day.month - 1), 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    draft = Draft(one, buyer, m.invoice_number(one), day, one.currency or "EUR", (line,))
    return draft.having(period_start=first.isoformat(), period_end=last.isoformat())


def short_address(m: Maker) -> None:
    """The bill-to address without its country, the seller's in another order."""
    draft = m.bill(m.order())
    buyer = address_of(draft.customer).rsplit(", ", 1)[0]
    m.add("short_address", draft.having(buyer_address=buyer))


CLEAN: tuple[Kind, ...] = (
    exact, part, received, shuffled, reworded, other_language, without_sku, sku_spelt_otherwise, sku_in_description,
    unit_converted, price_per_many, several_orders, one_for_two, two_for_one, same_article_two_prices, discounted,
    freight_ordered, cheaper, longer_terms, one_cent_dearer, rounded_sums, allowance, goods_like_charges,
    terms_of_the_supplier, prepaid, old_number_of_another, small_without_order, short_address,
)  # fmt: skip
"""Kinds about lines and money; those about who and which order are in `clean_heads`, sequences in `sequences`."""
