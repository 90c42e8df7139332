"""UBL 2.1: one Invoice or CreditNote a document, in a zip."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ingest.errors import CoordinatorError
from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem, TaxLine
from web.export.format import ExportedDocument

INVOICE, CREDIT_NOTE = "380", "381"
ONE_PIECE = "C62"
PRICE_DECIMALS = 6


class NotExportable(CoordinatorError):
    """A document lacks what the format demands; the message says which and what."""

    code = "not_exportable"


def write(documents: Sequence[ExportedDocument]) -> bytes:
    """A zip of one XML file a document, named by its number and the invoice's."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in documents:
            number = re.sub(r"[^\w.-]+", "_", document.extraction.text("invoice_number") or "unnumbered")
            archive.writestr(f"{document.record.id}-{number}.xml", ubl(document))
    return stream.getvalue()


def ubl(document: ExportedDocument) -> bytes:
    """The document as UBL 2.1; raises NotExportable when it lacks what EN 16931 demands."""
    # slow to load, with all of pypdf, and most commands write no UBL
    from facturx import generate_xml

    logging.getLogger("factur-x").setLevel(logging.ERROR)
    try:
        xml: bytes = generate_xml(
            business_terms(document.extraction),
            flavor="ubl-2.1",
            level="en16931",
            check_xsd=False,
            check_schematron=None,
        )
    except ValueError as error:
        raise NotExportable(
            f"Document {document.record.label} ({document.record.name}) cannot be written as UBL: {error} "
            "Correct the value, or export it as CSV, XLSX or JSON."
        ) from None
    return xml


def business_terms(extraction: Extraction) -> dict[str, Any]:
    """The extraction by EN 16931's business terms (BT and BG numbers), as decimal strings and ISO dates."""
    credit = extraction.document_type.value == DocumentType.CREDIT_NOTE
    net, gross = extraction.amount("net_total"), extraction.amount("gross_total")
    tax = extraction.amount("tax_total") or Decimal(0)
    due = extraction.amount("amount_due")
    gross = gross if gross is not None else due
    if net is None and gross is not None:
        net = gross - tax
    terms: dict[str, Any] = {
        "BT-3": CREDIT_NOTE if credit else INVOICE,
        "BT-109": _plain(net),
        "BT-110": _plain(tax),
        "BT-112": _plain(gross),
        "BT-115": _plain(due if due is not None else gross),
        "BT-106": _plain(extraction.amount("lines_total") or net),
        "BG-4": _party(extraction, "seller"),
        "BG-7": _party(extraction, "buyer"),
        "BG-23": [_tax_row(row, net) for row in extraction.tax_breakdown] or [_sole_tax_row(net, tax)],
        "BG-25": [_line(number, line) for number, line in enumerate(extraction.line_items, start=1)],
    }
    for term, name in SIMPLE_TERMS.items():
        value = extraction.text(name)
        if value:
            terms[term] = value
    if extraction.text("preceding_invoice"):
        terms["BG-3"] = [{"BT-25": extraction.text("preceding_invoice")}]
    if extraction.text("seller_iban"):
        terms["BT-81"] = "58"  # UNTDID 4461: SEPA credit transfer
    for kind, term, total in (("allowance", "BG-20", "discount_total"), ("charge", "BG-21", "shipping_total")):
        rows = [_charge(row.amount, row.reason, row.tax_rate) for row in extraction.charges if row.kind == kind]
        stated = extraction.fields.get(total)
        if not rows and stated is not None and stated.number:
            # a page states the sum only; EN 16931 wants every amount of it (BR-CO-11, BR-CO-12)
            rows = [_charge(stated, kind, terms["BG-23"][0]["BT-119"])]
        if rows:
            terms[term] = rows
    return terms


SIMPLE_TERMS = {
    "BT-1": "invoice_number",
    "BT-2": "issue_date",
    "BT-5": "currency",
    "BT-9": "due_date",
    "BT-10": "buyer_reference",
    "BT-12": "contract_number",
    "BT-13": "purchase_order",
    "BT-16": "delivery_note",
    "BT-20": "payment_terms",
    "BT-72": "delivery_date",
    "BT-73": "period_start",
    "BT-74": "period_end",
    "BT-83": "payment_reference",
    "BT-84": "seller_iban",
    "BT-86": "seller_bic",
    "BT-107": "discount_total",
    "BT-108": "shipping_total",
    "BT-113": "prepaid",
    "BT-114": "rounding",
}


def _party(extraction: Extraction, role: str) -> dict[str, Any]:
    vat_id = extraction.text(f"{role}_vat_id")
    party: dict[str, Any] = {
        "name": extraction.text(f"{role}_name"),
        "addr_l1": extraction.text(f"{role}_address"),
        "vat_identifier": vat_id,
        # a VAT id begins with its country (Greece as EL); ZZ: not stated
        "country_code": {"EL": "GR"}.get((vat_id or "")[:2], (vat_id or "ZZ")[:2]) if _has_country(vat_id) else "ZZ",
    }
    if role == "seller":
        party["tax_identifier"] = extraction.text("seller_tax_id")
        party["legal_identifier"] = extraction.text("seller_registration")
    return {name: value for name, value in party.items() if value}


def _has_country(vat_id: str | None) -> bool:
    return bool(vat_id) and str(vat_id)[:2].isalpha()


def _tax_row(row: TaxLine, net: Decimal | None) -> dict[str, str | None]:
    rate = (row.rate.number if row.rate else None) or Decimal(0)
    taxable = row.taxable.number if row.taxable else net
    return {
        "BT-116": _plain(taxable),
        "BT-117": _plain(row.tax.number if row.tax else Decimal(0)),
        "BT-118": _category(rate),
        "BT-119": format(rate, "f"),
    }


def _sole_tax_row(net: Decimal | None, tax: Decimal) -> dict[str, str | None]:
    rate = (tax * 100 / net).quantize(Decimal("0.01")) if net else Decimal(0)
    return {"BT-116": _plain(net), "BT-117": _plain(tax), "BT-118": _category(rate), "BT-119": format(rate, "f")}


def _line(number: int, line: LineItem) -> dict[str, Any]:
    total = line.line_total.number if line.line_total else None
    quantity = (line.quantity.number if line.quantity else None) or Decimal(1)
    base = (line.price_base.number if line.price_base else None) or Decimal(1)
    price = line.unit_price.number if line.unit_price else None
    if total is not None and quantity and (price is None or line.line_discount or line.line_discount_percent):
        # BT-146 is the net price: after the line's discount, which the contract's unit price is before
        price = round(total * base / quantity, PRICE_DECIMALS).normalize()
    rate = (line.tax_rate.number if line.tax_rate else None) or Decimal(0)
    unit = _value(line.unit) or ONE_PIECE
    row: dict[str, Any] = {
        "BT-126": str(number),
        "BT-129": format(quantity, "f"),
        "BT-130": unit if re.fullmatch(r"[A-Z0-9]{2,3}", unit) else ONE_PIECE,
        "BT-131": _plain(total),
        "BT-132": _value(line.order_line),
        "BT-146": format(price, "f") if price is not None else None,
        "BT-149": _value(line.price_base),
        "BT-151": _category(rate),
        "BT-152": format(rate, "f"),
        "BT-153": _value(line.description) or _value(line.sku) or "-",
        "BT-155": _value(line.sku),
        "BT-156": _value(line.buyer_sku),
    }
    return {term: value for term, value in row.items() if value is not None}


def _charge(amount: FieldValue, reason: str, rate: str | None) -> dict[str, Any]:
    percent = Decimal(rate or 0)
    return {
        "amount": _plain(amount.number),
        "reason": reason or "-",
        "vat_category_code": _category(percent),
        "vat_rate": format(percent, "f"),
    }


def _category(rate: Decimal) -> str:
    return "S" if rate else "Z"


def _value(value: FieldValue | None) -> str | None:
    return value.value if value else None


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
