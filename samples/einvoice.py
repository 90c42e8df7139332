"""The same invoices as data: CII, UBL, and a PDF with the CII inside (Factur-X)."""

from __future__ import annotations

from typing import Any

from facturx import generate_from_binary, generate_xml

from samples.model import Invoice, Party

TYPE_CODES = {"invoice": "380", "credit_note": "381"}


def business_terms(invoice: Invoice) -> dict[str, Any]:
    """The invoice by EN 16931's business terms."""
    terms: dict[str, Any] = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued,
        "BT-3": TYPE_CODES[invoice.kind],
        "BT-5": invoice.currency,
        "BT-13": invoice.order,
        "BT-16": invoice.delivery_note,
        "BT-20": invoice.terms,
        "BT-9": invoice.due,
        "BT-72": invoice.delivered,
        "BT-81": "58",
        "BT-84": invoice.seller.iban,
        "BT-86": invoice.seller.bic,
        "BT-106": str(invoice.lines_total),
        "BT-109": str(invoice.net),
        "BT-110": str(invoice.tax),
        "BT-112": str(invoice.gross),
        "BT-115": str(invoice.gross),
        "BG-4": _party(invoice.seller),
        "BG-7": _party(invoice.buyer),
        "BG-23": [
            {"BT-116": str(base), "BT-117": str(tax), "BT-118": "S", "BT-119": str(rate)}
            for rate, base, tax in invoice.taxes
        ],
        "BG-25": [
            {
                "BT-126": str(number),
                "BT-129": str(line.quantity),
                "BT-130": line.unit,
                "BT-131": str(line.total),
                "BT-146": str(line.unit_price),
                "BT-151": "S",
                "BT-152": str(line.rate),
                "BT-153": line.description,
                "BT-155": line.sku,
            }
            for number, line in enumerate(invoice.lines, start=1)
        ],
    }
    return {term: value for term, value in terms.items() if value}


def _party(party: Party) -> dict[str, Any]:
    found = {
        "name": party.name,
        "addr_l1": party.street,
        "postcode": party.postal_code,
        "city": party.city,
        "country_code": party.country,
        "vat_identifier": party.vat_id,
        "legal_identifier": party.registration,
    }
    return {key: value for key, value in found.items() if value}


def cii(invoice: Invoice) -> bytes:
    """UN/CEFACT Cross Industry Invoice."""
    return _made(invoice, "factur-x")


def ubl(invoice: Invoice) -> bytes:
    """OASIS UBL 2.1."""
    return _made(invoice, "ubl-2.1")


def hybrid(invoice: Invoice, pdf: bytes) -> bytes:
    """The PDF with the CII embedded: Factur-X, ZUGFeRD."""
    made: bytes = generate_from_binary(
        pdf, cii(invoice), flavor="factur-x", level="en16931", check_schematron=False, lang=invoice.language
    )
    return made


def _made(invoice: Invoice, flavor: str) -> bytes:
    made: bytes = generate_xml(business_terms(invoice), flavor=flavor, level="en16931", check_schematron=None)
    return made
