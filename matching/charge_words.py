"""The words of charges in eleven languages, and which charge a text names."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.normalise import plain

_KINDS: dict[str, str] = {
    "freight": """
        fracht versand porto transport liefer lieferung zustell zustellung speditions? anfahrts? anfahrt rollgeld
        kurier freight shipping shipment delivery carriage postage courier haulage forwarding port ports livraisons?
        expedition acheminement affranchissement fret envios? portes transportes? entregas? flete frete spedizion[ei]
        trasport[oi] consegn[ae] corriere verzend verzending vracht bezorg bezorging vervoer wysylk\\w* przesylk\\w*
        dostaw\\w* transportu transportow\\w* kuriersk\\w+ kurierem frachtu frakt leverans fragt levering forsendelse
        doprav[ayu] dopravn[eyi]h?o? postovne prepravn?[aey]? dopravne
        """,
    "packing": """
        verpackungs? verpackung packing packaging packmittel emballages? opakowani\\w* pakowani\\w* baln[ey]
        imballaggi?o? imballo imballi embalajes? embalagem embalagens verpakkings? verpakking packnings emballering
        paletten palettes? palet[ay]? pallets? palettierung palletising palletizing balici
        """,
    "insurance": """
        versicherungs? transportversicherungs? insurance assurances? ubezpieczeni\\w* assicurazion[ei] seguros?
        verzekerings? verzekering \\w*foersaekring\\w* \\w*forsikring\\w* pojisten\\w* pojistne
        """,
    "deposit": """
        pfand \\w*pfand leergut deposit consignes? kaucj\\w+ cauzion[ei] statiegeld kaution fianza caucao vasilhame
        pant \\w+pant zaloh\\w+ leihverpackung mehrweg mehrwegverpackung emballagedeposit returnable
        """,
    "small order": """
        mindermengen kleinmengen mindestmengen mindestbestellwert mindestbestell kleinauftrags? kleinbestell
        kleinorder small minimum minimo minima minimal\\w* petite? smaaorder smaaordre minimiorder minimumsordre
        mal[ae] mal[ey]j kleine orderkosten
        """,
    "energy": """
        energie energy energia energi treibstoff kraftstoff diesel maut fuel toll carburants? gazole peages?
        combustibles? combustivel peaje carburante pedaggio brandstof tol paliw\\w+ energetyczn\\w+ portagens?
        braensle drivmedel braendstof palivov\\w+ energetick\\w+ mytn\\w+ co2 klima dieselfloater bunker
        """,
    "customs": """
        zoll verzollungs? verzollung customs duty duties import douanes? douaniers? dedouanement aduanas? aduaneros?
        arancel dogan[ae] doganali sdoganamento invoer inklarings? inklaring cl[oa] celn\\w+ odpraw\\w+ alfandega
        aduaneiras desalfandegamento tull told clearance brokerage
        """,
    "fee": """
        handling bearbeitungs? manipulations? rechnungs papierrechnung mahn verwaltungs? kreditkarten zahlungs
        nachnahme payment paypal processing administration admin administrative invoice invoicing card dossier
        gestion facturation paiement pago pagos facturacion incasso pagamento bancari[ae]? fatturazione bollo pratica
        faktura fakturerings? avi expeditions betaal administratie factuur facturatie platnosc\\w* obslug\\w+
        manipulacyjn\\w+ betalnings? betalings? platb\\w+ manipulacn\\w+ dobirk\\w+ dobirecne entsorgungs? entsorgung
        disposal recycling ecotaxe ecocontribution umwelt miljoe miljoe\\w+ weee raee deee fees? charges? gebuehr
        gebuehren avgift avgifter gebyr\\w* \\w+gebyr afgift oplat[ay] poplatek poplatky taxa tasa
        """,
    "surcharge": """
        gefahrgut express expres expresso teuerungs legierungs material surcharges? zuschlag aufschlag \\w+zuschlag
        supplements? supplementi? supplemento recargos? sobretaxas? sovrapprezz[oi] maggiorazion[ei] majorations?
        toeslag\\w* \\w+toeslag doplat[ay] priplat\\w+ tillaegg? \\w+tillaegg? paaslag hazardous dangerous saturday
        samstag wochenend
        """,
    "discount": """
        rabatt\\w{0,2} \\w+rabatt nachlass \\w+nachlass discounts? rebates? allowance remises? rabais ristournes?
        escompte descuentos? rebaja bonificacion bonificazione sconto sconti abbuono korting \\w+korting rabat rabatu
        upust\\w* znizk\\w+ descontos? abatimento slev[ay] avdrag prisavdrag bonus treuebonus reduction
        """,
    "rounding": """
        \\w{0,3}rundungs? \\w{0,3}rundung rundungsdifferenz rounding arrondis? redondeos? arrotondament[oi] afronding
        afrondingsverschil zaokraglen\\w+ arredondamentos? \\w*avrundning \\w*afrunding zaokrouhlen\\w+
        """,
}
_SUFFIX = (
    r"(?:s?(?:kosten|kostenanteil|pauschalen?|anteil|gebuehr(?:en)?|zuschlag|zuschlaege|spesen|beitrag|aufschlag|"
    r"kostnad(?:er)?|avgift(?:er)?|gebyr(?:er)?|omkostning(?:er)?|afgift(?:er)?|tillaegg?|toeslag(?:en)?|tarief|"
    r"bijdrage|vergoeding))*"
)
_STEMS = {kind: re.compile(rf"(?:{'|'.join(stems.split())}){_SUFFIX}") for kind, stems in _KINDS.items()}
_COSTS = frozenset(
    re.findall(
        r"\S+",
        """
        kosten costs cost charge charges fee fees frais koszt koszty kosztow oplata oplaty spese gastos despesas
        custos costi omkostninger omkostning naklady gebuehr gebuehren pauschale pauschal zuschlag aufschlag
        surcharge supplement supplemento recargo sobretaxa toeslag doplata priplatek tillaegg tillaeg avgift gebyr
        afgift kostnad kostnader poplatek poplatky participation contribution taxa taxe tasa droits rights diritti
        derechos rechten
        """,
    )
)
_WEAK = frozenset(
    re.findall(
        r"\S+",
        """
        energie energy energia energi diesel material order small minimum minimo minima petit petite fuel toll tol
        port ports palette palettes paletten paleta palety palet pallet pallets pant zoll import co2 klima kleine
        mala male malej invoice invoicing card administration admin administrative payment processing dossier gestion
        facturation paiement pago pagos faktura avi told tull clo cla betaal administratie factuur incasso pagamento
        bancari bancarie pratica bollo umwelt umwelts rechnungs mahn verwaltung verwaltungs zahlungs kreditkarten
        express expres expresso hazardous dangerous saturday samstag wochenend bonus returnable mehrweg duty duties
        combustible carburant carburante gazole brandstof braensle expeditions liefer zustell verzend bezorg invoer
        miljoe reduction taxa tasa supplements bunker facturacion fatturazione allowance drivmedel braendstof
        """,
    )
)
"""Words that alone name goods or services as well; they need a word of costs or of another charge beside them."""
_FILLERS = _COSTS | frozenset(
    re.findall(
        r"\S+",
        """
        und and et y e i de des du d le la les l di del della do da dos das der die den das dem fuer for per pro pour
        por para je zu zum zur zzgl plus frei haus auf on sur su op na za ze w z og och pr til aan bij met mit with
        avec con com af av au aux a il lo gli el los las un une ein eine the of to from nach pauschal pauschale
        anteil anteilig flat rate forfait forfaitaire ryczalt global fijo fisso standard basic economy next day
        overnight express priority normal extra sonder zusaetzlich zusaetzliche additional diverse allgemeine dhl ups
        gls dpd fedex tnt hermes post postnord postnl bpost chronopost colissimo mondial relay inpost packeta
        zasilkovna correos seur mrw brt bartolini poczta dachser schenker kuehne nagel raben paket pakete parcel
        parcels colis pacco paquete pakket paczka pakke zasilk[ay] spedition stueckgut sperrgut innerhalb national
        international inland ausland eu dap dpu cif ddp exw fca cpt cip deutschland germany oesterreich austria
        schweiz switzerland frankreich france italien italia italy spanien spain espana polen polska poland
        niederlande nederland netherlands belgien belgique sverige danmark cesko portugal service services zone
        sendung lieferung lieferschein ls laut lt gem gemaess angebot vom nr no pos position rechnung auftrag
        bestellung order orders commande pedido ordine objednavk[ay] zamowieni[ea] bestelling ordre encomenda
        quantity quantities mengen menge goods gueter ware waren merci marchandises mercancia envases vuoti vides
        fusti euro epal europalette europaletten pal palette paletten pallet credit eco packaging verpackung
        emballage marza klient kunde kunden cliente client customer stammkunden treue menge volume quantite cantidad
        quantita commerciale commercial comercial commerciaux speciale special especial personal personnel kwotowy
        udzielony differenz difference diferencia differenza roznica verschil cent centimes total summe betrag somme
        gesamtbetrag porto pagato expedition livraison rendere vratn[ae] zwrotn[ae] zwrotnych a tres wliczon[ey]
        rezijni drogow[ay] srodowiskow[ay]
        """,
    )
)
_PATTERN_FILLERS = re.compile("|".join(word for word in _FILLERS if "[" in word))


@lru_cache(maxsize=8192)
def charge_kind(text: str) -> str | None:
    """Which charge a text names; None for goods and services. The whole text must be about the charge."""
    words = [word for word in re.findall(r"[^\W_]+", plain(text)) if not word.isdigit()]
    kinds = [(word, kind) for word in words for kind, stem in _STEMS.items() if stem.fullmatch(word)]
    named = dict(reversed(kinds))
    if not named or any(
        word not in named and word not in _FILLERS and len(word) > 2 and not _PATTERN_FILLERS.fullmatch(word)
        for word in words
    ):
        return None
    strong = [word for word in named if word not in _WEAK]
    if not strong and len(named) < 2 and not _COSTS.intersection(words):
        return None
    return _kind_of([named[word] for word in words if word in named])


_ORDER = (
    "discount",
    "rounding",
    "deposit",
    "small order",
    "customs",
    "insurance",
    "energy",
    "packing",
    "freight",
    "surcharge",
    "fee",
)
"""Of several kinds in one text the first here is told: freight insurance is an insurance."""


def _kind_of(kinds: list[str]) -> str:
    if {"packing", "freight"} <= set(kinds):
        # "packing and shipping" and "shipping and packing" are one charge
        return "freight"
    return min(kinds, key=_ORDER.index)
