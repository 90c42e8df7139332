"""Which records are worth comparing: keys that a document and a record share."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from matching import normalise
from matching.records import Customer, Supplier
from matching.references import PartyClues

FREE_MAIL = frozenset(
    re.findall(
        r"\S+",
        """
    gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de outlook.com outlook.de hotmail.com
    hotmail.de live.com yahoo.com yahoo.de icloud.com me.com aol.com freenet.de posteo.de mail.ru proton.me wp.pl
    onet.pl o2.pl orange.fr free.fr laposte.net libero.it bluewin.ch
    """,
    )
)


def party_keys(party: Supplier | Customer | PartyClues) -> Iterator[tuple[str, str]]:
    """The exact keys (kind, key) of a record, or of what a document says about a party.

    Tax numbers share one kind, because documents print a VAT id as a tax number and the reverse.
    """
    taxes: tuple[str | None, ...]
    accounts: tuple[str | None, ...]
    mails: tuple[str | None, ...]
    match party:
        case PartyClues():
            taxes = (*party.vat_ids, *party.tax_ids)
            accounts, mails = (*party.ibans, *party.accounts), party.emails
        case Supplier():
            taxes = (party.vat_id, party.tax_id)
            accounts, mails = (*party.iban, party.account), (party.email,)
        case Customer():
            taxes, accounts, mails = (party.vat_id,), (), (party.billing_email,)
    yield from (("tax", normalise.vat_body(tax)) for tax in taxes if tax and normalise.vat_body(tax))
    yield from (("account", normalise.identifier(account)) for account in accounts if account)
    yield from (("domain", domain) for mail in mails if mail and (domain := mail_domain(mail)))
    yield from (("name", normalise.company_core(name)) for name in party_names(party))


@lru_cache(normalise.REMEMBERED)
def keys_of(party: Supplier | Customer | PartyClues) -> tuple[tuple[str, str], ...]:
    """The same, remembered: one document's keys are compared with those of dozens of records."""
    return tuple(party_keys(party))


def record_keys(record: Supplier | Customer) -> Iterator[tuple[str, str]]:
    """Every key of a record: the exact ones, and each name together with the postal code."""
    yield from party_keys(record)
    code = normalise.postal_code(record.postal_code or "")
    for name in party_names(record):
        yield from place_keys(name, (code,) if code else ())


def place_keys(name: str | None, codes: Collection[str]) -> Iterator[tuple[str, str]]:
    """A name at a place: tells branches of one name apart, however many there are."""
    core = normalise.company_core(name or "")
    yield from (("place", f"{core}|{code}") for code in sorted(codes) if core)


def postal_codes(address: str | None) -> frozenset[str]:
    """What in a printed address may be a postal code, as those of records are compared."""
    tokens = re.findall(r"[^\W_]+", normalise.plain(address or "").upper())
    pairs = (f"{one}{other}" for one, other in zip(tokens, tokens[1:], strict=False))
    codes = (normalise.postal_code(text) for text in (*tokens, *pairs))
    return frozenset(code for code in codes if 3 <= len(code) <= 9 and re.search(r"\d", code))


def mail_domain(address: str) -> str | None:
    """The domain of a mail address; None for those that everybody can have."""
    domain = address.rpartition("@")[2].strip().casefold()
    return domain if domain and domain not in FREE_MAIL else None


def party_names(party: Supplier | Customer | PartyClues) -> tuple[str, ...]:
    """Every name of a party."""
    if isinstance(party, PartyClues):
        return (party.name,) if party.name else ()
    return (party.name, *party.aliases)
