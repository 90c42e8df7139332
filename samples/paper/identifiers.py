"""Numbers whose check digits hold: tax ids, bank accounts, registrations. They belong to nobody on purpose."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from string import ascii_uppercase

from stdnum import iban as iban_rules
from stdnum import luhn
from stdnum.be import ogm_vcs
from stdnum.ch import uid
from stdnum.es import ccc
from stdnum.eu import vat as eu_vat
from stdnum.fr import siret
from stdnum.gb import vat as gb_vat
from stdnum.iso7064 import mod_97_10
from stdnum.pl import regon

TRIES = 5000


def digits(rng: Random, count: int) -> str:
    """So many digits, the first not nought."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def _until(valid: Callable[[str], object], draw: Callable[[], str]) -> str:
    for _ in range(TRIES):
        number = draw()
        if valid(number):
            return number
    raise ValueError("no number found whose check digits hold")


VAT_SHAPES: dict[str, str] = {
    "DE": "9", "AT": "U8", "IE": "7L", "LU": "8", "IT": "0084", "NL": "9B01", "PL": "10", "PT": "59",
    "DK": "8", "ES": "B8", "BE": "0B", "CZ": "C", "FR": "F", "SE": "S",
}  # fmt: skip


def _siren(rng: Random) -> str:
    start = digits(rng, 8)
    return start + luhn.calc_check_digit(start)


def _vat_body(country: str, rng: Random) -> str:
    match country:
        case "AT":
            return "U" + digits(rng, 8)
        case "IE":
            return digits(rng, 7) + rng.choice(ascii_uppercase[:23])
        case "IT":
            start = digits(rng, 7) + "0" + rng.choice(("15", "37", "24", "96"))
            return start + luhn.calc_check_digit(start)
        case "NL":
            return digits(rng, 9) + "B01"
        case "PL":
            return digits(rng, 10)
        case "PT":
            return "50" + digits(rng, 7)
        case "ES":
            return rng.choice("AB") + digits(rng, 8)
        case "BE":
            return "0" + digits(rng, 9)
        case "SE":
            start = "55" + digits(rng, 7)
            return start + luhn.calc_check_digit(start) + "01"
        case "FR":
            siren = _siren(rng)
            return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
        case "DE":
            return digits(rng, 9)
        case _:
            return digits(rng, 8)


def vat_id(country: str, rng: Random) -> str:
    """A VAT id without blanks; empty for countries that have none."""
    match country:
        case "US":
            return ""
        case "CH":
            body = _until(lambda x: uid.is_valid(f"CHE{x}"), lambda: digits(rng, 9))
            return f"CHE-{body[:3]}.{body[3:6]}.{body[6:]}"
        case "GB":
            return "GB" + _until(gb_vat.is_valid, lambda: digits(rng, 9))
        case _:
            body = _until(lambda x: eu_vat.is_valid(country + x), lambda: _vat_body(country, rng))
            return country + body


def _account(country: str, rng: Random) -> str:
    match country:
        case "DE":
            return digits(rng, 8) + "00" + digits(rng, 8)
        case "AT":
            return digits(rng, 5) + "000" + digits(rng, 8)
        case "CH":
            return "0" + digits(rng, 4) + "00" + digits(rng, 10)
        case "GB" | "IE":
            return "".join(rng.choice("BCDFGHKLMNPRST") for _ in range(4)) + digits(rng, 14)
        case "FR":
            body = digits(rng, 10) + "0" + digits(rng, 10)
            key = 97 - (89 * int(body[:5]) + 15 * int(body[5:10]) + 3 * int(body[10:])) % 97
            return f"{body}{key:02d}"
        case "BE":
            start = rng.choice(("320", "735", "979")) + digits(rng, 7)  # codes that are given out
            return f"{start}{int(start) % 97 or 97:02d}"
        case "LU":
            return "0" + digits(rng, 15)
        case "ES":
            start = digits(rng, 8)
            number = digits(rng, 10)
            return start + ccc.calc_check_digits(f"{start}00{number}") + number
        case "IT":
            return rng.choice(ascii_uppercase) + "0" + digits(rng, 4) + digits(rng, 5) + "000000" + digits(rng, 6)
        case "NL":
            return "".join(rng.choice("BKLNPRST") for _ in range(4)) + "0" + digits(rng, 9)
        case "PL":
            return digits(rng, 24)
        case "PT":
            start = "00" + digits(rng, 17)
            return start + f"{98 - int(start) * 100 % 97:02d}"
        case "SE":
            return digits(rng, 20)
        case "DK":
            return digits(rng, 14)
        case _:
            return digits(rng, 4) + "000000" + digits(rng, 10)


def iban(country: str, rng: Random) -> str:
    """An IBAN without blanks; empty for countries that have none."""
    if country == "US":
        return ""
    body = _account(country, rng)
    return f"{country}{iban_rules.calc_check_digits(f'{country}00{body}')}{body}"


def bic(country: str, rng: Random) -> str:
    """A BIC of eight or eleven places."""
    bank = "".join(rng.choice("ABCDEFGHKLMNOPRSTUVW") for _ in range(4))
    place = rng.choice(("22", "2L", "MM", "3A", "PP", "21"))
    return f"{bank}{country}{place}" + rng.choice(("", "", "XXX", digits(rng, 3)))


def routing(rng: Random) -> str:
    """An ABA number."""
    start = "0" + digits(rng, 7)
    weights = (3, 7, 1, 3, 7, 1, 3, 7)
    return start + str(-sum(int(d) * w for d, w in zip(start, weights, strict=True)) % 10)


def siret_of(siren: str, rng: Random) -> str:
    """A branch of a French company."""
    return _until(siret.is_valid, lambda: f"{siren}000{digits(rng, 2)}")


def regon_number(rng: Random) -> str:
    """A Polish statistical number."""
    return _until(regon.is_valid, lambda: digits(rng, 9))


def structured_communication(rng: Random) -> str:
    """The reference on Belgian transfers."""
    start = digits(rng, 10)
    number = f"{start}{int(start) % 97 or 97:02d}"
    return str(ogm_vcs.format(number))


def creditor_reference(rng: Random) -> str:
    """A reference by ISO 11649."""
    body = digits(rng, 12)
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def ocr_number(rng: Random) -> str:
    """A Nordic payment reference with its Luhn digit."""
    start = digits(rng, 9)
    return start + luhn.calc_check_digit(start)
