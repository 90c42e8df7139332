"""Who sells: names scored by what usually surrounds a seller's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.document import Box, Source
from ingest.fields.blocks import Block, is_attention, lines_under
from ingest.fields.candidates import Candidate, best_of, candidate
from ingest.fields.imprints import (
    heads_imprint,
    is_introduced,
    listed_in,
    names_person,
    numbered_in,
    registered_in,
    says_capital,
)
from ingest.fields.names import (
    EMAIL,
    has_form,
    has_place,
    is_company,
    is_name,
    is_only_form,
    is_registration,
    is_sender_line,
    is_street,
    legal_form,
    names_earlier,
    names_kin,
    names_owner,
    operator_in,
    says_sender,
    sender_parts,
    tidy_name,
    without_brackets,
    without_registration,
)
from ingest.fields.slips import is_slip_page
from ingest.fields.spots import Spot
from ingest.fields.two_lines import ends_name, is_second_line, second_line
from ingest.fields.window import under_sender_line
from ingest.labels import column_labels, field_labels, label_key, type_labels
from ingest.layout import Row, Segment, Sheet, closed_up, segment_of

_WEB = re.compile(r"(?i)(?:https?://|www\.)([a-z0-9\-.]+\.[a-z]{2,})")
_WITH_NUMBER = 0.78
"""What a company with its tax number behind it is worth: buyers have numbers, too."""
_FOOT = 0.82
"""Part of a page below which it has its foot."""
_REGISTERED_FOOT = 0.85
"""What a name is worth that begins a foot and has its register or tax number behind it."""
_OPERATOR = 0.93
"""What the company is worth that a line names as the one behind a brand."""
_HEADS = 3
"""Labels beside which a further one is none's name."""
_TOP = 0.25
"""Part of a page within which a name stands that heads it."""
_LOST = 4
"""Heights of the print that a blank between a name and its form has at most; OCR loses letters there."""
_BRAND = 8
"""Letters of a brand that is no chance part of another's name, at least."""
_SPACED = 5
"""Letters of a name that is printed with blanks between them, at least."""
OWN_NUMBER = re.compile(
    r"(?i)(?:iban|bic|swift|kvk|siret|siren|rcs|hrb|hra|cvr|krs|regon|bankgiro|org\.? ?nr|company (?:no|reg|number))\b"
)
"""Accounts and registers: a seller prints his own."""
_GENERIC_HOSTS = frozenset({"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "t-online", "icloud", "aol", "mail"})


def name_score(block: Block) -> float:
    """How sure a block's name is the party's."""
    return block.score * (0.8 if block.doubtful else 1.0)


def seller_candidates(
    sheets: Sequence[Sheet],
    spots: Sequence[Spot],
    labelled: Sequence[Block],
    taken: Sequence[Block],
    payees: Collection[str],
    goods: Collection[Box],
) -> list[Candidate]:
    """Names that may be the seller's, the likeliest first.

    Args:
        sheets: the pages.
        spots: their labels.
        labelled: blocks under a seller's label.
        taken: other parties' blocks, the buyer's first.
        payees: names in payment codes.
        goods: where line items stand.
    """
    found = []
    for block in labelled:
        if block.name is not None:
            found.append(candidate("seller_name", tidy_name(block.name.text), 0.97 * name_score(block), block.name))
    for spot in spots:
        payee = spot.meanings.get("payee_name")
        for segment in list(spot.beside())[:1] if payee else []:
            name = segment.text.strip(" :.,")
            if is_name(name) and len(name.split()) <= 8:
                score = 0.72 if legal_form(name) else 0.5
                found.append(candidate("seller_name", tidy_name(name), score, segment))
    used = {line.box for block in taken for line in block.lines} | set(goods)
    known = Known(_hosts(sheets), _counts(sheets), _payees(spots) | {label_key(name) for name in payees if name})
    buyers = {label_key(block.name.text) for block in taken[:1] if block.name is not None}
    for sheet in sheets[:1] if len(sheets) == 1 else (sheets[0], sheets[-1]) if sheets else ():
        slip = is_slip_page(sheet)
        for index, row in enumerate(sheet.rows):
            listed = listed_in(row) if row.box.top > _FOOT * sheet.page.height else None
            if listed is not None:
                found.append(candidate("seller_name", tidy_name(listed.text), _REGISTERED_FOOT, listed))
            for segment in _spaced(sheet, row, slip):
                if segment.box not in used and label_key(segment.text) not in buyers:
                    found.extend(_named(sheet, index, segment, known, slip))
    return best_of(_longer(c for c in best_of(found) if c.score >= 0.3))


def _longer(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates, where a name's whole form stands elsewhere that one takes its place: a logo holds a part of it."""
    names = list(found)
    for index, short in enumerate(names):
        key = label_key(short.value)
        for long in names:
            longer = label_key(long.value)
            # "SCEA BioVerger des Alpilles" begins with its form
            part = longer.startswith(key) or longer.endswith(key) or (len(key) > 5 and key in longer)
            part = part or _is_shortened(short.value, long.value)
            plain = without_registration(long.raw)
            whole = is_company(long.value) and not re.search(r"\d", plain) and not _announces(plain)
            # "Hale LLP Office Account" is no fuller name of Hale LLP
            whole = whole and not (has_form(short.value) and longer.startswith(key) and not _ends_in_form(long.value))
            if len(key) > 3 and part and len(longer) > len(key) and whole:
                names[index] = replace(long, score=min(0.97, max(short.score, long.score) + 0.04))
    return names


def _is_shortened(brand: str, name: str) -> bool:
    """Whether a brand's words, two and more, stand in a company's name in this order: "Elmontage Syd"."""
    words, whole = [label_key(word) for word in brand.split()], iter(label_key(word) for word in name.split())
    return len(words) > 1 and len("".join(words)) > _BRAND and all(word in whole for word in words)


def _ends_in_form(name: str) -> bool:
    return is_only_form(name.split()[-1])


def _spaced(sheet: Sheet, row: Row, slip: bool) -> list[Segment]:
    """The segments of a row, a name with its form as one; on a till slip, whose heads are printed wide, all of them."""
    segments = list(row.segments)
    if sum(map(len, (segment.words for segment in segments))) >= _SPACED and all(
        len(word.text) == 1 for segment in segments for word in segment.words
    ):
        # "K O O I M A N   T R A N S P O R T"
        words = [word for one in segments for word in closed_up(one)]
        return [segment_of(words, row.page, segments[0].source)]
    if len(segments) != 2 or row.page != 1 or row.box.top > _TOP * sheet.page.height:
        return segments
    near = segments[1].box.x0 - segments[0].box.x1 < _LOST * sheet.height
    if (slip and all(s.text.replace(" ", "").isalpha() for s in segments)) or (near and is_only_form(segments[1].text)):
        return [segment_of(row.words, row.page, segments[0].source)]
    return segments


@dataclass(frozen=True, slots=True)
class Known:
    """What else the document says of the seller's name."""

    hosts: set[str]
    """Names in web and mail addresses."""
    counts: dict[str, int]
    """How often each segment is printed."""
    payees: set[str]
    """Holders of the accounts."""


def _named(sheet: Sheet, index: int, segment: Segment, known: Known, slip: bool) -> list[Candidate]:
    """The segment as the seller's name, scored by what usually surrounds one."""
    text = without_brackets(segment.text) if slip else segment.text
    first = sender_parts(text)[0]
    listed = is_street(first) or says_capital(text) or names_person(first) or _is_subtitle(sheet, index, segment)
    if is_sender_line(text) and not listed:
        # the small line over the window of a letter
        name = first
        foot = segment.box.top > _FOOT * sheet.page.height
        told = says_sender(text) or label_key(name) in known.payees
        sure = 0.97 if told else 0.9 if foot else 0.85
        return [candidate("seller_name", tidy_name(name), sure, segment, name)]
    operator = operator_in(text)
    if operator is not None:
        return [candidate("seller_name", tidy_name(operator), _OPERATOR, segment, operator)]
    registered = registered_in(text)
    if registered is not None:
        foot = segment.box.top > _FOOT * sheet.page.height
        sure = _REGISTERED_FOOT if foot else 0.62
        return [candidate("seller_name", tidy_name(registered), sure, segment, registered)]
    numbered = numbered_in(text)
    if numbered is not None:
        return [candidate("seller_name", tidy_name(numbered), _WITH_NUMBER, segment, numbered)]
    plain = without_registration(text)
    words = (plain if is_registration(text[len(plain) :]) else text).split()
    rest = is_only_form(text) or ends_name(text) or is_second_line(sheet, index, segment, slip)
    other = is_introduced(segment) or names_person(text) or names_kin(text)
    if rest or other or _among_labels(sheet.rows[index], segment):
        # the second line of a name; a label with its value
        return []
    if not is_name(text) or sum(word.isalnum() or len(word) > 2 for word in words) > 7 or _is_label(segment):
        return []
    first_page = sheet.page.number == 1
    place = segment.box.top / max(sheet.page.height, 1.0)
    score = 0.22 - (0.3 if len(words) > 1 and _announces(text) else 0.0)
    score += 0.30 if legal_form(text) else 0.0
    if first_page:
        rank = _rank(sheet, index)
        score += 0.22 if rank == 0 else 0.16 if rank <= 2 else 0.08 if place < 0.25 else 0.0
        score -= 0.25 if is_street(text) and not is_company(text) else 0.0
        score += min(0.18, 0.12 * max(0.0, segment.box.height / sheet.height - 1.0))
    score += 0.04 if segment.bold else 0.0
    key = label_key(text)
    if any(
        len(host) >= 4
        and (
            host in key
            or key[: max(5, len(host) - 2)] == host[: max(5, len(key) - 2)]
            or (len(key) > 8 and host.startswith(key))
        )
        for host in known.hosts
    ):
        score += 0.22
    # a word that a till slip prints on every line is no name
    score += 0.08 * min(2 if len(words) > 1 else 1, known.counts.get(key, 1) - 1)
    score += 0.3 if any(key == payee or (len(key) > 5 and key in payee) for payee in known.payees) else 0.0
    score += 0.3 if place > 0.82 and heads_imprint(sheet, index, segment) else 0.0
    score += 0.3 if first_page and place <= 0.4 and _heads_own_numbers(sheet, index, segment) else 0.0
    below = [s for row in sheet.rows[index + 1 : index + 5] for s in row.segments]
    near = [
        s
        for s in below
        if abs(s.box.x0 - segment.box.x0) < 12 * sheet.height
        or abs(s.box.centre - segment.box.centre) < 12 * sheet.height
    ]
    score += 0.12 if first_page and any(has_place(s.text) for s in near) else 0.0
    score += _said_above(sheet, index, segment)
    score -= 0.4 if first_page and under_sender_line(sheet, segment) else 0.0
    score -= 0.3 if first_page and _is_written_to(sheet, index, segment) else 0.0
    score += 0.25 if any(names_person(s.text) for s in lines_under(sheet, index, segment)[:1]) else 0.0
    if first_page and slip:
        score += _heads_slip(text, place, _rank(sheet, index), near)
        score += _worth_of_register(sheet, index, segment)
    score -= 0.15 if segment.page == 1 and 0.4 < place < 0.85 else 0.0
    if segment.source is Source.OCR and segment.confidence < 0.5:
        score -= 0.1
    own = candidate("seller_name", tidy_name(text), max(0.0, min(0.93, score)), segment)
    second = second_line(sheet, index, segment, slip)
    if second is None:
        return [own]
    whole = segment_of((*segment.words, *second.words), segment.page, segment.source)
    most = 0.95 if legal_form(whole.text) else max(0.88, own.score + 0.01)
    return [own, candidate("seller_name", tidy_name(whole.text), min(most, own.score + 0.35), whole)]


def _among_labels(row: Row, segment: Segment) -> bool:
    """Whether a row holds nothing but labels besides: the head of a table whose values stand below."""
    if has_form(segment.text):
        return False
    known = [label_key(other.text) in field_labels() for other in row.segments if other is not segment]
    return sum(known) >= _HEADS and 2 * sum(known) > len(known)


def _is_written_to(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether the lines under a name say whom there the letter is for: nobody writes so to himself."""
    return any(is_attention(line.text) for line in lines_under(sheet, index, segment)[:5])


def _is_subtitle(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether a line that lists data stands centred under a larger or bolder one: that one is the name."""
    for row in sheet.rows[max(0, index - 1) : index]:
        for above in row.segments:
            centred = abs(above.box.centre - segment.box.centre) < sheet.height
            stronger = above.box.height > 1.1 * segment.box.height or (above.bold and not segment.bold)
            if centred and stronger and len(above.words) > 1 and is_name(above.text):
                return True
    return False


def _heads_slip(text: str, place: float, rank: int, near: Sequence[Segment]) -> float:
    """How well a name's place on a till slip speaks for it: the shop heads it, goods and thanks stand below."""
    if place >= 0.3:
        return -0.25
    score = 0.12 if rank == 0 or legal_form(text) else 0.0
    return score + (0.15 if legal_form(text) and any(has_place(s.text) for s in near) else 0.0)


def _worth_of_register(sheet: Sheet, index: int, segment: Segment) -> float:
    """What a register's number behind a name or under it says for it: a shop's sign, right above, has none."""
    below = sheet.rows[index + 1].text if index + 1 < len(sheet.rows) else ""
    behind = segment.text[len(without_registration(segment.text)) :]
    if not is_registration(below) and (not is_registration(behind) or _announces(segment.text)):
        return 0.0
    return 0.25 if index and is_name(sheet.rows[index - 1].text) else 0.15


def _said_above(sheet: Sheet, index: int, segment: Segment) -> float:
    """What the line above says of a name: an earlier one, or the owner of the shop whose sign heads the slip."""
    above = " ".join(sheet.rows[index - 1].text.split()) if index else ""
    if names_earlier(above) or names_earlier(segment.text):
        return -0.4
    return 0.35 if names_owner(above) and legal_form(segment.text) else 0.0


def _rank(sheet: Sheet, index: int) -> int:
    """How many rows that could be a name stand above; specks that OCR takes for print, titles and labels are none."""
    above = sheet.rows[: min(index, 12)]
    return sum(any(len(s.text) > 3 and is_name(s.text) and not _is_label(s) for s in row.segments) for row in above)


def _payees(spots: Sequence[Spot]) -> set[str]:
    """Names of the holders of accounts."""
    found = set()
    for spot in spots:
        if spot.meanings.get("payee_name"):
            found |= {label_key(segment.text) for segment in list(spot.beside())[:1]}
    return {key for key in found if len(key) > 2}


def _heads_own_numbers(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether an account or a register's number stands in the lines under a name: who sells prints those."""
    last = segment
    for row in sheet.rows[index + 1 : index + 9]:
        for line in row.segments:
            edges = (line.box.x0 - segment.box.x0, line.box.x1 - segment.box.x1, line.box.centre - segment.box.centre)
            if min(map(abs, edges)) > 0.6 * sheet.height or line.box.top - last.box.bottom > 1.2 * sheet.height:
                continue
            if OWN_NUMBER.match(line.text):
                return True
            last = line
    return False


def _announces(text: str) -> bool:
    """Whether a word of a document's title stands in the text: heads of later pages hold name, title and number."""
    return any(len(key) > 4 and key in type_labels() for key in map(label_key, text.split()))


def _is_label(segment: Segment) -> bool:
    key = label_key(segment.text)
    if key in field_labels() or key in type_labels() or key in column_labels() or segment.text.rstrip().endswith(":"):
        return True
    first = label_key(segment.words[0].text.partition("(")[0])
    # "Invoice 4711", "Page 1 of 2": a label with its value, or a heading
    return first in type_labels() or (first in field_labels() and segment.words[0].text.endswith(":"))


def _hosts(sheets: Sequence[Sheet]) -> set[str]:
    """Names in web and mail addresses: a seller's usually holds his own."""
    hosts = set()
    for sheet in sheets:
        for row in sheet.rows:
            if "@" in row.text or "www" in row.text.lower() or "http" in row.text.lower():
                names = [mail.split("@")[1] for mail in EMAIL.findall(row.text)] + _WEB.findall(row.text)
                for name in names:
                    host = label_key(name.lower().removeprefix("www.").split(".")[0])
                    if host and host not in _GENERIC_HOSTS:
                        hosts.add(host)
    return hosts


def _counts(sheets: Sequence[Sheet]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for sheet in sheets:
        for segment in sheet.segments:
            key = label_key(segment.text)
            counts[key] = counts.get(key, 0) + 1
    return counts
