"""What codes, states and steps are called on the screen: one place for all the words that tables of codes need."""

from __future__ import annotations

from ingest.document import Door, Source, State
from ingest.extraction import DocumentType
from ingest.fields import FIELDS
from matching.results import CheckResult, Severity
from matching.review import Step
from web.counts import count as count
from web.history_words import DONE as DONE
from web.languages import gettext, spoken
from web.languages import lazy_gettext as _

TYPED = ("reason", "value", "name")
"""Form fields whose text is shown again when a step fails."""

STATES: dict[State, str] = {
    State.RECEIVED: _("Waiting to be read"),
    State.READING: _("Being read"),
    State.READ: _("Being matched"),
    State.APPROVED: _("Approved"),
    State.NEEDS_REVIEW: _("Needs review"),
    State.DUPLICATE: _("Duplicate"),
    State.FAILED: _("Could not be read"),
    State.REJECTED: _("Rejected"),
    State.ON_HOLD: _("On hold"),
    State.JOINED: _("Joined with another"),
}

DOORS: dict[Door, str] = {
    Door.UPLOAD: _("Upload"),
    Door.FOLDER: _("Folder"),
    Door.MAILBOX: _("Mail"),
    Door.COMMAND: _("Command line"),
    Door.SAMPLE: _("Sample"),
}

DOCUMENT_TYPES: dict[str, str] = {
    DocumentType.INVOICE: _("Invoice"),
    DocumentType.CREDIT_NOTE: _("Credit note"),
    DocumentType.RECEIPT: _("Receipt"),
    DocumentType.PURCHASE_ORDER: _("Purchase order"),
    DocumentType.ESTIMATE: _("Quotation or pro forma"),
    DocumentType.STATEMENT: _("Statement"),
    DocumentType.REMINDER: _("Reminder"),
    DocumentType.DELIVERY_NOTE: _("Delivery note"),
    DocumentType.OTHER: _("Other"),
}

SEVERITIES: dict[Severity, str] = {
    Severity.ERROR: _("Error"),
    Severity.WARNING: _("Warning"),
    Severity.INFO: _("Note"),
    Severity.OFF: _("Off"),
}

RESULTS: dict[CheckResult, str] = {
    CheckResult.PASS: _("Passed"),
    CheckResult.FAIL: _("Failed"),
    CheckResult.NOT_CHECKED: _("Not checked"),
}

CODES: dict[str, str] = {
    "missing_field": _("Value missing"),
    "low_confidence": _("Read with doubt"),
    "totals_do_not_add_up": _("Totals do not add up"),
    "supplier_unknown": _("Supplier unknown"),
    "supplier_ambiguous": _("Several suppliers fit"),
    "supplier_differs": _("Not the supplier of the order"),
    "supplier_blocked": _("Supplier is blocked"),
    "customer_unknown": _("Billed party unknown"),
    "customer_ambiguous": _("Several billed parties fit"),
    "customer_differs": _("Not the party that ordered"),
    "billing_address_differs": _("Billing address differs"),
    "payment_terms_differ": _("Payment terms differ"),
    "currency_differs": _("Currency differs"),
    "order_missing": _("No order number"),
    "order_not_found": _("Order not found"),
    "order_ambiguous": _("Several orders fit"),
    "order_closed": _("Order is closed"),
    "line_not_ordered": _("Line was not ordered"),
    "price_differs": _("Price differs"),
    "quantity_over_ordered": _("More than ordered"),
    "quantity_over_received": _("More than received"),
    "unit_differs": _("Unit differs"),
    "tax_rate_differs": _("Tax rate differs"),
    "charge_differs": _("Charge differs"),
    "total_over_order": _("More than is open on the order"),
    "duplicate_invoice": _("Duplicate"),
    "duplicate_suspected": _("Perhaps a duplicate"),
    "bank_account_changed": _("Bank account changed"),
    "bank_account_invalid": _("Bank account invalid"),
    "tax_id_invalid": _("Tax number invalid"),
    "date_implausible": _("Date implausible"),
    "preceding_invoice_not_found": _("Credited invoice not found"),
    "credit_over_invoiced": _("Credits more than was invoiced"),
    "xml_differs_from_page": _("XML and page differ"),
    "hidden_text": _("Hidden text"),
    "not_an_invoice": _("Not an invoice"),
    "first_invoice": _("First invoice of a supplier"),
    "amount_unusual": _("Amount unusual"),
    "invoiced_before_order": _("Invoiced before it was ordered"),
    "delivery_implausible": _("Delivery date implausible"),
    "sender_unknown": _("Mail from another domain"),
    "tax_ids_missing": _("VAT ids missing across the border"),
}

CHECKS: dict[str, str] = {
    "missing_field": _("required values are there"),
    "low_confidence": _("required values are read surely"),
    "totals_do_not_add_up": _("lines, tax and totals add up"),
    "supplier_unknown": _("supplier is on file"),
    "supplier_ambiguous": _("one supplier fits"),
    "supplier_differs": _("supplier is the order's"),
    "supplier_blocked": _("supplier is not blocked"),
    "customer_unknown": _("billed party is on file"),
    "customer_ambiguous": _("one billed party fits"),
    "customer_differs": _("billed party is the order's"),
    "billing_address_differs": _("billing address"),
    "payment_terms_differ": _("payment terms"),
    "currency_differs": _("currency"),
    "order_missing": _("order number is given"),
    "order_not_found": _("order is on file"),
    "order_ambiguous": _("one order fits"),
    "order_closed": _("order is open"),
    "line_not_ordered": _("every line was ordered"),
    "price_differs": _("prices as ordered"),
    "quantity_over_ordered": _("quantities as ordered"),
    "quantity_over_received": _("quantities as received"),
    "unit_differs": _("units as ordered"),
    "tax_rate_differs": _("tax rates"),
    "charge_differs": _("charges"),
    "total_over_order": _("total within the order"),
    "duplicate_invoice": _("not billed before"),
    "duplicate_suspected": _("nothing alike was billed"),
    "bank_account_changed": _("bank account is the supplier's"),
    "bank_account_invalid": _("bank account's check digits"),
    "tax_id_invalid": _("tax number's check digits"),
    "date_implausible": _("dates are plausible"),
    "preceding_invoice_not_found": _("credited invoice is known"),
    "credit_over_invoiced": _("credit within what was invoiced"),
    "xml_differs_from_page": _("XML and page agree"),
    "hidden_text": _("no hidden text"),
    "not_an_invoice": _("it is an invoice"),
}
"""What a check looks at, said so that both "passed" and "not checked" make sense before it."""

SOURCES: dict[Source, str] = {
    Source.TEXT: _("read from the page"),
    Source.OCR: _("read from the picture"),
    Source.XML: _("from the e-invoice"),
    Source.QR: _("from the payment code"),
    Source.DERIVED: _("worked out from other values"),
    Source.LEARNED: _("learned from earlier corrections"),
    Source.MANUAL: _("set by a person"),
}

GROUPS: tuple[tuple[str, str], ...] = (
    ("document", _("Document")),
    ("references", _("References")),
    ("dates", _("Dates")),
    ("totals", _("Totals")),
    ("payment", _("Payment")),
    ("seller", _("Seller")),
    ("buyer", _("Buyer")),
)

CELLS: dict[str, str] = {
    "line_number": _("Line"),
    "description": _("Description"),
    "sku": _("Article"),
    "buyer_sku": _("Our article"),
    "gtin": _("GTIN"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "unit_price": _("Price"),
    "price_base": _("Price per"),
    "line_discount": _("Discount"),
    "line_discount_percent": _("Discount %"),
    "tax_rate": _("Tax %"),
    "line_total": _("Total"),
    "purchase_order": _("Order"),
    "order_line": _("Order line"),
    "delivery_date": _("Delivered"),
    "delivery_note": _("Delivery note"),
    "note": _("Note"),
}

TAX_CELLS: dict[str, str] = {"rate": _("Tax rate"), "taxable": _("Taxable amount"), "tax": _("Tax amount")}
"""Columns of the taxes by rate."""

UNITS: dict[str, str] = {
    **dict.fromkeys(("H87", "C62", "EA", "PCE", "NAR", "XPP"), _("pcs")),
    **dict.fromkeys(("HUR", "LH"), _("h")),
    **{"DAY": _("days"), "MON": _("months"), "ANN": _("years"), "WEE": _("weeks"), "MIN": "min"},
    **{"KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km", "CMT": "cm", "MMT": "mm"},
    **{"MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "SET": _("sets"), "PR": _("pairs")},
    **dict.fromkeys(("BX", "XBX"), _("boxes")),
}
"""Units that every reader knows, by their codes."""

CELL_KINDS: dict[str, str] = {
    "quantity": "number",
    "unit_price": "amount",
    "price_base": "number",
    "line_discount": "amount",
    "line_discount_percent": "percent",
    "tax_rate": "percent",
    "line_total": "amount",
    "delivery_date": "date",
    "rate": "percent",
    "taxable": "amount",
    "tax": "amount",
}
"""Kinds of the cells that are no plain text, in the words of `ingest.fields.Field.kind`."""

FIELD_LABELS: dict[str, str] = {field.name: _(field.label) for field in FIELDS} | {
    "document_type": _("Kind of document"),
    "customer": _("Billed party"),
    "supplier": _("Supplier"),
}

KINDS: dict[str, str] = {field.name: field.kind for field in FIELDS}

REFERENCE_KINDS: tuple[tuple[str, str], ...] = (
    ("orders", _("Purchase orders")),
    ("suppliers", _("Suppliers")),
    ("customers", _("Customers")),
    ("receipts", _("Goods receipts")),
)

MENUS: dict[Step, str] = {
    Step.APPROVE: _("Approve"),
    Step.REJECT: _("Reject"),
    Step.HOLD: _("Put on hold"),
    Step.DUPLICATE: _("Duplicate"),
    Step.NOT_AN_INVOICE: _("Not an invoice"),
}
"""Above the reasons that one key takes."""

RECORD_COLUMNS: dict[str, str] = {
    "supplier_id": _("Number"),
    "customer_id": _("Number"),
    "name": _("Name"),
    "aliases": _("Also called"),
    "vat_id": _("VAT id"),
    "tax_id": _("Tax number"),
    "email": _("E-mail"),
    "billing_email": _("E-mail for invoices"),
    "street": _("Street"),
    "postal_code": _("Postal code"),
    "city": _("Town"),
    "country": _("Country (two letters)"),
    "currency": _("Currency"),
    "payment_terms_days": _("Net days"),
    "status": _("Status"),
    "order_required": _("Purchase order"),
    "no_order_limit": _("Net limit without order"),
}
"""Columns of record files as a form calls them."""

ORDER_COLUMNS: dict[str, str] = {
    "po_number": _("Order"),
    "supplier_id": _("Number of the supplier"),
    "customer_id": _("Number of the billed party"),
    "order_date": _("Ordered on"),
    "currency": _("Currency"),
    "payment_terms_days": _("Net days"),
    "status": _("Status"),
    "line_number": _("Line"),
    "description": _("Description"),
    "sku": _("Article"),
    "quantity": _("Ordered"),
    "unit": _("Unit"),
    "unit_price": _("Price"),
    "price_base": _("Price per"),
    "tax_rate": _("Tax %"),
}
"""Columns of orders as their form calls them."""

IMPORT_KINDS: dict[str, str] = {
    "suppliers": _("Suppliers"),
    "customers": _("Customers"),
    "purchase-orders": _("Purchase orders"),
    "goods-receipts": _("Goods receipts"),
}

BOUNDS: dict[str, str] = {"from ": _("from {}"), "until ": _("until {}"), "up to ": _("up to {}")}
"""What stands before a day or an amount that something was expected to keep to, as matching writes it."""

STANDINGS: dict[str, str] = {"active": _("active"), "blocked": _("blocked"), "open": _("open")}
"""Of suppliers and orders, where one was expected."""

ROLES: dict[str, str] = {
    "viewer": _("viewer"),
    "coordinator": _("coordinator"),
    "approver": _("approver"),
    "admin": _("admin"),
}

CHARGE_KINDS: dict[str, str] = {"charge": _("Charge"), "allowance": _("Allowance")}


def field_label(path: str) -> str:
    """A field's name on the screen; `line_items/3/quantity` is a cell of a line."""
    parts = path.split("/")
    if len(parts) == 3:
        values = {"cell": cell_label(parts[2]), "number": parts[1]}
        if parts[0] == "tax_breakdown":
            return gettext("%(cell)s of tax row %(number)s", **values)
        return gettext("%(cell)s of line %(number)s", **values)
    return str(FIELD_LABELS.get(path) or CELLS.get(path) or path.replace("_", " ").capitalize())


def names_in(group: str) -> tuple[str, ...]:
    """The fields of a group, in the order of the list of fields."""
    return tuple(field.name for field in FIELDS if field.group == group)


def cell_label(cell: str) -> str:
    """A line cell's name on the screen."""
    return str(CELLS.get(cell) or TAX_CELLS.get(cell) or cell.replace("_", " ").capitalize())


def code_label(code: str) -> str:
    """A discrepancy code in words."""
    return str(CODES.get(code) or code.replace("_", " ").capitalize())


def kind_of(path: str) -> str:
    """The kind of a field or line cell: text, date, amount and so on."""
    parts = path.split("/")
    return CELL_KINDS.get(parts[2], "text") if len(parts) == 3 else KINDS.get(path, "text")


def unit(code: str | None) -> str:
    """A unit as people write it; a code that is none of theirs stays as it is."""
    return str(UNITS.get(code or "", code or ""))


def check_label(code: str) -> str:
    """A check in words, whatever its result."""
    return str(CHECKS.get(code) or code.replace("_", " "))


def charge_kind(kind: str | None) -> str:
    """A charge or allowance that gives no reason."""
    return str(CHARGE_KINDS.get(kind or "", kind or ""))


def record_title(kind: str, exists: object = False) -> str:
    """Above the form of a record."""
    if kind == "suppliers":
        return gettext("Change supplier") if exists else gettext("New supplier")
    return gettext("Change customer") if exists else gettext("New customer")


def within(text: object) -> str:
    """Words of a table inside a sentence: with a small letter, where a language does so."""
    said = str(text)
    if spoken() in CAPITAL_NOUNS or said[1:2].isupper():
        return said
    return said[:1].lower() + said[1:]


def upfirst(text: object) -> str:
    """Words at the beginning of a line, the others as they are."""
    said = str(text)
    return said[:1].upper() + said[1:]


CAPITAL_NOUNS = ("de", "lb")
"""Languages whose nouns keep their capital letter."""
