"""Accounts that are not the supplier's, beside the right one or where none is on file."""

from __future__ import annotations

from samples.scenarios import parties
from samples.scenarios.clean import Kind
from samples.scenarios.drafts import Draft
from samples.scenarios.maker import Maker
from samples.scenarios.planted import usual

CHANGED = ("bank_account_changed",)


def _without_account(m: Maker, country: str = "DE") -> Draft:
    """An invoice of a supplier with no account on file, which prints none."""
    one = parties.supplier(m, country, iban=(), account=None, routing=None)
    return m.bill(m.order(supplier=one)).having(seller_iban=None)


def national_beside_known(m: Maker) -> None:
    """The known IBAN, and a national account that nobody knows: "please pay to our new account"."""
    number = str(m.rng.randint(10**7, 10**8 - 1))
    m.add("national_beside_known", usual(m).having(seller_account=number, seller_routing="20-11-34"), CHANGED)


def same_number_other_bank(m: Maker) -> None:
    """The national account on file, at another bank."""
    number = str(m.rng.randint(10**7, 10**8 - 1))
    one = parties.supplier(m, "GB", iban=(), account=number, routing="20-11-34")
    draft = m.bill(m.order(supplier=one)).having(seller_account=number, seller_routing="60-83-71")
    m.add("same_number_other_bank", draft, CHANGED)


def unfiled_abroad(m: Maker) -> None:
    """No account is on file, and the bank is in another country than the supplier."""
    abroad = parties.new_account(m.rng.choice(("PL", "GB", "FR")), m.rng)
    m.add("unfiled_abroad", _without_account(m).having(seller_iban=abroad), CHANGED)


def unfiled_for_another(m: Maker) -> None:
    """No account is on file, and the money is to go to somebody of another name."""
    account = parties.new_account("DE", m.rng)
    other = m.rng.choice(("Wesertal Factoring AG", "Nordkap Inkasso GmbH", "J. Petrov"))
    m.add("unfiled_for_another", _without_account(m).having(seller_iban=account, payee_name=other), CHANGED)


def unfiled_at_home(m: Maker) -> None:
    """No account is on file; bank and payee are the supplier's: nothing speaks against it."""
    draft = _without_account(m)
    account = parties.new_account("DE", m.rng)
    m.add("unfiled_at_home", draft.having(seller_iban=account, payee_name=draft.supplier.name))


ACCOUNT_FAULTS: tuple[Kind, ...] = (
    national_beside_known,
    same_number_other_bank,
    unfiled_abroad,
    unfiled_for_another,
)
ACCOUNTS_CLEAN: tuple[Kind, ...] = (unfiled_at_home,)
