"""Blocks of lines that stand under one another: the addresses of parties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from ingest.dates import dates_in
from ingest.fields.candidates import Candidate
from ingest.fields.spots import Spot
from ingest.labels import LANGUAGES, field_labels, label_key, type_labels
from ingest.layout import Row, Segment, Sheet, overlap, segment_of

EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_FORM_WORDS = (
    r"s/b|gmbh|mbh|kgaa|kg|ohg|ug|ltd|limited|plc|llc|llp|inc|corp|corporation|company|sarl|sasu?|eurl|"
    r"b\.?v|n\.?v|v\.?o\.?f|s\.?r\.?l\.?s?|s\.?n\.?c|s\.?a\.?s|"
    r"s\.?p\.?a|s\.?l\.?u?|lda|ltda|unipessoal|aps|a/s|ab|oy|spol\. s r\.? ?o|s\.? ?r\.? ?o|a\. ?s|sp\. ?z ?o\. ?o|"
    r"sdn\.? ?bhd|pty|pvt|s\.?a|ag|"
    r"hb|kb|i/s|k/s|p/s|aktiebolag|s[àa]rl|dac|e\.\s?k|gbr|eg|sp\. ?j|sp\. ?k|s\.c|snc|bvba|c\.v"
)
_FORM = re.compile(rf"(?i)(?<![\w.])(?:{_FORM_WORDS})(?![\w])")
LINES = 8
"""Lines of an address block, at most."""
NEAR = 25.0
"""Heights of the print between a party's label and what stands beside it, at most."""
_LEGAL = re.compile(
    r"(?i)(?<![\w.])(?:s/b|gmbh|mbh|ag|kgaa|kg|ohg|ug|gbr|e\.?\s?k\.?|e\.?\s?v\.?|eg|ltd|limited|plc|llc|l\.l\.c|llp|inc|"
    r"incorporated|corp|corporation|company|co|"
    r"s\.?a\.?s\.?u?|s\.?a\.?r\.?l|sarl|eurl|s\.?a|s\.?n\.?c|b\.?v\.?b\.?a|b\.?v|n\.?v|v\.?o\.?f|srl|s\.r\.l|"
    r"s\.?p\.?a|s\.?l\.?u?|s\.l|lda|ltda|sp\.? ?z ?o\.? ?o|sp\. ?j|s\.?c|ab|hb|a/s|aps|oyj?|s\.?r\.?o|a\.s|v\.o\.s|"
    r"sdn\.? ?bhd|bhd|"
    r"pte|pty|pvt|gesellschaft|genossenschaft|stiftung|trust|foundation|enterprise|enterprises|trading|holdings?|group|"
    r"hotel|restaurant|restoran|stores?|market|services?|solutions|systems|bank|university|universität)(?![\w])"
)
_POSTAL = re.compile(
    r"(?<![\d.,])(?:[A-Z]{1,2}[- ]?)?\d{4,5}\s+[A-ZÄÖÜÉÈ][\w\-.']{2,}"  # 80333 München, D-80333, 1010 Wien
    r"|\b[A-Z]{2}\.? ?,? ?\d{5}(?:-\d{4})?\b"  # CA 90001
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # SW1A 1AA
    r"|\b\d{4} ?[A-Z]{2}\b +[A-Z]"  # 1012 AB Amsterdam
    r"|\b\d{2}-\d{3} +[A-ZŁŚŻ]"  # 00-950 Warszawa
    r"|\b\d{4}-\d{3}\b"  # 1000-001 Lisboa
    r"|\b\d{3} \d{2} +[A-ZÅÄÖČŠŘŽ]"  # 111 22 Stockholm
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"  # K1A 0B1
    r"|\b\d{5,6}\b(?=[ ,.]|$)"
)
_PLACE_LINE = re.compile(
    r"^(?:[A-Z]{1,3}[- ])?\d{4,5} +[^\W\d_][^\W\d_.'\-]+"  # 80333 München, DE 80333 München, 1010 Wien
    r"|^[^\W\d_][\w.'\- ]*,? +[A-Z]{2}\.?,? +\d{5}(?:-\d{4})?(?:,? \w+)?$"  # Redmond WA, 98052
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"  # London SW1A 1AA
    r"|^\d{4} ?[A-Z]{2} +[^\W\d_]"  # 1012 AB Amsterdam
    r"|^\d{2}-\d{3} +[^\W\d_]"  # 00-950 Warszawa
    r"|^\d{4}-\d{3}(?: +[^\W\d_]|$)"  # 1000-001 Lisboa
    r"|^(?:[A-Z]{2}-)?\d{3} ?\d{2} +[^\W\d_]"  # 111 22 Stockholm, 110 00 Praha
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d$"  # Toronto K1A 0B1
    r"|^[^\W\d_][\w.'\-]+(?: [\w.'\-]+){0,2},? \d{5,6}$"  # Johor Bahru 81100
)
_STREET = re.compile(
    r"^\d+[a-zA-Z]?,? +[^\W\d]|.*(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Gg]asse|[Aa]llee) \d+ ?\w?$"
)
_SENDER_LINE = re.compile(r"\s*(?:[·•|∙●◦*]|\s[-–—]\s|,\s)\s*")
_NUMBERED = re.compile(r"[^\W\d_]{3}.*\d|\d.*[^\W\d_]{3}")
_DOTS = frozenset("·•|∙●◦*")
_SALUTATION = re.compile(
    r"(?i)^(?:herrn?|frau|mr|mrs|ms|miss|sir|madam|monsieur|madame|mlle|mme|m|sr|sra|srta|sig|sig\.ra|dhr|mevr|de heer|"
    r"mevrouw|pan|pani|hr|fru|firma|fa|attn|z\.? ?hd)\.?$"
)
_REGISTERED = re.compile(
    r"\s*\(?(?:co\.? ?(?:reg)?\.? ?no\.?:? ?)?\d{4,}[\d ]*-? ?[A-Z]{0,2}\)?[.,]?\s*$", re.IGNORECASE
)
_ADDRESS_WORD = re.compile(
    r"(?i)^(?:no\.? ?:? ?\d|lot\b|unit\b|suite\b|level\b|floor\b|block\b|blok\b|building\b|jalan\b|jln\b|jl\.|"
    r"taman\b|bandar\b|section\b|seksyen\b|kampung\b|kg\b|lorong\b|mukim\b|p\.? ?o\.? ?box|postfach|b\.?p\. ?\d|"
    r"rue\b|avenue\b|av\.|avda|boulevard\b|"
    r"bd\b|place\b|quai\b|zi\b|za\b|calle\b|c/|paseo\b|plaza\b|pol[ií]gono|via\b|viale\b|piazza|corso\b|rua\b|travessa|"
    r"ul\.|al\.|plac\b|os\.|n[áa]m[ěe]st[íi])"
)
_BETWEEN = re.compile(
    rf"(?i)^\W*\d{{4,}}[\d ]*-? ?[A-Z]{{0,2}}\W*$|(?<![\w.])(?:{_FORM_WORDS})\W*$|"
    r"\b(?:formerly|licensee|franchisee|trading as|t/a|gst|reg\.? no|co\.? ?no|company no|roc)\b|"
    r"\b(?:abteilung|department|dept)\b"
)
"""Lines between a name and its address: register numbers, further names, departments."""
_STATES = frozenset(
    ("johor", "selangor", "selangordarulehsan", "kualalumpur", "pulaupinang", "penang", "perak", "kedah", "kelantan")
    + ("melaka", "malacca", "negerisembilan", "pahang", "perlis", "sabah", "sarawak", "terengganu", "putrajaya")
)
"""States that stand on a line of their own under the place."""
_ONLY_FORM = re.compile(rf"(?:(?:{_FORM_WORDS})[.,]?\s*)+", re.IGNORECASE)
_CONTACT = re.compile(r"(?i)@|www\.|https?://|\b(?:tel|fax|phone|telefon|mobile?|email|e-mail)\b")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under one another; the first is a name."""

    lines: tuple[Segment, ...]
    score: float

    @property
    def name(self) -> Segment | None:
        """The line with the party's name; two lines where the second holds nothing but the legal form."""
        names = [line for line in self.lines[:3] if is_name(line.text)]
        # a person often stands over the company that is meant
        best = next((line for line in names if _FORM.search(line.text)), names[0] if names else None)
        if best is None:
            return None
        place = self.lines.index(best)
        if place and _ONLY_FORM.fullmatch(best.text.strip(" .,")) and is_name(self.lines[place - 1].text):
            return segment_of((*self.lines[place - 1].words, *best.words), best.page, best.source)
        return best

    @property
    def doubtful(self) -> bool:
        """Whether two lines could be the name and no legal form says which."""
        name = self.name
        names = [line for line in self.lines[:2] if is_name(line.text)]
        return len(names) > 1 and name is not None and not _FORM.search(name.text) and len(self.lines) > 3

    @property
    def address_start(self) -> int:
        """Index of the line behind the name."""
        name = self.name
        last = name.words[-1] if name is not None else None
        return next((index + 1 for index, line in enumerate(self.lines) if last is not None and last in line.words), 0)

    def holds(self, segment: Segment) -> bool:
        """Whether the segment stands within the block's height and width."""
        if not self.lines or segment.page != self.lines[0].page:
            return False
        x0, x1 = min(line.box.x0 for line in self.lines), max(line.box.x1 for line in self.lines)
        top, bottom = self.lines[0].box.top, self.lines[-1].box.bottom
        height = self.lines[0].box.height
        wide = overlap(x0, x1, segment.box.x0, segment.box.x1) > 0
        return wide and top - height <= segment.box.middle <= bottom + 2.2 * height


def is_company(text: str) -> bool:
    """Whether a name holds a legal form and nothing of an address."""
    return bool(_FORM.search(text)) and not has_place(text)


def legal_form(text: str) -> bool:
    """Whether a name ends or begins with what companies are called by: GmbH, Ltd, S.p.A., Sdn Bhd."""
    return bool(_LEGAL.search(text))


def is_contact(text: str) -> bool:
    """Whether a text holds a way to reach somebody: mail, web, telephone."""
    return bool(_CONTACT.search(text))


def has_place(text: str) -> bool:
    """Whether a line holds a postal code with its place."""
    return bool(_POSTAL.search(text))


def is_name(text: str) -> bool:
    """Whether a line can be the name of a person or company."""
    plain = without_registration(text).strip(" :.,-·|*")
    letters = sum(sign.isalpha() for sign in plain)
    digits = sum(sign.isdigit() for sign in plain)
    if letters < 3 or digits > letters / 3 or len(plain) > 80 or _CONTACT.search(plain) or dates_in(plain):
        return False
    if plain.endswith(("?", "!", ";")) or plain.startswith("(") or "%" in plain or ":" in plain:
        return False
    if (_STREET.match(plain) and not legal_form(plain)) or _SALUTATION.match(plain):
        return False
    if (has_place(plain) and not legal_form(plain)) or is_country(plain.rpartition(",")[2] or plain):
        return False
    key = label_key(plain)
    return bool(key) and key not in type_labels() and not _is_own_label(key)


@cache
def _countries() -> frozenset[str]:
    names = {*_STATES, "deutschland", "uk", "usa", "england", "scotland", "wales", "holland", "northernireland"}
    for language in LANGUAGES:
        names |= {label_key(name) for code, name in Locale.parse(language).territories.items() if code.isalpha()}
    return frozenset(names)


def is_country(text: str) -> bool:
    """Whether a line holds the name of a country, in one of our languages, and nothing else."""
    parts = [label_key(part) for part in re.split(r"[/(),]", text) if label_key(part)]
    return bool(parts) and len(text) < 40 and all(part in _countries() for part in parts)


def _is_own_label(key: str) -> bool:
    meanings = field_labels().get(key)
    return meanings is not None and any(meaning.weight == 1.0 for meaning in meanings)


def without_registration(text: str) -> str:
    """A name without the register's number that some countries print behind it: "Sdn Bhd (728515-M)"."""
    return _REGISTERED.sub("", text)


def is_street(text: str) -> bool:
    """Whether a line begins as a street or building does, in the languages that put the word for it first."""
    return bool(_STREET.match(text) or _ADDRESS_WORD.match(text))


def tidy_name(text: str) -> str:
    """A name without what stands around it."""
    text = without_registration(text)
    text = re.sub(
        r"^(?:m/s\.?|messrs\.?|to|an|firma|fa\.|attn\.?:?|(?:own(?:ed|er)?|operated|managed) by:?)\s+(?=\S)",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    first, _, rest = text.partition(" ")
    text = rest if len(first) > 1 and _SALUTATION.match(first) and rest and not is_company(text) else text
    return " ".join(text.split()).strip(" :,;·•|*-–")


def block_of_spot(spot: Spot, weight: float) -> Block | None:
    """The block beside or below a party's label."""
    if spot.rest is not None and not spot.colon and len(spot.label.words) < 2:
        # "Lieferant GmbH", "Customer service": the word belongs to what follows
        return None
    beside = [segment for segment in spot.beside() if segment.box.x0 - spot.label.box.x1 < NEAR * spot.sheet.height]
    if beside:
        first = beside[0]
        if not is_name(first.text):
            return None
        lines = [first, *lines_under(spot.sheet, spot.row, first)]
        named = label_key(spot.text).endswith("name")
        return Block(tuple(lines[:LINES]), weight * (0.97 if named else 0.92 if len(lines) > 1 else 0.8))
    lines = _below(spot)
    if not lines:
        return None
    return Block(tuple(lines[:LINES]), weight * (0.95 if len(lines) > 1 else 0.75))


def _below(spot: Spot) -> list[Segment]:
    """The lines under a party's label; numbers of the party's that stand before its name are passed over."""
    sheet, label = spot.sheet, spot.label
    bottom = label.box.bottom
    for index in range(spot.row + 1, min(spot.row + 7, len(sheet.rows))):
        row = sheet.rows[index]
        if row.box.top - bottom > 2.6 * sheet.height:
            return []
        first = next((segment for segment in row.segments if _stands_under(label, segment, sheet.height)), None)
        if first is None:
            continue
        bottom = row.box.bottom
        if _has_value(row, first):
            continue
        if first.text.rstrip().endswith(":") or _place_of_line(first):
            return []
        if is_name(first.text) and not _ends_block(first):
            return [first, *lines_under(sheet, index, first)]
    return []


def _has_value(row: Row, label: Segment) -> bool:
    """Whether a colon begins what stands to the right: "Nummer | : GE2020211"."""
    return any(other.text.startswith(":") and other.box.x0 > label.box.x0 for other in row.segments)


def _stands_under(label: Segment, other: Segment, height: float) -> bool:
    shared = overlap(label.box.x0, label.box.x1, other.box.x0, other.box.x1)
    if abs(label.box.x0 - other.box.x0) <= 2.5 * height or abs(label.box.x1 - other.box.x1) <= 0.6 * height:
        return True
    near = abs(label.box.centre - other.box.centre) < 6 * height
    return near and shared > 0.5 * min(label.box.width, other.box.width)


def _place_of_line(line: Segment) -> bool:
    return has_place(line.text) and not legal_form(line.text)


def address_blocks(sheet: Sheet) -> list[Block]:
    """Blocks of lines over a postal code with its place, whether anything names them or not."""
    found: list[Block] = []
    for index, row in enumerate(sheet.rows):
        for segment in row.segments:
            if is_place_line(segment.text):
                lines = _over(sheet, index, segment)
                if len(lines) >= 2 and any(is_name(line.text) for line in lines[:-1]):
                    found.append(Block((*lines, *_country(sheet, index, segment)), 0.5))
    return found


def _over(sheet: Sheet, index: int, last: Segment) -> list[Segment]:
    """A line of place and the lines above it that belong to the same address, from the top."""
    lines = [last]
    for above in range(index - 1, max(-1, index - 14), -1):
        row = sheet.rows[above]
        if lines[0].box.top - row.box.bottom > 2.6 * max(lines[0].box.height, sheet.height):
            break
        line = next((segment for segment in row.segments if _in_line(last, segment, sheet.height)), None)
        if line is None:
            continue
        gap, usual = lines[0].box.top - line.box.bottom, lines[0].box.height
        if is_place_line(line.text) and len(lines) > 1 and is_country(lines[0].text):
            lines.pop(0)
        if _ends_block(line) or is_place_line(line.text) or line.text.rstrip().endswith(":") or len(lines) == 6:
            break
        if is_sender_row(row):
            break
        if len(lines) >= 3 and gap > 1.6 * usual and gap > 2.5 * (lines[1].box.top - lines[0].box.bottom) > 0:
            break
        lines.insert(0, line)
    while len(lines) > 1 and not is_name(lines[0].text):
        lines.pop(0)
    return lines


def _in_line(last: Segment, other: Segment, height: float) -> bool:
    right = abs(last.box.x1 - other.box.x1) <= 0.6 * height and other.box.width < 40 * height
    return right or _same_column(last, other, height)


def _country(sheet: Sheet, index: int, last: Segment) -> list[Segment]:
    """The country on a line of its own under the place."""
    for row in sheet.rows[index + 1 : index + 4]:
        if row.box.top - last.box.bottom > 1.6 * sheet.height:
            break
        for segment in row.segments:
            if _in_line(last, segment, sheet.height):
                return [segment] if is_country(segment.text) else []
    return []


def sender_parts(text: str) -> list[str]:
    """The parts of a sender's line: name, street, place; OCR loses the small dots between them."""
    parts = _SENDER_LINE.split(text)
    form = _FORM.search(parts[0])
    if form and 0 < form.end() < len(parts[0]) - 3 and _NUMBERED.search(parts[0][form.end() :]):
        return [parts[0][: form.end()], parts[0][form.end() :].strip(" ,."), *parts[1:]]
    return parts


def is_sender_line(text: str) -> bool:
    """Whether a line holds a name and an address, parted by dots or dashes, as over a letter's window."""
    parts = sender_parts(text)
    if len(parts) < 3 or not has_place(text) or not is_name(parts[0]):
        return False
    # "New York, NY, 10001" is a place: a street with its number stands between name and place
    return any(_NUMBERED.search(part) for part in parts[1:])


def is_sender_row(row: Row) -> bool:
    """The same for a row: a sender's line is often printed wide, and other things may stand to its right."""
    if any(is_sender_line(segment.text) for segment in row.segments):
        return True
    dots = any(segment.text.strip() in _DOTS for segment in row.segments)
    return dots and is_sender_line(" ".join(segment.text for segment in row.segments))


def is_place_line(text: str) -> bool:
    """Whether a line is the one of an address that holds postal code and place."""
    plain = text.strip(" ,.;")
    if len(plain.split()) > 8 or ":" in plain or _CONTACT.search(plain) or dates_in(plain):
        return False
    return bool(_PLACE_LINE.search(plain))


def lines_under(sheet: Sheet, row: int, first: Segment) -> list[Segment]:
    """Lines that follow under a segment at the same left edge, closely."""
    found: list[Segment] = []
    last = first
    for below in sheet.rows[row + 1 : row + 2 * LINES]:
        gap = below.box.top - last.box.bottom
        if gap > 2.4 * max(last.box.height, sheet.height):
            break
        fitting = [s for s in below.segments if _same_column(first, s, sheet.height)]
        if not fitting:
            continue
        if _ends_block(fitting[0]):
            break
        last = fitting[0]
        found.append(last)
        if len(found) == LINES:
            break
    return found


def _same_column(first: Segment, other: Segment, height: float) -> bool:
    if abs(first.box.x0 - other.box.x0) <= 0.9 * height or abs(first.box.x1 - other.box.x1) <= 0.4 * height:
        return True
    centred = abs(first.box.centre - other.box.centre) <= 1.2 * height
    return centred and overlap(first.box.x0, first.box.x1, other.box.x0, other.box.x1) > 0


def _ends_block(line: Segment) -> bool:
    """Whether a line is no longer an address: a contact, a label with its value, a date."""
    text = line.text
    if _CONTACT.search(text) or dates_in(text) or is_party_label(text):
        return True
    for last in range(min(len(line.words), 4), 0, -1):
        key = label_key(" ".join(word.text for word in line.words[:last]))
        meanings = field_labels().get(key)
        if meanings and (line.words[last - 1].text.endswith(":") or (last == len(line.words) and last > 1)):
            return True
        if meanings and last < len(line.words) and any(m.weight == 1.0 and m.name != "other" for m in meanings):
            tail = " ".join(word.text for word in line.words[last:])
            return any(sign.isdigit() for sign in tail) and not has_place(text)
    return False


_PARTIES = frozenset({"buyer", "seller", "ship_to"})


def is_party_label(text: str) -> bool:
    """Whether a line is nothing but a party's label, in one language or two: "Kund / Bill to"."""
    parts = [label_key(part) for part in re.split(r"[/|(),]|\s[-–]\s", text) if label_key(part)]
    meanings = [{m.name for m in field_labels().get(part, ()) if m.weight == 1.0} for part in parts]
    return bool(meanings) and any(found & _PARTIES for found in meanings) and all(meanings)


def block_at(sheets: Sequence[Sheet], name: Candidate) -> Block | None:
    """The block whose first line is a name found before."""
    for sheet in sheets:
        if sheet.page.number != name.page:
            continue
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                if segment.box == name.box:
                    return Block((segment, *lines_under(sheet, index, segment)), name.score)
    return None


def address_lines(block: Block) -> list[Segment]:
    """The lines of a block that are the address: after the name, up to the place and its country."""
    lines: list[Segment] = []
    for line in block.lines[block.address_start :]:
        if not lines and _BETWEEN.search(line.text) and not is_street(line.text):
            continue
        lines.append(line)
        if has_place(line.text):
            following = block.lines[block.lines.index(line) + 1 :]
            # a country may follow on a line of its own
            if following and is_country(following[0].text):
                lines.append(following[0])
            break
    return lines if any(sign.isdigit() for line in lines for sign in line.text) else []
