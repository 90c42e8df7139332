"""Several harmless changes on one document, with and without a fault among them: what real paper looks like."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from samples.scenarios import noise, parties
from samples.scenarios.clean import Kind
from samples.scenarios.clean_heads import PREFIXES
from samples.scenarios.drafts import Draft, DraftLine, cents
from samples.scenarios.maker import Maker, Ordered
from samples.scenarios.names import Article

ROOM = Decimal("0.4")


def variants(m: Maker, count: int, *, one_price: bool = False) -> Ordered:
    """An order of one article in several sizes, whose numbers follow each other."""
    supplier = m.supplier()
    first = m.article(supplier)
    found: list[Article] = [first]
    while len(found) < count:
        other = m.article(supplier)
        other = replace(
            other, noun=first.noun, attribute=first.attribute, unit=first.unit, size=_size(first, len(found))
        )
        head = "".join(char for char in first.sku if not char.isdigit()) or "N-"
        number = "".join(char for char in first.sku if char.isdigit())[:4]
        other = replace(other, sku=f"{head}{int(number) + len(found)}-{m.next()}")
        price = (
            first.price if one_price else cents(first.price * (10 + 2 * len(found)) / 10) + Decimal("0.01") * len(found)
        )
        found.append(replace(other, price=price))
    return m.order(supplier=supplier, articles=found)


def _size(article: Article, step: int) -> str:
    """The article's size, its first figure grown."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 2 * step), article.size, count=1)


def harmless_lines(m: Maker, ordered: Ordered, draft: Draft) -> Draft:
    """Each line in one of the ways in which paper differs from an order, the lines in any sequence."""
    lines = []
    for line, article in zip(draft.lines, ordered.articles, strict=True):
        changed = _amounts(m, _words(m, line, article))
        if m.rng.random() < 0.15 and changed.quantity > 1 and not changed.discount:
            first = Decimal(m.rng.randint(1, int(changed.quantity) - 1)) if changed.quantity >= 2 else Decimal(1)
            lines += [replace(changed, quantity=first), replace(changed, quantity=changed.quantity - first)]
        else:
            lines.append(changed)
    m.rng.shuffle(lines)
    return replace(draft, lines=tuple(lines))


def _words(m: Maker, line: DraftLine, article: Article) -> DraftLine:
    way = m.rng.randrange(6)
    if way == 0:
        return replace(line, description=noise.reworded(article, m.rng))
    if way == 1:
        return replace(line, sku=None, description=noise.reworded(article, m.rng))
    if way == 2:
        return replace(line, sku=noise.other_punctuation(line.sku or "", m.rng))
    if way == 3:
        return replace(line, description=noise.translated(article, m.rng))
    if way == 4:
        return replace(line, sku=None, description=f"{noise.reworded(article, m.rng)} Art. {line.sku}")
    return line


UNITS = {"H87": ("C62", "EA", "PCE"), "KGM": ("GRM",), "MTR": ("CMT",), "LTR": ("MLT",)}
FACTORS = {"GRM": 1000, "CMT": 100, "MLT": 1000}


def _amounts(m: Maker, line: DraftLine) -> DraftLine:
    way = m.rng.randrange(4)
    if way == 0 and line.unit in UNITS:
        unit = m.rng.choice(UNITS[line.unit])
        factor = FACTORS.get(unit, 1)
        return replace(line, unit=unit, quantity=line.quantity * factor, price=line.price / factor)
    if way == 1:
        listed = line.price / (1 - Decimal("0.2"))
        return replace(line, price=listed, percent=Decimal(20)) if listed == cents(listed) else line
    if way == 2:
        return replace(line, price=line.price * 100, base=Decimal(100))
    return line


def harmless_head(m: Maker, draft: Draft) -> Draft:
    """Names, numbers and addresses as paper has them, enough of them right."""
    seller, buyer = draft.supplier, draft.customer
    way = m.rng.randrange(5)
    if way == 0 and seller.vat_id:
        draft = replace(draft.having(seller_name=noise.misread_word(seller.name, m.rng)), misread=("seller_name",))
        draft = draft.having(seller_address=None) if m.rng.random() < 0.5 else draft
    elif way == 1 and seller.vat_id:
        draft = draft.having(seller_name=" ".join(seller.name.split()[:2]), seller_iban=None)
    elif way == 2:
        draft = draft.having(seller_vat_id=None)
    elif way == 3:
        draft = draft.having(seller_name=seller.name.upper(), seller_email=None)
    way = m.rng.randrange(5)
    if way == 0:
        draft = draft.having(buyer_vat_id=None)
    elif way == 1:
        draft = draft.having(buyer_address=None)
    elif way == 2:
        misread = (*draft.misread, "buyer_name")
        draft = replace(draft.having(buyer_name=noise.misread_word(buyer.name, m.rng)), misread=misread)
    elif way == 3:
        draft = draft.having(buyer_name=f"{buyer.name}, {m.rng.choice(('Einkauf', 'Accounts Payable', 'Hr. Weber'))}")
    way = m.rng.randrange(6)
    if way == 0:
        damaged = noise.look_alike(draft.orders[0], m.rng)
        return replace(draft, orders=(damaged,), misread=(*draft.misread, "purchase_order"))
    if way == 1:
        return replace(draft, orders=(m.rng.choice(PREFIXES).format(draft.orders[0]),))
    if way == 2:
        return replace(draft, orders=()).having(buyer_reference=draft.orders[0])
    return draft


def _stack(m: Maker, *, room: bool) -> tuple[Ordered, Draft]:
    ordered = m.order(m.rng.randint(2, 6))
    draft = m.bill(ordered, share=ROOM if room else None)
    return ordered, harmless_head(m, harmless_lines(m, ordered, draft))


def stacked(m: Maker) -> None:
    """Many harmless changes at once."""
    m.add("stacked", _stack(m, room=m.rng.random() < 0.5)[1])


def sizes(m: Maker) -> None:
    """One article in several sizes, without article numbers: the size says which."""
    ordered = variants(m, m.rng.randint(2, 6), one_price=m.rng.random() < 0.5)
    draft = m.bill(ordered, share=m.rng.choice((None, ROOM)))
    lines = [
        replace(line, sku=None, description=noise.reworded(article, m.rng))
        for line, article in zip(draft.lines, ordered.articles, strict=True)
    ]
    m.rng.shuffle(lines)
    m.add("sizes", replace(draft, lines=tuple(lines)))


def sizes_by_number(m: Maker) -> None:
    """One article in several sizes, all with the same words: the article number says which."""
    ordered = variants(m, m.rng.randint(2, 5))
    draft = m.bill(ordered)
    lines = [replace(line, description=ordered.articles[0].words()[0]) for line in draft.lines]
    m.rng.shuffle(lines)
    m.add("sizes_by_number", replace(draft, lines=tuple(lines)))


def some_of_many(m: Maker) -> None:
    """Three lines of a long order of near articles, in another sequence."""
    ordered = variants(m, 12)
    draft = m.bill(ordered)
    lines = m.rng.sample(draft.lines, 3)
    m.add("some_of_many", replace(draft, lines=tuple(replace(line, sku=None) for line in lines)))


def size_not_ordered(m: Maker) -> None:
    """A size that the order lacks, beside ordered sizes, at an ordered price, without article numbers."""
    ordered = variants(m, 4, one_price=True)
    draft = m.bill(ordered, share=ROOM)
    noun, attribute, _ = ordered.articles[0].words()
    size = _size(ordered.articles[0], 9)
    wrong = replace(draft.lines[3], sku=None, description=f"{noun} {attribute} {size}", pairs=())
    lines = (*(replace(line, sku=None) for line in draft.lines[:3]), wrong)
    m.add("size_not_ordered", replace(draft, lines=lines), ["line_not_ordered"])


def size_exchanged(m: Maker) -> None:
    """The dearer size is billed where only the cheaper one is open: the other was not ordered."""
    ordered = variants(m, 2)
    order = replace(ordered.order, lines=ordered.order.lines[:1])
    m.orders[m.orders.index(ordered.order)] = order
    line = m.line(ordered, 1, Decimal(1), pairs=())
    both = (m.line(replace(ordered, order=order), 0, Decimal(1)), line)
    m.add("size_exchanged", m.bill(ordered, lines=both), ["line_not_ordered"], may=("total_over_order",))


def size_repeated(m: Maker) -> None:
    """Another size made of the same figures: 50x50x30 is not 50x30x30."""
    supplier = m.supplier()
    a, b = m.rng.randint(11, 48), m.rng.randint(50, 98)
    article = replace(m.article(supplier, unit="H87"), size=f"{a}x{a}x{b}")
    ordered = m.order(supplier=supplier, articles=(article, *m.articles(supplier, 1)))
    draft = m.bill(ordered, share=ROOM)
    noun, attribute, _ = article.words()
    wrong = replace(
        draft.lines[0], sku=m.article(supplier).sku, description=f"{noun} {attribute} {a}x{b}x{b}", pairs=()
    )
    m.add("size_repeated", replace(draft, lines=(wrong, *draft.lines[1:])), ["line_not_ordered"])


def stacked_price(m: Maker) -> None:
    """Many harmless changes, and one price is higher."""
    _, draft = _stack(m, room=True)
    at = m.rng.randrange(len(draft.lines))
    line = draft.lines[at]
    more = line.price * Decimal("0.08") + Decimal("0.06") * line.base
    lines = (*draft.lines[:at], replace(line, price=line.price + more), *draft.lines[at + 1 :])
    m.add("stacked_price", replace(draft, lines=lines), ["price_differs"], may=("total_over_order",))


def stacked_quantity(m: Maker) -> None:
    """Many harmless changes, and one line is above its order."""
    ordered, draft = _stack(m, room=True)
    at = m.rng.randrange(len(draft.lines))
    line = draft.lines[at]
    wanted = next(each for each in ordered.order.lines if each.line_number == line.pairs[0][1])
    factor = FACTORS.get(line.unit, 1)
    lines = (*draft.lines[:at], replace(line, quantity=(wanted.quantity + 1) * factor), *draft.lines[at + 1 :])
    m.add("stacked_quantity", replace(draft, lines=lines), ["quantity_over_ordered"], may=("total_over_order",))


def stacked_account(m: Maker) -> None:
    """Many harmless changes, and another account."""
    _, draft = _stack(m, room=False)
    while not draft.supplier.iban:
        _, draft = _stack(m, room=False)
    account = parties.new_account(draft.supplier.country or "DE", m.rng)
    may = ("supplier_unknown", "supplier_ambiguous", "bank_account_changed")
    if draft.fields.get("seller_vat_id", "") is None:
        # name and address alone say who it is: a careful reader may also doubt the sender
        m.add(
            "stacked_account", draft.having(seller_iban=account), status="needs_review", may=may, unscored=("supplier",)
        )
    else:
        m.add("stacked_account", draft.having(seller_iban=account), ["bank_account_changed"])


def stacked_strange_line(m: Maker) -> None:
    """Many harmless changes, and one line that was never ordered."""
    ordered, draft = _stack(m, room=True)
    other = m.article(ordered.supplier)
    while any(other.noun == each.noun for each in ordered.articles):
        other = m.article(ordered.supplier)
    rate = draft.lines[0].rate
    extra = DraftLine(other.description, Decimal(1), Decimal("0.90"), other.unit, None, rate=rate)
    lines = [*draft.lines, extra]
    m.rng.shuffle(lines)
    m.add("stacked_strange_line", replace(draft, lines=tuple(lines)), ["line_not_ordered"])


STACKED: tuple[Kind, ...] = (stacked, stacked, stacked, stacked, sizes, sizes, sizes_by_number, some_of_many)
STACKED_FAULTS: tuple[Kind, ...] = (
    size_not_ordered, size_exchanged, size_repeated, stacked_price, stacked_price, stacked_quantity, stacked_account,
    stacked_strange_line,
)  # fmt: skip
