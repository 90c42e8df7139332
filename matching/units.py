"""Units of measure: UN/ECE Recommendation 20 codes and printed words, their dimension and factor."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from matching.normalise import plain


class Unit(NamedTuple):
    """A unit as a multiple of its dimension's base unit."""

    dimension: str
    factor: Decimal


_TABLE: dict[str, dict[str, str]] = {
    # every code for a piece is one; packs of a fixed count are multiples of it
    "count": {
        **dict.fromkeys(["H87", "C62", "EA", "PCE", "NAR", "PCS", "XPP", "PP", "ST"], "1"),
        "PR": "2",
        "DZN": "12",
        "DPC": "12",
        "CEN": "100",
        "HC": "100",
        "GRO": "144",
        "MIL": "1000",
        "T3": "1000",
    },
    "mass": {
        "KGM": "1",
        "GRM": "0.001",
        "MGM": "0.000001",
        "HGM": "0.1",
        "DTN": "100",
        "TNE": "1000",
        "KTN": "1000000",
        "LBR": "0.45359237",
        "ONZ": "0.028349523125",
        "STN": "907.18474",
        "LTN": "1016.0469088",
    },
    "length": {
        "MTR": "1",
        "MMT": "0.001",
        "CMT": "0.01",
        "DMT": "0.1",
        "KMT": "1000",
        "HMT": "100",
        "INH": "0.0254",
        "FOT": "0.3048",
        "YRD": "0.9144",
        "SMI": "1609.344",
    },
    "area": {
        "MTK": "1",
        "MMK": "0.000001",
        "CMK": "0.0001",
        "DMK": "0.01",
        "KMK": "1000000",
        "HAR": "10000",
        "ARE": "100",
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
        "FTQ": "28.316846592",
    },
    "time": {"SEC": "1", "MIN": "60", "HUR": "3600", "DAY": "86400", "WEE": "604800"},
    # a month has no fixed number of days
    "months": {"MON": "1", "QAN": "3", "SAN": "6", "ANN": "12"},
    "energy": {"KWH": "1", "WHR": "0.001", "MWH": "1000", "GWH": "1000000"},
    "box": dict.fromkeys(["BX", "XBX", "CT", "XCT", "CS", "XCS"], "1"),
}

UNITS: dict[str, Unit] = {
    code: Unit(dimension, Decimal(factor)) for dimension, codes in _TABLE.items() for code, factor in codes.items()
}

_WORDS: dict[str, str] = {
    word: code
    for code, words in {
        "H87": "stk stck stuck stueck st pc pcs pce piece pieces ea each unit units einheit szt sztuk sztuka ks pieza "
        "piezas ud uds pezzo pezzi pz stuks styk stycken kpl item",
        "PR": "paar pair pairs paire par",
        "DZN": "dtzd dutzend dozen douzaine",
        "KGM": "kg kilo kilogramm kilogram",
        "GRM": "g gr gramm gram",
        "TNE": "t to tonne tonnen ton tons",
        "MTR": "m lfm lfdm meter metre metres mtr mb",
        "CMT": "cm",
        "MMT": "mm",
        "KMT": "km",
        "MTK": "m2 qm sqm",
        "MTQ": "m3 cbm",
        "LTR": "l ltr liter litre litres litr",
        "MLT": "ml",
        "HUR": "h std stunde stunden hour hours hr hrs heure heures godz uur ora ore hora horas",
        "MIN": "min minute minuten minutes",
        "DAY": "tag tage day days jour jours dzien dni dag dagen giorno giorni dia dias",
        "WEE": "woche wochen week weeks",
        "MON": "monat monate mon month months mois miesiac maand mese mes",
        "ANN": "jahr jahre year years an ans rok jaar anno ano",
        "KWH": "kwh",
        "BX": "karton kartons box boxes carton cartons ktn kiste",
    }.items()
    for word in words.split()
}


def unit(text: str) -> Unit | None:
    """The unit of a Rec 20 code or a printed word; None where it is not known."""
    code = text.strip().upper()
    found = UNITS.get(code) if code != "ST" else UNITS["H87"]
    if found is not None:
        return found
    word = re.sub(r"[^a-z0-9]", "", plain(text).replace("²", "2").replace("³", "3"))
    return UNITS.get(_WORDS.get(word, ""))


def factor(one: str | None, other: str | None) -> Decimal | None:
    """How many of `other` one of `one` is; None when they cannot be converted.

    A unit that is not stated is taken for the other one's: nothing then contradicts.
    """
    if not one or not other or plain(one).strip(" .") == plain(other).strip(" ."):
        return Decimal(1)
    left, right = unit(one), unit(other)
    if left is None or right is None or left.dimension != right.dimension:
        return None
    return left.factor / right.factor
