"""What the sample layouts print, per language: captions, formats of dates and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

CAPTIONS: dict[str, dict[str, str]] = {
    "en": {
        "invoice": "Invoice", "credit_note": "Credit Note", "reminder": "Payment Reminder",
        "number": "Invoice No.", "date": "Invoice date", "due": "Due date", "order": "Purchase order",
        "customer": "Customer no.", "delivery_note": "Delivery note", "delivered": "Delivery date",
        "bill_to": "Bill to", "vat": "VAT Reg. No.", "preceding": "Original invoice",
        "pos": "#", "sku": "Item", "description": "Description", "quantity": "Qty", "unit": "Unit",
        "price": "Unit price", "rate": "VAT %", "total": "Amount",
        "net": "Subtotal", "tax": "VAT", "gross": "Total", "freight": "Shipping", "terms": "Payment terms",
        "page": "Page", "carry": "Carried forward", "bank": "Bank", "period": "Service period",
    },
    "de": {
        "invoice": "Rechnung", "credit_note": "Gutschrift", "reminder": "Zahlungserinnerung",
        "number": "Rechnungsnummer", "date": "Rechnungsdatum", "due": "Fällig am", "order": "Ihre Bestellnummer",
        "customer": "Kundennummer", "delivery_note": "Lieferschein-Nr.", "delivered": "Lieferdatum",
        "bill_to": "Rechnungsempfänger", "vat": "USt-IdNr.", "preceding": "zu Rechnung Nr.",
        "pos": "Pos.", "sku": "Art.-Nr.", "description": "Bezeichnung", "quantity": "Menge", "unit": "Einheit",
        "price": "Einzelpreis", "rate": "MwSt. %", "total": "Gesamtpreis",
        "net": "Nettobetrag", "tax": "MwSt.", "gross": "Gesamtbetrag", "freight": "Versandkosten",
        "terms": "Zahlungsbedingungen", "page": "Seite", "carry": "Übertrag", "bank": "Bankverbindung",
        "period": "Leistungszeitraum",
    },
    "fr": {
        "invoice": "Facture", "credit_note": "Avoir", "reminder": "Rappel",
        "number": "Facture n°", "date": "Date de facture", "due": "Date d'échéance", "order": "Votre commande n°",
        "customer": "N° client", "delivery_note": "Bon de livraison", "delivered": "Date de livraison",
        "bill_to": "Facturé à", "vat": "N° TVA", "preceding": "Facture d'origine",
        "pos": "N°", "sku": "Réf.", "description": "Désignation", "quantity": "Qté", "unit": "Unité",
        "price": "Prix unitaire HT", "rate": "TVA %", "total": "Montant HT",
        "net": "Total HT", "tax": "TVA", "gross": "Total TTC", "freight": "Frais de port",
        "terms": "Conditions de paiement", "page": "Page", "carry": "Report", "bank": "Banque", "period": "Période",
    },
    "es": {
        "invoice": "Factura", "credit_note": "Factura rectificativa", "reminder": "Recordatorio",
        "number": "Factura n.º", "date": "Fecha de factura", "due": "Fecha de vencimiento", "order": "Su pedido n.º",
        "customer": "N.º de cliente", "delivery_note": "Albarán", "delivered": "Fecha de entrega",
        "bill_to": "Facturar a", "vat": "NIF-IVA", "preceding": "Factura original",
        "pos": "N.º", "sku": "Ref.", "description": "Descripción", "quantity": "Cantidad", "unit": "Unidad",
        "price": "Precio unitario", "rate": "IVA %", "total": "Importe",
        "net": "Base imponible", "tax": "IVA", "gross": "Total factura", "freight": "Portes",
        "terms": "Condiciones de pago", "page": "Página", "carry": "Suma anterior", "bank": "Banco",
        "period": "Periodo",
    },
    "nl": {
        "invoice": "Factuur", "credit_note": "Creditnota", "reminder": "Herinnering",
        "number": "Factuurnummer", "date": "Factuurdatum", "due": "Vervaldatum", "order": "Uw ordernummer",
        "customer": "Klantnummer", "delivery_note": "Pakbon", "delivered": "Leverdatum",
        "bill_to": "Factuuradres", "vat": "BTW-nummer", "preceding": "Oorspronkelijke factuur",
        "pos": "Nr.", "sku": "Artikel", "description": "Omschrijving", "quantity": "Aantal", "unit": "Eenheid",
        "price": "Prijs", "rate": "BTW %", "total": "Bedrag",
        "net": "Subtotaal", "tax": "BTW", "gross": "Totaal", "freight": "Verzendkosten",
        "terms": "Betalingsvoorwaarden", "page": "Pagina", "carry": "Transport", "bank": "Bank", "period": "Periode",
    },
    "it": {
        "invoice": "Fattura", "credit_note": "Nota di credito", "reminder": "Sollecito",
        "number": "Fattura n.", "date": "Data fattura", "due": "Scadenza", "order": "Vs. ordine n.",
        "customer": "Codice cliente", "delivery_note": "DDT n.", "delivered": "Data di consegna",
        "bill_to": "Spett.le", "vat": "P. IVA", "preceding": "Fattura originale",
        "pos": "N.", "sku": "Codice", "description": "Descrizione", "quantity": "Quantità", "unit": "U.M.",
        "price": "Prezzo unitario", "rate": "IVA %", "total": "Importo",
        "net": "Imponibile", "tax": "IVA", "gross": "Totale fattura", "freight": "Trasporto",
        "terms": "Condizioni di pagamento", "page": "Pagina", "carry": "Riporto", "bank": "Banca", "period": "Periodo",
    },
    "pl": {
        "invoice": "Faktura VAT", "credit_note": "Faktura korygująca", "reminder": "Wezwanie do zapłaty",
        "number": "Numer faktury", "date": "Data wystawienia", "due": "Termin płatności", "order": "Nr zamówienia",
        "customer": "Nr klienta", "delivery_note": "Nr WZ", "delivered": "Data dostawy",
        "bill_to": "Nabywca", "vat": "NIP", "preceding": "Do faktury nr",
        "pos": "Lp.", "sku": "Kod", "description": "Nazwa towaru", "quantity": "Ilość", "unit": "J.m.",
        "price": "Cena netto", "rate": "VAT %", "total": "Wartość netto",
        "net": "Razem netto", "tax": "VAT", "gross": "Razem brutto", "freight": "Transport",
        "terms": "Warunki płatności", "page": "Strona", "carry": "Z przeniesienia", "bank": "Bank", "period": "Okres",
    },
}  # fmt: skip

LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "nl": "nl_NL", "it": "it_IT", "pl": "pl_PL"}


def amount(value: Decimal, language: str) -> str:
    """An amount as it is printed in the language, two decimals."""
    text = str(format_decimal(value, "#,##0.00", locale=LOCALES[language]))
    return text.replace("\u202f", " ").replace("\xa0", " ")


def quantity(value: Decimal, language: str) -> str:
    """A quantity as printed: no more decimals than it has."""
    return str(format_decimal(value, "#,##0.###", locale=LOCALES[language])).replace("\u202f", " ").replace("\xa0", " ")


def day(value: date, language: str, style: str = "medium") -> str:
    """A date as printed; German and Polish letters print it with two-digit days."""
    if style == "short":
        patterns = {"en": "dd/MM/yyyy", "fr": "dd/MM/yyyy", "es": "dd/MM/yyyy", "it": "dd/MM/yyyy", "nl": "dd-MM-yyyy"}
        return str(format_date(value, patterns.get(language, "dd.MM.yyyy"), locale=LOCALES[language]))
    return str(format_date(value, "long", locale=LOCALES[language]))
