"""Rules about terms, currency, the account to be paid, tax numbers and dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ingest.document import Source
from matching import normalise
from matching.checksums import iban_valid, vat_valid
from matching.comparisons import name_similarity
from matching.mail_domains import look_alike, mail_domain
from matching.records import Supplier
from matching.rules.case import PASSED, Answer, Case, Fault, Rule

CALENDAR_SLACK = 3
"""Days by which a due date may be early where no terms are printed: months and weekends are counted differently."""


def payment_terms_differ(case: Case) -> Answer:
    """Printed terms against the order's, then the supplier's, then the customer's."""
    if case.credit:
        return Answer(not_checked="a credit note is not paid on terms")
    printed = _printed_days(case)
    if not printed:
        return Answer(not_checked="no payment terms on the document")
    agreed = next(_agreed(case, "payment_terms_days"), None)
    if agreed is None:
        return Answer(not_checked="no agreed payment terms on file")
    where, text = agreed
    shorter = [days for days, slack in printed if days < int(text) - max(slack, case.policy.tolerance.terms_days)]
    # right terms do not excuse a due date that stands too early, nor the other way round
    days, slack = (shorter[0], 0) if shorter else printed[0]
    if not shorter and days - int(text) <= slack:
        return PASSED
    longer = not shorter
    message = f"{days} days to pay are printed, {text} are agreed with {where}."
    message += " That is in our favour." if longer else ""
    fault = Fault(message, "payment_terms", None, text, str(days), str(days - int(text)), favourable=longer)
    return Answer((fault,))


def _printed_days(case: Case) -> list[tuple[int, int]]:
    """Net days as printed, and what the printed due date means; each with the slack that its source asks for."""
    terms, due = case.extraction.fields.get("payment_terms_days"), case.extraction.fields.get("due_date")
    printed = [(int(terms.number), 0)] if terms is not None and terms.number is not None else []
    issue = case.extraction.day("issue_date")
    if due is None or due.day is None or issue is None or due.source is Source.DERIVED or due.day < issue:
        return printed
    return [*printed, ((due.day - issue).days, CALENDAR_SLACK)]


def _agreed(case: Case, name: str) -> Iterator[tuple[str, str]]:
    """What is agreed, the most specific record first: (where it stands, the value)."""
    records: list[tuple[str, object]] = [
        (f"order {found.order.po_number}", found.order) for found in case.orders.usable
    ]
    records += [("the supplier", case.supplier.record), ("the customer", case.customer.record)]
    for where, record in records:
        value = getattr(record, name, None)
        if value is not None:
            yield where, str(value)


def currency_differs(case: Case) -> Answer:
    """Printed currency against every order's, else the supplier's, else the customer's."""
    printed = case.extraction.text("currency")
    if not printed:
        return Answer(not_checked="no currency on the document")
    agreed = list(_agreed(case, "currency"))
    if not agreed:
        return Answer(not_checked="no currency on file")
    if any(where.startswith("order ") for where, _ in agreed):
        agreed = [(where, currency) for where, currency in agreed if where.startswith("order ")]
    else:
        agreed = agreed[:1]
    return Answer(
        tuple(
            Fault(f"{printed} is billed, {currency} is agreed with {where}.", "currency", None, currency, printed)
            for where, currency in agreed
            if currency != printed
        )
    )


def _values(case: Case, name: str) -> list[str]:
    field = case.extraction.fields.get(name)
    return [field.value, *field.others] if field else []


def _printed_accounts(case: Case) -> list[str]:
    return _values(case, "seller_iban")


def bank_account_invalid(case: Case) -> Answer:
    """An account whose check digits are wrong."""
    printed = _printed_accounts(case)
    if not printed:
        return Answer(not_checked="no IBAN on the document")
    wrong = [account for account in printed if iban_valid(account) is False]
    return Answer(
        tuple(
            Fault(f"The check digits of the account {account} are wrong.", field="seller_iban", found=account)
            for account in wrong
        )
    )


SHORTEST_ACCOUNT = 6
"""Digits from which on a national number inside an IBAN is that account and no chance."""


LIKE_ENOUGH = 0.6
"""How alike the payee's name and the supplier's are when they may be one, cut off or misread."""


def bank_account_changed(case: Case) -> Answer:
    """The account must be the supplier's, and so must be the mail that names it, where one does."""
    answer, sender = _account_answer(case), _sender_faults(case)
    return Answer((*answer.faults, *sender)) if sender else answer


def _sender_faults(case: Case) -> tuple[Fault, ...]:
    """A sender whose domain is one letter off the supplier's own: how invoices are intercepted and sent on."""
    record = case.supplier.record
    own = mail_domain(record.email or "") if record else ""
    if record is None or not own:
        return ()
    for address in case.references.mail_senders():
        domain = mail_domain(address)
        if look_alike(domain, own):
            message = f"The mail came from {address}; {record.name} writes from {own}, which only looks the same. "
            message += f"Call {record.name} at the number on file, not at one in the mail, before anything is paid."
            return (Fault(message, field="seller_email", expected=own, found=domain),)
    return ()


def _account_answer(case: Case) -> Answer:
    """Every printed account must be the supplier's: "please pay to our new account" stands beside the old one."""
    record = case.supplier.record
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if not record.iban and not record.account:
        return _others_account(case)
    ibans, accounts = _printed_accounts(case), _values(case, "seller_account")
    if not ibans and not accounts:
        return Answer(not_checked="no account on the document")
    if any(iban_valid(iban) is False for iban in ibans):
        return Answer(not_checked="the account's check digits are wrong")
    unknown = [iban for iban in ibans if not _iban_known(record, iban)]
    unknown += [account for account in accounts if not _account_known(record, account)]
    faults = [_account_fault(case, record, account) for account in unknown]
    if accounts and not unknown:
        faults = [
            _account_fault(case, record, f"{accounts[0]}{normalise.AT_BANK}{routing}")
            for routing in _values(case, "seller_routing")
            if not _bank_known(record, routing)
        ]
    return Answer(tuple(faults))


def _iban_known(record: Supplier, printed: str) -> bool:
    """Whether an IBAN is on file, or is the national account on file written as one."""
    key = normalise.identifier(printed)
    if key in map(normalise.identifier, record.iban):
        return True
    account, bank = _digits(record.account), _digits(record.routing)
    # the same number at another bank is another account
    return len(account) >= SHORTEST_ACCOUNT and key.endswith(account) and (not bank or bank in key)


def _account_known(record: Supplier, printed: str) -> bool:
    """Whether a national number is on file, or is a part of an IBAN on file."""
    key = _digits(printed)
    if record.account and key == _digits(record.account):
        return True
    # some countries write check digits behind it, so that it need not be the tail
    return len(key) >= SHORTEST_ACCOUNT and any(key in normalise.identifier(iban) for iban in record.iban)


def _bank_known(record: Supplier, printed: str) -> bool:
    """Whether a sort code or its like is the one on file; one that cannot be compared is taken for it."""
    key = _digits(printed)
    if key == _digits(record.routing):
        return True
    ibans = [normalise.identifier(iban) for iban in record.iban]
    return any(key in iban for iban in ibans) or not (record.routing or ibans)


def _digits(number: str | None) -> str:
    return normalise.identifier(number or "").lstrip("0")


def _account_fault(case: Case, record: Supplier, printed: str) -> Fault:
    expected = ", ".join(record.iban) or (record.account or "")
    message = f"The account {printed} is not on file for {record.name}"
    country = normalise.identifier(printed)[:2]
    if (owner := _owner(case, record, printed)) is not None:
        message += f"; it is on file for {owner.name} ({owner.supplier_id})"
    if _foreign(record, [printed]) and not _banks_in(record, country):
        message += f"; the bank is in {country}, the supplier in {record.country}"
    message += f". Call {record.name} at the number on file, not at one on the invoice, before anything is paid."
    return Fault(message, field="seller_iban", expected=expected, found=printed)


def _banks_in(record: Supplier, country: str) -> bool:
    return any(normalise.identifier(iban).startswith(country) for iban in record.iban)


def _owner(case: Case, record: Supplier, printed: str) -> Supplier | None:
    """Another supplier whose account it is."""
    key = normalise.identifier(printed)
    for candidate in case.supplier.candidates:
        other = case.references.supplier(candidate.id) if candidate.id != record.supplier_id else None
        if other and key in {normalise.identifier(number) for number in (*other.iban, other.account or "")}:
            return other
    return None


def _others_account(case: Case) -> Answer:
    """Without an account on file nothing is compared; another's account, country or name is still not right."""
    owners = [other for other in case.supplier.candidates if "account equal" in other.why]
    printed = case.extraction.text("seller_iban") or case.extraction.text("seller_account")
    if owners:
        message = f"The account {printed} is on file for {owners[0].name} ({owners[0].id}), another supplier."
        return Answer((Fault(message, field="seller_iban", found=printed),))
    record = case.supplier.record
    assert record is not None
    odd = _foreign(record, _printed_accounts(case)) or _anothers_name(case, record)
    if printed is None or not odd:
        return Answer(not_checked="no account is on file for this supplier")
    message = f"No account is on file for {record.name}, and {odd}. "
    message += f"Call {record.name} at the number on file, not at one on the invoice, before anything is paid."
    return Answer((Fault(message, field="seller_iban", found=printed),))


def _foreign(record: Supplier, ibans: list[str]) -> str:
    """Whether the bank is in another country than the supplier (catalogue FRD2), in words."""
    for iban in ibans:
        country = normalise.identifier(iban)[:2]
        if iban_valid(iban) and len(record.country or "") == 2 and country != record.country:
            return f"the bank of {iban} is in {country}, the supplier in {record.country}"
    return ""


def _anothers_name(case: Case, record: Supplier) -> str:
    """Whether the money is to go to a party that is not named like the supplier (FRD4), in words."""
    payee = case.extraction.text("payee_name")
    names = (record.name, *record.aliases, case.extraction.text("seller_name") or "")
    if not payee or max(name_similarity(payee, name) for name in names) >= LIKE_ENOUGH:
        return ""
    inside = any(normalise.company_core(name) in normalise.company_core(payee) for name in names if name)
    return "" if inside else f"it is to be paid to {payee}"


def tax_id_invalid(case: Case) -> Answer:
    """A VAT or GST number whose check digits are wrong."""
    answers = []
    for name, record in (("seller_vat_id", case.supplier.record), ("buyer_vat_id", case.customer.record)):
        field = case.extraction.fields.get(name)
        known = normalise.vat_body(record.vat_id) if record is not None and record.vat_id else None
        for number in (field.value, *field.others) if field else ():
            right = True if normalise.vat_body(number) == known else vat_valid(number)
            answers.append((name, number, right))
    wrong = [(name, number) for name, number, right in answers if right is False]
    if wrong:
        return Answer(
            tuple(Fault(f"The check digits of {number} are wrong.", field=name, found=number) for name, number in wrong)
        )
    if not any(right for _, _, right in answers):
        return Answer(not_checked="no tax number with known check digits on the document")
    return PASSED


def date_implausible(case: Case) -> Answer:
    """After the day of receipt, too long before it, or due before issue."""
    issue, due = case.extraction.day("issue_date"), case.extraction.day("due_date")
    if issue is None:
        return Answer(not_checked="no invoice date")
    faults = []
    months = case.policy.max_age_months
    oldest = _months_before(case.today, months)
    if issue > case.today:
        message = f"The invoice is dated {issue}, after the day it came ({case.today})."
        faults.append(Fault(message, "issue_date", None, f"until {case.today}", issue.isoformat()))
    elif issue < oldest:
        message = f"The invoice is dated {issue}, more than {months} months before it came ({case.today})."
        faults.append(Fault(message, "issue_date", None, f"from {oldest}", issue.isoformat()))
    if due is not None and due < issue:
        message = f"The invoice is due on {due}, before its date {issue}."
        faults.append(Fault(message, "due_date", None, f"from {issue}", due.isoformat()))
    return Answer(tuple(faults))


def _months_before(day: date, months: int) -> date:
    """The same day some months before; the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


PAYMENT_RULES = (
    Rule("payment_terms_differ", payment_terms_differ),
    Rule("currency_differs", currency_differs),
    Rule("bank_account_changed", bank_account_changed),
    Rule("bank_account_invalid", bank_account_invalid),
    Rule("tax_id_invalid", tax_id_invalid),
    Rule("date_implausible", date_implausible),
)
