"""Less usual documents that pass: sparse records, split numbers, two rates, returns, national accounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from matching.records import GoodsReceipt, Supplier
from samples.scenarios import noise, parties
from samples.scenarios.clean import HALF, Kind
from samples.scenarios.drafts import CENT, Draft, cents
from samples.scenarios.maker import Maker


def sparse_order(m: Maker) -> None:
    """An order that states neither customer, unit, article number nor tax rate."""
    count = m.rng.randint(1, 4)
    ordered = m.order(count, customer_id=None)
    bare = replace(
        ordered.order, lines=tuple(replace(line, unit=None, sku=None, tax_rate=None) for line in ordered.order.lines)
    )
    m.orders[m.orders.index(ordered.order)] = bare
    m.add("sparse_order", m.bill(ordered))


def numbers_in_one_field(m: Maker) -> None:
    """Two order numbers in one field."""
    one = m.order(m.rng.randint(1, 2))
    two = m.order(m.rng.randint(1, 2), supplier=one.supplier, customer=one.customer)
    mark = m.rng.choice((" / ", ", ", " + ", "; "))
    draft = m.bill(one, two)
    lines = tuple(replace(line, order=None) for line in draft.lines)
    m.add("numbers_in_one_field", replace(draft, lines=lines, orders=(f"{one.number}{mark}{two.number}",), others={}))


def number_on_lines_only(m: Maker) -> None:
    """The order number stands on the lines, not at the head."""
    ordered = m.order()
    draft = m.bill(ordered)
    lines = tuple(replace(line, order=ordered.number) for line in draft.lines)
    m.add("number_on_lines_only", replace(draft, lines=lines, orders=()))


def number_with_blanks(m: Maker) -> None:
    """The order number in groups, in small letters, or with its mark glued to it."""
    ordered = m.order()
    plain = ordered.number
    marked = f"PO{plain}" if plain[0].isdigit() else f"#{plain}"
    printed = m.rng.choice((f"{plain[:3]} {plain[3:]}", plain.lower(), plain.replace("-", ""), marked))
    m.add("number_with_blanks", replace(m.bill(ordered), orders=(printed,)))


def number_in_reference_text(m: Maker) -> None:
    """The buyer's reference holds the order number among words."""
    ordered = m.order()
    text = m.rng.choice(("Bestellung {}", "Your order {}", "{} - Werk 2")).format(ordered.number)
    m.add("number_in_reference_text", replace(m.bill(ordered), orders=()).having(buyer_reference=text))


def two_rates(m: Maker) -> None:
    """Two tax rates on one order."""
    ordered = m.order(3)
    rates = (Decimal(19), Decimal(7), Decimal(19))
    lines = tuple(replace(line, tax_rate=rate) for line, rate in zip(ordered.order.lines, rates, strict=True))
    order = replace(ordered.order, lines=lines)
    m.orders[m.orders.index(ordered.order)] = order
    m.add("two_rates", m.bill(replace(ordered, order=order)))


def fine_prices(m: Maker) -> None:
    """Prices of four decimals and quantities of thousands: only the line's total is rounded."""
    supplier = m.supplier()
    articles = m.articles(supplier, 3, unit="H87")
    changes = tuple(
        {"unit_price": Decimal(m.rng.randint(101, 9999)) / 10000, "quantity": Decimal(m.rng.randint(1001, 9999))}
        for _ in articles
    )
    m.add("fine_prices", m.bill(m.order(supplier=supplier, articles=articles, lines=changes)))


def part_quantities(m: Maker) -> None:
    """Quantities with decimals: metres, litres, kilograms."""
    supplier = m.supplier()
    articles = m.articles(supplier, 2, unit=m.rng.choice(("MTR", "LTR", "KGM")))
    changes = tuple({"quantity": Decimal(m.rng.randint(1001, 99999)) / 100} for _ in articles)
    m.add("part_quantities", m.bill(m.order(supplier=supplier, articles=articles, lines=changes)))


def national_account(m: Maker) -> None:
    """A supplier whose national account is on file and printed."""
    account = str(m.rng.randint(10**7, 10**8 - 1))
    one = parties.supplier(m, "GB", iban=(), account=account, routing="20-11-34")
    m.add("national_account", m.bill(m.order(supplier=one)).having(seller_account=account, seller_routing="20-11-34"))


def running_total(m: Maker) -> None:
    """Receipts without delivery note and date: the quantity is the running total."""
    ordered = m.order(1, lines=({"quantity": Decimal(80)},))
    m.receipts.append(GoodsReceipt(ordered.number, ordered.order.lines[0].line_number, Decimal(60)))
    m.add("running_total", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(60)),)))


def received_in_parts(m: Maker) -> None:
    """Receipts in parts, invoices as they came in."""
    ordered = m.order(2, lines=({"quantity": Decimal(90)}, {"quantity": Decimal(50)}))
    first, second = (line.line_number for line in ordered.order.lines)
    for count in (30, 20, 40):
        m.receive_line(ordered, first, Decimal(count))
    m.receive_line(ordered, second, Decimal(50))
    m.add("received_in_parts", m.bill(ordered, lines=(m.line(ordered, 0, Decimal(50)),)))
    m.later()
    m.add("received_in_parts", m.bill(ordered, lines=(m.line(ordered, 1), m.line(ordered, 0, Decimal(40)))), step=2)


def name_misread_without_vat(m: Maker) -> None:
    """One letter of the name is wrong and no VAT id is printed: address and account say who it is."""
    draft = m.bill(m.order(supplier=_plain(m)))
    wrong = noise.misread_word(draft.supplier.name, m.rng)
    m.add(
        "name_misread_without_vat",
        replace(draft.having(seller_name=wrong, seller_vat_id=None), misread=("seller_name",)),
    )


def name_misread_address_only(m: Maker) -> None:
    """One letter of the name is wrong; only the address says who it is."""
    draft = m.bill(m.order(supplier=_plain(m)))
    wrong = noise.misread_word(draft.supplier.name, m.rng)
    changed = draft.having(seller_name=wrong, seller_vat_id=None, seller_iban=None, seller_email=None)
    m.add("name_misread_address_only", replace(changed, misread=("seller_name",)))


def _plain(m: Maker) -> Supplier:
    while True:
        one = m.supplier()
        if one.vat_id and one.iban and sum(one.iban == each.iban for each in m.suppliers.values()) == 1:
            return one


def near_name_by_vat(m: Maker) -> None:
    """Two firms whose names differ by a letter or a word: the VAT id says which, the address agrees."""
    one, _ = parties.near_names(m)
    m.add("near_name_by_vat", m.bill(m.order(supplier=one)))


def near_name_by_address(m: Maker) -> None:
    """Two firms whose names differ by a letter or a word: name and address say which."""
    _, one = parties.near_names(m)
    m.add("near_name_by_address", m.bill(m.order(supplier=one)).having(seller_vat_id=None, seller_iban=None))


def address_misread(m: Maker) -> None:
    """A letter of each address is wrong."""
    draft = m.bill(m.order())
    seller, buyer = draft.supplier, draft.customer
    texts = [
        noise.misread_word(f"{party.street}, {party.postal_code} {party.city}", m.rng) for party in (seller, buyer)
    ]
    m.add(
        "address_misread", replace(draft.having(seller_address=texts[0], buyer_address=texts[1]), misread=("address",))
    )


def customer_by_name(m: Maker) -> None:
    """Only the customer's name is printed, among affiliates of near names."""
    m.add("customer_by_name", m.bill(m.order()).having(buyer_vat_id=None, buyer_address=None))


def freight_left_out(m: Maker) -> None:
    """The order carries packing that the invoice does not bill."""
    ordered = m.order(2)
    packing = replace(
        ordered.order.lines[0], line_number="900", description="Packing", quantity=Decimal(1), unit_price=Decimal(12),
        sku=None,
    )  # fmt: skip
    m.orders[m.orders.index(ordered.order)] = replace(ordered.order, lines=(*ordered.order.lines, packing))
    m.add("freight_left_out", m.bill(ordered))


def text_line(m: Maker) -> None:
    """A line that is only words, and one of no money, between the goods."""
    draft = m.bill(m.order(2))
    words = replace(
        draft.lines[0], description=m.rng.choice(("Lieferschein 80041 vom 12.10.2026", "As agreed by phone")), sku=None,
        quantity=Decimal(0), price=Decimal(0), pairs=(),
        without=frozenset({"quantity", "unit_price", "line_total", "unit", "tax_rate"}),
    )  # fmt: skip
    m.add("text_line", replace(draft, lines=(draft.lines[0], words, *draft.lines[1:])))


def credited_in_part_reworded(m: Maker) -> None:
    """A credit note without order number, in other words."""
    ordered = m.order(2)
    draft = m.bill(ordered)
    m.add("credited_reworded", draft)
    m.later()
    line = m.line(ordered, 0, Decimal(1), description=noise.reworded(ordered.articles[0], m.rng))
    m.add("credited_reworded", m.credit(replace(draft, lines=(line,))), step=2)


def tax_per_line(m: Maker) -> None:
    """The tax was rounded line by line: a cent or two beside the rate of the whole."""
    draft = m.bill(m.order(m.rng.randint(3, 6)), share=HALF)
    m.add("tax_per_line", replace(draft, tax_off=CENT if draft.tax else Decimal(0)))


def twice_the_same_line(m: Maker) -> None:
    """Two equal order lines, billed as two equal lines."""
    supplier = m.supplier()
    article = m.article(supplier)
    count = {"quantity": Decimal(15)}
    ordered = m.order(supplier=supplier, articles=(article, article), lines=(count, count))
    m.add("twice_the_same_line", m.bill(ordered))


def list_price_and_discount_line(m: Maker) -> None:
    """A discount printed as a line of its own is in our favour."""
    ordered = m.order(2)
    draft: Draft = m.bill(ordered)
    net = sum((line.total for line in draft.lines), Decimal(0))
    off = replace(
        draft.lines[0], description="Treuerabatt 3 %", sku=None, unit="H87", quantity=Decimal(1), base=Decimal(1),
        price=-cents(net * 3 / 100), pairs=(),
    )  # fmt: skip
    m.add("discount_line", replace(draft, lines=(*draft.lines, off)))


HARDER: tuple[Kind, ...] = (
    sparse_order, numbers_in_one_field, number_on_lines_only, number_with_blanks, number_in_reference_text, two_rates,
    fine_prices, part_quantities, national_account, running_total, received_in_parts, name_misread_without_vat,
    name_misread_address_only, near_name_by_vat, near_name_by_address, address_misread, customer_by_name,
    freight_left_out, text_line, credited_in_part_reworded, tax_per_line, twice_the_same_line,
    list_price_and_discount_line,
)  # fmt: skip
