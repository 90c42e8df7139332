"""What the remarks on a line name: numbers of articles, orders and deliveries, days of delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stdnum import ean

from ingest.dates import date_readings
from ingest.document import Word

Noted = tuple[str, Sequence[Word], float]
_GTIN = re.compile(r"\b(?:GTIN|EAN|UPC)\b\D{0,6}(\d{8,14})\b", re.IGNORECASE)
_NO = r"(?:\s*(?:no|nr|n°|nº|num(?:ber|mer|éro|ero)?|numéro|código|kod|č|#)\b\.?)?\s*[:.#]*\s*"
_VALUE = r"([A-Z0-9][A-Z0-9./_-]*\d[A-Z0-9./_-]*)"
_PATTERNS = (
    (
        "delivery_note",
        r"(?:lieferschein|delivery note|despatch note|bon de livraison|albarán|ddt|pakbon|"
        r"guia de remessa|följesedel|følgeseddel|dodací list|wz)",
    ),
    (
        "buyer_sku",
        r"(?:ihre (?:artikel|material)|your (?:item|part|ref|article)|kundenartikel|votre réf(?:érence)?|"
        r"su ref(?:erencia)?|vs\.? (?:rif|cod)|uw (?:ref|artikel)|ert art|jeres vare)\w*\.?-?",
    ),
    (
        "purchase_order",
        r"(?:bestellung|bestell|ihr(?:e)? auftrag|purchase order|your order|po|order|votre commande|"
        r"commande|pedido|su pedido|ordine|bestelling|zamówienie|encomenda|beställning|ordre|"
        r"objednávka)\w*\.?-?",
    ),
    (
        "sku",
        r"(?:art(?:ikel|icle|ículo|icolo|igo)?\.?-?|item|sku|part|product|ref|réf(?:érence)?|cod(?:ice|e)?|"
        r"código|indeks|varenr|kód)",
    ),
)
_COMPILED = tuple((name, re.compile(rf"^\W*{label}{_NO}{_VALUE}", re.IGNORECASE)) for name, label in _PATTERNS)
_ORDER_LINE = re.compile(
    r"\b(?:pos(?:ition)?|line|ligne|línea|linea|riga|regel|zeile|rad|linje)\b\.?\s*[:#]?\s*(\d{1,5})", re.IGNORECASE
)
_DELIVERED = re.compile(
    r"^\W*(?:liefer(?:datum|tag|termin)|geliefert|leistungs(?:datum|tag)|delivered|delivery(?: date)?|"
    r"date de livraison|livré|fecha (?:de )?entrega|data (?:di )?consegna|leverdatum|"
    r"geleverd|data dostawy|data de entrega|"
    r"leverans(?:datum|dag)|leveret|leveringsdato|datum dodání|dodáno)\b",
    re.IGNORECASE,
)

_TOLD = re.compile(
    r"^\W*(?:country of origin|origin|made in|customs|commodity|tariff|hs code|serial|s/n|batch|lot\b|charge[:\s]|"
    r"warranty|"
    r"net weight|weight|delivered|delivery|service period|period|expir|best before|your|our|incl\b|including|"
    r"ursprung|herkunft|zolltarif|warennummer|stat\. waren|serien|chargen?|gewicht|geliefert|lieferung|lieferschein|"
    r"leistungszeitraum|zeitraum|ihre?\b|unsere?\b|inkl|enthält|haltbar|mhd|"
    r"pays d.origine|origine|code (?:nc|douanier|sh)|nomenclature|n° de série|numéro de série|lot n|livr|période|poids|"
    r"país de origen|origen|código arancelario|partida|n\.?º de serie|número de serie|lote|entrega|periodo|peso|"
    r"paese d.origine|origine|codice doganale|matricola|numero di serie|lotto|consegna|periodo|"
    r"land van oorsprong|oorsprong|herkomst|goederencode|gn-code|serienummer|partij|levering|geleverd|periode|gewicht|"
    r"kraj pochodzenia|kod cn|nr seryjny|numer seryjny|partia|(?:nr|numer) (?:partii|serii)|seria|"
    r"dostawa|okres|waga|"
    r"país de origem|origem|código pautal|n\.?º de série|número de série|fornecid|período|"
    r"ursprungsland|ursprung|statistiskt|varukod|tulltaxe|serienr|serienummer|parti|levererat|leverans|vikt|"
    r"oprindelsesland|oprindelse|varekode|toldtarif|leveret|levering|vægt|"
    r"země původu|původ|kód kn|celní|výrobní číslo|sériové|šarže|dodáno|dodávka|období|hmotnost)",
    re.IGNORECASE,
)


def noted(notes: Sequence[Sequence[Word]], description: Sequence[Sequence[Word]]) -> dict[str, Noted]:
    """Cells of the line that its remarks name, with the words and the confidence; a GTIN in the description too."""
    found: dict[str, Noted] = {}
    for words in (*notes, *description):
        match = _GTIN.search(_text(words))
        if match and ean.is_valid(match[1]):
            found.setdefault("gtin", (match[1], words, 0.96))
    for words in notes:
        for name, value, sure in _named(_text(words)):
            found.setdefault(name, (value, words, sure))
    return found


def is_named(words: Sequence[Word]) -> bool:
    """Whether a row of text begins with the name of something that is told of a line besides its description."""
    text = _text(words)
    return bool(_GTIN.search(text) or _TOLD.match(text)) or next(_named(text), None) is not None


def _named(text: str) -> Iterator[tuple[str, str, float]]:
    if _DELIVERED.match(text):
        readings = date_readings(text)
        if readings:
            yield "delivery_date", readings[0].isoformat(), 0.88
            return
    for name, pattern in _COMPILED:
        match = pattern.match(text)
        if match:
            yield name, match[1].rstrip(".,-/"), 0.85
            line = _ORDER_LINE.search(text, match.end(1))
            if name == "purchase_order" and line:
                yield "order_line", line[1], 0.85
            return


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
