"""The list of header fields: what a document can say besides its lines. Forms, storage, export and docs read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One header field of a document."""

    name: str
    """The contract's name."""
    label: str
    """Plain English, for a screen."""
    kind: str
    """`text`, `identifier`, `date`, `amount`, `number`, `percent`, `currency` or `address`."""
    term: str
    """Business term of EN 16931, empty where the standard has none."""
    group: str
    """`document`, `references`, `dates`, `payment`, `seller`, `buyer` or `totals`."""


FIELDS: tuple[Field, ...] = (
    Field("invoice_number", "Invoice number", "identifier", "BT-1", "document"),
    Field("issue_date", "Invoice date", "date", "BT-2", "dates"),
    Field("delivery_date", "Delivery date", "date", "BT-72", "dates"),
    Field("period_start", "Period from", "date", "BT-73", "dates"),
    Field("period_end", "Period to", "date", "BT-74", "dates"),
    Field("due_date", "Due date", "date", "BT-9", "dates"),
    Field("payment_terms", "Payment terms", "text", "BT-20", "payment"),
    Field("payment_terms_days", "Net days", "number", "", "payment"),
    Field("discount_percent", "Cash discount percent", "percent", "", "payment"),
    Field("discount_days", "Cash discount days", "number", "", "payment"),
    Field("currency", "Currency", "currency", "BT-5", "document"),
    Field("purchase_order", "Purchase order", "identifier", "BT-13", "references"),
    Field("buyer_reference", "Buyer reference", "text", "BT-10", "references"),
    Field("contract_number", "Contract number", "identifier", "BT-12", "references"),
    Field("delivery_note", "Delivery note", "identifier", "BT-16", "references"),
    Field("preceding_invoice", "Preceding invoice", "identifier", "BT-25", "references"),
    Field("customer_number", "Customer number", "identifier", "BT-46", "references"),
    Field("seller_name", "Seller", "text", "BT-27", "seller"),
    Field("seller_address", "Seller address", "address", "BG-5", "seller"),
    Field("seller_vat_id", "Seller VAT number", "identifier", "BT-31", "seller"),
    Field("seller_tax_id", "Seller tax number", "identifier", "BT-32", "seller"),
    Field("seller_registration", "Seller trade register", "identifier", "BT-30", "seller"),
    Field("seller_email", "Seller e-mail", "text", "BT-43", "seller"),
    Field("seller_phone", "Seller phone", "text", "BT-42", "seller"),
    Field("seller_website", "Seller website", "text", "", "seller"),
    Field("seller_iban", "IBAN", "identifier", "BT-84", "payment"),
    Field("seller_bic", "BIC", "identifier", "BT-86", "payment"),
    Field("seller_account", "Account number", "identifier", "BT-84", "payment"),
    Field("seller_routing", "Bank routing code", "identifier", "BT-86", "payment"),
    Field("payee_name", "Payee", "text", "BT-59", "payment"),
    Field("payment_reference", "Payment reference", "identifier", "BT-83", "payment"),
    Field("buyer_name", "Buyer", "text", "BT-44", "buyer"),
    Field("buyer_address", "Buyer address", "address", "BG-8", "buyer"),
    Field("buyer_vat_id", "Buyer VAT number", "identifier", "BT-48", "buyer"),
    Field("ship_to_name", "Ship to", "text", "BT-70", "buyer"),
    Field("ship_to_address", "Ship-to address", "address", "BG-15", "buyer"),
    Field("lines_total", "Sum of lines", "amount", "BT-106", "totals"),
    Field("shipping_total", "Charges", "amount", "BT-108", "totals"),
    Field("discount_total", "Discount", "amount", "BT-107", "totals"),
    Field("net_total", "Net total", "amount", "BT-109", "totals"),
    Field("tax_total", "Tax", "amount", "BT-110", "totals"),
    Field("gross_total", "Total with tax", "amount", "BT-112", "totals"),
    Field("prepaid", "Already paid", "amount", "BT-113", "totals"),
    Field("rounding", "Rounding", "amount", "BT-114", "totals"),
    Field("amount_due", "Amount due", "amount", "BT-115", "totals"),
)

FIELD_NAMES: tuple[str, ...] = tuple(field.name for field in FIELDS)
