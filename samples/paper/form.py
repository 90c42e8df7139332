"""How a document writes numbers, amounts of money, dates and per cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from babel.dates import format_date

from samples.model import money
from samples.paper.vocabulary import tables

SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "PLN": "zł", "SEK": "kr", "DKK": "kr", "CZK": "Kč"}
COUNTRY_LOCALES = {"US": "en_US", "GB": "en_GB", "IE": "en_GB", "AT": "de_AT", "CH": "de_CH"}


@dataclass(frozen=True, slots=True)
class Form:
    """The notation of one document."""

    locale: str
    group: str
    point: str
    pattern: str
    currency: str
    mark: str
    """The currency as it stands beside amounts: sign or code; empty where amounts stand bare."""
    before: bool
    glued: bool

    def number(self, value: Decimal, places: int = 2) -> str:
        """A number with so many decimals."""
        whole, _, rest = f"{abs(value):,.{places}f}".partition(".")
        text = whole.replace(",", self.group) + (self.point + rest if rest else "")
        return f"-{text}" if value < 0 else text

    def price(self, value: Decimal) -> str:
        """A price with all its decimals, at least two."""
        exponent = value.normalize().as_tuple().exponent
        return self.number(value, max(2, -exponent if isinstance(exponent, int) else 2))

    def quantity(self, value: Decimal) -> str:
        """A quantity with no more decimals than it has."""
        exponent = value.normalize().as_tuple().exponent
        return self.number(value, max(0, -exponent if isinstance(exponent, int) else 0))

    def money(self, value: Decimal) -> str:
        """An amount with its currency."""
        text, space = self.number(money(value)), "" if self.glued else " "
        if not self.mark:
            return text
        return f"{self.mark}{space}{text}" if self.before else f"{text}{space}{self.mark}"

    def percent(self, value: Decimal) -> str:
        """A rate without needless noughts; the sign stands in the caption or is added there."""
        return self.quantity(value)

    def day(self, value: date) -> str:
        """A date."""
        return str(format_date(value, self.pattern, locale=self.locale)).replace("\u202f", " ")


def notation(language: str, country: str, currency: str, rng: Random) -> Form:
    """Pick a notation that is used where this language is written."""
    form = tables(language)["form"]
    style, patterns = rng.choice(form["numbers"].split("|")), form["dates"]
    if country == "US":
        patterns = form["american_dates"]
    if country == "CH":
        style = rng.choice(("'.", "'.", " ."))
    group, point = (" " if style == "~," else style[0]), style[1]
    if rng.random() < 0.12:
        group = ""
    mark = rng.choice((SIGNS[currency], currency, SIGNS[currency], ""))
    before = country in ("US", "GB", "IE", "NL") or mark in ("CHF",) or rng.random() < 0.15
    glued = mark in ("$", "£", "€") and (before or rng.random() < 0.15)
    locale = COUNTRY_LOCALES.get(country, language) if language in ("en", "de") else language
    return Form(locale, group, point, rng.choice(patterns.split("|")), currency, mark, before, glued)
