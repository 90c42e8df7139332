"""Names of firms, places and articles, composed from parts: no two seeds share them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from samples.paper.firms import countries
from samples.scenarios.wordlists import ATTRIBUTES, NOUNS, SERVICES, STREETS, TRADES

LANGUAGE = {
    "DE": "de", "AT": "de", "CH": "de", "FR": "fr", "BE": "fr", "NL": "nl", "PL": "pl", "IT": "it", "ES": "es",
    "GB": "en", "IE": "en", "DK": "en", "SE": "en", "CZ": "en",
}  # fmt: skip
COUNTRIES = tuple(LANGUAGE)

_ONSETS = re.findall(r"\S+", "B Br D Dr F Fl G Gr H J K Kl Kr L M N P Pr R S St T Tr V W Z")
_VOWELS = re.findall(r"\S+", "a e i o u ei au ie")
_CODAS = re.findall(r"\S+", "l ld lm n nd ng nk r rd rk rm rn s st t tz ck ll mm nn")
_ENDINGS = re.findall(r"\S+", "en er berg mann hoff feld stein ström ski sen ard ini ez aux ova ley ton wick by dal ia")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a firm is."""

    street: str
    postal_code: str
    city: str


@dataclass(frozen=True, slots=True)
class Article:
    """Something that can be ordered: its words are kept apart, so that they can be said otherwise."""

    sku: str
    noun: int
    attribute: int
    size: str
    language: str
    unit: str
    price: Decimal

    def words(self, language: str = "") -> tuple[str, str, str]:
        """Noun, attribute and size, in the article's language or another one."""
        spoken = language or self.language
        return NOUNS[self.noun].words[spoken], ATTRIBUTES[self.attribute][spoken], self.size

    @property
    def description(self) -> str:
        """As it was ordered."""
        return " ".join(part for part in self.words() if part)


def stem(rng: Random) -> str:
    """A name that no real firm has, most likely."""
    first = rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
    middle = (rng.choice(_ONSETS) + rng.choice(_VOWELS)).lower() + rng.choice(("", "", *_CODAS[:8]))
    return str(first + rng.choice(("", middle)) + rng.choice(_ENDINGS))


def trade(country: str, rng: Random) -> str:
    """What a firm does, in the words of its country."""
    return rng.choice(TRADES[LANGUAGE[country]])


def legal_form(country: str, rng: Random) -> str:
    """A legal form of a country."""
    forms = countries()[country]["forms"].split("|")
    return rng.choice(forms)


def place(country: str, rng: Random) -> Place:
    """A street, postal code and town of a country."""
    entry = rng.choice(countries()[country]["cities"].split("|"))
    found = re.match(
        r"(\d{4} [A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3}|\d{4,5}|[A-Z]{1,2}\d+ (?:\d[A-Z]{2}|\w{4}))\s+(.*)", entry
    )
    code, city = (found[1], found[2]) if found else ("", entry)
    # the last digits of the town's code are drawn, so that firms of one town do not share it
    code = re.sub(r"\d\d$", lambda _: f"{rng.randint(10, 99)}", code) if code[-2:].isdigit() else code
    pattern = STREETS[LANGUAGE[country]]
    return Place(pattern.format(s=stem(rng), n=rng.randint(2, 148)), code, city.split(" (")[0].split(" CEDEX")[0])


def article(language: str, serial: int, rng: Random) -> Article:
    """An article of a seller who speaks a language; `serial` makes its number unique."""
    noun = rng.randrange(len(NOUNS))
    kind = NOUNS[noun]
    a, b = rng.choice((4, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 63, 80)), rng.randint(2, 95) * 10
    size = kind.size.format(a=a, b=b, c=rng.randint(1, 9), d=rng.randint(100, 999))
    letters = "".join(rng.choice("ABCDEFGHKLMNPRTUVWX") for _ in range(2))
    sku = rng.choice(("{l}-{n}", "{l}{n}", "{n}-{a:03d}", "{l}.{n}.{a:02d}")).format(l=letters, n=1000 + serial, a=a)
    low, high = (Decimal(text) for text in kind.prices)
    price = (low + (high - low) * Decimal(rng.randint(0, 1000)) / 1000).quantize(Decimal("0.01"))
    return Article(sku, noun, rng.randrange(len(ATTRIBUTES)), size, language, kind.unit, price)


def service(country: str, rng: Random) -> str:
    """What is bought without an order."""
    return rng.choice(SERVICES[LANGUAGE[country]])
