"""Printed units of measure to UN/ECE Recommendation 20 codes."""

from __future__ import annotations

from ingest.labels import label_key

_WORDS: dict[str, str] = {
    "H87": "stk stck stück stueck st pcs pc piece pieces pce each ea pz pezzi pezzo pièce pièces pces szt sztuk uds ud "
    "un unid stuk stuks ks kus stykker styck stycken unidad unidades nr unité unités peça peças stück/e stücke eaches",
    "C62": "unit units one einheit einheiten eenheid",
    "HUR": "h hr hrs hour hours std stunde stunden heure heures uur uren hora horas ore ora godz timme timmar tim "
    "time timer hod",
    "DAY": "day days tag tage jour jours dag dagen día días giorno giorni dni dzień dias dage dagar",
    "MON": "month months monat monate mois maand maanden mes meses mese mesi mth mths msc månad måned mån",
    "ANN": "year years jahr jahre an ans année jaar año años anno",
    "WEE": "week weeks woche wochen semaine semaines",
    "MIN": "min minute minutes minuten",
    "KGM": "kg kgs kilo kilogram kilogramm",
    "GRM": "g gr gram gramm grams",
    "TNE": "t to tonne tonnen tonnes mt",
    "LTR": "l ltr liter litre litres litro litros",
    "MTR": "m meter metre metres mtr lfm lm metri metros",
    "MTK": "m2 m² qm sqm",
    "MTQ": "m3 m³ cbm",
    "CMT": "cm",
    "MMT": "mm",
    "KMT": "km",
    "KWH": "kwh",
    "SET": "set sets satz",
    "PR": "pair pairs paar paire paires",
    "BX": "box boxes karton kartons ctn carton cartons krt bx",
    "PK": "pack packs pkt paket packung packungen pck package packages pak colis paq",
    "PF": "palette paletten pallet pallets",
    "RO": "rolle rollen roll rolls",
    "LS": "pauschal pauschale psch ls forfait lumpsum lump",
    "DZN": "dozen dz doz dutzend",
    "BO": "flasche flaschen bottle bottles btl",
    "SA": "sack säcke",
    "CEN": "hundert",
    "MIL": "tsd tausend",
}
_CODES: dict[str, str] = {label_key(word): code for code, words in _WORDS.items() for word in words.split()}
_CODES.update({"m²": "MTK", "m³": "MTQ"})
KNOWN = frozenset(_WORDS) | {"EA", "PCE", "NAR", "XPP", "XBX", "XCT", "CT", "CS", "P1", "MTR", "E48", "ZZ", "LO"}


def unit_code(text: str) -> str | None:
    """The code of a printed unit; None where it is none that we know."""
    printed = text.strip().strip(".,;:()")
    if printed in KNOWN:
        return printed
    return _CODES.get(printed.lower()) or _CODES.get(label_key(printed))
