from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.document import Source
from ingest.extract import extract
from ingest.readers import read_document, render_pages
from tests.ingest import paper

UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>RE-1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>4500026008</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Trading</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Weg 1</cbc:StreetName><cbc:CityName>Ort</cbc:CityName>
<cbc:PostalZone>12345</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>DE136695976</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>
</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>Seller GmbH</cbc:RegistrationName>
</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>DE79000000001234567890</cbc:ID></cac:PayeeFinancialAccount>
</cac:PaymentMeans><cac:PaymentTerms><cbc:Note>Zahlbar innerhalb von 30 Tagen netto</cbc:Note></cac:PaymentTerms>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Fracht</cbc:AllowanceChargeReason><cbc:Amount>5.00</cbc:Amount></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="USD">2.00</cbc:TaxAmount></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">7.60</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount>40.00</cbc:TaxableAmount><cbc:TaxAmount>7.60</cbc:TaxAmount><cac:TaxCategory>
<cbc:Percent>19</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount>40.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount>47.60</cbc:TaxInclusiveAmount><cbc:PayableAmount>47.60</cbc:PayableAmount>
</cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">200</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount>35.00</cbc:LineExtensionAmount>
<cac:OrderLineReference><cbc:LineID>NA</cbc:LineID><cac:OrderReference><cbc:ID>4500026009</cbc:ID></cac:OrderReference>
</cac:OrderLineReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>5.00</cbc:Amount></cac:AllowanceCharge>
<cac:Item><cbc:Name>Bolt</cbc:Name><cac:BuyersItemIdentification><cbc:ID>B-1</cbc:ID></cac:BuyersItemIdentification>
<cac:SellersItemIdentification><cbc:ID>S-1</cbc:ID></cac:SellersItemIdentification>
<cac:ClassifiedTaxCategory><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount>20.00</cbc:PriceAmount><cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>
</cac:InvoiceLine></Invoice>"""

CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20260312</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>
<ram:Name>Muster Beschläge</ram:Name>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradePaymentTerms>
<ram:DueDateDateTime><udt:DateTimeString format="102">20260411</udt:DateTimeString></ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:TaxBasisTotalAmount>1587.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">301.53</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def _hybrid(number: str = "RE-2026-118", gross: str = "1888.53") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper.pdf(paper.german_invoice))))
    writer.add_attachment("factur-x.xml", CII.format(number=number, gross=gross).encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_ubl_says_everything_by_the_contracts_names() -> None:
    found = extract(read_document(UBL.format(code=380).encode(), "x"))
    assert {name: value.value for name, value in found.fields.items()} == {
        "invoice_number": "RE-1",
        "issue_date": "2026-11-02",
        "due_date": "2026-12-02",
        "payment_terms": "Zahlbar innerhalb von 30 Tagen netto",
        "payment_terms_days": "30",
        "currency": "EUR",
        "purchase_order": "4500026008",
        "seller_name": "Seller GmbH",
        "seller_address": "Weg 1, 12345 Ort, DE",
        "seller_vat_id": "DE136695976",
        "seller_iban": "DE79000000001234567890",
        "net_total": "40.00",
        "tax_total": "7.60",
        "gross_total": "47.60",
        "amount_due": "47.60",
    }
    assert found.fields["purchase_order"].others == ("4500026009",)
    assert found.fields["due_date"].source is Source.DERIVED
    (line,) = found.line_items
    assert {name: cell.value for name, cell in line.cells()} == {
        "line_number": "1",
        "description": "Bolt",
        "sku": "S-1",
        "buyer_sku": "B-1",
        "quantity": "200",
        "unit": "C62",
        "unit_price": "20.00",
        "price_base": "100",
        "line_discount": "5.00",
        "tax_rate": "19",
        "line_total": "35.00",
        "purchase_order": "4500026009",
    }
    (charge,) = found.charges
    assert (charge.kind, charge.amount.value, charge.reason) == ("charge", "5.00", "Fracht")


@pytest.mark.parametrize(
    ("code", "kind"), [("380", "invoice"), ("381", "credit_note"), ("384", "invoice"), ("325", "estimate")]
)
def test_the_type_code_decides(code: str, kind: str) -> None:
    found = extract(read_document(UBL.format(code=code).encode(), "x"))
    assert found.document_type.value == kind


def test_a_hybrids_xml_wins_and_agrees() -> None:
    document = paper.read(_hybrid())
    assert document.pages
    found = extract(document)
    assert found.fields["invoice_number"].source is Source.XML
    assert found.fields["seller_tax_id"].value == "201/113/40209"
    assert found.warnings == ()


def test_a_hybrid_whose_page_says_another_number_is_told() -> None:
    found = extract(paper.read(_hybrid(number="XR-777777")))
    assert found.text("invoice_number") == "XR-777777"
    assert [(finding.code, finding.field) for finding in found.warnings] == [
        ("xml_differs_from_page", "invoice_number")
    ]


def test_a_hybrid_whose_page_shows_another_total_is_told() -> None:
    found = extract(paper.read(_hybrid(gross="1888.54")))
    assert [(finding.code, finding.field) for finding in found.warnings] == [("xml_differs_from_page", "gross_total")]


def _carrying(*attached: bytes, number: str = "RE-2026-118") -> bytes:
    """The UBL invoice with files inside it."""
    carriers = "".join(
        "<cac:AdditionalDocumentReference><cbc:ID>x</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
        f'mimeCode="application/pdf" filename="a.pdf">{b64encode(one).decode()}</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
        for one in attached
    )
    whole = UBL.format(code=380).replace("<cbc:ID>RE-1<", f"<cbc:ID>{number}<")
    return whole.replace("<cac:AccountingSupplierParty>", f"{carriers}<cac:AccountingSupplierParty>", 1).encode()


def test_the_pdf_inside_an_xml_is_its_page_and_is_compared(tmp_path: Path) -> None:
    content = _carrying(paper.pdf(paper.german_invoice))
    document = read_document(content, "x")
    assert (document.media_type, len(document.pages), document.attachment) == ("application/xml", 1, 0)
    found = extract(document)
    assert found.text("net_total") == "40.00"
    assert {one.field for one in found.warnings if one.code == "xml_differs_from_page"} >= {"gross_total"}
    assert render_pages(content, tmp_path, document) == 1
    assert (tmp_path / "1.png").stat().st_size > 10_000


def test_an_attachment_that_is_not_the_invoice_is_shown_only() -> None:
    document = read_document(_carrying(paper.pdf(paper.german_invoice), number="ZZ-99887"), "x")
    assert len(document.pages) == 1
    assert extract(document).warnings == ()


def test_of_several_attachments_the_one_that_shows_the_number_is_the_page() -> None:
    drawing = paper.pdf(lambda canvas: canvas.drawString(60, 700, "A drawing of a hinge, to scale, for your files"))
    document = read_document(_carrying(drawing, paper.pdf(paper.german_invoice)), "x")
    assert document.attachment == 1
    assert any(word.text == "RE-2026-118" for word in document.pages[0].words)


@pytest.mark.parametrize("damaged", [b"", b"no PDF at all", b"%PDF-1.7 cut off"])
def test_a_damaged_attachment_is_a_note_and_the_invoice_is_read(damaged: bytes) -> None:
    document = read_document(_carrying(damaged), "x")
    assert document.pages == ()
    found = extract(document)
    assert found.text("gross_total") == "47.60"
    assert [one.code for one in found.warnings] == ["attachment_unreadable"]


def test_an_order_names_who_ordered_and_its_net_total() -> None:
    order = UBL.format(code=220).replace("Invoice-2", "Order-2").replace("<Invoice ", "<Order ")
    order = order.replace("</Invoice>", "</Order>").replace("AccountingSupplierParty", "SellerSupplierParty")
    party = "<cac:Party><cac:PartyName><cbc:Name>{}</cbc:Name></cac:PartyName></cac:Party>"
    buyers = "".join(
        f"<cac:{side}>{party.format(name)}</cac:{side}>"
        for side, name in (("AccountingCustomerParty", "Head Office"), ("BuyerCustomerParty", "Works"))
    )
    order = order.replace("<cac:PaymentMeans>", f"{buyers}<cac:PaymentMeans>")
    order = order.replace("<cbc:TaxExclusiveAmount>40.00</cbc:TaxExclusiveAmount>", (
        "<cbc:LineExtensionAmount>35.00</cbc:LineExtensionAmount><cbc:ChargeTotalAmount>5.00</cbc:ChargeTotalAmount>"
    ))  # fmt: skip
    found = extract(read_document(order.encode(), "x"))
    assert (found.text("buyer_name"), found.text("net_total")) == ("Works", "40.00")


@pytest.mark.parametrize(
    ("field", "stated", "differs"),
    [
        ("issue_date", "<ram:ID>RE-2026-118</ram:ID>|20260312|20260401", True),
        ("net_total", "x|1587.00<|1500.00<", True),
        ("seller_name", "x|<ram:Name>Muster Beschläge<|<ram:Name>Gutenberg Verlag<", True),
        ("seller_name", "x|<ram:Name>Muster Beschläge<|<ram:Name>Muster Group Holding<", False),
        ("currency", "x|>EUR<|>PLN<", True),
    ],
)
def test_each_field_of_a_hybrid_is_compared_with_its_page(field: str, stated: str, differs: bool) -> None:
    _, before, after = stated.split("|")
    xml = CII.format(number="RE-2026-118", gross="1888.53").replace(before, after)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper.pdf(paper.german_invoice))))
    writer.add_attachment("factur-x.xml", xml.encode())
    out = io.BytesIO()
    writer.write(out)
    found = extract(paper.read(out.getvalue()))
    assert (field in {one.field for one in found.warnings if one.code == "xml_differs_from_page"}) is differs


def _grouped(number: str, kind: str, name: str, total: str) -> str:
    return f"""<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
<ram:LineID>{number}</ram:LineID><ram:LineStatusReasonCode>{kind}</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>{name}</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeSettlement>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{total}</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""


def test_lines_that_sum_up_or_inform_bill_nothing() -> None:
    lines = [
        _grouped("1", "GROUP", "Door set", "1587.00"),
        _grouped("1.1", "DETAIL", "Hinge", "587.00"),
        _grouped("1.2", "DETAIL", "Door", "1000.00"),
        _grouped("2", "INFORMATION", "Delivered with order 7", "0.00"),
    ]
    opening = "<rsm:SupplyChainTradeTransaction>"
    xml = CII.format(number="RE-1", gross="1888.53").replace(opening, opening + "".join(lines))
    found = extract(paper.read(xml.encode()))
    assert [line.description.value for line in found.line_items if line.description] == ["Hinge", "Door"]
    assert not found.warnings
