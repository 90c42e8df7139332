"""Rules about terms, currency, the account to be paid, tax numbers and dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ingest.document import Source
from matching import normalise
from matching.checksums import iban_valid, vat_valid
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
    shorter = [days for days, slack in printed if days < int(text) - slack]
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


def _printed_accounts(case: Case) -> list[str]:
    field = case.extraction.fields.get("seller_iban")
    return [field.value, *field.others] if field else []


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


def bank_account_changed(case: Case) -> Answer:
    """The account to be paid is none of the supplier's on file."""
    record = case.supplier.record
    if record is None:
        return Answer(not_checked="the supplier is not known")
    if not record.iban and not record.account:
        return _others_account(case)
    ibans, account = _printed_accounts(case), case.extraction.text("seller_account")
    if not ibans and not account:
        return Answer(not_checked="no account on the document")
    if any(iban_valid(iban) is False for iban in ibans):
        return Answer(not_checked="the account's check digits are wrong")
    known = {normalise.identifier(number) for number in (*record.iban, record.account or "")} - {""}
    if ibans:
        # a national account that is the tail of an IBAN is that account; without IBANs on file nothing else compares
        comparable = bool(record.iban) or any(iban.endswith(tuple(known)) for iban in map(normalise.identifier, ibans))
        if comparable:
            return _accounts_answer(case, ibans, known)
    if account and record.account:
        return _account_answer(case, account, known)
    if account and record.iban:
        digits = normalise.identifier(account).lstrip("0")
        if digits and any(iban.endswith(digits) for iban in known):
            return PASSED
        return _account_answer(case, account, known)
    return _accounts_answer(case, ibans, known)


def _accounts_answer(case: Case, printed: list[str], known: set[str]) -> Answer:
    """Every account must be known: "please pay to our new account" is printed beside the old one in the foot."""
    return Answer(tuple(fault for iban in printed for fault in _account_answer(case, iban, known).faults))


def _account_answer(case: Case, printed: str, known: set[str]) -> Answer:
    key = normalise.identifier(printed)
    record = case.supplier.record
    assert record is not None
    if key in known or any(
        key.endswith(number.lstrip("0")) for number in known if number.isdigit() and len(number) > 5
    ):
        return PASSED
    expected = ", ".join(record.iban) or (record.account or "")
    message = f"The account {printed} is not on file for {record.name}. Ask the supplier by a known way before paying."
    return Answer((Fault(message, field="seller_iban", expected=expected, found=printed),))


def _others_account(case: Case) -> Answer:
    """Without an account on file nothing is compared, but the account of another supplier is never right."""
    owners = [other for other in case.supplier.candidates if "account equal" in other.why]
    if not owners:
        return Answer(not_checked="no account is on file for this supplier")
    printed = case.extraction.text("seller_iban") or case.extraction.text("seller_account")
    message = f"The account {printed} is on file for {owners[0].name} ({owners[0].id}), another supplier."
    return Answer((Fault(message, field="seller_iban", found=printed),))


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
