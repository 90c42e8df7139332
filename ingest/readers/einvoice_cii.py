"""UN/CEFACT Cross Industry Invoice: ZUGFeRD 1 and 2, Factur-X, XRechnung CII, and Order-X orders.

Element names are those of D16B (EN 16931-3-3); ZUGFeRD 1's older names stand beside them as alternatives.
"""

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

NOT_BILLED = frozenset({"GROUP", "INFORMATION"})
"""Kinds of lines (Factur-X 1.0 EXTENDED, BT-X-8) that repeat or explain what others bill."""

ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument", "SCRDMCCBDACIOMessageStructure"})


def read_cii(root: Element) -> StructuredInvoice:
    """All that a CII document states."""
    head = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    deal = _first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = _first(deal, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    delivery = _first(deal, "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = _first(deal, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    got = Collected()
    kind = document_type_of(text(head, "TypeCode"))
    got.add("purchase_order" if kind == "purchase_order" else "invoice_number", text(head, "ID"))
    got.add("issue_date", day(head, "IssueDateTime/DateTimeString", "IssueDateTime"))
    got.add("currency", text(settlement, "InvoiceCurrencyCode", "OrderCurrencyCode"))
    _references(got, agreement, delivery, settlement)
    _parties(got, agreement, delivery, settlement)
    _payment(got, settlement)
    _totals(got, settlement)
    lines = tuple(_line(item) for item in _all(deal, "IncludedSupplyChainTradeLineItem"))
    got.add("purchase_order", *(line.get("purchase_order") for line in lines))
    got.add("delivery_note", *(line.get("delivery_note") for line in lines))
    language = text(head, "LanguageID")
    return StructuredInvoice(
        syntax="cii",
        document_type=kind,
        fields=got.fields,
        line_items=tuple(line for line in lines if line),
        tax_breakdown=tuple(_tax(row) for row in _all(settlement, "ApplicableTradeTax")),
        charges=tuple(_charges(settlement)),
        language=language.lower()[:2] if language else None,
    )


def _first(element: Element | None, *names: str) -> Element | None:
    if element is not None:
        for name in names:
            found = element.find(name)
            if found is not None:
                return found
    return None


def _all(element: Element | None, path: str) -> list[Element]:
    return [] if element is None else element.findall(path)


def _references(
    got: Collected, agreement: Element | None, delivery: Element | None, settlement: Element | None
) -> None:
    got.add("buyer_reference", text(agreement, "BuyerReference"))
    order = "BuyerOrderReferencedDocument"
    got.add("purchase_order", text(agreement, f"{order}/IssuerAssignedID", f"{order}/ID"))
    contract = "ContractReferencedDocument"
    got.add("contract_number", text(agreement, f"{contract}/IssuerAssignedID", f"{contract}/ID"))
    for note in ("DespatchAdviceReferencedDocument", "DeliveryNoteReferencedDocument"):
        got.add("delivery_note", text(delivery, f"{note}/IssuerAssignedID", f"{note}/ID"))
    happened = "ActualDeliverySupplyChainEvent/OccurrenceDateTime"
    got.add("delivery_date", day(delivery, f"{happened}/DateTimeString", happened))
    for name, element in (("period_start", "StartDateTime"), ("period_end", "EndDateTime")):
        path = f"BillingSpecifiedPeriod/{element}"
        got.add(name, day(settlement, f"{path}/DateTimeString", path))
    for earlier in _all(settlement, "InvoiceReferencedDocument"):
        got.add("preceding_invoice", text(earlier, "IssuerAssignedID", "ID"))


def _parties(got: Collected, agreement: Element | None, delivery: Element | None, settlement: Element | None) -> None:
    seller, buyer = _first(agreement, "SellerTradeParty"), _first(agreement, "BuyerTradeParty")
    got.add("seller_name", text(seller, "Name", "SpecifiedLegalOrganization/TradingBusinessName"))
    got.add("seller_address", _address(seller))
    for registration in _all(seller, "SpecifiedTaxRegistration/ID"):
        got.add("seller_vat_id" if registration.get("schemeID") == "VA" else "seller_tax_id", text(registration, "."))
    got.add("seller_registration", text(seller, "SpecifiedLegalOrganization/ID"))
    contact = _first(seller, "DefinedTradeContact")
    got.add("seller_email", text(contact, "EmailURIUniversalCommunication/URIID"))
    got.add("seller_phone", text(contact, "TelephoneUniversalCommunication/CompleteNumber"))
    got.add("buyer_name", text(buyer, "Name", "SpecifiedLegalOrganization/TradingBusinessName"))
    got.add("buyer_address", _address(buyer))
    got.add("buyer_vat_id", text(buyer, "SpecifiedTaxRegistration/ID[@schemeID='VA']"))
    got.add("customer_number", text(buyer, "ID"))
    ship_to = _first(delivery, "ShipToTradeParty")
    got.add("ship_to_name", text(ship_to, "Name"))
    got.add("ship_to_address", _address(ship_to))
    got.add("payee_name", text(settlement, "PayeeTradeParty/Name"))


def _address(party: Element | None) -> str | None:
    place = _first(party, "PostalTradeAddress")
    city = " ".join(part for part in (text(place, "PostcodeCode"), text(place, "CityName")) if part)
    streets = (text(place, name) for name in ("LineOne", "LineTwo", "LineThree"))
    return address((*streets, city, text(place, "CountrySubDivisionName"), text(place, "CountryID")))


def _payment(got: Collected, settlement: Element | None) -> None:
    got.add("payment_reference", text(settlement, "PaymentReference"))
    for means in _all(settlement, "SpecifiedTradeSettlementPaymentMeans"):
        got.add("seller_iban", text(means, "PayeePartyCreditorFinancialAccount/IBANID"))
        got.add("seller_account", text(means, "PayeePartyCreditorFinancialAccount/ProprietaryID"))
        got.add("seller_bic", text(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID"))
        bank = "PayeeSpecifiedCreditorFinancialInstitution"
        got.add("seller_routing", text(means, f"{bank}/GermanBankleitzahlID"))
    for terms in _all(settlement, "SpecifiedTradePaymentTerms"):
        got.add("payment_terms", text(terms, "Description"))
        got.add("due_date", day(terms, "DueDateDateTime/DateTimeString", "DueDateDateTime"))
        discount = _first(terms, "ApplicableTradePaymentDiscountTerms")
        got.add("discount_percent", amount(discount, "CalculationPercent"))
        period = _first(discount, "BasisPeriodMeasure")
        if period is not None and (period.get("unitCode") or "DAY").upper() == "DAY":
            got.add("discount_days", amount(period, "."))


def _totals(got: Collected, settlement: Element | None) -> None:
    sums = _first(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    names = {
        "lines_total": "LineTotalAmount",
        "shipping_total": "ChargeTotalAmount",
        "discount_total": "AllowanceTotalAmount",
        "net_total": "TaxBasisTotalAmount",
        "gross_total": "GrandTotalAmount",
        "prepaid": "TotalPrepaidAmount",
        "rounding": "RoundingAmount",
        "amount_due": "DuePayableAmount",
    }
    currency = got.fields.get("currency", ("",))[0]
    for name, element in names.items():
        got.add(name, amount(sums, element))
    # tax may stand in two currencies; the invoice's own is meant (BT-110, not BT-111)
    got.add("tax_total", amount(sums, f"TaxTotalAmount[@currencyID='{currency}']", "TaxTotalAmount"))
    for name in [*names, "tax_total"]:
        if name in got.fields:
            got.fields[name] = got.fields[name][:1]


def _tax(row: Element) -> dict[str, str]:
    return cells(
        rate=amount(row, "RateApplicablePercent", "ApplicablePercent"),
        taxable=amount(row, "BasisAmount"),
        tax=amount(row, "CalculatedAmount"),
    )


def _charges(settlement: Element | None) -> list[dict[str, str]]:
    found = [_charge(item) for item in _all(settlement, "SpecifiedTradeAllowanceCharge")]
    for item in _all(settlement, "SpecifiedLogisticsServiceCharge"):
        rate = amount(item, "AppliedTradeTax/RateApplicablePercent", "AppliedTradeTax/ApplicablePercent")
        found.append(
            cells(kind="charge", amount=amount(item, "AppliedAmount"), reason=text(item, "Description"), tax_rate=rate)
        )
    return [charge for charge in found if "amount" in charge]


def _charge(item: Element) -> dict[str, str]:
    return cells(
        kind="charge" if (text(item, "ChargeIndicator/Indicator") or "").lower() in {"true", "1"} else "allowance",
        amount=amount(item, "ActualAmount"),
        reason=text(item, "Reason"),
        tax_rate=amount(item, "CategoryTradeTax/RateApplicablePercent", "CategoryTradeTax/ApplicablePercent"),
    )


def _line(item: Element) -> dict[str, str]:
    product = _first(item, "SpecifiedTradeProduct")
    agreement = _first(item, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    delivery = _first(item, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    settlement = _first(item, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    price = _first(agreement, "NetPriceProductTradePrice", "GrossPriceProductTradePrice")
    quantity = _first(delivery, "BilledQuantity", "AgreedQuantity", "RequestedQuantity")
    order = "BuyerOrderReferencedDocument"
    happened = "ActualDeliverySupplyChainEvent/OccurrenceDateTime"
    tax = _first(settlement, "ApplicableTradeTax")
    sums = "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
    gtin = _first(product, "GlobalID")
    note = text(item, "AssociatedDocumentLineDocument/IncludedNote/Content")
    row = cells(
        line_number=text(item, "AssociatedDocumentLineDocument/LineID"),
        description=text(product, "Name", "Description") or note,
        sku=text(product, "SellerAssignedID"),
        buyer_sku=text(product, "BuyerAssignedID"),
        gtin=text(gtin, ".") if gtin is not None and gtin.get("schemeID") in {"0160", "0014", "GTIN", None} else None,
        quantity=amount(quantity, "."),
        unit=quantity.get("unitCode") if quantity is not None else None,
        unit_price=amount(price, "ChargeAmount"),
        price_base=amount(price, "BasisQuantity"),
        tax_rate=amount(tax, "RateApplicablePercent", "ApplicablePercent"),
        line_total=amount(settlement, sums, "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount"),
        purchase_order=text(agreement, f"{order}/IssuerAssignedID", f"{order}/ID"),
        order_line=order_line(text(agreement, f"{order}/LineID")),
        delivery_date=day(delivery, f"{happened}/DateTimeString", happened),
        delivery_note=text(
            delivery,
            "DespatchAdviceReferencedDocument/IssuerAssignedID",
            "DeliveryNoteReferencedDocument/IssuerAssignedID",
            "DeliveryNoteReferencedDocument/ID",
        ),
        note=note or (text(product, "Description") if text(product, "Name") else None),
    )
    row.update(_line_discount(settlement))
    if (text(item, "AssociatedDocumentLineDocument/LineStatusReasonCode") or "").upper() in NOT_BILLED:
        return {}
    # a line that is only a note (ZUGFeRD 1 has such) bills nothing
    return row if {"quantity", "unit_price", "line_total"} & row.keys() else {}


def _line_discount(settlement: Element | None) -> dict[str, str]:
    found = _all(settlement, "SpecifiedTradeAllowanceCharge")
    signed: list[str | None] = []
    for item in found:
        value, kind = amount(item, "ActualAmount"), _charge(item)["kind"]
        signed.append(value if value is None or kind == "allowance" else format(-Decimal(value), "f"))
    sums = total(signed)
    percent = amount(found[0], "CalculationPercent") if len(found) == 1 else None
    return cells(line_discount=format(sums, "f") if sums else None, line_discount_percent=percent)
