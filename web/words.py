"""What codes, states and steps are called on the screen: one place for all the words that tables of codes need."""

from __future__ import annotations

from ingest.document import Door, Source, State
from ingest.extraction import DocumentType
from ingest.fields import FIELDS
from matching.results import CheckResult, Severity
from matching.review import Step

TYPED = ("reason", "value", "name")
"""Form fields whose text is shown again when a step fails."""

STATES: dict[State, str] = {
    State.RECEIVED: "Waiting to be read",
    State.READING: "Being read",
    State.READ: "Being matched",
    State.APPROVED: "Approved",
    State.NEEDS_REVIEW: "Needs review",
    State.DUPLICATE: "Duplicate",
    State.FAILED: "Could not be read",
    State.REJECTED: "Rejected",
    State.ON_HOLD: "On hold",
    State.JOINED: "Joined with another",
}

DOORS: dict[Door, str] = {
    Door.UPLOAD: "Upload",
    Door.FOLDER: "Folder",
    Door.MAILBOX: "Mail",
    Door.COMMAND: "Command line",
    Door.SAMPLE: "Sample",
}

DOCUMENT_TYPES: dict[str, str] = {
    DocumentType.INVOICE: "Invoice",
    DocumentType.CREDIT_NOTE: "Credit note",
    DocumentType.RECEIPT: "Receipt",
    DocumentType.PURCHASE_ORDER: "Purchase order",
    DocumentType.ESTIMATE: "Quotation or pro forma",
    DocumentType.STATEMENT: "Statement",
    DocumentType.REMINDER: "Reminder",
    DocumentType.DELIVERY_NOTE: "Delivery note",
    DocumentType.OTHER: "Other",
}

SEVERITIES: dict[Severity, str] = {
    Severity.ERROR: "Error",
    Severity.WARNING: "Warning",
    Severity.INFO: "Note",
    Severity.OFF: "Off",
}

RESULTS: dict[CheckResult, str] = {
    CheckResult.PASS: "Passed",
    CheckResult.FAIL: "Failed",
    CheckResult.NOT_CHECKED: "Not checked",
}

CODES: dict[str, str] = {
    "missing_field": "Value missing",
    "low_confidence": "Read with doubt",
    "totals_do_not_add_up": "Totals do not add up",
    "supplier_unknown": "Supplier unknown",
    "supplier_ambiguous": "Several suppliers fit",
    "supplier_differs": "Not the supplier of the order",
    "supplier_blocked": "Supplier is blocked",
    "customer_unknown": "Billed party unknown",
    "customer_ambiguous": "Several billed parties fit",
    "customer_differs": "Not the party that ordered",
    "billing_address_differs": "Billing address differs",
    "payment_terms_differ": "Payment terms differ",
    "currency_differs": "Currency differs",
    "order_missing": "No order number",
    "order_not_found": "Order not found",
    "order_ambiguous": "Several orders fit",
    "order_closed": "Order is closed",
    "line_not_ordered": "Line was not ordered",
    "price_differs": "Price differs",
    "quantity_over_ordered": "More than ordered",
    "quantity_over_received": "More than received",
    "unit_differs": "Unit differs",
    "tax_rate_differs": "Tax rate differs",
    "charge_differs": "Charge differs",
    "total_over_order": "More than is open on the order",
    "duplicate_invoice": "Duplicate",
    "duplicate_suspected": "Perhaps a duplicate",
    "bank_account_changed": "Bank account changed",
    "bank_account_invalid": "Bank account invalid",
    "tax_id_invalid": "Tax number invalid",
    "date_implausible": "Date implausible",
    "preceding_invoice_not_found": "Credited invoice not found",
    "credit_over_invoiced": "Credits more than was invoiced",
    "xml_differs_from_page": "XML and page differ",
    "hidden_text": "Hidden text",
    "not_an_invoice": "Not an invoice",
    "first_invoice": "First invoice of a supplier",
    "amount_unusual": "Amount unusual",
    "invoiced_before_order": "Invoiced before it was ordered",
    "delivery_implausible": "Delivery date implausible",
    "sender_unknown": "Mail from another domain",
    "tax_ids_missing": "VAT ids missing across the border",
}

CHECKS: dict[str, str] = {
    "missing_field": "required values are there",
    "low_confidence": "required values are read surely",
    "totals_do_not_add_up": "lines, tax and totals add up",
    "supplier_unknown": "supplier is on file",
    "supplier_ambiguous": "one supplier fits",
    "supplier_differs": "supplier is the order's",
    "supplier_blocked": "supplier is not blocked",
    "customer_unknown": "billed party is on file",
    "customer_ambiguous": "one billed party fits",
    "customer_differs": "billed party is the order's",
    "billing_address_differs": "billing address",
    "payment_terms_differ": "payment terms",
    "currency_differs": "currency",
    "order_missing": "order number is given",
    "order_not_found": "order is on file",
    "order_ambiguous": "one order fits",
    "order_closed": "order is open",
    "line_not_ordered": "every line was ordered",
    "price_differs": "prices as ordered",
    "quantity_over_ordered": "quantities as ordered",
    "quantity_over_received": "quantities as received",
    "unit_differs": "units as ordered",
    "tax_rate_differs": "tax rates",
    "charge_differs": "charges",
    "total_over_order": "total within the order",
    "duplicate_invoice": "not billed before",
    "duplicate_suspected": "nothing alike was billed",
    "bank_account_changed": "bank account is the supplier's",
    "bank_account_invalid": "bank account's check digits",
    "tax_id_invalid": "tax number's check digits",
    "date_implausible": "dates are plausible",
    "preceding_invoice_not_found": "credited invoice is known",
    "credit_over_invoiced": "credit within what was invoiced",
    "xml_differs_from_page": "XML and page agree",
    "hidden_text": "no hidden text",
    "not_an_invoice": "it is an invoice",
}
"""What a check looks at, said so that both "passed" and "not checked" make sense before it."""

SOURCES: dict[Source, str] = {
    Source.TEXT: "read from the page",
    Source.OCR: "read from the picture",
    Source.XML: "from the e-invoice",
    Source.QR: "from the payment code",
    Source.DERIVED: "worked out from other values",
    Source.LEARNED: "learned from earlier corrections",
    Source.MANUAL: "set by a person",
}

GROUPS: tuple[tuple[str, str], ...] = (
    ("document", "Document"),
    ("references", "References"),
    ("dates", "Dates"),
    ("totals", "Totals"),
    ("payment", "Payment"),
    ("seller", "Seller"),
    ("buyer", "Buyer"),
)

CELLS: dict[str, str] = {
    "line_number": "Line",
    "description": "Description",
    "sku": "Article",
    "buyer_sku": "Our article",
    "gtin": "GTIN",
    "quantity": "Quantity",
    "unit": "Unit",
    "unit_price": "Price",
    "price_base": "Price per",
    "line_discount": "Discount",
    "line_discount_percent": "Discount %",
    "tax_rate": "Tax %",
    "line_total": "Total",
    "purchase_order": "Order",
    "order_line": "Order line",
    "delivery_date": "Delivered",
    "delivery_note": "Delivery note",
    "note": "Note",
}

TAX_CELLS: dict[str, str] = {"rate": "Tax rate", "taxable": "Taxable amount", "tax": "Tax amount"}
"""Columns of the taxes by rate."""

UNITS: dict[str, str] = {
    **dict.fromkeys(("H87", "C62", "EA", "PCE", "NAR", "XPP"), "pcs"),
    **dict.fromkeys(("HUR", "LH"), "h"),
    **{"DAY": "days", "MON": "months", "ANN": "years", "WEE": "weeks", "MIN": "min"},
    **{"KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km", "CMT": "cm", "MMT": "mm"},
    **{"MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "SET": "sets", "PR": "pairs", "BX": "boxes", "XBX": "boxes"},
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

FIELD_LABELS: dict[str, str] = {field.name: field.label for field in FIELDS} | {
    "document_type": "Kind of document",
    "customer": "Billed party",
    "supplier": "Supplier",
}

KINDS: dict[str, str] = {field.name: field.kind for field in FIELDS}

REFERENCE_KINDS: tuple[tuple[str, str], ...] = (
    ("orders", "Purchase orders"),
    ("suppliers", "Suppliers"),
    ("customers", "Customers"),
)

MENUS: dict[Step, str] = {
    Step.APPROVE: "Approve",
    Step.REJECT: "Reject",
    Step.HOLD: "Put on hold",
    Step.DUPLICATE: "Duplicate",
}
"""Above the reasons that one key takes."""

RECORD_COLUMNS: dict[str, str] = {
    "supplier_id": "Number",
    "customer_id": "Number",
    "name": "Name",
    "aliases": "Also called",
    "vat_id": "VAT id",
    "tax_id": "Tax number",
    "email": "E-mail",
    "billing_email": "E-mail for invoices",
    "street": "Street",
    "postal_code": "Postal code",
    "city": "Town",
    "country": "Country (two letters)",
    "currency": "Currency",
    "payment_terms_days": "Net days",
    "status": "Status",
    "order_required": "Purchase order",
    "no_order_limit": "Net limit without order",
}
"""Columns of record files as a form calls them."""

IMPORT_KINDS: dict[str, str] = {
    "suppliers": "Suppliers",
    "customers": "Customers",
    "purchase-orders": "Purchase orders",
    "goods-receipts": "Goods receipts",
}

DONE: dict[str, str] = {
    "approve": "Document {number} is approved.",
    "approve_first": "Document {number} is approved by you; it waits for a second person.",
    "reject": "Document {number} is rejected.",
    "hold": "Document {number} is on hold.",
    "duplicate": "Document {number} is put down as a duplicate.",
    "reopen": "Document {number} is open again.",
    "not_a_duplicate": "Document {number} is no duplicate; it was checked again.",
    "read_again": "Document {number} is read again.",
    "undo": "Your decision on document {number} is taken back.",
    "split": "Document {number} is split; each part is read by itself now.",
    "join": "The pages belong to document {number} now, which is read anew.",
    "parting_undone": "Document {number} is as it was before.",
}
"""What is said on the next page after a step."""

AUDIT: dict[str, str] = {
    "received": "File {name} came in through {door}{origin}",
    "seen_again": "The same file came again through {door}{origin}",
    "read": "Read, {pages}",
    "split": "Part {part} of {parts} of file {name}: pages {pages}",
    "could_not_be_read": "Could not be read: {message}",
    "decided": "Matched: {verdict}{open}",
    "opened_again": "The same file came again through {door}{origin}; it is read anew",
    "corrected": "{field} set from {from} to {to}",
    "rechecked": "Checked again: {recheck}{open}",
    "approve": "Approved{first_by}{alone}{open}",
    "approve_first": "Approved as the first of two{open}",
    "approval_withdrawn": "First approval taken back",
    "reject": "Rejected",
    "hold": "Put on hold{until}{goods}",
    "duplicate": "Said to be a duplicate of {others}",
    "undo": "Decision taken back",
    "reopen": "Opened again",
    "not_a_duplicate": "Said to be no duplicate of {others}",
    "read_again": "Sent to be read again",
    "split_by_hand": "Split by hand into documents {numbers}: pages {pages}",
    "joined_by_hand": "Joined by hand: documents {numbers}",
    "parting_taken_back": "Splitting or joining taken back",
    "exported": "Exported as {format}",
    "record_made": "{kind}: {number} put on file ({changes})",
    "record_changed": "{kind}: {number} changed ({changes})",
    "imported": "{kind} from {file}: {added} new, {updated} changed, {unchanged} as they were",
    "taken_over": "Taken over from {before}, who had done nothing for a while",
    "commented": "Commented: \u201c{text}\u201d",
    "assigned": "Given to {to}",
    "unassigned": "Taken from {before}; it is nobody's in particular",
    "inquiry_asked": "Asked {to}: \u201c{text}\u201d",
    "inquiry_answered": "Answered {asked_by}: \u201c{text}\u201d",
    "inquiry_revoked": "Link to the question \u201c{text}\u201d taken back",
    "answer_noted": "Answer seen",
    "woken": "Came back from hold",
    "account_proposed": "Account {account} proposed for {supplier}",
    "account_accepted": "Account {account}, proposed by {proposed_by}, accepted for {supplier}",
    "account_refused": "Account {account}, proposed by {proposed_by}, refused for {supplier}",
}
"""Action to sentence; `{name}` is one of the step's details."""

ADDED: dict[str, str] = {
    "until": " until {}",
    "goods": " until goods of {} are received",
    "first_by": " as the second of two, after {}",
    "alone": " alone, with the password again",
}
"""Details of a step that stand in its sentence where they are known."""


RECHECKS: dict[str, str] = {
    "approved": "nothing is open",
    "needs_review": "still to review",
    "duplicate": "a duplicate",
}
"""What a check after a correction came to: it decides nothing by itself."""


def field_label(path: str) -> str:
    """A field's name on the screen; `line_items/3/quantity` is a cell of a line."""
    parts = path.split("/")
    if len(parts) == 3:
        return f"{cell_label(parts[2])} of {'tax row' if parts[0] == 'tax_breakdown' else 'line'} {parts[1]}"
    return FIELD_LABELS.get(path) or CELLS.get(path) or path.replace("_", " ").capitalize()


def names_in(group: str) -> tuple[str, ...]:
    """The fields of a group, in the order of the list of fields."""
    return tuple(field.name for field in FIELDS if field.group == group)


def cell_label(cell: str) -> str:
    """A line cell's name on the screen."""
    return CELLS.get(cell) or TAX_CELLS.get(cell) or cell.replace("_", " ").capitalize()


def code_label(code: str) -> str:
    """A discrepancy code in words."""
    return CODES.get(code) or code.replace("_", " ").capitalize()


def kind_of(path: str) -> str:
    """The kind of a field or line cell: text, date, amount and so on."""
    parts = path.split("/")
    return CELL_KINDS.get(parts[2], "text") if len(parts) == 3 else KINDS.get(path, "text")


def unit(code: str | None) -> str:
    """A unit as people write it; a code that is none of theirs stays as it is."""
    return UNITS.get(code or "", code or "")


def check_label(code: str) -> str:
    """A check in words, whatever its result."""
    return CHECKS.get(code) or code.replace("_", " ")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
