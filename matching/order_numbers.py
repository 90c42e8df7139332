"""Orders by the numbers on a document: as printed, among other words, with a prefix, or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from ingest.document import Source
from ingest.extraction import Extraction
from matching import normalise
from matching.lines import InvoiceLine, slots
from matching.order_fit import explains, share_of
from matching.records import PurchaseOrder, Supplier
from matching.references import References

DATE = re.compile(r"\d{1,4}[./-]\d{1,2}(?:[./-](?:\d{1,4})?)?")
MISREAD = frozenset(map(frozenset, ("06", "08", "38", "68", "56", "17", "2Z", "6G", "0D", "0Q", "7T")))
"""Signs beyond the look-alikes of the contract that OCR takes for each other."""
TOKENS = 24
"""Words and numbers of a text that are looked through for an order number."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An order that a printed number means."""

    order: PurchaseOrder
    score: float
    why: str
    guessed: bool = False
    """No look-alike makes one number of the other: a person has to compare them."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one printed text names."""

    hits: tuple[Hit, ...] = ()
    unknown: tuple[str, ...] = ()


def printed_numbers(extraction: Extraction) -> tuple[str, ...]:
    """Every order number on the document, the header's first."""
    header = extraction.fields.get("purchase_order")
    numbers = [*((header.value, *header.others) if header else ())]
    numbers += [line.purchase_order.value for line in extraction.line_items if line.purchase_order]
    seen: dict[str, str] = {}
    for number in numbers:
        if number.strip():
            seen.setdefault(normalise.order_key(number), number.strip())
    return tuple(seen.values())


def read_by_ocr(extraction: Extraction, number: str) -> bool:
    """Whether a printed number was read from a picture, so that single signs of it may be wrong."""
    header = extraction.fields.get("purchase_order")
    cells = [header, *(line.purchase_order for line in extraction.line_items)]
    sources = {cell.source for cell in cells if cell and number in (cell.value.strip(), *cell.others)}
    return sources == {Source.OCR}


def orders_named(
    number: str, lines: Sequence[InvoiceLine], supplier: Supplier | None, references: References, *, ocr: bool
) -> Named:
    """The orders of a printed text: exact, but for punctuation, among other words, but for look-alikes."""
    if hit := _plainly(number, supplier, references):
        return Named((hit,))
    pieces = [piece for piece in _pieces(number) if not DATE.fullmatch(piece)]
    named = {piece: hit for piece in pieces if (hit := _plainly(piece, supplier, references))}
    if named:
        others = tuple(piece for piece in pieces if piece not in named and _like_a_number(piece))
        hits = {hit.order.po_number: Hit(hit.order, min(hit.score, 0.98), hit.why) for hit in named.values()}
        return Named(tuple(hits.values()), others)
    if supplier is None:
        return Named((), (number,))
    hit = _of_supplier(number, lines, references.orders_near(number, supplier.supplier_id), references, ocr=ocr)
    return Named((hit,)) if hit else Named((), (number,))


def _plainly(number: str, supplier: Supplier | None, references: References) -> Hit | None:
    """The order of this number; punctuation and case aside."""
    exact = references.order(number)
    if exact is not None:
        return Hit(exact, 1.0, "number equal")
    key = normalise.order_key(number)
    same = [order for order in references.orders_alike(number) if normalise.order_key(order.po_number) == key]
    ours = [order for order in same if supplier and order.supplier_id == supplier.supplier_id] or same
    return Hit(ours[0], 0.99, "number equal but for punctuation") if key and len(ours) == 1 else None


def _of_supplier(
    number: str,
    lines: Sequence[InvoiceLine],
    near: Sequence[PurchaseOrder],
    references: References,
    *,
    ocr: bool,
) -> Hit | None:
    """The one order of the supplier that a number means although it is written differently, and whose lines fit."""
    key, runs, zeros = normalise.folded(number), _runs(number), normalise.invoice_key(number)
    whole = [order for order in near if normalise.order_key(order.po_number) in runs]
    longest = max((len(order.po_number) for order in whole), default=0)
    ways: tuple[tuple[str, float, bool, list[PurchaseOrder]], ...] = (
        ("number among other words", 0.95, longest < 5, [order for order in whole if len(order.po_number) == longest]),
        (
            "number equal but for leading zeros",
            0.94,
            False,
            [order for order in near if normalise.invoice_key(order.po_number) == zeros],
        ),
        (
            "number equal but for look-alikes",
            0.9,
            True,
            [order for order in near if normalise.folded(order.po_number) in {key, *map(normalise.folded, runs)}],
        ),
        (
            "number without its prefix",
            0.88,
            True,
            [order for order in near if len(key) >= 5 and key in map(normalise.folded, _runs(order.po_number))],
        ),
    )
    for why, score, doubtful, several in ways:
        fitting = [order for order in several if not doubtful or _fits(order, lines, references)]
        if len(fitting) == 1:
            return Hit(fitting[0], score, f"{why}, lines fit" if doubtful else why)
        if fitting:
            return None
    if not ocr:
        return None
    close = [order for order in near if misread(normalise.folded(order.po_number), key)]
    fitting = [order for order in close if _explained(order, lines, references)]
    # found, but never taken untouched: the contract takes look-alikes for one sign and no others
    return Hit(fitting[0], 0.85, "number one sign off, lines fit", guessed=True) if len(fitting) == 1 else None


def _fits(order: PurchaseOrder, lines: Sequence[InvoiceLine], references: References) -> bool:
    """Whether most of the lines are on the order; the others are then told one by one."""
    return share_of(lines, slots(order, references.progress(order.po_number))) > 0.5


def _explained(order: PurchaseOrder, lines: Sequence[InvoiceLine], references: References) -> bool:
    return explains(lines, slots(order, references.progress(order.po_number)), credit=False)


def misread(one: str, other: str) -> bool:
    """Whether OCR may have made one number of the other: one sign lost or doubled, or taken for one of its shape."""
    if len(one) < 5 or DamerauLevenshtein.distance(one, other, score_cutoff=1) != 1:
        return False
    if len(one) != len(other):
        return True
    signs = [frozenset(pair) for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(signs) == 1 and signs[0] in MISREAD


def numbers_near(
    numbers: Sequence[str], supplier: Supplier | None, references: References
) -> tuple[PurchaseOrder, ...]:
    """Orders whose number is like one that is none, for the person who has to choose."""
    supplier_id = supplier.supplier_id if supplier else None
    every = (
        order
        for number in numbers
        for order in references.orders_near(number, supplier_id)
        if DamerauLevenshtein.distance(normalise.folded(order.po_number), normalise.folded(number)) <= 1
        or normalise.order_key(order.po_number) in _runs(number)
    )
    return tuple({order.po_number: order for order in every}.values())[:5]


def referred(extraction: Extraction, supplier: Supplier | None, references: References) -> tuple[str, ...]:
    """Orders of this supplier whose number stands, whole, in a reference, a contract number or a note."""
    if supplier is None:
        return ()
    found: dict[str, None] = {}
    for text in _reference_texts(extraction):
        runs = _runs(text)
        for order in references.orders_near(text, supplier.supplier_id):
            key = normalise.order_key(order.po_number)
            if key in runs and (len(key) >= 5 or key == normalise.order_key(text)):
                found.setdefault(order.po_number)
    return tuple(found)


def _reference_texts(extraction: Extraction) -> Iterator[str]:
    for name in ("buyer_reference", "contract_number", "delivery_note", "payment_reference"):
        field = extraction.fields.get(name)
        yield from (text for text in ((field.value, *field.others) if field else ()) if text.strip())
    notes = [cell.value for line in extraction.line_items for cell in (line.note, line.delivery_note) if cell]
    yield from dict.fromkeys(note for note in notes if re.search(r"\d{3}", note))


def _pieces(text: str) -> list[str]:
    """The words and numbers of a text, each with the forms that lack a prefix or a position behind a slash."""
    words = [word.strip(".:#()[]") for word in re.split(r"[\s,;&+]+", text)]
    return list(dict.fromkeys(word for word in words if len(word) >= 4 and re.search(r"\d", word)))


def _like_a_number(piece: str) -> bool:
    return len(re.findall(r"\d", piece)) >= 4


def _runs(text: str) -> frozenset[str]:
    """Every run of neighbouring words and numbers of a text, without what is between them, from three signs."""
    tokens = re.findall(r"[^\W\d_]+|\d+", normalise.plain(text).upper())[:TOKENS]
    every = ("".join(tokens[at:end]) for at in range(len(tokens)) for end in range(at + 1, len(tokens) + 1))
    return frozenset(run for run in every if len(run) >= 3 and any(char.isdigit() for char in run))
