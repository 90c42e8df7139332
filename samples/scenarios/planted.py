"""Faults of the head: who, to whom, which order, which account, when. One case each, by the contract's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ingest.extraction import DocumentType
from matching.records import OrderStatus, Supplier
from samples.paper import identifiers
from samples.scenarios import names, noise, parties
from samples.scenarios.clean import HALF, Kind, service_bill
from samples.scenarios.drafts import Draft, DraftLine, address_of
from samples.scenarios.maker import Maker
from samples.scenarios.values import TODAY

TERMS = ("currency_differs", "payment_terms_differ")
"""Whose terms and currency hold where the order is another supplier's, the contract does not say."""


def usual(m: Maker) -> Draft:
    """Two fifths of a new order of a supplier about whom everything is known."""
    return m.bill(m.order(supplier=_complete(m)), share=Decimal("0.4"))


def _complete(m: Maker) -> Supplier:
    """A supplier with VAT id and an account of its own."""
    while True:
        one = m.supplier()
        if one.vat_id and one.iban and sum(one.iban == each.iban for each in m.suppliers.values()) == 1:
            return one


def field_missing(m: Maker) -> None:
    """A required field is not on the page."""
    name = m.rng.choice(("invoice_number", "issue_date", "currency", "gross_total"))
    m.add("field_missing", usual(m).having(**{name: None}), ["missing_field"])


def lines_missing(m: Maker) -> None:
    """An invoice with an order that lists nothing."""
    ordered = m.order()
    draft = m.bill(ordered)
    sums = {"net_total": str(draft.net), "tax_total": str(draft.tax), "gross_total": str(draft.gross)}
    bare = replace(draft.having(**sums), lines=())
    m.add("lines_missing", bare, ["missing_field"], orders=(ordered.number,))


def number_doubtful(m: Maker) -> None:
    """An invoice number that was read badly: nothing can confirm it."""
    m.add("number_doubtful", replace(usual(m), doubts={"invoice_number": 0.8}), ["low_confidence"])


def date_doubtful(m: Maker) -> None:
    """An invoice date that was read badly."""
    m.add("date_doubtful", replace(usual(m), doubts={"issue_date": 0.7}, fields={}), ["low_confidence"])


def line_doubtful(m: Maker) -> None:
    """A quantity that was read badly, in a line without total and a document without net."""
    ordered = m.order(2)
    draft = m.bill(ordered, share=HALF)
    lines = tuple(replace(line, without=frozenset({"line_total"})) for line in draft.lines)
    draft = replace(draft, lines=lines, doubts={"quantity": 0.6}).having(net_total=None, tax_total=None)
    m.add("line_doubtful", draft, ["low_confidence"], may=("totals_do_not_add_up",))


def gross_off(m: Maker) -> None:
    """The total is beyond the tolerance: by one cent, or by much."""
    off = m.rng.choice((Decimal("0.06"), Decimal("-0.06"), Decimal("10.00"), Decimal("-1.00")))
    m.add("gross_off", replace(usual(m), gross_off=off), ["totals_do_not_add_up"])


def tax_off(m: Maker) -> None:
    """The tax is not the rate's."""
    m.add("tax_off", replace(usual(m), tax_off=m.rng.choice((Decimal(1), Decimal("0.07")))), ["totals_do_not_add_up"])


def line_off(m: Maker) -> None:
    """A line's total is not its quantity times its price."""
    draft = usual(m)
    first = replace(draft.lines[0], total_off=m.rng.choice((Decimal("0.02"), Decimal("5.00"), Decimal("-0.02"))))
    m.add(
        "line_off", replace(draft, lines=(first, *draft.lines[1:])), ["totals_do_not_add_up"], may=("total_over_order",)
    )


def lines_off(m: Maker) -> None:
    """The lines do not add up to the net total, which the foot follows."""
    m.add("lines_off", replace(usual(m), lines_off=Decimal(10)), ["totals_do_not_add_up"])


def supplier_new(m: Maker) -> None:
    """Nobody on file, and no order."""
    one = parties.unknown_supplier(m)
    draft = service_bill(m, one, Decimal(400))
    draft = replace(draft, currency=draft.customer.currency or "EUR")
    m.add("supplier_new", draft, ["supplier_unknown", "order_missing"], supplier=None)


def supplier_look_alike(m: Maker) -> None:
    """A firm named but for one letter like a supplier bills its order, with its own VAT id and account."""
    draft = usual(m)
    other = parties.unknown_supplier(m, draft.supplier.country or "DE")
    name = noise.misread_word(draft.supplier.name, m.rng)
    fake = replace(other, name=name)
    changed = replace(draft, supplier=fake)
    if m.rng.random() < 0.5:  # at the supplier's own address: what contradicts is never outvoted
        where = draft.supplier
        changed = changed.having(seller_address=address_of(where))
    may = ("supplier_unknown", "supplier_ambiguous")
    m.add("supplier_look_alike", changed, status="needs_review", may=may, supplier=None, unscored=("lines",))


def supplier_look_alike_account(m: Maker) -> None:
    """The supplier's own name, address and VAT id, but another account: the usual fraud."""
    draft = usual(m)
    account = parties.new_account(draft.supplier.country or "DE", m.rng)
    m.add("supplier_look_alike_account", draft.having(seller_iban=account), ["bank_account_changed"])


def supplier_two_keys(m: Maker) -> None:
    """The VAT id of one supplier; name, address and account of another."""
    draft, other = usual(m), _complete(m)
    while other == draft.supplier:
        other = _complete(m)
    may = ("supplier_ambiguous", "supplier_differs", "bank_account_changed", "supplier_unknown")
    m.add(
        "supplier_two_keys",
        draft.having(seller_vat_id=other.vat_id),
        status="needs_review",
        may=may,
        unscored=("supplier", "lines"),
    )


def supplier_ambiguous(m: Maker) -> None:
    """The name of two suppliers and nothing else."""
    one, _ = parties.same_name(m)
    with_order = m.rng.random() < 0.5
    draft = m.bill(m.order(supplier=one)) if with_order else service_bill(m, one, Decimal(300))
    if not with_order:
        draft = replace(draft, currency=draft.customer.currency or "EUR")
    draft = draft.having(seller_vat_id=None, seller_iban=None, seller_address=None, seller_email=None)
    codes = ["supplier_ambiguous"] if with_order else ["supplier_ambiguous", "order_missing"]
    m.add("supplier_ambiguous", draft, codes, supplier=None)


def order_of_another(m: Maker) -> None:
    """A supplier bills another supplier's order."""
    draft, other = usual(m), _complete(m)
    while other.supplier_id == draft.supplier.supplier_id:
        other = _complete(m)
    m.add("order_of_another", replace(draft, supplier=other), ["supplier_differs"], may=TERMS, unscored=("lines",))


def order_of_affiliate(m: Maker) -> None:
    """A company of a group bills the order of its sister."""
    one, two, _ = parties.group(m)
    draft = m.bill(m.order(supplier=one), share=HALF)
    m.add("order_of_affiliate", replace(draft, supplier=two), ["supplier_differs"], may=TERMS, unscored=("lines",))


def blocked(m: Maker) -> None:
    """The supplier's record says blocked."""
    one = parties.supplier(m, status="blocked")
    m.add("blocked", m.bill(m.order(supplier=one)), ["supplier_blocked"])


def customer_unknown(m: Maker) -> None:
    """Somebody we do not know is billed: a stranger, or a company of ours that is not on file."""
    draft = usual(m)
    country = m.rng.choice(("DE", "FR", "GB"))
    name = f"{names.stem(m.rng)} {names.trade(country, m.rng)} {names.legal_form(country, m.rng)}"
    if m.rng.random() < 0.5:
        name = draft.customer.name.split()[0] + " Danmark ApS"
        country = "DK"
    where = names.place(country, m.rng)
    changed = draft.having(
        buyer_name=name,
        buyer_vat_id=identifiers.vat_id(country, m.rng),
        buyer_address=f"{where.street}, {where.postal_code} {where.city}, {country}",
    )
    m.add("customer_unknown", changed, ["customer_unknown"], customer=None)


def customer_ambiguous(m: Maker) -> None:
    """The name of two clients, without an address."""
    name = f"{names.stem(m.rng)} Stiftung gGmbH"
    one = parties.customer(m, "DE", name, vat_id=None)
    parties.customer(m, "DE", name, vat_id=None)
    supplier = parties.without_orders(m, 900)
    draft = replace(service_bill(m, supplier, Decimal(200)), customer=one).having(buyer_address=None)
    m.add("customer_ambiguous", draft, ["customer_ambiguous"], customer=None)


def customer_affiliate(m: Maker) -> None:
    """Another company of ours is billed than the one that ordered."""
    draft = usual(m)
    m.add("customer_affiliate", replace(draft, customer=m.customer(draft.customer)), ["customer_differs"])


def old_address(m: Maker) -> None:
    """An address of ours that is none any more: another street, or another house."""
    draft = usual(m)
    where = names.place(draft.customer.country or "DE", m.rng)
    changed = address_of(replace(draft.customer, street=where.street, postal_code=where.postal_code, city=where.city))
    if m.rng.random() < 0.4:
        changed = address_of(replace(draft.customer, street=where.street))
    m.add("old_address", draft.having(buyer_address=changed), ["billing_address_differs"])


def terms_shorter(m: Maker) -> None:
    """Fewer days to pay than agreed: printed, or by the due date."""
    ordered = m.order(supplier=_complete(m), payment_terms_days=m.rng.choice((30, 45, 60)))
    draft = replace(m.bill(ordered, share=HALF), fields={})
    if m.rng.random() < 0.7:
        draft = draft.having(payment_terms_days=str(m.rng.choice((7, 10, 14))))
    else:
        draft = draft.having(due_date=(draft.issued + timedelta(days=10)).isoformat())
    m.add("terms_shorter", draft, ["payment_terms_differ"])


def terms_of_supplier_shorter(m: Maker) -> None:
    """Fewer days than the supplier's record has, where the order states none."""
    one = parties.supplier(m, payment_terms_days=45)
    draft = replace(m.bill(m.order(supplier=one, payment_terms_days=None), share=HALF), fields={})
    m.add("terms_of_supplier_shorter", draft.having(payment_terms_days="14"), ["payment_terms_differ"])


def currency_other(m: Maker) -> None:
    """Another currency than the order's."""
    draft = usual(m)
    other = m.rng.choice([code for code in ("EUR", "USD", "CHF", "PLN", "GBP") if code != draft.currency])
    m.add("currency_other", replace(draft, currency=other), ["currency_differs"])


def order_number_missing(m: Maker) -> None:
    """No order number; exactly one order explains the lines."""
    ordered = m.order(m.rng.randint(2, 4), supplier=_complete(m))
    draft = replace(m.bill(ordered), orders=())
    m.add("order_number_missing", draft, ["order_missing"], orders=())


def above_limit(m: Maker) -> None:
    """A supplier without orders bills more than its limit."""
    m.add("above_limit", service_bill(m, parties.without_orders(m, 100), Decimal(900)), ["order_missing"])


def order_number_unknown(m: Maker) -> None:
    """The printed number is no order's: one digit is another, or it is the supplier's own number."""
    ordered = m.order()
    known = {order.po_number for order in m.orders}
    printed = ordered.number
    while printed in known:
        printed = noise.other_digit(ordered.number, m.rng)
    if m.rng.random() < 0.4:
        printed = f"AB-{m.rng.randint(100000, 999999)}"
    m.add("order_number_unknown", replace(m.bill(ordered), orders=(printed,)), ["order_not_found"], orders=())


def damaged_number_other_lines(m: Maker) -> None:
    """A number like an order's but for look-alikes, whose lines are other ones."""
    ordered = m.order(2, supplier=_complete(m))
    printed = noise.look_alike(ordered.number, m.rng)
    others = m.articles(ordered.supplier, 2)
    lines = tuple(DraftLine(each.description, Decimal(3), each.price, each.unit, each.sku) for each in others)
    draft = replace(m.bill(ordered, lines=lines), orders=(printed,))
    m.add("damaged_number_other_lines", draft, ["order_not_found"], orders=())


def two_orders_fit(m: Maker) -> None:
    """No number, and two orders are alike."""
    ordered = m.order(m.rng.randint(1, 3), supplier=_complete(m))
    twin = replace(ordered.order, po_number=m.order(1).number + "9")
    m.orders.append(twin)
    m.add("two_orders_fit", replace(m.bill(ordered), orders=()), ["order_ambiguous"], orders=())


def order_closed(m: Maker) -> None:
    """The order's status is closed."""
    m.add("order_closed", m.bill(m.order(status=OrderStatus.CLOSED), share=HALF), ["order_closed"])


def account_of_another(m: Maker) -> None:
    """Another supplier's account."""
    draft, other = usual(m), _complete(m)
    while other.supplier_id == draft.supplier.supplier_id:
        other = _complete(m)
    m.add("account_of_another", draft.having(seller_iban=other.iban[0]), ["bank_account_changed"])


def account_beside(m: Maker) -> None:
    """A new account printed beside the known one."""
    draft = usual(m)
    new = parties.new_account(draft.supplier.country or "DE", m.rng)
    m.add("account_beside", replace(draft, others={**draft.others, "seller_iban": (new,)}), ["bank_account_changed"])


def account_invalid(m: Maker) -> None:
    """Two digits of the account change places, or one is another."""
    draft = usual(m)
    iban = draft.supplier.iban[0]
    wrong = iban
    while wrong == iban:
        at = m.rng.randrange(6, len(iban) - 1)
        wrong = iban[:at] + iban[at + 1] + iban[at] + iban[at + 2 :]
    m.add("account_invalid", draft.having(seller_iban=wrong), ["bank_account_invalid"])


def tax_id_wrong(m: Maker) -> None:
    """A VAT id whose check digits fail; name, address and account still say who it is."""
    while True:
        draft = usual(m)
        if (draft.supplier.country or "") in ("DE", "AT", "IT", "PL", "NL", "BE", "DK", "GB", "FR"):
            break
    wrong = draft.supplier.vat_id or ""
    m.add("tax_id_wrong", draft.having(seller_vat_id=_broken(wrong)), ["tax_id_invalid"])


def _broken(vat_id: str) -> str:
    """The number with one digit one higher, so that its check fails."""
    at = max(i for i, char in enumerate(vat_id[:-2]) if char.isdigit())
    return vat_id[:at] + str((int(vat_id[at]) + 1) % 10) + vat_id[at + 1 :]


def date_future(m: Maker) -> None:
    """Dated after today."""
    draft = replace(usual(m), issued=TODAY + timedelta(days=m.rng.choice((1, 40))), fields={})
    m.add("date_future", draft, ["date_implausible"])


def date_old(m: Maker) -> None:
    """More than a year old."""
    m.add("date_old", replace(usual(m), issued=TODAY - timedelta(days=370), fields={}), ["date_implausible"])


def due_before_issue(m: Maker) -> None:
    """Due before it was written."""
    draft = replace(usual(m), fields={})
    due = (draft.issued - timedelta(days=20)).isoformat()
    m.add("due_before_issue", draft.having(due_date=due), ["date_implausible"])


def page_differs(m: Maker) -> None:
    """Reading noticed that XML and page disagree."""
    told = (("xml_differs_from_page", "The page shows another total than the data."),)
    m.add("page_differs", replace(usual(m), warnings=told), ["xml_differs_from_page"])


def text_hidden(m: Maker) -> None:
    """Reading noticed text that nobody sees."""
    m.add(
        "text_hidden", replace(usual(m), warnings=(("hidden_text", "White text states an account."),)), ["hidden_text"]
    )


def not_an_invoice(m: Maker) -> None:
    """A document of another type, whatever else is wrong with it."""
    kind = m.rng.choice((DocumentType.PURCHASE_ORDER, DocumentType.ESTIMATE, DocumentType.STATEMENT,
                         DocumentType.REMINDER, DocumentType.DELIVERY_NOTE, DocumentType.OTHER))  # fmt: skip
    draft = replace(usual(m), kind=kind)
    m.add("not_an_invoice", draft, ["not_an_invoice"], unscored=("supplier", "customer", "orders", "lines"))


def receipt(m: Maker) -> None:
    """A till receipt never passes untouched."""
    draft = replace(usual(m), kind=DocumentType.RECEIPT)
    m.add("receipt", draft, status="needs_review", may=("not_an_invoice",))


HEAD_FAULTS: tuple[Kind, ...] = (
    field_missing, lines_missing, number_doubtful, date_doubtful, line_doubtful, gross_off, tax_off, line_off,
    lines_off, supplier_new, supplier_look_alike, supplier_look_alike_account, supplier_two_keys, supplier_ambiguous,
    order_of_another, order_of_affiliate, blocked, customer_unknown, customer_ambiguous, customer_affiliate,
    old_address, terms_shorter, terms_of_supplier_shorter, currency_other, order_number_missing, above_limit,
    order_number_unknown, damaged_number_other_lines, two_orders_fit, order_closed, account_of_another,
    account_beside, account_invalid, tax_id_wrong, date_future, date_old, due_before_issue, page_differs, text_hidden,
    not_an_invoice, receipt,
)  # fmt: skip
