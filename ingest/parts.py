"""Which pages of a file make one document: several invoices in one file, and pages behind an invoice that are none.

Nothing is parted in doubt: a wrong cut loses fields, a missing one is told by `second_number`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingest.document import Document
from ingest.extraction import DocumentType, Extraction, FieldValue
from ingest.page_signs import PageSigns, signs_of

BILLS = frozenset({DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.RECEIPT})
ENCLOSED = frozenset({DocumentType.DELIVERY_NOTE, DocumentType.PURCHASE_ORDER, DocumentType.ESTIMATE})
"""Kinds that lie beside an invoice; a bill may well have a page headed as a statement of its readings or payments."""
_PAGE = re.compile(r"\bPage (\d+)\b")
_SAME_PAGE = 0.9
"""Share of words that two pages have in common when one is a copy of the other."""
_SHORTEST = 5
"""Signs of a number that may stand for a longer one: `RE-118` and `RE-118 page 2`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document's pages in its file."""

    first: int
    last: int
    aside: tuple[int, ...] = ()
    """Pages of the range that take no part in the reading: conditions, delivery notes, copies."""
    numbered: tuple[tuple[int, str], ...] = ()
    """Those of them that print an invoice number of their own: perhaps documents after all."""

    @property
    def range(self) -> tuple[int, int]:
        """First and last page."""
        return self.first, self.last

    @property
    def read(self) -> tuple[int, ...]:
        """The pages that are read."""
        return tuple(page for page in range(self.first, self.last + 1) if page not in self.aside)


@dataclass(slots=True)
class _Group:
    """A document while its pages are gathered."""

    pages: list[PageSigns]
    aside: list[PageSigns] = field(default_factory=list)
    ahead: list[PageSigns] = field(default_factory=list)
    """Pages before its first one that belong to it without being read."""

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset().union(*(page.numbers for page in self.pages))

    @property
    def quoted(self) -> frozenset[str]:
        return frozenset().union(*(page.quoted for page in self.pages))

    @property
    def totals(self) -> frozenset[Decimal]:
        return frozenset().union(*(page.totals for page in self.pages))

    @property
    def is_complete(self) -> bool:
        return bool(self.totals)

    @property
    def is_bill(self) -> bool:
        return bool(self.numbers) or self.pages[0].kind in BILLS

    @property
    def latest(self) -> PageSigns:
        return max((*self.pages, *self.aside), key=lambda page: page.number)

    def part(self) -> Part:
        others = sorted((*self.ahead, *self.aside), key=lambda page: page.number)
        every = [page.number for page in (*others, *self.pages)]
        own = [(page.number, page.printed[0]) for page in others if page.numbers and not page.numbers & self.quoted]
        return Part(min(every), max(every), tuple(page.number for page in others), tuple(own))


def parts_of(document: Document) -> tuple[Part, ...]:
    """The documents in a file, in the order of their pages; one where nothing surely tells them apart."""
    if document.e_invoice is not None or len(document.pages) < 2:
        return (Part(1, max(document.page_count, 1)),)
    groups = _without_leaders(_without_fragments(_groups(signs_of(document))))
    parts = [group.part() for group in groups]
    # pages that a limit left unread belong to the document before them
    ends = [*(part.first - 1 for part in parts[1:]), max(parts[-1].last, document.page_count)]
    return tuple(replace(part, last=end) for part, end in zip(parts, ends, strict=True))


def part_between(document: Document, first: int, last: int) -> Part:
    """The part that was once found to take these pages, whatever would be found now."""
    pages = tuple(page for page in document.pages if first <= page.number <= last)
    if len(pages) < 2:
        return Part(first, last)
    found = parts_of(replace(document, pages=pages, page_count=last))
    return replace(found[0], first=first, last=last) if len(found) == 1 else Part(first, last)


def with_pages_of(document: Document, part: Part) -> Document:
    """The document that is read for a part: its pages only, counted from 1."""
    read = part.read
    pages = [page for page in document.pages if page.number in read]
    offset = read[0] - 1 if read else 0
    return replace(document, pages=tuple(replace(page, number=page.number - offset) for page in pages))


def placed(found: Extraction, part: Part) -> Extraction:
    """What was read of a part, with the page numbers of its file."""
    offset = part.read[0] - 1 if part.read else 0
    if not offset:
        return found
    return replace(
        found,
        document_type=_moved(found.document_type, offset),
        fields={name: _moved(value, offset) for name, value in found.fields.items()},
        line_items=tuple(
            replace(item, **{name: _moved(cell, offset) for name, cell in item.cells()}) for item in found.line_items
        ),
        tax_breakdown=tuple(
            replace(row, **{name: _moved(cell, offset) for name, cell in row.cells()}) for row in found.tax_breakdown
        ),
        charges=tuple(replace(charge, amount=_moved(charge.amount, offset)) for charge in found.charges),
        warnings=tuple(
            replace(one, message=_PAGE.sub(lambda match: f"Page {int(match[1]) + offset}", one.message))
            for one in found.warnings
        ),
    )


def _moved(value: FieldValue, offset: int) -> FieldValue:
    rivals = tuple(replace(one, page=one.page + offset) if one.page else one for one in value.rivals)
    return replace(value, page=value.page + offset if value.page else None, rivals=rivals)


def _groups(pages: tuple[PageSigns, ...]) -> list[_Group]:
    groups = [_Group([pages[0]])]
    for page in pages[1:]:
        group = groups[-1]
        if _starts(group, page):
            groups.append(_Group([page]))
        elif _is_aside(group, page):
            group.aside.append(page)
        else:
            group.pages.append(page)
    return groups


def _without_fragments(groups: list[_Group]) -> list[_Group]:
    """What has no total of its own, or only that of a page without a number before it, is no other document."""
    kept = groups[:1]
    for group in groups[1:]:
        another = kept[-1].numbers or not kept[-1].is_bill or not group.totals & kept[-1].totals
        if group.is_complete and another:
            kept.append(group)
        else:
            kept[-1].pages.extend(group.pages)
            kept[-1].aside.extend(group.aside)
    return kept


def _without_leaders(groups: list[_Group]) -> list[_Group]:
    """A delivery note or order before an invoice belongs to it and is not read."""
    first = groups[0]
    if len(groups) > 1 and not first.is_bill:
        groups[1].ahead.extend((*first.pages, *first.aside))
        return groups[1:]
    return groups


def _starts(group: _Group, page: PageSigns) -> bool:
    """Whether another document surely begins with this page."""
    if page.kind is not None and page.kind not in BILLS and not _bills_anyway(page):
        return False
    if _continues(group.latest, page) or _is_same(group, page):
        return False
    first_of_many = _restarts(group.latest, page)
    headed = page.kind in BILLS or (page.labelled and (first_of_many or page.counter is None))
    if not headed or page.numbers & group.quoted:
        return False
    if not group.is_bill:
        # a delivery note or order may lead; a letter or a page that says nothing may be the invoice's own first page
        return bool(page.numbers) and (group.pages[0].kind is not None or group.pages[0].attachment)
    if page.numbers and group.numbers:
        return group.is_complete or first_of_many
    # a first page may repeat the total of a letter before it: another document has another one
    if not group.is_complete or page.totals & group.totals:
        return False
    counted = first_of_many and group.latest.counter is not None
    return bool(page.numbers) or counted or (bool(page.totals) and _is_foreign(group, page))


def _bills_anyway(page: PageSigns) -> bool:
    """Whether a page headed by its order bills: under a label of its own it has a number, and a total."""
    return page.kind is DocumentType.PURCHASE_ORDER and page.labelled and bool(page.totals)


def _is_same(group: _Group, page: PageSigns) -> bool:
    """Whether the page names the number of the document before it, perhaps misread or with a page behind it."""
    if any(_alike(one, other) for one in page.numbers for other in group.numbers):
        return True
    near = page.scanned and any(_one_off(one, other) for one in page.numbers for other in group.numbers)
    return near and (not page.totals or bool(page.totals & group.totals))


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SHORTEST and long.startswith(short))


def _one_off(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _is_foreign(group: _Group, page: PageSigns) -> bool:
    """Whether account, tax number or domain are another sender's; OCR, which misreads them, must agree in two."""
    known = group.pages[0].marks
    if known & page.marks:
        return False
    sorts = {sort for sort, _ in known} & {sort for sort, _ in page.marks}
    return len(sorts) >= (2 if page.scanned or group.pages[0].scanned else 1)


def _continues(before: PageSigns, page: PageSigns) -> bool:
    """Whether the page says that it follows: page 2 of 3 behind page 1 of 3."""
    if before.counter is None or page.counter is None:
        return False
    return page.counter[0] == before.counter[0] + 1 and page.counter[1] == before.counter[1]


def _restarts(before: PageSigns, page: PageSigns) -> bool:
    """Whether the page says that it is a first one, and none is missing before it."""
    if page.counter is None or page.counter[0] != 1:
        return False
    return before.counter is None or before.counter[1] in (None, before.counter[0])


def _is_aside(group: _Group, page: PageSigns) -> bool:
    """Whether the page, which belongs to the document, says nothing about it."""
    before = group.latest
    follows = _continues(before, page)
    if page.conditions:
        return _accounts(page) <= frozenset().union(*(_accounts(known) for known in group.pages))
    if any(_copies(page, known) for known in group.pages):
        return True
    if not group.is_complete or not group.is_bill:
        return False
    if before in group.aside and not page.numbers and (follows or page.kind not in BILLS):
        return True
    other = page.attachment or page.kind in ENCLOSED
    return other and not follows


def _accounts(page: PageSigns) -> frozenset[tuple[str, str]]:
    return frozenset(mark for mark in page.marks if mark[0] == "account")


def _copies(page: PageSigns, known: PageSigns) -> bool:
    """Whether a page repeats another: the copy for the files behind the original."""
    shared = sum((page.tokens & known.tokens).values())
    most = max(sum(page.tokens.values()), sum(known.tokens.values()))
    return most >= 20 and page.numbers == known.numbers and page.totals == known.totals and shared >= _SAME_PAGE * most
