"""Invented companies: name, address and identifiers as their country has them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from samples.paper import identifiers
from samples.paper.identifiers import digits
from samples.paper.vocabulary import HERE


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as it prints itself."""

    name: str
    brand: str
    street: str
    place: str
    country: str
    country_name: str
    vat: str
    vat_printed: str
    tax_id: str
    registration: str
    phone: str
    fax: str
    email: str
    website: str
    person: str
    iban: str
    bic: str
    bank: str
    account: str
    routing: str
    second_bank: str
    second_iban: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The address below the name."""
        return tuple(part for part in (self.street, self.place, self.country_name) if part)

    @property
    def address(self) -> str:
        """The address in one line."""
        return ", ".join(self.lines)

    @property
    def iban_printed(self) -> str:
        """In groups of four."""
        return " ".join(self.iban[i : i + 4] for i in range(0, len(self.iban), 4))


@cache
def countries() -> dict[str, dict[str, str]]:
    """The table of countries."""
    with (HERE / "countries.toml").open("rb") as file:
        return tomllib.load(file)


def rates(country: str) -> list[str]:
    """Tax rates in per cent, the usual one first."""
    return countries()[country]["rates"].split("|")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return re.sub(r"[^a-z]+", "-", "".join(c for c in folded if not unicodedata.combining(c))).strip("-")


def _phone(pattern: str, area: str, rng: Random) -> str:
    pairs = [f"{rng.randint(10, 99)}" for _ in range(4)]
    return pattern.format(
        a=area,
        b=f"555{digits(rng, 4)}",
        b3=f"{rng.randint(200, 989)} {rng.randint(10, 99)} {rng.randint(10, 99)}",
        n4=digits(rng, 4),
        p4=" ".join(pairs),
        d4=".".join(pairs),
    )


def _registration(pattern: str, country: str, vat: str, city: str, rng: Random) -> str:
    siren = vat[4:] if country == "FR" else ""
    return pattern.format(
        city=city.split(" (")[0].split(" CEDEX")[0],
        city2=city.split(" (")[0],
        prov=city[-3:-1],
        n4=digits(rng, 4), n5=digits(rng, 5), n6=digits(rng, 6), n8=digits(rng, 8),
        n10=f"0000{digits(rng, 6)}",
        siren=f"{siren[:3]} {siren[3:6]} {siren[6:]}",
        siret=identifiers.siret_of(siren, rng) if "{siret}" in pattern else "",
        regon=identifiers.regon_number(rng) if "{regon}" in pattern else "",
        org=f"{vat[2:8]}-{vat[8:12]}",
        ico=vat[2:],
    )  # fmt: skip


def _spaced(vat: str, country: str, rng: Random) -> str:
    """A VAT id as printed: bare, or with the blanks that are usual."""
    if country == "CH":
        return vat + rng.choice((" MWST", " MWST", "", " TVA"))
    if rng.random() < 0.7:
        return vat
    body = vat[2:]
    match country:
        case "DE" | "GB" | "PT" | "FR":
            return f"{vat[:2]} {body[:3]} {body[3:6]} {body[6:]}" if country != "FR" else f"FR {body[:2]} {body[2:]}"
        case "BE":
            return f"BE {body[:4]}.{body[4:7]}.{body[7:]}"
        case "PL":
            return f"{body[:3]}-{body[3:6]}-{body[6:8]}-{body[8:]}"
        case "DK" | "ES" | "IT" | "PT":
            return body
        case _:
            return vat


def invent(country: str, rng: Random, *, abroad: bool = False, name: str = "", form: str = "") -> Firm:
    """A company of a country; `abroad`: its address tells the country."""
    facts = countries()[country]

    def pick(key: str) -> str:
        return rng.choice(facts[key].split("|"))

    stem = name or pick("names")
    code, _, city = _code_and_city(pick("cities"))
    vat = identifiers.vat_id(country, rng)
    iban = identifiers.iban(country, rng)
    pattern, slug = pick("registration"), _plain(stem)
    first, other = (facts["banks"].split("|") * 2)[:2]
    local = country in ("GB", "US")
    sort = iban[8:14]
    return Firm(
        name=f"{stem} {form or pick('forms')}",
        brand=stem.split()[0] if len(stem.split()[0]) > 4 else " ".join(stem.split()[:2]),
        street=pick("streets").format(n=rng.randint(2, 98)),
        place=facts["place"].format(code=code, city=city),
        country=country,
        country_name=facts["name"].split("|")[0] if abroad else "",
        vat=vat,
        vat_printed=_spaced(vat, country, rng) if vat else "",
        tax_id=_tax_id(country, rng),
        registration=_registration(pattern, country, vat, city, rng) if pattern else "",
        phone=_phone(pick("phone"), pick("areas"), rng),
        fax=_phone(facts["phone"].split("|")[0], facts["areas"].split("|")[0], rng),
        email=rng.choice(("info", "office", "billing", "mail")) + f"@{slug}.{facts['domain']}",
        website=rng.choice(("www.", "www.", "", "https://www.")) + f"{slug}.{facts['domain']}",
        person=pick("people"),
        iban=iban,
        bic=identifiers.bic(country, rng) if country != "US" else "",
        bank=first,
        account=(iban[14:] if country == "GB" else digits(rng, 10)) if local else "",
        routing=(f"{sort[:2]}-{sort[2:4]}-{sort[4:]}" if country == "GB" else identifiers.routing(rng))
        if local
        else "",
        second_bank=other,
        second_iban=identifiers.iban(country, rng),
    )


def _tax_id(country: str, rng: Random) -> str:
    if country == "DE":
        return f"{rng.randint(11, 99)}/{rng.randint(100, 899)}/{rng.randint(10000, 99999)}"
    return f"{rng.randint(20, 88)}-{digits(rng, 7)}" if country == "US" else ""


def _code_and_city(entry: str) -> tuple[str, str, str]:
    """The post code is what stands before the town's name: the longest start that holds a digit."""
    if entry[-4:-2] == ", ":  # American: the state stands after the town
        return f"{entry[-2:]} {entry[:5]}", "", entry[6:-4] + ","
    found = re.match(r"((?:\S*\d\S*|[A-Z]{2}) (?:(?:\d[A-Z]{2}|[A-Z]{2}|[A-Z]\d\w\d|X8N6|W3Y2|P2K7|\d{2}) )?)", entry)
    code = found[1].strip() if found else ""
    return code, "", entry[len(code) :].strip()
