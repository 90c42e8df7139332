"""Printed units of measure to UN/ECE Recommendation 20 codes."""

from __future__ import annotations

from ingest.labels import label_key

_WORDS: dict[str, str] = {
    "H87": "stk stck stück stueck st pcs pc piece pieces pce each ea pz pezzi pezzo pièce pièces pces szt sztuk "
    "uds ud un unid stuk stuks ks kus stykker styck stycken unidad unidades nr unité unités peça peças "
    "stück/e stücke eaches stuck styk stycke n kusy kusů kusu pza pzas pieza piezas pec peca pçs pç stks "
    "ex exemplaire unidade unité(s) unit(s) antal item items",
    "C62": "unit units one einheit einheiten eenheid",
    "HUR": "h hr hrs hour hours std stunde stunden heure heures uur uren hora horas ore ora godz timme timmar "
    "tim time timer hod godzina godziny hodina hodiny hodin stunder hora(s) heure(s) ore/uomo",
    "DAY": "day days tag tage jour jours dag dagen día días giorno giorni dni dzień dias dage dagar dzien "
    "jornada jornadas giornata giornate dygn den dny dní d j",
    "MON": "month months monat monate mois maand maanden mes meses mese mesi mth mths msc månad måned mån mesiac "
    "miesiąc miesiace miesiące miesięcy mies måneder månader mdr měsíc měsíce měsíců month(s) monat(e)",
    "ANN": "year years jahr jahre an ans année jaar año años anno rok roky lata år anni anos jaren año(s)",
    "WEE": "week weeks woche wochen semaine semaines weken semaine(s) semana semanas settimana settimane tydzień "
    "tygodnie vecka veckor uge uger týden týdny",
    "MIN": "min minute minutes minuten",
    "KGM": "kg kgs kilo kilogram kilogramm kilogramo kilogramos kilogrammes kilogrammo kilogrammi kilos kilogramy",
    "GRM": "g gr gram gramm grams gramos grammi grammes gramy",
    "TNE": "t to tonne tonnen tonnes tonn tonelada toneladas tonnellata tonnellate tona tony ton tuna tun",
    "LTR": "l ltr liter litre litres litro litros litri litr litry litrů litra litre(s) liter(s) lt lit",
    "MTR": "m meter metre metres mtr lfm lm metri metros mb bm mètre mètres meters meter(s) metr metry metrů "
    "lbm lfdm mtrs mts mt",
    "MTK": "m2 m² qm sqm m^2 kvm mq mkw",
    "MTQ": "m3 m³ cbm",
    "CMT": "cm",
    "MMT": "mm",
    "KMT": "km",
    "KWH": "kwh kw/h",
    "SET": "set sets satz sæt juego juegos jogo jogos jeu jeux kpl komplet komplety sats satser kit kits conj "
    "conjunto conjuntos sada sady serie série zestaw zestawy souprava sätze stel",
    "PR": "pair pairs paar paire paires par páry pár párů pares paia paio paire(s) pary para pr prs coppia",
    "BX": "box boxes karton kartons ctn carton cartons krt bx kasse kasser kart kartong kartonger krabice krab "
    "krabic caja cajas cx caixa caixas scatola scatole sc boîte boîtes bte doos pudełko pudełka pud boxe "
    "ask askar æske æsker schachtel",
    "PK": "pack packs pkt paket packung packungen pck package packages pak colis paq pacco pacchi pk pakke "
    "pakker pacote pacotes op opak opakowanie opakowania bal balení balíček förp förpackning "
    "förpackningar pqt paquet paquets paquete paquetes conf confezione confezioni emb embalagem "
    "embalagens pakken vp verp verpackung",
    "PF": "palette paletten pallet pallets paleta palety palet pallar pall palle paller pal bancale bancali",
    "RO": "rolle rollen roll rolls ruller rulle rullar rolo rolos role rolí rotolo rotoli rouleau rouleaux rlx "
    "rollo rollos rolka rolki rolek rol rll",
    "LS": "pauschal pauschale psch ls forfait lumpsum lump ens global a_corpo acorpo corpo forf forfaitaire "
    "pausch pau post fast ryczałt paušál paušal fixed forfettario alzado p.a pa",
    "DZN": "dozen dz doz dutzend dúzia docena docenas dozzina douzaine tucet tuzin dussin dusin dozijn dzd",
    "BO": "flasche flaschen bottle bottles btl botella botellas bottiglia bottiglie garrafa garrafas bouteille "
    "bouteilles butelka butelki láhev flaske flasker flaska flaskor fl fles flessen",
    "SA": "sack säcke sacco sacchi saco sacos sac sacs zak zakken worek worki säck pytel pytle sæk",
    "CEN": "hundert",
    "MIL": "tsd tausend",
}
_CODES: dict[str, str] = {label_key(word): code for code, words in _WORDS.items() for word in words.split()}
_CODES.update({"m²": "MTK", "m³": "MTQ"})
KNOWN = frozenset(_WORDS) | {"EA", "PCE", "NAR", "XPP", "XBX", "XCT", "CT", "CS", "P1", "MTR", "E48", "ZZ", "LO"}


_LOOK_ALIKES = str.maketrans({"I": "l", "|": "l", "1": "l", "0": "o", "5": "s", "$": "s", "é": "e"})


def misread_unit(text: str) -> str | None:
    """The code of a unit that OCR misread by look-alikes or dirt at its edges: `Itr`, `_Stk`, `m-c<`."""
    bare = text.strip(" .,;:()_<>|'\"`*-~")
    return unit_code(bare) or unit_code(bare.translate(_LOOK_ALIKES))


def unit_code(text: str) -> str | None:
    """The code of a printed unit; None where it is none that we know."""
    printed = text.strip().strip(".,;:()")
    if printed in KNOWN:
        return printed
    if printed == "MT":
        # metric tonnes in capitals; Portuguese and Italian metres in small letters
        return "TNE"
    return _CODES.get(printed.lower()) or _CODES.get(label_key(printed))
