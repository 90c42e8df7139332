"""Texts that name a charge, by kind, and goods that sound like one."""

from __future__ import annotations

import pytest

from matching.charge_words import charge_kind

CHARGES = {
    "freight": """
        Fracht | Frachtkosten | Versandkostenpauschale | Verpackung und Versand | Anfahrtspauschale | Porto und
        Verpackung | Versandkosten DHL | Versandkosten (DHL Paket) | Rollgeld | Versand nach Österreich | Frais de
        port | Frais de livraison | Port et emballage | Participation aux frais de port | Freight charges | Delivery
        charge | Postage and packing | Shipping & Handling | Carriage | Next day delivery | Courier | Gastos de
        envío | Portes | Spese di spedizione | Spese di trasporto | Verzendkosten | Vrachtkosten | Koszty transportu
        | Opłata za przesyłkę | Koszt dostawy | Transport | Portes de envio | Custos de transporte | Despesas de
        envio | Frakt | Fraktkostnad | Fraktavgift | Fragt | Fragtomkostninger | Leveringsgebyr
        | Doprava | Poštovné | Dopravné a balné
        """,
    "insurance": """
        Transportversicherung | Assurance transport | Insurance | Seguro de transporte | Assicurazione trasporto |
        Ubezpieczenie przesyłki | Seguro | Fraktförsäkring | Forsikring | Pojištění zásilky
        """,
    "small order": """
        Mindermengenzuschlag | Kleinmengenzuschlag | Small order surcharge | Minimum order charge | Recargo pedido
        mínimo | Kleine order toeslag
        """,
    "energy": """
        Energiekostenzuschlag | Maut | Dieselzuschlag | CO2-Zuschlag | Surcharge carburant | Supplément gazole |
        Fuel surcharge | Energy surcharge | Recargo por combustible | Supplemento carburante | Brandstoftoeslag |
        Energietoeslag | Opłata paliwowa | Sobretaxa de combustível | Taxa de combustível | Bränsletillägg |
        Brændstoftillæg | Palivový příplatek
        """,
    "deposit": """
        Palettenpfand | Leergut | Consigne palette | Pallet deposit | Fianza envases | Cauzione pallet | Statiegeld
        | Emballage statiegeld | Kaucja za palety | Pallepant | Vratná záloha
        """,
    "customs": """
        Zollgebühren | Verzollung | Frais de douane | Customs clearance fee | Import duty | Gastos de aduana | Spese
        doganali
        """,
    "surcharge": """
        Gefahrgutzuschlag | Expresszuschlag
        """,
    "fee": """
        Bearbeitungsgebühr | Rechnungsgebühr | Nachnahmegebühr | Entsorgungspauschale | Frais de dossier |
        Eco-contribution DEEE | Frais de facturation | Payment fee | Credit card fee | Spese di incasso | Spese
        bancarie | Administratiekosten | Opłata manipulacyjna | Faktureringsavgift | Ekspeditionsgebyr | Miljøafgift
        | Manipulační poplatek | Dobírka
        """,
    "rounding": """
        Rundungsdifferenz | Arrondi | Rounding | Redondeo | Arrotondamento | Afronding | Zaokrąglenie |
        Arredondamento | Öresavrundning | Afrunding | Zaokrouhlení
        """,
    "discount": """
        Treuerabatt 3 % | Mengenrabatt | Rabatt 5% auf Pos. 3 | Remise commerciale | Volume discount | Descuento
        comercial | Sconto | Korting | Rabat | Desconto comercial | Rabatt | Sleva
        """,
    "packing": """
        Frais d'emballage | Packaging | Embalaje | Imballaggio | Verpakkingskosten | Opakowanie | Embalagem |
        Emballage | Balné
        """,
}
GOODS = """
    Transportkarre | Verpackungsband | Transportbox 600x400 | Double wall carton | Paletten 1200x800 | Order book |
    Versandtasche C4 | Diesel | Material | Express-Kleber 20 g | Freight container 20ft | Unterhaltsreinigung
    Verwaltung, monatlich | Frachtkiste aus Holz | Transportwagen | Packing machine | Delivery van | Packing list
    holder | Shipping container | Insurance consulting | Zollstock 2 m | Rohr 3/4 Zoll | 3/4 Zoll | Energieberatung
    | Energiemessgerät | Verpackungsmaschine | Verpackungsmaterial | Palettenregal | Pallet truck | Palette à
    peinture | Discount voucher printer | Rabattmarken | Pfandflaschenregal | Porto Wein | Kurierrucksack |
    Transportband | Port USB | Emballage machine à vide | Carton d'emballage | Machine d'emballage | Caisse de
    transport | Assurance qualité, audit | Chariot de livraison | Caja de transporte | Máquina de embalaje | Cinta
    de embalaje | Nastro da imballaggio | Carrello di trasporto | Scatola imballaggio | Verpakkingsfolie |
    Transportkist | Vrachtwagenband | Energiedrank | Folia opakowaniowa | Wózek transportowy | Taśma pakowa | Karton
    wysyłkowy | Pudełko na przesyłki | Fita de embalagem | Caixa de transporte | Fraktsedel | Emballagetejp |
    Packbord | Fragtbrevsholder | Emballagemaskine | Pakketape | Přepravní box | Balicí stroj | Balicí páska |
    Dopravní pás | Dopravník | Maut-Box | Fuel pump | Fuel | Toll | Handling robot | Recycling bin | Rounding tool |
    Small parts box | Minimum level sensor | Order picking software | Lieferwagen | Lieferung und Montage | Montage
    | Frachtbriefe Block | Service | Wartung | Express | Energie | Card reader | Administration | Invoice paper |
    Import | Bonus
"""


def texts(several: str) -> list[str]:
    return [" ".join(text.split()) for text in several.split("|")]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, several in CHARGES.items() for text in texts(several)]
)
def test_charges_by_kind(kind: str, text: str) -> None:
    assert charge_kind(text) == kind


@pytest.mark.parametrize("text", texts(GOODS))
def test_goods_and_services(text: str) -> None:
    assert charge_kind(text) is None


def test_there_are_enough_of_both() -> None:
    assert sum(len(texts(several)) for several in CHARGES.values()) > 100
    assert len(texts(GOODS)) > 70
