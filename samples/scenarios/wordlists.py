"""Word lists of articles, trades, services and streets in seven languages."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("de", "en", "fr", "nl", "pl", "it", "es")


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of article: its name in each language, how it is measured and what it costs."""

    words: dict[str, str]
    unit: str
    prices: tuple[str, str]
    size: str


def _nouns() -> tuple[Noun, ...]:
    with (Path(__file__).parent / "articles.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Noun({code: row[code] for code in LANGUAGES}, row["unit"], (row["low"], row["high"]), row["size"])
            for row in csv.DictReader(file)
        )


NOUNS: tuple[Noun, ...] = _nouns()

_ATTRIBUTE_ROWS = """
verzinkt|galvanised|galvanisé|verzinkt|ocynkowany|zincato|galvanizado
Edelstahl|stainless|inox|roestvast|nierdzewny|inossidabile|inoxidable
schwarz|black|noir|zwart|czarny|nero|negro
blau|blue|bleu|blauw|niebieski|blu|azul
grau|grey|gris|grijs|szary|grigio|gris
verstärkt|reinforced|renforcé|versterkt|wzmocniony|rinforzato|reforzado
lackiert|painted|laqué|gelakt|lakierowany|verniciato|lacado
schwer|heavy duty|lourd|zwaar|ciężki|pesante|pesado
wasserdicht|waterproof|étanche|waterdicht|wodoszczelny|impermeabile|impermeable
hitzebeständig|heat resistant|thermorésistant|hittebestendig|żaroodporny|termoresistente|termorresistente
"""
ATTRIBUTES: tuple[dict[str, str], ...] = tuple(
    dict(zip(LANGUAGES, row.split("|"), strict=True)) for row in _ATTRIBUTE_ROWS.strip().splitlines()
)

TRADES: dict[str, tuple[str, ...]] = {
    "de": ("Werkzeuge", "Antriebstechnik", "Metallbau", "Elektro", "Befestigungstechnik", "Industriebedarf",
           "Kunststoffe", "Pumpen", "Verpackungen", "Drucklufttechnik"),
    "en": ("Fasteners", "Engineering", "Tools", "Controls", "Industrial Supplies", "Bearings", "Plastics", "Pumps",
           "Packaging", "Instruments"),
    "fr": ("Outillage", "Fixations", "Électricité", "Métallerie", "Fournitures", "Emballages", "Pompes", "Plastiques"),
    "nl": ("Gereedschap", "Techniek", "Bevestiging", "Kunststoffen", "Pompen", "Elektro", "Metaal", "Handel"),
    "pl": ("Narzędzia", "Technika", "Elektro", "Metal", "Opakowania", "Pompy", "Tworzywa", "Handel"),
    "it": ("Utensili", "Meccanica", "Forniture", "Elettrica", "Imballi", "Pompe", "Plastica", "Metalli"),
    "es": ("Herramientas", "Mecánica", "Suministros", "Eléctrica", "Embalajes", "Bombas", "Plásticos", "Metales"),
}  # fmt: skip

SERVICES: dict[str, tuple[str, ...]] = {
    "de": ("Büroreinigung", "Wartung der Aufzüge", "Bewachung", "Telefonanlage, Miete", "Grünpflege"),
    "en": ("Office cleaning", "Lift maintenance", "Site security", "Telephone system rental", "Grounds care"),
    "fr": ("Nettoyage des bureaux", "Entretien des ascenseurs", "Gardiennage", "Location du standard"),
    "nl": ("Schoonmaak kantoor", "Onderhoud liften", "Bewaking", "Huur telefooncentrale"),
    "pl": ("Sprzątanie biura", "Konserwacja wind", "Ochrona obiektu", "Najem centrali"),
    "it": ("Pulizia uffici", "Manutenzione ascensori", "Vigilanza", "Noleggio centralino"),
    "es": ("Limpieza de oficinas", "Mantenimiento de ascensores", "Vigilancia", "Alquiler de centralita"),
}

STREETS: dict[str, str] = {
    "de": "{s}straße {n}", "en": "{n} {s} Road", "fr": "{n} rue {s}", "nl": "{s}weg {n}", "pl": "ul. {s} {n}",
    "it": "Via {s} {n}", "es": "Calle {s} {n}",
}  # fmt: skip

BRANDS = ("Norvex", "Tarkon", "Helmix", "Brevo", "Quantra", "Solvik", "Duramil", "Ferrona")

FREIGHT: dict[str, str] = {
    "de": "Fracht", "en": "Freight", "fr": "Frais de port", "nl": "Verzendkosten", "pl": "Koszty transportu",
    "it": "Spese di trasporto", "es": "Gastos de envío",
}  # fmt: skip
PACKING: dict[str, str] = {
    "de": "Verpackung", "en": "Packing", "fr": "Emballage", "nl": "Verpakking", "pl": "Opakowanie",
    "it": "Imballaggio", "es": "Embalaje",
}  # fmt: skip
