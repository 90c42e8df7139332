"""Payment codes on the page: the EPC's QR code (SEPA credit transfer) and the Swiss QR-bill.

Sources: EPC069-12 v3.1, Swiss Implementation Guidelines QR-bill v2.3, Swico S1 v1.2 (billing information).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from ingest.document import Code, Page, Source
from ingest.extraction import FieldValue, Finding, Rival
from ingest.normalise import compact, iban
from ingest.numbers import plain

SURE = 0.995
"""What a value of a code is worth: a QR code corrects its own errors, and the account's check digits hold."""
_SHOWN = {"seller_iban": "account", "amount_due": "amount", "payment_reference": "payment reference"}


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What a payment code asks for, by the contract's field names, as normalised strings."""

    fields: dict[str, str]
    code: Code
    page: int
    payee: str = ""


def payment_codes(pages: Sequence[Page]) -> tuple[PaymentCode, ...]:
    """The payment codes of all pages whose account has right check digits; any other code is passed over."""
    found = []
    for page in pages:
        for code in page.codes:
            lines = [line.strip() for line in code.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
            read = _epc(lines) if lines[0] == "BCD" else _swiss(lines) if lines[0] == "SPC" else None
            if read and "seller_iban" in read:
                payee = read.pop("payee", "")
                found.append(PaymentCode(read, code, page.number, payee))
    return tuple(found)


def _epc(lines: list[str]) -> dict[str, str] | None:
    """BCD, version, character set, SCT, BIC, name, IBAN, amount, purpose, structured reference, text, information."""
    if len(lines) < 7 or lines[3] != "SCT":
        return None
    part = dict(enumerate(lines))
    found = {"seller_bic": compact(part[4]), "payee": part[5], "seller_iban": iban(part[6]) or ""}
    amount = re.fullmatch(r"EUR(\d{1,9}(?:\.\d{1,2})?)", part.get(7, ""))
    if amount:
        found |= {"amount_due": _amount(amount[1]), "currency": "EUR"}
    found["payment_reference"] = part.get(9, "") or part.get(10, "")
    return {name: value for name, value in found.items() if value}


def _swiss(lines: list[str]) -> dict[str, str] | None:
    """SPC, version, coding, account, creditor (7), ultimate creditor (7), amount, currency, debtor (7), reference..."""
    if len(lines) < 28:
        return None
    found = {"seller_iban": iban(lines[3]) or "", "payee": lines[5], "currency": lines[19].upper()}
    if lines[18]:
        found["amount_due"] = _amount(lines[18])
    found["buyer_name"] = lines[21]
    found["payment_reference"] = lines[28] if len(lines) > 28 and lines[27] in {"QRR", "SCOR"} else ""
    for line in lines[29:33]:
        if line.startswith("//S1/"):
            found |= _swico(line)
    return {name: value for name, value in found.items() if value}


def _swico(line: str) -> dict[str, str]:
    """Swico's billing information: number (10), date (11), customer's reference (20), UID (30), terms (40)."""
    parts = re.split(r"(?<!\\)/", line.removeprefix("//S1/"))
    pairs = {tag: value.replace("\\/", "/") for tag, value in zip(parts[::2], parts[1::2], strict=False)}
    found = {"invoice_number": pairs.get("10", "")}
    day = re.fullmatch(r"(\d\d)(\d\d)(\d\d)", pairs.get("11", ""))
    if day:
        with suppress(ValueError):
            found["issue_date"] = date(2000 + int(day[1]), int(day[2]), int(day[3])).isoformat()
    if re.fullmatch(r"\d{9}", pairs.get("30", "")):
        found["seller_vat_id"] = "CHE" + pairs["30"]
    return found


def _amount(text: str) -> str:
    try:
        return plain(Decimal(text))
    except InvalidOperation:
        return ""


def with_codes(
    values: dict[str, FieldValue], codes: Sequence[PaymentCode]
) -> tuple[dict[str, FieldValue], tuple[Finding, ...]]:
    """The printed values beside what the document's one payment code says, and where the two differ.

    A code wins over print; what is printed otherwise stays in sight as a rival, a printed account as a further one.
    Where the codes of a document differ (several accounts, or payment by instalments) none is taken.
    """
    asked = {tuple(sorted(code.fields.items())): code for code in codes}
    if len(asked) != 1:
        return values, ()
    code = next(iter(asked.values()))
    merged, findings = dict(values), []
    for name, value in code.fields.items():
        printed = values.get(name)
        if printed is not None and _same(name, printed.value, value):
            merged[name] = replace(printed, confidence=max(printed.confidence or 0.0, SURE))
            continue
        if printed is not None and name not in _SHOWN:
            # names, numbers and dates are cut or rewritten in codes; print is what people compare
            continue
        merged[name] = _from_code(name, value, code, printed)
        if printed is not None:
            message = f"The payment code says {_SHOWN[name]} {value}, the page says {printed.value}."
            findings.append(Finding("low_confidence", message, name))
    gross, due = merged.get("gross_total"), merged.get("amount_due")
    if gross is not None and due is not None and "amount_due" in code.fields and gross.number == due.number:
        merged["gross_total"] = replace(gross, confidence=max(gross.confidence or 0.0, SURE))
    return merged, tuple(findings)


def _from_code(name: str, value: str, code: PaymentCode, printed: FieldValue | None) -> FieldValue:
    account = name == "seller_iban" and printed is not None
    return FieldValue(
        value=value,
        raw=value,
        confidence=SURE if printed is None else 0.9,
        page=code.page,
        box=code.code.box,
        source=Source.QR,
        others=(printed.value, *printed.others) if account and printed is not None else (),
        rivals=() if printed is None or account else (Rival(printed.value, 0.05, printed.page, printed.box),),
    )


def _same(name: str, printed: str, coded: str) -> bool:
    if name == "amount_due":
        return Decimal(printed) == Decimal(coded)
    if name == "buyer_name":
        return compact(printed) == compact(coded)
    one, two = compact(printed), compact(coded)
    if name == "seller_bic":
        return one[:8] == two[:8]
    return one == two or (name == "seller_vat_id" and one.startswith(two))
