"""Names in the lines by which a company says what it is: registers, taxes, capital, who stands behind a brand."""

from __future__ import annotations

import re

from ingest.fields.names import has_place, is_company, is_name, is_only_form
from ingest.labels import field_labels, label_key, owner_words
from ingest.layout import Row, Segment, Sheet, segment_of

IMPRINT = re.compile(
    r"(?i)\b(?:siret|siren|rcs|hrb|hra|ust|vat|tva|iva|btw|nip|regon|krs|nif|cif|cvr|org\.? ?nr|dič|ičo|kvk|p\.? ?iva|"
    r"iban|uid|company (?:no|reg)|registered)\b"
)
_FOOT_NAME = re.compile(
    r"(?i)^([^,|·•;:]{4,60}?)\s*(?:[,|·•;–-]|\.(?= )|\bis\b)\s*(?=(?:[^|·•;]{0,40}\b)?"
    r"(?:org(?:anisations)?\.? ?-?n(?:umme)?r|registered|company (?:no|reg)|"
    r"vat|ust|siret|siren|rcs|capital|cvr|kvk|nip|krs|"
    r"hrb|p\.? ?iva|c\.?i\.?f|nif|nipc|ičo|société|sas|au capital)\b)"
)
"""A name that begins a line of a foot, with registers and taxes behind it."""
_NAME_AND_NUMBER = re.compile(
    r"(?i)^([^|·•;:]{4,60}?)[\s,(-]+(?:c\.?i\.?f|n\.?i\.?f|siret|siren|nip|p\.? ?iva|vat|ust-?id\w*|cvr|kvk|btw|uid)\b"
    r"[ .:nr°º-]{0,6}[A-Z]{0,3}[- .]?\d"
)
"""A company with its tax number right behind it: "Veloz Comunicaciones, S.A.U. CIF A-83441187"."""
_CAPITAL = re.compile(r"(?i)\bau capital\b|\bcapitale? soc|\bstammkapital\b")
"""A line that says with what a company is endowed names its form, and not it."""
_HEAD = 40
"""Letters at the beginning of a line."""
_LONGEST = 4
"""Words of a label, at most."""
_LONGEST_NAME = 6
"""Words of a name that runs on into an address, at most."""


def says_capital(text: str) -> bool:
    """Whether a line begins by saying with what a company is endowed."""
    return bool(_CAPITAL.search(text[:_HEAD]))


def registered_in(text: str) -> str | None:
    """The company that begins a line and has its register or tax number behind it."""
    match = _FOOT_NAME.match(text)
    return match[1] if match and not says_capital(text) and is_name(match[1]) and is_company(match[1]) else None


def numbered_in(text: str) -> str | None:
    """The company that begins a line and has its tax number right behind it."""
    match = _NAME_AND_NUMBER.match(text)
    return match[1] if match and is_name(match[1]) and is_company(match[1]) else None


def listed_in(row: Row) -> Segment | None:
    """The name that begins a row with its place and its registers: "M. Schaffer | 5450 Werfen | UID: ..."."""
    if not IMPRINT.search(row.text):
        return None
    first, *others = row.segments
    if not any(has_place(other.text) for other in others):
        return _run_on(first) if has_place(first.text) else None
    named = is_name(first.text) and not any(sign.isdigit() for sign in first.text) and not says_capital(first.text)
    return first if named else None


def _run_on(line: Segment) -> Segment | None:
    """The company that begins a line, up to its legal form, where OCR lost the dots that part the line."""
    for end in range(2, min(_LONGEST_NAME, len(line.words) - 1) + 1):
        name = " ".join(word.text for word in line.words[:end])
        if is_only_form(line.words[end - 1].text):
            named = is_name(name) and not any(sign.isdigit() for sign in name)
            return segment_of(line.words[:end], line.page, line.source) if named else None
    return None


def names_person(text: str) -> bool:
    """Whether a line begins by saying whom a business belongs to: its name stands above."""
    return len(text.split()) > 1 and label_key(text.split()[0]) in owner_words()


def is_introduced(segment: Segment) -> bool:
    """Whether words that say who sells begin a segment: "Sold by Tintenwelt GmbH" is no name."""
    return any(
        meaning.name == "seller" and meaning.weight == 1.0
        for last in range(2, min(_LONGEST, len(segment.words) - 1) + 1)
        for meaning in field_labels().get(label_key(" ".join(word.text for word in segment.words[:last])), ())
    )


def heads_imprint(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether tax or register numbers and an address stand under a name at a page's foot."""
    rows = sheet.rows[index + 1 : index + 4]
    # "Address | Org. no. | VAT no." heads columns, the name the first of them
    heads = sheet.rows[max(0, index - 1) : index] if len(sheet.rows[index].segments) > 1 else ()
    near = [s.text for row in rows for s in row.segments if abs(s.box.x0 - segment.box.x0) < 20 * sheet.height]
    near += [s.text for row in rows for s in row.segments if abs(s.box.centre - segment.box.centre) < 3 * sheet.height]
    return any(has_place(text) for text in near) and bool(IMPRINT.search(" ".join(row.text for row in (*heads, *rows))))
