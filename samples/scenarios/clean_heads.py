"""Documents that pass although names, numbers or accounts are printed otherwise than on file."""

from __future__ import annotations

from dataclasses import replace

from matching.records import Supplier
from samples.scenarios import noise, parties
from samples.scenarios.clean import Kind
from samples.scenarios.maker import Maker


def number_damaged(m: Maker) -> None:
    """Look-alikes in the order number."""
    ordered = m.order()
    printed = noise.look_alike(ordered.number, m.rng, m.rng.choice((1, 1, 2)))
    draft = replace(m.bill(ordered), orders=(printed,), misread=("purchase_order",))
    m.add("number_damaged", draft)


PREFIXES = (
    "PO {}",
    "Ihre Bestellung {}",
    "Bestell-Nr. {}",
    "Order no. {}",
    "Commande {}",
    "{} / Hr. Maier",
    "Best. {} v. 12.09.",
)


def number_in_text(m: Maker) -> None:
    """The order number with words around it."""
    ordered = m.order()
    m.add("number_in_text", replace(m.bill(ordered), orders=(m.rng.choice(PREFIXES).format(ordered.number),)))


def number_in_reference(m: Maker) -> None:
    """The order number stands only as the buyer's reference."""
    ordered = m.order()
    m.add("number_in_reference", replace(m.bill(ordered), orders=()).having(buyer_reference=ordered.number))


def name_misread(m: Maker) -> None:
    """One letter of the supplier's name is wrong, the VAT id is right."""
    draft = m.bill(m.order(supplier=_with_vat(m)))
    wrong = noise.misread_word(draft.supplier.name, m.rng)
    m.add("name_misread", replace(draft.having(seller_name=wrong), misread=("seller_name",)))


def _with_vat(m: Maker) -> Supplier:
    while True:
        found = m.supplier()
        if found.vat_id:
            return found


def customer_misread(m: Maker) -> None:
    """One letter of the customer's name is wrong, the rest of it right."""
    draft = m.bill(m.order())
    wrong = noise.misread_word(draft.customer.name, m.rng)
    m.add("customer_misread", replace(draft.having(buyer_name=wrong), misread=("buyer_name",)))


def article_misread(m: Maker) -> None:
    """One sign of an article number or a description is wrong."""
    ordered = m.order(m.rng.randint(1, 4))
    draft = m.bill(ordered)
    at = m.rng.randrange(len(draft.lines))
    line = draft.lines[at]
    if m.rng.random() < 0.5:
        changed, what = replace(line, sku=noise.look_alike(line.sku or "", m.rng)), "sku"
    else:
        changed, what = replace(line, description=noise.misread_word(line.description, m.rng)), "description"
    lines = (*draft.lines[:at], changed, *draft.lines[at + 1 :])
    m.add("article_misread", replace(draft, lines=lines, misread=(what,)))


def by_name_and_address(m: Maker) -> None:
    """Neither VAT id nor account is printed: name and address say who it is."""
    m.add("by_name_and_address", m.bill(m.order()).having(seller_vat_id=None, seller_iban=None))


def by_account(m: Maker) -> None:
    """The VAT id is not printed; name and account say who it is."""
    supplier = m.supplier()
    while not supplier.iban or sum(supplier.iban == each.iban for each in m.suppliers.values()) > 1:
        supplier = m.supplier()
    m.add("by_account", m.bill(m.order(supplier=supplier)).having(seller_vat_id=None, seller_address=None))


def by_alias(m: Maker) -> None:
    """The supplier prints its brand."""
    supplier = next(each for each in m.suppliers.values() if each.aliases)
    m.add("by_alias", m.bill(m.order(supplier=supplier)).having(seller_name=supplier.aliases[0]))


def same_name_by_town(m: Maker) -> None:
    """Two firms of one name: the address says which."""
    _, other = parties.same_name(m)
    m.add("same_name_by_town", m.bill(m.order(supplier=other)).having(seller_vat_id=None, seller_iban=None))


def group_by_vat(m: Maker) -> None:
    """A group of one name: the VAT id says which, the name stands without its form."""
    one = m.rng.choice(parties.group(m))
    core = " ".join(one.name.split()[:2])
    m.add("group_by_vat", m.bill(m.order(supplier=one)).having(seller_name=core, seller_address=None))


def account_without_record(m: Maker) -> None:
    """An account is printed and none is on file."""
    one = parties.without_account(m)
    account = parties.new_account(one.country or "DE", m.rng)
    m.add("account_without_record", m.bill(m.order(supplier=one)).having(seller_iban=account))


def second_account(m: Maker) -> None:
    """The second of two accounts on file."""
    country = m.rng.choice(("DE", "FR", "NL", "PL"))
    accounts = (parties.new_account(country, m.rng), parties.new_account(country, m.rng))
    one = parties.supplier(m, country, iban=accounts)
    m.add("second_account", m.bill(m.order(supplier=one)).having(seller_iban=accounts[1]))


CLEAN_HEADS: tuple[Kind, ...] = (
    number_damaged, number_in_text, number_in_reference, name_misread, customer_misread, article_misread,
    by_name_and_address, by_account, by_alias, same_name_by_town, group_by_vat, account_without_record,
    second_account,
)  # fmt: skip
