"""Synthetic reference records for benchmarks: companies, orders, and names damaged as scans and people damage them."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stdnum.iso7064 import mod_11_10


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\S+", text))


ONSETS = _words("B Br D Dr F Fr G Gr H J K Kl Kr L M N P Pf R S Sch St T Tr V W Z")
VOWELS = _words("a e i o u au ei ie")
MIDDLES = _words("b ck d ff g l ll m n nd ng r rl rt s ss t tt tz z")
ENDS = _words("er mann berg stein hoff el ke ing ow ski sen dal ard et in feld")
TRADES = _words(
    """
    Metallbau Maschinenbau Werkzeugbau Elektrotechnik Logistik Spedition Kunststofftechnik Verpackungen Druckerei
    Anlagenbau Hydraulik Bürobedarf Reinigungstechnik Gebäudedienste Lacke Stahlhandel Schrauben Dichtungen
    Messtechnik Transports Mécanique Emballages Imprimerie Construction Électricité Plastiques Services Consulting
    Software Systems Engineering Packaging Logistics Supplies Industries Components Automation Tools Trading
    Impianti Meccanica Imballaggi Trasporti Forniture Maquinaria Suministros Construcciones Envases Transporte
    Techniek Metaal Verpakking Bouw Installatie Narzędzia Opakowania Maszyny
    """
)
CITIES = _words(
    """
    Kassel Hamburg München Köln Leipzig Rotterdam Utrecht Lyon Lille Nantes Milano Torino Sevilla Bilbao Wien Linz
    Graz Zürich Basel Kraków Poznań Leeds Bristol Odense Malmö Gent Antwerpen Brno
    """
)
ADJECTIVES = _words(
    "Nord Süd Allgemeine Vereinigte Erste Neue Moderne Rheinische Bayerische Nordic Euro Inter Global Prima"
)
FIRST = _words("Hans Peter Karl Maria Anna Jean Pierre Luigi Marco Jan Piet Jose Pablo Erik Lars Ewa Tomasz")
LEGAL = [
    "GmbH",
    "AG",
    "KG",
    "GmbH & Co. KG",
    "e.K.",
    "S.A.",
    "SARL",
    "SAS",
    "Ltd",
    "Limited",
    "S.p.A.",
    "S.r.l.",
    "S.L.",
    "B.V.",
    "N.V.",
    "Sp. z o.o.",
    "A/S",
    "AB",
]
GOODS = _words(
    """
    Schraube Mutter Scheibe Dübel Kabel Stecker Ventil Pumpe Lager Riemen Filter Dichtung Welle Flansch Rohr Blech
    Profil Sensor Schalter Motor
    """
)
MISREAD = (
    ("l", "1"), ("o", "0"), ("i", "l"), ("rn", "m"), ("m", "rn"), ("e", "c"), ("c", "e"), ("ü", "u"), ("B", "8"),
    ("S", "5"), ("a", "o"), ("n", "u"), ("t", "f"), ("h", "b"), ("ö", "o"), ("ä", "a"), ("g", "q"),
)  # fmt: skip

USUAL = frozenset((*TRADES, *CITIES, *FIRST))
"""Words of names that many companies share."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many records of each kind."""

    suppliers: int = 100_000
    customers: int = 20_000
    orders: int = 1_000_000
    documents: int = 200
    names: int = 2_000


SMALL = Scale(2_000, 400, 20_000, 40, 300)


def names(count: int, rng: random.Random) -> list[str]:
    """Names of companies, no two alike without their legal form; surnames and trades come again and again."""
    surnames = list({surname(rng) for _ in range(12_000)})
    surnames.sort()
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"{rng.choice(surnames)} {rng.choice(TRADES)}",
        lambda: f"{rng.choice(surnames)} & {rng.choice(surnames)} {rng.choice(TRADES)}",
        lambda: f"{rng.choice(surnames)} {rng.choice(TRADES)} {rng.choice(CITIES)}",
        lambda: f"{rng.choice(FIRST)} {rng.choice(surnames)} {rng.choice(TRADES)}",
        lambda: f"{rng.choice(ADJECTIVES)}{rng.choice(TRADES).lower()} {rng.choice(surnames)}",
    )
    cores: dict[str, None] = {}
    while len(cores) < count:
        cores[rng.choice(kinds)()] = None
    return [f"{core} {rng.choice(LEGAL)}" for core in cores]


def surname(rng: random.Random) -> str:
    parts = [rng.choice(ONSETS), rng.choice(VOWELS), rng.choice(MIDDLES)]
    if rng.random() < 0.3:
        parts += [rng.choice(VOWELS), rng.choice(MIDDLES)]
    return "".join([*parts, rng.choice(ENDS)])


def damaged(name: str, rng: random.Random) -> str:
    """A name as a bad scan or a careless person has it."""
    core, legal = split_legal(name)
    words = core.split()
    kind = rng.choice(("typo", "ocr", "dropped", "abbreviated", "legal"))
    # nobody leaves out or shortens the one word that tells the company from all others
    usual = [at for at, word in enumerate(words) if word in USUAL or word.startswith(ADJECTIVES)]
    if kind == "dropped" and len(words) >= 3:
        del words[rng.choice(usual)]
    elif kind == "abbreviated":
        at = max(usual, key=lambda at: len(words[at]))
        words[at] = words[at][: rng.randint(4, 6)] + "."
    elif kind == "ocr":
        text = " ".join(words)
        for _ in range(rng.randint(1, 2)):
            wrong, right = rng.choice([pair for pair in MISREAD if pair[0] in text] or [("e", "c")])
            spots = [at for at in range(len(text)) if text.startswith(wrong, at)]
            if spots:
                at = rng.choice(spots)
                text = text[:at] + right + text[at + len(wrong) :]
        words = text.split()
    elif kind == "typo":
        words = typo(" ".join(words), rng).split()
    if kind == "legal" or rng.random() < 0.3:
        legal = rng.choice([*LEGAL, ""])
    return " ".join([*words, legal]).strip()


def typo(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text) - 1)
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def split_legal(name: str) -> tuple[str, str]:
    legal = max((form for form in LEGAL if name.endswith(" " + form)), key=len)
    return name[: -len(legal) - 1], legal


def vat_id(number: int) -> str:
    body = f"{10_000_000 + number}"
    return f"DE{body}{mod_11_10.calc_check_digit(body)}"


def iban(number: int) -> str:
    account = f"50010517{number:010d}"
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def party_rows(kind: str, count: int, rng: random.Random) -> Iterator[dict[str, str]]:
    offset = 0 if kind == "supplier" else 5_000_000
    for number, name in enumerate(names(count, rng)):
        place = {
            "street": f"{rng.choice(CITIES)}er Str. {rng.randint(1, 200)}",
            "postal_code": f"{rng.randint(10000, 99999)}",
            "city": rng.choice(CITIES),
            "country": "DE",
            "currency": "EUR",
        }
        row = {f"{kind}_id": f"{kind[0].upper()}{number:06d}", "name": name, "vat_id": vat_id(offset + number), **place}
        yield row | ({"iban": iban(number)} if kind == "supplier" else {})


def order_rows(numbers: range, scale: Scale, seed: int) -> Iterator[dict[str, str]]:
    rng = random.Random(seed)
    for number in numbers:
        # one supplier in fifty orders is the biggest: it has a fiftieth of all orders
        supplier = 0 if rng.random() < 0.02 else rng.randrange(scale.suppliers)
        head = {
            "po_number": po_number(number),
            "supplier_id": f"S{supplier:06d}",
            "customer_id": f"C{rng.randrange(scale.customers):06d}",
            "order_date": f"2026-{rng.randint(1, 11):02d}-{rng.randint(1, 28):02d}",
            "currency": "EUR",
            "status": "open" if rng.random() < 0.5 else "closed",
        }
        for line in range(1, 4):
            good = rng.randrange(len(GOODS))
            size = rng.randint(1, 400)
            yield head | {
                "line_number": str(line * 10),
                "description": f"{GOODS[good]} {size} mm",
                "quantity": str(rng.randint(1, 500)),
                "unit_price": f"{rng.randint(50, 50_000) / 100:.2f}",
                "sku": f"A-{good}{size:04d}",
                "unit": "H87",
                "tax_rate": "19",
            }


def po_number(number: int) -> str:
    return f"4{500_000_000 + number}" if number % 2 else f"PO-{200_000_000 + number}"


def write(path: Path, rows: Iterator[dict[str, str]]) -> Path:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, first)
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return path
