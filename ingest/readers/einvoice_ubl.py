"""UBL 2.1: Invoice, CreditNote, Order and their like (EN 16931-3-2, Peppol BIS 3, XRechnung UBL)."""

from __future__ import annotations

from decimal import Decimal

from ingest.document import StructuredInvoice
from ingest.readers.xml_tree import (
    Collected,
    Element,
    address,
    amount,
    cells,
    day,
    document_type_of,
    order_line,
    text,
    total,
)

ROOTS = {
    "Invoice": "invoice",
    "SelfBilledInvoice": "invoice",
    "CreditNote": "credit_note",
    "SelfBilledCreditNote": "credit_note",
    "Order": "purchase_order",
    "OrderChange": "other",
    "OrderResponse": "other",
    "OrderResponseSimple": "other",
    "Quotation": "estimate",
    "Reminder": "reminder",
    "Statement": "statement",
    "DespatchAdvice": "delivery_note",
}


def read_ubl(root: Element) -> StructuredInvoice:
    """All that a UBL document states."""
    kind = ROOTS[root.tag]
    if kind == "invoice":
        kind = document_type_of(text(root, "InvoiceTypeCode"))
    got = Collected()
    got.add("purchase_order" if kind == "purchase_order" else "invoice_number", text(root, "ID"))
    got.add("issue_date", day(root, "IssueDate"))
    got.add("due_date", day(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"))
    got.add("currency", text(root, "DocumentCurrencyCode", "PricingCurrencyCode", "RequestedInvoiceCurrencyCode"))
    _references(got, root)
    _parties(got, root, kind == "purchase_order")
    _payment(got, root)
    _totals(got, root)
    lines = tuple(_line(item) for item in _line_elements(root))
    if "currency" not in got.fields:
        got.add("currency", *{found.get("currencyID") for found in root.iter("LineExtensionAmount", "PriceAmount")})
    got.add("purchase_order", *(line.get("purchase_order") for line in lines))
    got.add("delivery_note", *(line.get("delivery_note") for line in lines))
    return StructuredInvoice(
        syntax="ubl",
        document_type=kind,
        fields=got.fields,
        line_items=tuple(line for line in lines if line),
        tax_breakdown=tuple(_tax(row) for row in _own_tax(root).findall("TaxSubtotal")),
        charges=tuple(charge for charge in map(_charge, root.findall("AllowanceCharge")) if "amount" in charge),
    )


def _references(got: Collected, root: Element) -> None:
    got.add("buyer_reference", text(root, "BuyerReference"))
    got.add("purchase_order", order_line(text(root, "OrderReference/ID")))
    got.add("contract_number", text(root, "ContractDocumentReference/ID", "Contract/ID"))
    got.add("delivery_note", text(root, "DespatchDocumentReference/ID"))
    got.add("delivery_date", day(root, "Delivery/ActualDeliveryDate"))
    got.add("period_start", day(root, "InvoicePeriod/StartDate"))
    got.add("period_end", day(root, "InvoicePeriod/EndDate"))
    for earlier in root.findall("BillingReference/InvoiceDocumentReference"):
        got.add("preceding_invoice", text(earlier, "ID"))


def _party(root: Element, *paths: str) -> Element | None:
    for path in paths:
        found = root.find(f"{path}/Party")
        if found is not None:
            return found
    return None


def _parties(got: Collected, root: Element, is_order: bool) -> None:
    # an invoice is between those who book it, an order between those who trade
    sides = -1 if is_order else 1
    seller = _party(root, *("AccountingSupplierParty", "SellerSupplierParty")[::sides])
    buyer = _party(root, *("AccountingCustomerParty", "BuyerCustomerParty")[::sides])
    got.add("seller_name", _name(seller))
    got.add("seller_address", _address(seller, "PostalAddress"))
    for scheme in [] if seller is None else seller.findall("PartyTaxScheme"):
        name = "seller_vat_id" if (text(scheme, "TaxScheme/ID") or "VAT").upper() == "VAT" else "seller_tax_id"
        got.add(name, text(scheme, "CompanyID"))
    got.add("seller_registration", text(seller, "PartyLegalEntity/CompanyID"))
    got.add("seller_email", text(seller, "Contact/ElectronicMail"))
    got.add("seller_phone", text(seller, "Contact/Telephone"))
    got.add("seller_website", text(seller, "WebsiteURI"))
    got.add("buyer_name", _name(buyer))
    got.add("buyer_address", _address(buyer, "PostalAddress"))
    got.add("buyer_vat_id", text(buyer, "PartyTaxScheme/CompanyID"))
    got.add("customer_number", text(buyer, "PartyIdentification/ID"))
    delivery = root.find("Delivery")
    got.add("ship_to_name", text(delivery, "DeliveryParty/PartyName/Name", "DeliveryLocation/Name"))
    got.add("ship_to_address", _address(delivery, "DeliveryLocation/Address", "DeliveryAddress"))
    got.add("payee_name", text(root, "PayeeParty/PartyName/Name"))


def _name(party: Element | None) -> str | None:
    # BT-27 and BT-44 are the registered name; the trading name stands in PartyName
    return text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name", "Contact/Name")


def _address(element: Element | None, *paths: str) -> str | None:
    place = None
    for path in paths:
        place = element.find(path) if element is not None and place is None else place
    number = text(place, "BuildingNumber")
    street = " ".join(part for part in (text(place, "StreetName"), number) if part)
    city = " ".join(part for part in (text(place, "PostalZone"), text(place, "CityName")) if part)
    lines = (street, text(place, "AdditionalStreetName"), text(place, "AddressLine/Line"), city)
    return address((*lines, text(place, "CountrySubentity"), text(place, "Country/IdentificationCode")))


def _payment(got: Collected, root: Element) -> None:
    for means in root.findall("PaymentMeans"):
        account = text(means, "PayeeFinancialAccount/ID")
        iban = account is not None and account[:2].isalpha() and account[2:4].isdigit()
        got.add("seller_iban" if iban else "seller_account", account)
        branch = "PayeeFinancialAccount/FinancialInstitutionBranch"
        code = text(means, f"{branch}/ID", f"{branch}/FinancialInstitution/ID")
        got.add("seller_bic" if code and code[:4].isalpha() else "seller_routing", code)
        got.add("payment_reference", text(means, "PaymentID"))
    for terms in root.findall("PaymentTerms"):
        got.add("payment_terms", text(terms, "Note"))
        got.add("discount_percent", amount(terms, "SettlementDiscountPercent"))


def _totals(got: Collected, root: Element) -> None:
    sums = root.find("LegalMonetaryTotal")
    sums = root.find("AnticipatedMonetaryTotal") if sums is None else sums
    for name, element in {
        "lines_total": "LineExtensionAmount",
        "shipping_total": "ChargeTotalAmount",
        "discount_total": "AllowanceTotalAmount",
        "net_total": "TaxExclusiveAmount",
        "gross_total": "TaxInclusiveAmount",
        "prepaid": "PrepaidAmount",
        "rounding": "PayableRoundingAmount",
        "amount_due": "PayableAmount",
    }.items():
        got.add(name, amount(sums, element))
    if "net_total" not in got.fields:
        got.add("net_total", _net(sums))
    got.add("tax_total", amount(_own_tax(root), "TaxAmount"))


def _net(sums: Element | None) -> str | None:
    """The total before tax where an order leaves it out: lines less allowances and with charges (BT-109)."""
    lines, allowances, charges = (
        Decimal(amount(sums, name) or 0)
        for name in ("LineExtensionAmount", "AllowanceTotalAmount", "ChargeTotalAmount")
    )
    return format(lines - allowances + charges, "f") if amount(sums, "LineExtensionAmount") else None


def _own_tax(root: Element) -> Element:
    """The tax total in the document's currency (BT-110; BT-111 is the one in the accounting currency)."""
    currency = text(root, "DocumentCurrencyCode")
    found = root.findall("TaxTotal")
    for tax in found:
        value = tax.find("TaxAmount")
        if value is not None and value.get("currencyID") == currency:
            return tax
    return found[0] if found else root


def _tax(row: Element) -> dict[str, str]:
    rate = amount(row, "TaxCategory/Percent", "Percent")
    return cells(rate=rate, taxable=amount(row, "TaxableAmount"), tax=amount(row, "TaxAmount"))


def _charge(item: Element) -> dict[str, str]:
    return cells(
        kind="charge" if (text(item, "ChargeIndicator") or "").lower() in {"true", "1"} else "allowance",
        amount=amount(item, "Amount"),
        reason=text(item, "AllowanceChargeReason"),
        tax_rate=amount(item, "TaxCategory/Percent"),
    )


def _line_elements(root: Element) -> list[Element]:
    for path in ("InvoiceLine", "CreditNoteLine", "OrderLine/LineItem", "QuotationLine/LineItem"):
        found = root.findall(path)
        if found:
            return found
    return []


def _line(item: Element) -> dict[str, str]:
    product, price = item.find("Item"), item.find("Price")
    quantity = next((found for name in QUANTITIES if (found := item.find(name)) is not None), None)
    reference = item.find("OrderLineReference")
    standard = None if product is None else product.find("StandardItemIdentification/ID")
    name = text(product, "Name", "Description")
    described = text(product, "Description")
    row = cells(
        line_number=text(item, "ID"),
        description=name,
        sku=text(product, "SellersItemIdentification/ID"),
        buyer_sku=text(product, "BuyersItemIdentification/ID"),
        gtin=text(standard, "."),
        quantity=amount(quantity, "."),
        unit=quantity.get("unitCode") if quantity is not None else None,
        unit_price=amount(price, "PriceAmount"),
        price_base=amount(price, "BaseQuantity"),
        tax_rate=amount(product, "ClassifiedTaxCategory/Percent") or amount(item, "TaxTotal/TaxSubtotal/Percent"),
        line_total=amount(item, "LineExtensionAmount"),
        purchase_order=order_line(text(reference, "OrderReference/ID")),
        order_line=order_line(text(reference, "LineID")),
        delivery_date=day(item, "Delivery/ActualDeliveryDate"),
        delivery_note=text(item, "DespatchLineReference/DocumentReference/ID"),
        note=text(item, "Note") or (described if described != name else None),
    )
    row.update(_line_discount(item))
    return row


QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "Quantity", "DebitedQuantity")


def _line_discount(item: Element) -> dict[str, str]:
    found = item.findall("AllowanceCharge")
    signed: list[str | None] = []
    for one in found:
        value, kind = amount(one, "Amount"), _charge(one)["kind"]
        signed.append(value if value is None or kind == "allowance" else format(-Decimal(value), "f"))
    sums = total(signed)
    factor = amount(found[0], "MultiplierFactorNumeric") if len(found) == 1 else None
    return cells(line_discount=format(sums, "f") if sums else None, line_discount_percent=factor)
