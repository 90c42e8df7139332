"""The words by which documents name what they say: one TOML file a language, read once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES: tuple[str, ...] = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pl",
    "pt",
    "sv",
    "da",
    "cs",
    "no",
    "fi",
    "hu",
    "ro",
    "ms",
)

_LOOK_ALIKE = str.maketrans({"l": "i", "1": "i", "j": "i", "0": "o", "5": "s", "8": "b", "c": "e"})
"""Letters and digits that OCR takes for one another."""
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "°": "o", "#": "no", "№": "no"})
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label may stand for."""

    name: str
    """A field of the contract, or a family such as `period`, `vat_id`, `seller`; `other` for what is none of ours."""
    weight: float
    """How surely: 1 for a label of its own, less for a word that can mean much ("total", "date")."""
    language: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Words of payment terms and of corrections, in all languages."""

    days: frozenset[str]
    net: frozenset[str]
    discount: frozenset[str]
    immediate: tuple[str, ...]
    collected: tuple[str, ...]
    """Parts of words that say that the amount is taken from the buyer's account."""
    buyers_account: tuple[str, ...]
    """Phrases for the account that is paid from: `from your account`."""
    self_billed: tuple[str, ...]
    """Phrases by which a document says that the buyer made it out: `self-billing`, `Gutschriftsverfahren`."""
    corrects: frozenset[str]
    """Keys of titles that leave open whether the document bills or gives back: `Rechnungskorrektur`."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """Words about pages, in all languages."""

    page: frozenset[str]
    """Keys of the words before a page's number: `Page`, `Seite`."""
    of: frozenset[str]
    """Keys of the words between a page's number and the count of pages: `of`, `von`."""
    conditions: frozenset[str]
    """Keys of headings over conditions of sale and their like."""
    attachment: frozenset[str]
    """Keys of headings over what is enclosed with an invoice: `Timesheet`, `Stundenzettel`."""


@lru_cache(maxsize=20_000)
def label_key(text: str) -> str:
    """Letters and digits without case and accents: spacing, hyphens and dots in labels say nothing."""
    if text.isascii():
        return _NOT_ALNUM.sub("", text.lower().replace("#", "no"))
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _NOT_ALNUM.sub("", plain)


@cache
def _file(language: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


@cache
def field_labels() -> dict[str, tuple[Meaning, ...]]:
    """Label key to what it may mean, over all languages; `other` keeps a word from being taken for a field."""
    found: dict[str, dict[tuple[str, str], Meaning]] = {}
    for language in LANGUAGES:
        data = _file(language)
        sections = [(data["fields"], 1.0), (data["weak"], 0.5), ({"other": data["other"]["labels"]}, 1.0)]
        for section, weight in sections:
            for name, labels in section.items():
                for key in _keys(labels, data["number_words"]):
                    found.setdefault(key, {}).setdefault((name, language), Meaning(name, weight, language))
    return {key: tuple(meanings.values()) for key, meanings in found.items()}


@cache
def _nearly() -> dict[str, set[str]]:
    """Labels of five letters and more by what is left of them when one letter is taken out."""
    found: dict[str, set[str]] = {}
    for key in field_labels():
        if 5 <= len(key) <= 24 and key.isalpha():
            for part in _without_one(key):
                found.setdefault(part, set()).add(key)
    return found


def _without_one(key: str) -> set[str]:
    return {key, *(key[:index] + key[index + 1 :] for index in range(len(key)))}


@cache
def nearly_known(key: str) -> tuple[Meaning, ...]:
    """What a misread label may mean: the one label that differs in a single letter ("Tota1", "lnvoice")."""
    if not 5 <= len(key) <= 24:
        return ()
    hits = {label for part in _without_one(key) for label in _nearly().get(part, ()) if abs(len(label) - len(key)) <= 1}
    meanings = [meaning for label in hits for meaning in field_labels()[label]]
    if len({meaning.name for meaning in meanings}) != 1:
        return ()
    return tuple(Meaning(meaning.name, 0.85 * meaning.weight, meaning.language) for meaning in meanings)


@cache
def column_labels() -> dict[str, tuple[Meaning, ...]]:
    """Label key to the columns of a line item table that it may head."""
    return _plain_table("columns")


@cache
def _folded_columns() -> dict[str, tuple[Meaning, ...]]:
    """The same by keys whose look-alike letters are one; none that so would mean two things."""
    found: dict[str, list[Meaning]] = {}
    for key, meanings in column_labels().items():
        found.setdefault(_folded(key), []).extend(meanings)
    return {key: tuple(many) for key, many in found.items() if len({one.name for one in many}) == 1}


def _folded(key: str) -> str:
    return key.replace("rn", "m").translate(_LOOK_ALIKE)


def misread_column(key: str) -> tuple[Meaning, ...]:
    """What a column's label may mean in which OCR took letters for look-alike ones: "llość", "Arnount"."""
    return _folded_columns().get(_folded(key), ()) if len(key) >= 4 else ()


@cache
def type_labels() -> dict[str, tuple[Meaning, ...]]:
    """Label key to the document types that it may announce."""
    return _plain_table("types")


def _plain_table(section: str) -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, dict[tuple[str, str], Meaning]] = {}
    for language in LANGUAGES:
        for name, labels in _file(language)[section].items():
            for key in _keys(labels, ("",)):
                found.setdefault(key, {}).setdefault((name, language), Meaning(name, 1.0, language))
    return {key: tuple(meanings.values()) for key, meanings in found.items()}


@cache
def table_ends() -> frozenset[str]:
    """Label keys that end a table of line items."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["other"]["table_end"])


@cache
def party_names() -> frozenset[str]:
    """Keys of the labels for a party's name in a list of what is known of it: `Name`, `Razón social`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"]["name"])


@cache
def from_words() -> frozenset[str]:
    """Keys of the short words over a seller's data, beside one that stands over the buyer's: `De` and `Para`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"]["from"])


@cache
def attention_words() -> frozenset[str]:
    """Keys of the words before the person whom a letter to a company is for: `Attn.`, `z. Hd.`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"]["attention"])


@cache
def owner_words() -> frozenset[str]:
    """Keys of the words before the person whom a business belongs to: `Inh.`, `Prop.`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"].get("owner", ()))


@cache
def departments() -> frozenset[str]:
    """Keys of departments that bills are sent to: `Accounts payable`, `Buchhaltung`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"]["department"])


@cache
def second_words() -> frozenset[str]:
    """Keys of words that no name begins with, over a legal form: the second line of one, `Betriebsgesellschaft mbH`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"].get("second", ()))


@cache
def trade_words() -> frozenset[str]:
    """Keys of words that say of what kind a business is: `Restaurant`, `Service Centre`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["parties"].get("trade", ()))


@cache
def number_words() -> frozenset[str]:
    """Keys of the words for a number: `Nr.`, `No.`, `n°`."""
    return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["number_words"])


@cache
def compound_heads() -> tuple[str, ...]:
    """Keys of words that end compounds: `Handelsrechnung` is a `Rechnung`."""
    return tuple(label_key(word) for language in LANGUAGES for word in _file(language)["compound_heads"])


@cache
def modifiers() -> dict[str, str]:
    """Word beside a total's label to what it says of it: `net` or `gross`."""
    return {
        label_key(word): kind
        for language in LANGUAGES
        for kind, words in _file(language)["modifiers"].items()
        for word in words
    }


@cache
def stop_words() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word to the languages that it speaks for; a word of several languages speaks less for each."""
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for word in dict.fromkeys(_file(language)["stop_words"]):
            found.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(known)) for language in known) for word, known in found.items()}


@cache
def terms() -> Terms:
    """Words of payment terms."""

    def words(name: str) -> list[str]:
        return [word.casefold() for language in LANGUAGES for word in _file(language)["terms"][name]]

    return Terms(
        days=frozenset(words("days")),
        net=frozenset(words("net")),
        discount=frozenset(words("discount")),
        immediate=tuple(words("immediate")),
        collected=tuple(words("collected")),
        buyers_account=tuple(words("buyers_account")),
        self_billed=tuple(words("self_billed")),
        corrects=frozenset(map(label_key, words("corrects"))),
    )


@cache
def page_words() -> PageWords:
    """Words by which pages say what they are and where they stand in their document."""

    def keys(name: str) -> frozenset[str]:
        return frozenset(label_key(word) for language in LANGUAGES for word in _file(language)["pages"][name])

    return PageWords(page=keys("page"), of=keys("of"), conditions=keys("conditions"), attachment=keys("attachment"))


def _keys(labels: list[str], number_words: tuple[str, ...] | list[str]) -> set[str]:
    keys = set()
    for label in labels:
        for word in number_words if "{no}" in label else ("",):
            key = label_key(label.replace("{no}", word))
            if key:
                keys.add(key)
    return keys
