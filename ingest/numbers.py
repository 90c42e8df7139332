"""Printed numbers to Decimals; a number that can be read in two ways keeps both readings."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

SPACES = " \u00a0\u2009\u202f"
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_SIGNS = "-\u2212\u2013"
NUMBER = re.compile(rf"\d(?:[\d.,'’{SPACES}]*\d)?")
"""A run of digits with the separators that may stand between them."""
_BARE = re.compile(rf"^\d(?:[\d.,'’{SPACES}]*\d)?(?:[.,][{_SIGNS}]{{1,2}})?$")
_AFFIX = re.compile(r"(?i)^(?:[a-z]{1,3}\$|[a-z]{2,3}|([€$£¥₹₺₪₴₽฿₫₱₩₦])\1?|rs|fr|zł|kč|kr)?\.?$")
MONEY = re.compile(
    r"(?i)(?P<open>\()?(?P<sign>[-\u2212\u2013+])?\s*(?P<before>us\$|a\$|c\$|s\$|hk\$|r\$|eur|usd|gbp|chf|rm|myr|rs\.?|inr|aud|cad|"
    r"sek|dkk|nok|pln|czk|sgd|[€$£¥₹₺₪₴₽฿₫₱₩₦])?\s*(?P<sign2>[-\u2212\u2013+])?\s*"
    rf"(?P<number>(?:\d[\d.,'’]*\d|\d)(?:[{SPACES}]\d{{3}})*(?:[.,]\d{{1,4}})?(?:[.,][-\u2212\u2013]{{1,2}})?)"
    r"\s*(?P<after>eur|usd|gbp|chf|rm|myr|inr|aud|cad|sek|dkk|nok|pln|czk|sgd|zł|kč|kr|[€$£¥₹₺₪₴₽฿₫₱₩₦%])?"
    r"(?P<close>\))?(?P<minus>[-\u2212\u2013])?(?P<credit>\s?cr\b)?"
)


@lru_cache(maxsize=20_000)
def number_readings(text: str) -> tuple[Decimal, ...]:
    """All numbers that the text may mean, the likelier first; empty where it is none.

    `1.234` is 1234 or 1.234: what it means is settled by the document's arithmetic. A minus may stand before or
    behind, in brackets or as brackets; a currency or percent sign may stand beside.
    """
    text = _with_point(text.strip().strip("*:=").strip())
    negative = False
    if re.match(rf"\([{_SIGNS}]\)", text):
        negative, text = True, text[3:].strip()
    elif text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    lowered = text.lower()
    if lowered.endswith("cr") and lowered[:-2].strip()[-1:].isdigit():
        negative, text = True, text[:-2].strip()
    # a sign, a currency, a sign: in any order before the digits
    found = re.search(r"\d", text)
    if not found:
        # "1,-" has digits; ",50" is fifty cents in some shops, too doubtful to take
        return ()
    head, body = text[: found.start()], text[found.start() :]
    tail = re.search(rf"[^\d.,'’{SPACES}]*$", body)
    end = tail.start() if tail else len(body)
    body, rest = body[:end].rstrip(SPACES), body[end:]
    if rest[:1] in tuple(_SIGNS) and body[-1:] in ".,":  # "12,--"
        body, rest = body[:-1], ""
    for sign in _SIGNS:
        if sign in head or rest.strip() == sign or rest.strip().startswith(sign):
            negative = True
    head, rest = (re.sub(rf"[{_SIGNS}+%{SPACES}]", "", part) for part in (head, rest))
    if not _AFFIX.match(head) or not _AFFIX.match(rest):
        return ()
    body = body.rstrip(".,")
    if not _BARE.match(body):
        return ()
    return tuple(-value if negative else value for value in _values(body))


def _with_point(text: str) -> str:
    """The text with a fraction sign behind a whole number as decimals: "7½" hours are 7.5."""
    for sign, decimals in _FRACTIONS.items():
        if text.endswith(sign) and (text[:-1].rstrip().isdigit() or text == sign):
            return f"{text[:-1].rstrip() or 0}{decimals}"
    return text


def _values(digits: str) -> tuple[Decimal, ...]:
    """Readings of digits with separators, without sign."""
    spaced = re.split(rf"['’{SPACES}]", digits)
    if len(spaced) > 1:
        # blanks and apostrophes part thousands, nothing else
        groups = re.split(r"[.,]", digits)[0]
        parts = re.split(rf"['’{SPACES}]", groups)
        if not 1 <= len(parts[0]) <= 3 or any(len(part) != 3 for part in parts[1:]):
            return ()
        digits = "".join(spaced)
        whole, *fraction = re.split(r"[.,]", digits)
        if len(fraction) > 1:
            return ()
        return (Decimal(f"{whole}.{fraction[0]}" if fraction else whole),)
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return (Decimal(digits),)
    if dots and commas:
        point = max(digits.rfind("."), digits.rfind(","))
        whole, fraction_digits = re.sub("[.,]", "", digits[:point]), digits[point + 1 :]
        if digits.count(digits[point]) > 1 or not fraction_digits:
            return ()
        return (Decimal(f"{whole}.{fraction_digits}"),) if _grouped(digits[:point]) else ()
    return _one_separator("." if dots else ",", digits)


def _one_separator(separator: str, digits: str) -> tuple[Decimal, ...]:
    parts = digits.split(separator)
    if not all(parts):
        return ()
    if len(parts) > 2:
        if len(parts[-1]) == 2 and _grouped(digits.rpartition(separator)[0]):
            # "1.525.44": a comma that was misread, or mistyped
            return (Decimal(f"{''.join(parts[:-1])}.{parts[-1]}"),)
        return (Decimal("".join(parts)),) if _grouped(digits) else ()
    whole, tail = parts
    as_fraction = Decimal(f"{whole}.{tail}")
    if len(tail) != 3 or len(whole) > 3 or whole.startswith("0"):
        return (as_fraction,)
    return (Decimal(whole + tail), as_fraction)


def _grouped(digits: str) -> bool:
    """Whether thousands are parted as somebody would: groups of three, or India's of two before the last three."""
    parts = re.split("[.,]", digits)
    if len(parts) == 1:
        return True
    if len(parts[-1]) != 3 or not 1 <= len(parts[0]) <= 3:
        return False
    middle = {len(part) for part in parts[1:-1]}
    return middle <= {3} or middle == {2}


def plain(number: Decimal) -> str:
    """A Decimal as the contract writes it: a point, no exponent, the decimals that were printed."""
    return format(number, "f")
