"""Blocks of lines that stand under one another: the addresses of parties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from ingest.dates import dates_in
from ingest.fields.candidates import Candidate
from ingest.fields.names import (
    has_form,
    has_place,
    is_company,
    is_contact,
    is_country,
    is_name,
    is_only_form,
    is_place_line,
    is_sender_line,
    is_street,
    legal_form,
    sender_parts,
    stands_between,
)
from ingest.fields.spots import Spot
from ingest.ink import are_alike, are_bold_over, print_size
from ingest.labels import attention_words, field_labels, label_key, second_words, type_labels
from ingest.layout import Row, Segment, Sheet, overlap, segment_of

LINES = 8
"""Lines of an address block, at most."""
NEAR = 25.0
"""Heights of the print between a party's label and what stands beside it, at most."""
_JOINING = frozenset(
    ("de", "do", "da", "dos", "das", "del", "della", "dei", "di", "du", "des", "la", "le", "les", "of", "the", "and")
    + ("und", "et", "van", "der", "den", "fur", "for", "pour", "per", "para", "och", "og", "voor", "dla", "pro")
)
"""Words after which a name has not ended."""
_HOUSE = re.compile(r"^[^\W\d][^\d,]+ \d{1,4} ?[a-zA-Z]?$")
"""A street with its number behind it, unless it is a name."""
_OWN_NUMBERS = frozenset({"vat_id", "tax_id", "registration"})
_BODIES = re.compile(
    r"(?i)\b(?:group|gruppe|groupe|gruppo|grupo|holdings?|hotels?|stiftung|foundation|trust|university)\b"
)
"""What companies and institutions without a legal form are called."""
_PERSON = re.compile(r"^[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,2}$")
_DOTS = frozenset("·•|∙●◦*")


@dataclass(frozen=True)
class Block:
    """Lines under one another; the first is a name."""

    lines: tuple[Segment, ...]
    score: float

    @cached_property
    def name(self) -> Segment | None:
        """The line with the party's name; two lines where the second holds nothing but the legal form."""
        names = [line for line in self.lines[:3] if is_name(line.text)]
        # a person often stands over the company that is meant
        best = next((line for line in names if has_form(line.text)), self._named_body(names))
        if best is None:
            return None
        place = self.lines.index(best)
        below = self.lines[place + 1] if place + 1 < len(self.lines) else None
        unended = label_key(best.words[-1].text) in _JOINING and below is not None and is_name(below.text)
        formed = below is not None and is_only_form(below.text) and not has_form(best.text)
        if below is not None and (unended or formed):
            # "Câmara Municipal de Vila do" over "Conde", "Lackfabrik Heidenau" over "Aktiengesellschaft"
            return segment_of((*best.words, *below.words), best.page, best.source)
        if place == 0 and (self._is_bold_pair() or self._is_large_pair()):
            return segment_of((*best.words, *self.lines[1].words), best.page, best.source)
        broken = best.text[:1].islower() or (place > 0 and self.lines[place - 1].text.endswith("-"))
        goes_on = is_only_form(best.text) or broken or self._is_set_off(place) or self._is_second_line(place)
        if place and goes_on and is_name(self.lines[place - 1].text):
            return segment_of((*self.lines[place - 1].words, *best.words), best.page, best.source)
        return best

    @staticmethod
    def _named_body(names: Sequence[Segment]) -> Segment | None:
        """The first name, or the one under it where that is an institution's and the first could be a person's."""
        if len(names) > 1 and _PERSON.match(names[0].text) and not legal_form(names[0].text):
            return names[1] if _BODIES.search(names[1].text) else names[0]
        return names[0] if names else None

    def _is_second_line(self, place: int) -> bool:
        """Whether a line with a legal form is the end of a name: no name begins so, or the line above is but one word.

        A person who stands over the company that is meant has two.
        """
        above, line = self.lines[place - 1], self.lines[place]
        if not place or not has_form(line.text) or has_form(above.text):
            return False
        alike = above.bold == line.bold and are_alike(above, line)
        one = place == 1 and len(above.words) == 1 and label_key(above.text) not in label_key(line.text)
        return alike and (one or label_key(line.words[0].text) in second_words())

    def _is_set_off(self, place: int) -> bool:
        """Whether a line stands closer to the one above than to the one below: both are one name over an address."""
        if place != 1 or len(self.lines) <= place + 1 or not has_form(self.lines[place].text):
            return False
        above, line, below = self.lines[place - 1 : place + 2]
        gaps = (line.box.top - above.box.bottom, below.box.top - line.box.bottom)
        alike = above.bold == line.bold and are_alike(above, line)
        return alike and not has_form(above.text) and gaps[1] - gaps[0] > 0.6 * line.box.height

    def _is_bold_pair(self) -> bool:
        """Whether the first two lines are bold alike, over others that are not: one name, broken by its cell."""
        if len(self.lines) < 4 or not all(is_name(line.text) and line.bold for line in self.lines[:2]):
            return False
        first, second, third = self.lines[:3]
        return are_bold_over(first, second, third) and not has_form(first.text) and not is_attention(second.text)

    def _is_large_pair(self) -> bool:
        """Whether the first two lines are printed larger than all others: one name, broken by its cell."""
        if len(self.lines) < 4 or not all(is_name(line.text) for line in self.lines[:2]):
            return False
        _, second, *others = (print_size(line) for line in self.lines)
        return are_alike(*self.lines[:2]) and max(others) < 0.9 * second and not has_form(self.lines[0].text)

    @property
    def doubtful(self) -> bool:
        """Whether two lines could be the name and no legal form says which."""
        name = self.name
        names = [line for line in self.lines[:2] if is_name(line.text)]
        return len(names) > 1 and name is not None and not has_form(name.text) and len(self.lines) > 3

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
        top, bottom = self.lines[0].box.top, self.lines[-1].box.bottom
        height = self.lines[0].box.height
        if not top - height <= segment.box.middle <= bottom + 2.2 * height:
            return False
        x0, x1 = min(line.box.x0 for line in self.lines), max(line.box.x1 for line in self.lines)
        return overlap(x0, x1, segment.box.x0, segment.box.x1) > 0


def block_of_spot(spot: Spot, weight: float) -> Block | None:
    """The block beside or below a party's label."""
    small = spot.rest is not None and spot.label.box.height < 0.9 * spot.rest.box.height
    if spot.rest is not None and not spot.colon and len(spot.label.words) < 2 and not small:
        # "Lieferant GmbH", "Customer service": the word belongs to what follows, unless it is printed smaller
        return None
    beside = [segment for segment in spot.beside() if segment.box.x0 - spot.label.box.x1 < NEAR * spot.sheet.height]
    if beside:
        first = beside[0]
        own = _below(spot) if spot.rest is None and not spot.colon else []
        if len(own) > 1 and any(has_place(line.text) for line in own):
            # an address stands under the label: what is beside it heads another column
            return Block(tuple(own[:LINES]), weight * 0.95)
        if not is_name(first.text):
            company = _first_part(first)
            return Block((company,), weight * 0.85) if company is not None else None
        under = lines_under(spot.sheet, spot.row, first)
        lines = [first, *takewhile(lambda line: not _is_labelled(spot, line), under)]
        named = label_key(spot.text).endswith("name")
        return Block(tuple(lines[:LINES]), weight * (0.97 if named else 0.92 if len(lines) > 1 else 0.8))
    lines = _below(spot)
    if not lines:
        return None
    return Block(tuple(lines[:LINES]), weight * (0.95 if len(lines) > 1 else 0.75))


def _first_part(line: Segment) -> Segment | None:
    """The company that a line begins with which goes on with its address: "Delta Cloud SARL, 38 Avenue de la Gare"."""
    name, *rest = sender_parts(line.text)
    if not rest or not is_company(name) or not is_name(name) or not any(sign.isdigit() for sign in rest[0]):
        return None
    return line.part(0, len(name.split()))


def _is_labelled(spot: Spot, line: Segment) -> bool:
    """Whether a line beside a column of labels is another label's value."""
    height = spot.sheet.height
    return any(
        line in row.segments and abs(other.box.x0 - spot.segment.box.x0) < height and other is not line
        for row in spot.sheet.rows[spot.row + 1 : spot.row + 2 * LINES]
        for other in row.segments
    )


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
        if is_name(first.text) and not ends_block(first):
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
                # "Singel 9" right over the place is a street, in whatever language
                above = lines[:-2] if len(lines) > 1 and _HOUSE.match(lines[-2].text) else lines[:-1]
                if any(is_name(line.text) for line in above):
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
        if _is_own_number(line):
            # the party's VAT number may stand between its name and its street
            continue
        if ends_block(line) or is_place_line(line.text) or line.text.rstrip().endswith(":") or len(lines) == 6:
            break
        if is_sender_row(row):
            break
        if len(lines) >= 3 and gap > 1.6 * usual and gap > 2.5 * (lines[1].box.top - lines[0].box.bottom) > 0:
            break
        lines.insert(0, line)
    while len(lines) > 1 and not is_name(lines[0].text):
        lines.pop(0)
    return lines


def _is_own_number(line: Segment) -> bool:
    """Whether a line is a party's tax or register number behind its label: "VAT ID: GB123456789"."""
    words = line.words
    ends = (last for last in range(1, min(len(words), 4)) if words[last - 1].text.endswith(":"))
    keys = (label_key(" ".join(word.text for word in words[:last])) for last in ends)
    return any(meaning.name in _OWN_NUMBERS for key in keys for meaning in field_labels().get(key, ()))


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


def is_sender_row(row: Row) -> bool:
    """The same for a row: a sender's line is often printed wide, and other things may stand to its right."""
    if any(is_sender_line(segment.text) for segment in row.segments):
        return True
    dots = any(segment.text.strip() in _DOTS for segment in row.segments)
    return dots and is_sender_line(" ".join(segment.text for segment in row.segments))


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
        if ends_block(fitting[0]):
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


def ends_block(line: Segment) -> bool:
    """Whether a line is no longer an address: a contact, a label with its value, a date."""
    text = line.text
    if is_attention(text):
        return False
    if is_contact(text) or dates_in(text) or is_party_label(text) or label_key(text) in type_labels():
        return True
    for last in range(min(len(line.words), 4), 0, -1):
        key = label_key(" ".join(word.text for word in line.words[:last]))
        meanings = field_labels().get(key)
        if meanings and (line.words[last - 1].text.endswith(":") or (last == len(line.words) and last > 1)):
            return True
        if meanings and last < len(line.words) and any(m.weight == 1.0 and m.name != "other" for m in meanings):
            tail = " ".join(word.text for word in line.words[last:])
            # "Steuernr. 102/118/03322" ends as a postal code does
            number = any(m.name in _OWN_NUMBERS for m in meanings) and not any(sign.isalpha() for sign in tail)
            return any(sign.isdigit() for sign in tail) and (number or not has_place(text))
    return False


def is_attention(text: str) -> bool:
    """Whether a line says whom at a company a letter is for: "Attn.: Ms Miller", "t.a.v. de administratie"."""
    words = text.split()
    return any(label_key(" ".join(words[:last])) in attention_words() for last in range(1, min(len(words), 5)))


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
        if is_attention(line.text) or (not lines and stands_between(line.text) and not is_street(line.text)):
            continue
        lines.append(line)
        if has_place(line.text):
            following = block.lines[block.lines.index(line) + 1 :]
            # a country may follow on a line of its own
            if following and is_country(following[0].text):
                lines.append(following[0])
            break
    return lines if any(sign.isdigit() for line in lines for sign in line.text) else []
