"""Suppliers and customers of a world: plain ones, and those that are easily taken for each other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from matching.records import Customer, Supplier
from samples.paper import identifiers
from samples.paper.firms import countries
from samples.scenarios import names
from samples.scenarios.maker import Maker
from samples.scenarios.names import COUNTRIES


def supplier(maker: Maker, country: str = "", name: str = "", **changes: object) -> Supplier:
    """A new supplier, on file."""
    made = unknown_supplier(maker, country, name, **changes)
    maker.suppliers[made.supplier_id] = made
    return made


def unknown_supplier(maker: Maker, country: str = "", name: str = "", **changes: object) -> Supplier:
    """A new supplier that no record is kept of."""
    rng = maker.rng
    country = country or rng.choice(COUNTRIES)
    core = name or f"{names.stem(rng)} {names.trade(country, rng)}"
    where = names.place(country, rng)
    made = Supplier(
        supplier_id=f"S-{maker.next():05d}",
        name=f"{core} {names.legal_form(country, rng)}",
        vat_id=identifiers.vat_id(country, rng) or None,
        iban=(identifiers.iban(country, rng),),
        email=f"rechnung@{_domain(core)}.example" if rng.random() < 0.4 else None,
        street=where.street,
        postal_code=where.postal_code,
        city=where.city,
        country=country,
        currency=countries()[country]["currency"],
        payment_terms_days=rng.choice((14, 30, 30, 45, 60)),
        order_required=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _domain(core: str) -> str:
    return "".join(char for char in core.casefold() if char.isascii() and char.isalnum()) or "firma"


def customer(maker: Maker, country: str, name: str, **changes: object) -> Customer:
    """A new company of ours, or a client, on file."""
    rng = maker.rng
    where = names.place(country, rng)
    made = Customer(
        customer_id=f"C-{maker.next():04d}",
        name=name,
        vat_id=identifiers.vat_id(country, rng) or None,
        street=where.street,
        postal_code=where.postal_code,
        city=where.city,
        country=country,
        currency=countries()[country]["currency"],
        payment_terms_days=30,
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    maker.customers[made.customer_id] = made
    return made


def fill(maker: Maker, size: int) -> None:
    """Suppliers and customers for a world of some cases."""
    _our_companies(maker)
    # some kinds ask for a supplier of a country
    countries_asked = ("DE", "AT", "GB", *[""] * max(9, size // 12 - 3))
    maker.usual += [supplier(maker, country).supplier_id for country in countries_asked]
    for _ in range(max(2, size // 100)):
        maker.usual += [each.supplier_id for each in (*same_name(maker), *group(maker), *near_names(maker))]
        maker.usual += [each.supplier_id for each in (with_alias(maker), without_vat(maker), without_account(maker))]
        maker.usual += [each.supplier_id for each in shared_account(maker)]


def _our_companies(maker: Maker) -> None:
    """A group of companies whose names differ in their country only."""
    rng = maker.rng
    name, trade = names.stem(rng), names.trade("DE", rng)
    rows = (
        ("DE", f"{name} {trade} GmbH"), ("DE", f"{name} Service GmbH"), ("FR", f"{name} France SAS"),
        ("PL", f"{name} Polska Sp. z o.o."), ("CH", f"{name} Schweiz AG"), ("GB", f"{name} UK Ltd"),
        ("IT", f"{name} Italia S.r.l."), ("NL", f"{name} Nederland B.V."),
    )  # fmt: skip
    maker.buyers += [customer(maker, country, text).customer_id for country, text in rows]


def same_name(maker: Maker) -> tuple[Supplier, Supplier]:
    """Two firms of one name in two towns of one country."""
    one = supplier(maker)
    while True:
        where = names.place(one.country or "DE", maker.rng)
        if where.postal_code != one.postal_code:
            break
    return one, _copy(maker, one, street=where.street, postal_code=where.postal_code, city=where.city)


def group(maker: Maker) -> tuple[Supplier, ...]:
    """A group of one name in three countries."""
    name = f"{names.stem(maker.rng)} {names.trade('GB', maker.rng)}"
    chosen = maker.rng.sample(("DE", "FR", "PL", "NL", "IT", "ES", "GB", "AT"), 3)
    return tuple(supplier(maker, country, name) for country in chosen)


def near_names(maker: Maker) -> tuple[Supplier, Supplier]:
    """Two firms whose names differ in one letter or one word."""
    rng = maker.rng
    country = rng.choice(COUNTRIES)
    name, trade = names.stem(rng), names.trade(country, rng)
    other = name
    while other == name:
        vowels = [i for i, char in enumerate(name) if i and char in "aeiou"]
        at = rng.choice(vowels)
        other = name[:at] + rng.choice("aeiou") + name[at + 1 :]
    if rng.random() < 0.5:
        return supplier(maker, country, f"{name} {trade}"), supplier(maker, country, f"{other} {trade}")
    second = trade
    while second == trade:
        second = names.trade(country, rng)
    return supplier(maker, country, f"{name} {trade}"), supplier(maker, country, f"{name} {second}")


def with_alias(maker: Maker) -> Supplier:
    """A firm that also goes by a brand."""
    return supplier(maker, aliases=(f"{names.stem(maker.rng)} Direct",))


def without_vat(maker: Maker) -> Supplier:
    """A firm whose VAT id is not on file."""
    return supplier(maker, vat_id=None)


def without_account(maker: Maker) -> Supplier:
    """A firm whose accounts are not on file."""
    return supplier(maker, iban=())


def shared_account(maker: Maker) -> tuple[Supplier, Supplier]:
    """Two firms of a group that are paid into one account."""
    name = names.stem(maker.rng)
    country = maker.rng.choice(("DE", "FR", "NL", "GB"))
    one = supplier(maker, country, f"{name} {names.trade(country, maker.rng)}")
    return one, supplier(maker, country, f"{name} Logistics", iban=one.iban)


def without_orders(maker: Maker, limit: int) -> Supplier:
    """A firm that bills without orders up to a limit."""
    return supplier(maker, order_required=False, no_order_limit=Decimal(limit))


def _copy(maker: Maker, one: Supplier, **changes: object) -> Supplier:
    fresh = unknown_supplier(maker, one.country or "DE")
    made = replace(fresh, name=one.name, **changes)  # type: ignore[arg-type]
    maker.suppliers[made.supplier_id] = made
    return made


def new_account(country: str, rng: Random) -> str:
    """An account that nobody has on file."""
    return identifiers.iban(country, rng)
