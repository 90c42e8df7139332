"""Documents that are made to slip through: swapped, mixed, disguised; and those on the edge of a limit that pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ingest.extraction import DocumentType
from matching.records import OrderStatus, Supplier
from samples.paper import identifiers
from samples.scenarios import noise, parties
from samples.scenarios.clean import HALF, Kind, service_bill
from samples.scenarios.drafts import Draft, DraftLine, address_of
from samples.scenarios.maker import Maker, Ordered
from samples.scenarios.values import TODAY

ANYBODY = ("customer_unknown", "customer_ambiguous", "customer_differs", "billing_address_differs")


def _complete(m: Maker) -> Supplier:
    while True:
        one = m.supplier()
        if one.vat_id and one.iban and sum(one.iban == each.iban for each in m.suppliers.values()) == 1:
            return one


def _two(m: Maker, first: int = 20, second: int = 60) -> Ordered:
    supplier = _complete(m)
    articles = sorted(m.articles(supplier, 2), key=lambda each: each.price)
    counts = ({"quantity": Decimal(first)}, {"quantity": Decimal(second)})
    return m.order(supplier=supplier, articles=articles, lines=counts)


def prices_swapped(m: Maker) -> None:
    """Two lines with each other's prices, without article numbers: one is dearer, one cheaper."""
    ordered = _two(m)
    one, two = m.line(ordered, 0, Decimal(10), sku=None), m.line(ordered, 1, Decimal(10), sku=None)
    if two.price - one.price < Decimal("0.05"):
        return
    lines = (replace(one, price=two.price), replace(two, price=one.price))
    m.add("prices_swapped", m.bill(ordered, lines=lines), ["price_differs"], infos=["price_differs"])


def quantities_swapped(m: Maker) -> None:
    """Two lines with each other's quantities: of one more is billed than ordered."""
    ordered = _two(m, 10, 60)
    words = [noise.reworded(article, m.rng) for article in ordered.articles]
    lines = (
        m.line(ordered, 0, Decimal(60), description=words[0]),
        m.line(ordered, 1, Decimal(10), description=words[1]),
    )
    m.add("quantities_swapped", m.bill(ordered, lines=lines), ["quantity_over_ordered"], may=("total_over_order",))


def unit_grown(m: Maker) -> None:
    """Grams were ordered, as many kilograms are billed at the price of a gram."""
    supplier = _complete(m)
    article = m.article(supplier, unit="KGM")
    line = {"unit": "GRM", "quantity": Decimal(5000), "unit_price": Decimal(4), "price_base": Decimal(1000)}
    ordered = m.order(supplier=supplier, articles=(article,), lines=(line,))
    wrong = m.line(ordered, 0, Decimal(5000), unit="KGM")
    m.add("unit_grown", m.bill(ordered, lines=(wrong,)), ["quantity_over_ordered"], infos=["price_differs"])


def boxes_for_pieces(m: Maker) -> None:
    """Boxes billed, pieces ordered: nobody knows how many a box holds."""
    supplier = _complete(m)
    ordered = m.order(supplier=supplier, articles=(m.article(supplier, unit="H87"),))
    m.add("boxes_for_pieces", m.bill(ordered, lines=(m.line(ordered, unit="BX"),)), ["unit_differs"])


def one_open_one_closed(m: Maker) -> None:
    """Two orders on one invoice, one of them closed."""
    one = m.order(1, supplier=_complete(m))
    two = m.order(1, supplier=one.supplier, customer=one.customer, status=OrderStatus.CLOSED)
    m.add("one_open_one_closed", m.bill(one, two), ["order_closed"])


def one_known_one_not(m: Maker) -> None:
    """Two order numbers on one invoice, one of which is no order's; nothing explains its line."""
    one = m.order(1, supplier=_complete(m))
    draft = m.bill(one)
    other = m.article(one.supplier)
    number = f"X-{m.next()}-{m.rng.randint(100, 999)}"
    line = DraftLine(
        other.description, Decimal(2), other.price, other.unit, other.sku, draft.lines[0].rate, order=number
    )
    first = replace(draft.lines[0], order=one.number)
    changed = replace(draft, lines=(first, line), others={"purchase_order": (number,)})
    m.add("one_known_one_not", changed, ["order_not_found"], may=("line_not_ordered", "total_over_order"))


def wrong_order(m: Maker) -> None:
    """The number of another order of the same supplier: its lines are other ones."""
    one = m.order(2, supplier=_complete(m))
    two = m.order(2, supplier=one.supplier, customer=one.customer)
    draft = m.bill(one)
    lines = tuple(replace(line, pairs=()) for line in draft.lines)
    changed = replace(draft, lines=lines, orders=(two.number,))
    m.add("wrong_order", changed, ["line_not_ordered"], orders=(two.number,), may=("total_over_order",))


def customer_vat_of_affiliate(m: Maker) -> None:
    """The name that ordered, the VAT id of a sister."""
    draft = m.bill(m.order(supplier=_complete(m)))
    sister = m.customer(draft.customer)
    changed = draft.having(buyer_vat_id=sister.vat_id)
    m.add("customer_vat_of_affiliate", changed, status="needs_review", may=ANYBODY, unscored=("customer",))


def customer_vat_of_nobody(m: Maker) -> None:
    """The name that ordered, a VAT id that is none of ours."""
    draft = m.bill(m.order(supplier=_complete(m)))
    strange = identifiers.vat_id(draft.customer.country or "DE", m.rng)
    changed = draft.having(buyer_vat_id=strange)
    m.add("customer_vat_of_nobody", changed, status="needs_review", may=ANYBODY, unscored=("customer",))


def customer_address_of_affiliate(m: Maker) -> None:
    """The name that ordered, the address of a sister."""
    draft = m.bill(m.order(supplier=_complete(m)))
    sister = m.customer(draft.customer)
    changed = draft.having(buyer_address=address_of(sister), buyer_vat_id=None)
    m.add("customer_address_of_affiliate", changed, status="needs_review", may=ANYBODY, unscored=("customer",))


def vat_id_borrowed(m: Maker) -> None:
    """A supplier's VAT id and order; a strange name, address and account."""
    draft = m.bill(m.order(supplier=_complete(m)))
    fake = parties.unknown_supplier(m, draft.supplier.country or "DE")
    changed = replace(draft, supplier=replace(fake, vat_id=draft.supplier.vat_id))
    may = ("supplier_unknown", "supplier_ambiguous", "bank_account_changed")
    m.add("vat_id_borrowed", changed, status="needs_review", may=may, unscored=("supplier", "lines"), supplier=None)


def name_borrowed(m: Maker) -> None:
    """A supplier's name and address without VAT id, and a new account."""
    draft = m.bill(m.order(supplier=_complete(m)))
    account = parties.new_account(m.rng.choice(("DE", "PL", "GB")), m.rng)
    m.add("name_borrowed", draft.having(seller_vat_id=None, seller_iban=account), ["bank_account_changed"])


def sister_with_account(m: Maker) -> None:
    """Name and address of one company of a group; order and account are another one's: who bills is not clear."""
    one, two, _ = parties.group(m)
    draft = m.bill(m.order(supplier=one)).having(seller_vat_id=None, seller_email=None)
    changed = draft.having(seller_name=two.name, seller_address=address_of(two))
    may = ("supplier_ambiguous", "supplier_differs", "bank_account_changed")
    m.add("sister_with_account", changed, status="needs_review", may=may, unscored=("supplier", "lines"))


def near_name_strange_address(m: Maker) -> None:
    """The exact name of one supplier, the VAT id of another of near name, an address and an account of neither."""
    one, two = parties.near_names(m)
    strange = parties.unknown_supplier(m, one.country or "DE")
    draft = m.bill(m.order(supplier=one)).having(seller_iban=None, seller_email=None)
    changed = draft.having(seller_name=two.name, seller_address=address_of(strange))
    may = ("supplier_ambiguous",)
    m.add("near_name_strange_address", changed, status="needs_review", may=may, unscored=("supplier",))


def account_of_another_without_own(m: Maker) -> None:
    """No account on file, and another supplier's is printed."""
    one, other = parties.without_account(m), _complete(m)
    draft = m.bill(m.order(supplier=one)).having(seller_iban=other.iban[0])
    may = ("supplier_ambiguous", "bank_account_changed")
    m.add("account_of_another_without_own", draft, status="needs_review", may=may, unscored=("supplier",))


def freight_twice(m: Maker) -> None:
    """Freight that the order carries once, on two invoices."""
    ordered = m.order(1, supplier=_complete(m), lines=({"quantity": Decimal(60)},))
    freight = replace(
        ordered.order.lines[0], line_number="99", description="Freight", quantity=Decimal(1), unit_price=Decimal(35),
        sku=None, price_base=Decimal(1), unit="H87",
    )  # fmt: skip
    m.orders[m.orders.index(ordered.order)] = replace(ordered.order, lines=(*ordered.order.lines, freight))
    for step in (1, 2):
        goods = m.line(ordered, 0, Decimal(20 + step))
        line = DraftLine("Freight", Decimal(1), Decimal(35), rate=goods.rate)
        codes = ["charge_differs"] if step == 2 else []
        m.add("freight_twice", m.bill(ordered, lines=(goods, line)), codes, step=step, may=("total_over_order",))
        m.later()


CHARGES = (
    "Energiekostenzuschlag", "Mindermengenzuschlag", "Small order surcharge", "Handling fee", "Fuel surcharge",
    "Versicherung Transport", "Express-Zuschlag", "Frachtkostenanteil", "Insurance", "Frais d'emballage",
    "Spese di imballaggio", "Toeslag kleine order", "Kaucja za palety", "Recargo por combustible", "Maut",
)  # fmt: skip


def charge_among_lines(m: Maker) -> None:
    """A charge in one of its many names among the lines; the order has none."""
    draft = m.bill(m.order(m.rng.randint(1, 3), supplier=_complete(m)))
    line = DraftLine(
        m.rng.choice(CHARGES), Decimal(1), Decimal(m.rng.randint(190, 4900)) / 100, rate=draft.lines[0].rate
    )
    m.add("charge_among_lines", replace(draft, lines=(*draft.lines, line)), ["charge_differs"])


def tax_left_out(m: Maker) -> None:
    """No tax on what was ordered with tax; the sums are right."""
    home = _complete(m)
    buyers = [c for c in m.customers.values() if c.country == home.country and c.customer_id in m.buyers]
    if not buyers:
        return
    draft = m.bill(m.order(2, supplier=home, customer=buyers[0]))
    lines = tuple(replace(line, rate=Decimal(0)) for line in draft.lines)
    m.add("tax_left_out", replace(draft, lines=lines), ["tax_rate_differs"])


def due_above_total(m: Maker) -> None:
    """The amount due is above the total."""
    draft = m.bill(m.order(supplier=_complete(m)))
    m.add("due_above_total", draft.having(amount_due=str(draft.gross + 20)), ["totals_do_not_add_up"])


def total_misread(m: Maker) -> None:
    """One digit of a printed amount is read as another one."""
    draft = m.bill(m.order(2, supplier=_complete(m)), share=HALF)
    name = m.rng.choice(("net_total", "gross_total"))
    amount = str(draft.net if name == "net_total" else draft.gross)
    head, cent = amount[:-3], amount[-3:]
    wrong = noise.other_digit(head, m.rng) if any(char in "234679" for char in head) else f"9{head}"
    changed = replace(draft.having(**{name: wrong + cent}), misread=(name,))
    m.add("total_misread", changed, ["totals_do_not_add_up"])


def at_the_limit(m: Maker) -> None:
    """Exactly the limit without order passes; with a cent more it does not."""
    one = parties.without_orders(m, 500)
    over = m.rng.random() < 0.5
    price = Decimal("500.01") if over else Decimal("500.00")
    draft = service_bill(m, one, Decimal(500))
    changed = replace(draft, lines=(replace(draft.lines[0], price=price),))
    m.add("at_the_limit", changed, ["order_missing"] if over else [])


def order_required_by_default(m: Maker) -> None:
    """The record does not say whether orders are needed: the setting for all says yes."""
    one = parties.supplier(m, order_required=None)
    m.add("order_required_by_default", service_bill(m, one, Decimal(50)), ["order_missing"])


def number_where_none_is_needed(m: Maker) -> None:
    """A supplier that needs no order prints a number that is none."""
    one = parties.without_orders(m, 500)
    draft = replace(service_bill(m, one, Decimal(200)), orders=(f"X-{m.next()}-77",))
    m.add("number_where_none_is_needed", draft, ["order_not_found"])


def credit_of_another(m: Maker) -> None:
    """A credit note over an invoice of another supplier."""
    ordered = m.order(1, supplier=_complete(m))
    other = m.bill(m.order(1, supplier=_complete(m)))
    while other.supplier == ordered.supplier:
        other = m.bill(m.order(1, supplier=_complete(m)))
    m.add("credit_of_another", other)
    m.later()
    note = m.credit(m.bill(ordered, share=HALF), preceding_invoice=other.number)
    m.add("credit_of_another", note, ["preceding_invoice_not_found"], step=2)


def negative_without_name(m: Maker) -> None:
    """A negative invoice that does not name what it corrects."""
    ordered = m.order(1, supplier=_complete(m), lines=({"quantity": Decimal(30)},))
    m.add("negative_without_name", m.bill(ordered))
    m.later()
    back = replace(m.bill(ordered, lines=(m.line(ordered, 0, Decimal(-5)),)), fields={})
    may = ("preceding_invoice_not_found", "order_closed", "totals_do_not_add_up")
    m.add("negative_without_name", back, status="needs_review", may=may, step=2)


def twin_shuffled(m: Maker) -> None:
    """The same substance under another number, its lines in another sequence and in other words."""
    ordered = m.order(3, supplier=_complete(m), lines=({"quantity": Decimal(200)},) * 3)
    draft = replace(m.bill(ordered, share=Decimal("0.3")), fields={})
    draft = draft.having(delivery_note=f"LS-{m.next()}")
    m.add("twin_shuffled", draft)
    m.later()
    lines = [
        replace(line, description=noise.reworded(article, m.rng), sku=None)
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    ]
    m.rng.shuffle(lines)
    again = replace(draft, lines=tuple(lines), number=m.invoice_number(draft.supplier), issued=draft.issued)
    m.add("twin_shuffled", again, ["duplicate_suspected"], step=2)


def twin_of_waiting(m: Maker) -> None:
    """The first one waits for a person; its copy comes."""
    draft = m.bill(m.order(supplier=_complete(m)), share=HALF)
    account = parties.new_account(draft.supplier.country or "DE", m.rng)
    wrong = draft.having(seller_iban=account)
    m.add("twin_of_waiting", wrong, ["bank_account_changed"])
    m.later()
    m.add("twin_of_waiting", draft, ["duplicate_invoice"], status="duplicate", step=2)


def edge_of_dates(m: Maker) -> None:
    """Written today, or a year ago to the day."""
    draft = replace(m.bill(m.order()), fields={})
    m.add("edge_of_dates", replace(draft, issued=m.rng.choice((TODAY, date(2025, 11, 23), TODAY - timedelta(days=1)))))


def credit_on_closed_order(m: Maker) -> None:
    """A credit note names an order that is closed by now: billed in full before."""
    ordered = m.order(1, lines=({"quantity": Decimal(30)},))
    draft = m.bill(ordered)
    m.add("credit_on_closed_order", draft)
    m.later()
    note = replace(m.credit(replace(draft, lines=(m.line(ordered, 0, Decimal(7)),))), kind=DocumentType.CREDIT_NOTE)
    m.add("credit_on_closed_order", note, step=2)


def account_spelt(m: Maker) -> None:
    """The account in groups, the VAT id with blanks: as paper has them."""
    draft = m.bill(m.order(supplier=_complete(m)))
    iban, vat = draft.supplier.iban[0], draft.supplier.vat_id or ""
    grouped = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    m.add("account_spelt", draft.having(seller_iban=grouped, seller_vat_id=f"{vat[:2]} {vat[2:]}"))


def packs_of_goods(m: Maker) -> None:
    """Two lines billing parts of two order lines of one article at one price."""
    supplier = m.supplier()
    article = m.article(supplier)
    counts = ({"quantity": Decimal(30)}, {"quantity": Decimal(50)})
    ordered = m.order(supplier=supplier, articles=(article, article), lines=counts)
    lines = (m.line(ordered, 0, Decimal(40)), m.line(ordered, 1, Decimal(40)))
    m.add("packs_of_goods", m.bill(ordered, lines=lines), unscored=("lines",))


def rounded_unit_price(m: Maker) -> Draft:
    """The unit price is printed in cents, the amount is right: the order's price has more decimals."""
    supplier = m.supplier()
    article = m.article(supplier, unit="H87")
    line = {"unit_price": Decimal("0.0125"), "quantity": Decimal(m.rng.randint(100, 9999) * 8)}
    ordered = m.order(supplier=supplier, articles=(article,), lines=(line,))
    return m.add(
        "rounded_unit_price", m.bill(ordered, lines=(m.line(ordered, price=Decimal("1.25"), base=Decimal(100)),))
    )


TRICKY_CLEAN: tuple[Kind, ...] = (
    edge_of_dates, credit_on_closed_order, account_spelt, packs_of_goods, rounded_unit_price, at_the_limit,
)  # fmt: skip
TRICKY: tuple[Kind, ...] = (
    prices_swapped, quantities_swapped, unit_grown, boxes_for_pieces, one_open_one_closed, one_known_one_not,
    wrong_order,
    customer_vat_of_affiliate, customer_vat_of_nobody, customer_address_of_affiliate, vat_id_borrowed, name_borrowed,
    sister_with_account, near_name_strange_address,
    account_of_another_without_own, freight_twice, charge_among_lines, charge_among_lines, tax_left_out,
    due_above_total, total_misread, order_required_by_default, number_where_none_is_needed, credit_of_another,
    negative_without_name, twin_shuffled, twin_of_waiting,
)  # fmt: skip
