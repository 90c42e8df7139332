"""Units of measure: UN/ECE Recommendation 20 codes and printed words, their dimension and factor."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.units import unit_code
from matching.normalise import plain


class Unit(NamedTuple):
    """A unit as a multiple of its dimension's base unit."""

    dimension: str
    factor: Decimal


_TABLE: dict[str, dict[str, str]] = {
    # every code for a piece is one; packs of a fixed count are multiples of it
    "count": {
        **dict.fromkeys(["H87", "C62", "EA", "PCE", "NAR", "PCS", "XPP", "PP", "ST", "NMB"], "1"),
        "PR": "2",
        "NPR": "2",
        "TPR": "20",
        "P3": "3",
        "P4": "4",
        "P5": "5",
        "P6": "6",
        "P8": "8",
        "DZN": "12",
        "DPC": "12",
        "TP": "10",
        "SCO": "20",
        "CEN": "100",
        "HC": "100",
        "CNP": "100",
        "GRO": "144",
        "GGR": "1728",
        "MIL": "1000",
        "T3": "1000",
        "MIO": "1000000",
    },
    "mass": {
        "KGM": "1",
        "GRM": "0.001",
        "MGM": "0.000001",
        "HGM": "0.1",
        "DTN": "100",
        "TNE": "1000",
        "LBR": "0.45359237",
        "ONZ": "0.028349523125",
        "APZ": "0.0311034768",
        "STI": "6.35029318",
        "CWA": "45.359237",
        "CWI": "50.80234544",
        "STN": "907.18474",
        "LTN": "1016.0469088",
        "CTM": "0.0002",
    },
    "length": {
        "MTR": "1",
        "MMT": "0.001",
        "CMT": "0.01",
        "DMT": "0.1",
        "KMT": "1000",
        "HMT": "100",
        "DAM": "10",
        "4H": "0.000001",
        "LM": "1",
        "INH": "0.0254",
        "FOT": "0.3048",
        "LF": "0.3048",
        "YRD": "0.9144",
        "SMI": "1609.344",
        "NMI": "1852",
    },
    "area": {
        "MTK": "1",
        "MMK": "0.000001",
        "CMK": "0.0001",
        "DMK": "0.01",
        "KMK": "1000000",
        "HAR": "10000",
        "ARE": "100",
        "ACR": "4046.8564224",
        "FTK": "0.09290304",
        "INK": "0.00064516",
        "YDK": "0.83612736",
    },
    "volume": {
        "LTR": "1",
        "MLT": "0.001",
        "CLT": "0.01",
        "DLT": "0.1",
        "HLT": "100",
        "MTQ": "1000",
        "DMQ": "1",
        "CMQ": "0.001",
        "MMQ": "0.000001",
        "GLL": "3.785411784",
        "GLI": "4.54609",
        "PTI": "0.56826125",
        "QT": "0.946352946",
        "OZA": "0.0295735295625",
        "FTQ": "28.316846592",
        "YDQ": "764.554857984",
        "INQ": "0.016387064",
        "BLL": "158.987294928",
    },
    "time": {"SEC": "1", "MIN": "60", "HUR": "3600", "DAY": "86400", "WEE": "604800"},
    # how many hours a working day has is for the contract to say
    "working days": {"E49": "1"},
    # a month has no fixed number of days
    "months": {"MON": "1", "QAN": "3", "SAN": "6", "ANN": "12"},
    "energy": {"KWH": "1", "WHR": "0.001", "MWH": "1000", "GWH": "1000000"},
    "power": {"WTT": "0.001", "KWT": "1", "MAW": "1000"},
    "freight": {"TKM": "1"},
    "data": {"2P": "1", "4L": "1000", "E34": "1000000", "E35": "1000000000"},
    # what holds an unknown number of pieces; one kind of it is no other kind
    "box": dict.fromkeys(["BX", "XBX", "CT", "XCT", "CS", "XCS", "KTN"], "1"),
    "pack": dict.fromkeys(["PK", "XPK", "PA", "XPA"], "1"),
    "pallet": dict.fromkeys(["PF", "XPX", "PX", "XPF"], "1"),
    "roll": dict.fromkeys(["RO", "XRO", "RL", "XRL"], "1"),
    "bag": dict.fromkeys(["BG", "XBG", "SA", "XSA"], "1"),
    "bottle": dict.fromkeys(["BO", "XBO", "2W"], "1"),
    "can": dict.fromkeys(["CA", "XCA", "CX", "XCX", "TN", "XTN"], "1"),
    "canister": dict.fromkeys(["CI", "XCI", "JR", "XJR", "JY", "XJY"], "1"),
    "drum": dict.fromkeys(["DR", "XDR", "BA", "XBA"], "1"),
    "tube": dict.fromkeys(["TU", "XTU"], "1"),
    "bucket": dict.fromkeys(["BJ", "XBJ"], "1"),
    "bundle": dict.fromkeys(["BE", "XBE", "BH", "XBH"], "1"),
    "crate": dict.fromkeys(["CR", "XCR"], "1"),
    "sheet": dict.fromkeys(["XST", "LEF"], "1"),
    "ream": {"RM": "1"},
    "set": dict.fromkeys(["SET", "KT", "SX", "XSX"], "1"),
    "lump sum": dict.fromkeys(["LS", "E48", "ACT", "E51", "JOB"], "1"),
    "person": dict.fromkeys(["IE", "NUP"], "1"),
    "per cent": {"P1": "1"},
}

UNITS: dict[str, Unit] = {
    code: Unit(dimension, Decimal(factor)) for dimension, codes in _TABLE.items() for code, factor in codes.items()
}

_WORDS: dict[str, str] = {
    word: code
    for code, words in {
        "H87": "stk stck stuck stueck stuecke st pc pcs pce pces piece pieces piezas ea each unit units unite "
        "unites einheit einheiten szt sztuk sztuka sztuki ks kus kusy kusu pieza ud uds udes unidad "
        "unidades un und unid pezzo pezzi pz pza pzas stuks stuk styk stykker stycken stycke kpl item "
        "items no nr nos peca pecas unita kos db kappale",
        "PR": "paar pair pairs pr paire paires par pary para paia pares",
        "DZN": "dtzd dz dutzend dozen doz douzaine docena dozzina dozijn tuzin duzia dussin dusin tucet",
        "CEN": "hundert hundred hdt",
        "MIL": "tsd tausend thousand tys mille tst",
        "KGM": "kg kgs kilo kilos kilogramm kilogram kilograms kilogramme kilogrammes chilogrammo chilogrammi "
        "kilogramo",
        "GRM": "g gr gramm gram grams gramme grammes grammo grammi gramos",
        "TNE": "t to tonne tonnes tonnen ton tons tonnellata tonnellate tonelada toneladas tona tony tuna tun mt",
        "DTN": "dt quintal",
        "LBR": "lb lbs pound pounds",
        "ONZ": "oz",
        "MTR": "m lfm lfdm lm lfdmeter laufmeter meter metre metres meters mtr mb metro metri metros metr metru metry",
        "CMT": "cm centimeter centimetre",
        "MMT": "mm millimeter",
        "KMT": "km kilometer kilometre kilometres",
        "MTK": "m2 qm sqm quadratmeter mq kvm",
        "MTQ": "m3 cbm kubikmeter mc fm",
        "LTR": "l lt ltr liter litre litres liters litr litru litry litro litros litri lit",
        "MLT": "ml milliliter",
        "HLT": "hl hektoliter",
        "HUR": "h hs std stunde stunden hour hours hr hrs heure heures godz godzina godziny uur uren ora ore "
        "hora horas time timer timmar timme tim hod hodin hodina hodiny",
        "MIN": "min minute minuten minutes mins minuto minuti",
        "DAY": "tag tage day days jour jours dzien dni dag dagen dagar dage giorno giorni dia dias den dnu tg",
        "E49": "pt personentag personentage manntag manntage arbeitstag arbeitstage workday workdays manday mandays",
        "WEE": "woche wochen week weeks semaine semaines settimana settimane semana semanas weken tydzien "
        "tygodni vecka veckor uge uger tyden tydnu",
        "MON": "monat monate mon month months mois miesiac miesiace miesiecy maand maanden mese mesi mes meses "
        "manad manader maned maneder mesic mesicu mth mths",
        "QAN": "quartal quartale quarter quarters trimestre kwartal kwartaal",
        "ANN": "jahr jahre year years an ans annee annees rok lat jaar jaren anno anni ano anos aar roku",
        "KWH": "kwh",
        "MWH": "mwh",
        "KWT": "kw kwp",
        "TKM": "tkm",
        "2P": "kb",
        "E34": "gb",
        "E35": "tb",
        "BX": "karton kartons kart krt box boxes carton cartons ctn ctns ktn kiste kisten schachtel schachteln "
        "cartone cartoni scatola scatole caja cajas doos pudelko pudelka kartonow caixa caixas kartong "
        "aske krabice krabic case cases caisse boite boites",
        "PK": "packung packungen pack packs pck pkg pkt paket pakete packet packets package packages paquet "
        "paquets pacco pacchi confezione confezioni conf paquete paquetes pak pakken opakowanie opakowan "
        "opak paczka pacote pacotes forpackning pakke baleni bal ve vpe gebinde gebind",
        "PF": "palette paletten pallet pallets pal plt palettes paleta palet paletta pallar paller palety paleten",
        "RO": "rolle rollen rl rll roll rolls rouleau rouleaux rotolo rotoli rollo rollos rol rolka rolki "
        "rullar rulle ruller role rolo rolos",
        "BG": "sack saecke beutel bag bags sac sacs sacchetto sacco sacchi saco sacos bolsa bolsas zak zakken "
        "worek worki pase sackar saek poser pytel pytlu tuete tueten",
        "BO": "flasche flaschen fl bottle bottles btl bouteille bouteilles bottiglia bottiglie botella "
        "botellas fles flessen butelka butelki garrafa garrafas flaska flaskor flasker lahev lahvi",
        "CA": "dose dosen can cans tin tins lattina lattine latas blik blikken puszka puszki burk burkar "
        "daase plechovka",
        "CI": "kanister kanne kannen canister canisters jerrycan jerrican bidon bidons tanica taniche kan kanystr dunk",
        "DR": "fass faesser drum drums barrel fut futs fusto fusti vat vaten beczka beczki tambor fat fade sud",
        "TU": "tube tuben tubes tubetto tubo tubka tuba",
        "BJ": "eimer bucket buckets pail seau seaux secchio secchi cubo emmer emmers wiadro balde hink spand kbelik",
        "BE": "bund bunde buendel bundle bundles bd fascio bos wiazka paczek molho bunt svazek",
        "XST": "bogen blatt tafel tafeln sheet sheets feuille feuilles foglio fogli hoja hojas vel vellen "
        "arkusz folha ark",
        "RM": "ries ream reams rame ramette risma resma riem ryza",
        "SET": "satz saetze set sets kit kits garnitur jeu jeux serie juego juegos zestaw komplet conjunto sats "
        "saet sada stel",
        "LS": "pauschal pauschale psch pausch pauschalbetrag lump lumpsum flat forfait forfettario global "
        "alzado ryczalt klump pausal",
        "IE": "person personen persons pers personne personnes persona persone personas personer osoba osob",
    }.items()
    for word in words.split()
}


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit | None:
    """The unit of a Rec 20 code or a printed word; None where it is not known."""
    code = text.strip().upper()
    found = UNITS.get(code)
    if found is not None:
        return found
    word = re.sub(r"[^a-z0-9]", "", plain(text).replace("²", "2").replace("³", "3"))
    return UNITS.get(_WORDS.get(word, "") or unit_code(text) or "")


_EITHER = {
    "u": ("H87", "HUR"),
    "t": ("TNE", "HUR"),
    "mt": ("TNE", "MTR"),
    "d": ("DAY", "DZN"),
    "kpl": ("H87", "SET"),
    "dozen": ("DZN", "BX"),
    "fm": ("MTQ", "MTR"),
}
"""Words that mean one thing in one language and another in the next: `u` is a French piece and a Dutch hour."""


def _readings(text: str) -> tuple[Unit, ...]:
    codes = _EITHER.get(plain(text).strip(" ."))
    if codes:
        return tuple(UNITS[code] for code in codes)
    found = unit(text)
    return (found,) if found else ()


@lru_cache(maxsize=16384)
def factor(one: str | None, other: str | None) -> Decimal | None:
    """How many of `other` one of `one` is; None when they cannot be converted.

    A unit that is not stated is taken for the other one's: nothing then contradicts.
    """
    if not one or not other or plain(one).strip(" .") == plain(other).strip(" ."):
        return Decimal(1)
    pairs = ((left, right) for left in _readings(one) for right in _readings(other))
    return next((left.factor / right.factor for left, right in pairs if left.dimension == right.dimension), None)


def implied_factor(
    quantity: Decimal, price: Decimal, ordered_quantity: Decimal, ordered_price: Decimal
) -> Decimal | None:
    """How many of the order's units one of the invoice's would be, where quantity and price both say so.

    A proposal for a person. `ordered_quantity` is the most that may be billed: a part of it is enough.
    """
    if quantity <= 0 or price <= 0 or ordered_price <= 0:
        return None
    ratio = price / ordered_price
    whole = round(ratio if ratio >= 1 else 1 / ratio)
    many = Decimal(whole) if ratio >= 1 else 1 / Decimal(whole)
    if whole < 2 or abs(price - many * ordered_price) > Decimal("0.01"):
        return None
    return many if quantity * many <= ordered_quantity else None


_SIZE = re.compile(
    r"(?:\b(?:a|a'|zu|je|of|de|da|di|van|po|om|per|x|ve|vpe|=|:)|[x=:@/])\s*(\d{1,5})\b|\b(\d{1,5})\s?er\b"
)


def pack_size(*texts: str | None) -> Decimal | None:
    """How many pieces a pack is said to hold in words such as `Karton à 100`, `100er Pack`, `VE 50`; a proposal too."""
    for text in texts:
        found = _SIZE.search(plain(text or ""))
        if found and (size := int(found.group(1) or found.group(2))) > 1:
            return Decimal(size)
    return None
