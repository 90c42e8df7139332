"""Names, addresses and numbers brought into the form in which they are compared; never what is shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LEGAL_FORMS = frozenset(
    re.findall(
        r"\S+",
        """
    gmbh ggmbh mbh ag kg kgaa ohg gbr ug ek ev eg se co ltd limited llp plc llc lp inc incorporated corp
    corporation company sa sas sasu sarl eurl snc scs sca spa srl sl slu sau bv nv vof cv bvba srls sapa spzoo zoo sp
    as aps ivs is ks hf ehf asa ab hb oy oyj ou sia uab kft zrt bt rt nyrt sro doo dd ad eood ood pty pvt pte
    sdn bhd lda ltda unipessoal kk gie
    """,
    )
)
"""Words that tell only a company's legal form, as `words` writes them."""

REMEMBERED = 20_000
"""Texts whose form is remembered: one document compares each name and street with those of dozens of records."""

_LETTERS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "oe",
        "å": "aa",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "þ": "th",
    }
)
_JOINED_FORMS = (
    (re.compile(r"\bsp\.?\s*z\s*\.?\s*o\.?\s*o\b\.?"), " spzoo "),
    (re.compile(r"\bs\.?\s*r\.?\s*o\b\.?"), " sro "),
    (re.compile(r"\bd\.\s*o\.\s*o\b\.?"), " doo "),
    (re.compile(r"\be\.\s*k(?:fm|fr)?\b\.?"), " ek "),
    (re.compile(r"\bs\.\s*à\s*r\.\s*l\b\.?|\bs\.\s*a\.\s*r\.\s*l\b\.?|\bsàrl\b"), " sarl "),
    (re.compile(r"\ba/s\b"), " as "),
)
_INITIALS = re.compile(r"\b(?:\w\.){2,}|\b(?:\w\.)+\w\b\.?")
_STREET_WORDS = (
    (re.compile(r"strasse\b"), "str"),
    (re.compile(r"\bstreet\b|\bst\b"), "str"),
    (re.compile(r"\broad\b"), "rd"),
    (re.compile(r"\bavenue\b|\bav\b"), "ave"),
    (re.compile(r"\bulica\b|\bul\b"), ""),
    (re.compile(r"\bplatz\b|platz\b"), "pl"),
    (re.compile(r"\bboulevard\b"), "bd"),
)
_LOOK_ALIKES = str.maketrans("OILSB", "01158")
_NUMBER_WORD = re.compile(
    r"^(?:RE|RG|RECH|RECHNUNG|INV|INVOICE|FA|FAC|FACT|FACTURE|FACTURA|FATTURA|FAKT|FAKTURA|FV)?(?:NR|NO)?(?=[0-9])"
)
_TAX_SUFFIX = re.compile(r"^(CHE\d{9})(?:MWST|TVA|IVA|TPV)$")


def plain(text: str) -> str:
    """Lower case, umlauts written out, accents dropped."""
    text = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a name: plain, initials joined (`B.V.` is `bv`), `&` and `und` left out."""
    text = unicodedata.normalize("NFC", text).casefold()
    for pattern, form in _JOINED_FORMS:
        text = pattern.sub(form, text)
    text = plain(_INITIALS.sub(lambda found: found.group().replace(".", ""), text))
    return tuple(word for word in re.findall(r"[^\W_]+", text) if word not in {"und", "and", "et", "y", "e", "i"})


def company(text: str) -> str:
    """A company's name with its legal form, for comparing."""
    return " ".join(words(text))


@lru_cache(REMEMBERED)
def company_core(text: str) -> str:
    """A company's name without legal forms; the whole name where nothing else is left."""
    every = words(text)
    core = [word for word in every if word not in LEGAL_FORMS]
    return " ".join(core or every)


@lru_cache(REMEMBERED)
def street(text: str) -> str:
    """A street for comparing: plain, the usual words shortened, the house number as its own word."""
    text = " ".join(re.findall(r"[^\W_]+", plain(text)))
    for pattern, form in _STREET_WORDS:
        text = pattern.sub(form, text)
    return " ".join(re.sub(r"(\d)\s+([a-z])\b(?!\s+\d)", r"\1\2", text).split())


def postal_code(text: str) -> str:
    """A postal code without blanks, dashes and country prefix (`D-34123` is `34123`)."""
    code = re.sub(r"[^0-9A-Z]", "", text.upper())
    return re.sub(r"^(?:[A-Z]{1,2})(?=\d{4,5}$)", "", code)


AT_BANK = " at bank "
"""Stands between a national account number and its bank's where both are named."""


def account_key(shown: str) -> str:
    """An account as it is named to people, for comparison: a national number follows its bank's, as in an IBAN."""
    return "".join(map(identifier, reversed(shown.split(AT_BANK))))


def identifier(text: str) -> str:
    """A tax number, account or register number: upper case letters and digits only."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def vat_id(text: str) -> str:
    """A VAT id: letters and digits; a Swiss UID without MWST, TVA or IVA."""
    return _TAX_SUFFIX.sub(r"\1", identifier(text))


def vat_body(text: str) -> str:
    """A VAT id without its country prefix, because many documents print it so."""
    key = vat_id(text)
    return key[2:] if re.match(r"^[A-Z]{2}[0-9A-Z]{6,}$", key) and any(c.isdigit() for c in key[2:]) else key


def order_key(text: str) -> str:
    """An order number without case, blanks and punctuation."""
    return identifier(text)


def folded(text: str) -> str:
    """An order or article number with the look-alikes 0/O, 1/I/L, 5/S, 8/B made one."""
    return identifier(text).translate(_LOOK_ALIKES)


def article(text: str) -> str:
    """An article number without case, blanks and punctuation."""
    return identifier(text)


def line_key(text: str) -> str:
    """An order line's number without leading zeros (`00010` is `10`)."""
    return identifier(text).lstrip("0") or "0"


def invoice_key(text: str) -> str:
    """An invoice number for finding twins: without case, blanks, punctuation and leading zeros of each part."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", unicodedata.normalize("NFKC", text).casefold())
    return "".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def joined_number(text: str) -> str:
    """An invoice number as one run, without leading zeros there and after letters (`RE-2026-0119` is `re20260119`).

    `invoice_key` drops the zeros of each part: two spellings of one number are equal in the one form or the other.
    """
    run = "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", run)


def folded_number(text: str) -> str:
    """An invoice number as a poor scan may show it: without the word before it (`RE`, `INV`), look-alikes made one."""
    run = joined_number(text).upper()
    return joined_number(_NUMBER_WORD.sub("", run).translate(_LOOK_ALIKES)).upper()


def trigrams(text: str) -> tuple[str, ...]:
    """The distinct runs of three characters of a text, in order."""
    return tuple(dict.fromkeys(text[i : i + 3] for i in range(len(text) - 2)))
