"""Check digits of accounts and tax numbers; three answers: right, wrong, not known for this kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import iban as iban_standard
from stdnum.ch import uid as swiss_uid
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as british_vat
from stdnum.in_ import gstin as indian_gstin
from stdnum.no import mva as norwegian_mva

from matching.normalise import identifier

_VAT: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"CHE\d{9}(MWST|TVA|IVA|TPV)$"), swiss_vat.is_valid),
    (re.compile(r"CHE\d{9}$"), swiss_uid.is_valid),
    (re.compile(r"GB\d{9}(\d{3})?$"), british_vat.is_valid),
    (re.compile(r"NO\d{9}(MVA)?$"), norwegian_mva.is_valid),
    (re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z]\w{3}$"), indian_gstin.is_valid),
    (
        re.compile(
            r"(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)(?=\w*\d)\w{2,13}$"
        ),
        eu_vat.is_valid,
    ),
)


def iban_valid(text: str) -> bool | None:
    """Whether an IBAN's check digits are right (ISO 13616, mod 97); None when it is no IBAN at all."""
    key = identifier(text)
    if not re.match(r"[A-Z]{2}\d{2}", key):
        return None
    # only the check digits: the standard's structure of each bank code changes faster than records do
    if not 15 <= len(key) <= 34:
        return False
    return bool(iban_standard.is_valid(key, check_country=False))


def vat_valid(text: str) -> bool | None:
    """Whether a VAT or GST number is right by its country's rule; None where the rule is not known."""
    key = identifier(text)
    for pattern, is_valid in _VAT:
        if pattern.match(key):
            return bool(is_valid(key))
    return None
