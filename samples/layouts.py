"""Six layouts as different makers print them; each draws a whole invoice on as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reportlab.lib.colors import HexColor, white

from samples.model import Invoice, Line
from samples.pen import HEIGHT, WIDTH, Pen
from samples.words import CAPTIONS, amount, day, quantity

Layout = Callable[[Pen, Invoice], None]


def draw(invoice: Invoice, layout: Layout, *, serif: bool = False) -> bytes:
    """The invoice as a PDF with a text layer."""
    pen = Pen(serif)
    layout(pen, invoice)
    return pen.done()


def _meta(invoice: Invoice, style: str) -> list[tuple[str, str]]:
    words, language = CAPTIONS[invoice.language], invoice.language
    rows = [(words["number"], invoice.number), (words["date"], day(invoice.issued, language, style))]
    for caption, value in (
        ("order", invoice.order),
        ("customer", invoice.customer_number),
        ("delivery_note", invoice.delivery_note),
        ("delivered", day(invoice.delivered, language, style) if invoice.delivered else ""),
        ("due", day(invoice.due, language, style) if invoice.due else ""),
        ("preceding", invoice.preceding),
        ("period", " - ".join(day(d, language, style) for d in invoice.period) if invoice.period else ""),
    ):
        if value:
            rows.append((words[caption], value))
    return rows


def _sums(invoice: Invoice) -> list[tuple[str, Decimal]]:
    words, language = CAPTIONS[invoice.language], invoice.language
    rows = [(invoice.freight_word or words["freight"], invoice.freight)] if invoice.freight else []
    rows.append((words["net"], invoice.net))
    rows += [(f"{words['tax']} {quantity(rate, language)} %", tax) for rate, _, tax in invoice.taxes]
    return rows


def _title(invoice: Invoice) -> str:
    return CAPTIONS[invoice.language][invoice.kind]


def letter(pen: Pen, invoice: Invoice) -> None:
    """A business letter after DIN 5008: address window, references on the right, ruled table, three-part foot."""
    words, language, seller = CAPTIONS[invoice.language], invoice.language, invoice.seller
    pen.text(540, 60, seller.name, 15, bold=True, right=True)
    pen.text(540, 74, seller.address, 7.5, right=True)
    pen.text(57, 136, f"{seller.name} · {seller.address}", 6)
    pen.rule(57, 139, 260, 0.3)
    for row, text in enumerate((invoice.buyer.name, *invoice.buyer.lines)):
        pen.text(57, 156 + 13 * row, text, 10)
    for row, (caption, value) in enumerate(_meta(invoice, "short")):
        pen.text(350, 156 + 13 * row, caption + ":", 8.5)
        pen.text(540, 156 + 13 * row, value, 8.5, right=True)
    pen.text(57, 292, f"{_title(invoice)} {invoice.number}", 14, bold=True)
    y = _ruled_table(pen, invoice, 312)
    for caption, figure in _sums(invoice):
        pen.text(440, y, caption, right=True)
        pen.text(540, y, amount(figure, language), right=True)
        y += 14
    pen.rule(330, y - 9, 540)
    pen.text(440, y + 4, words["gross"], 10, bold=True, right=True)
    pen.text(540, y + 4, f"{amount(invoice.gross, language)} {invoice.currency}", 10, bold=True, right=True)
    if invoice.terms:
        pen.text(57, y + 34, f"{words['terms']}: {invoice.terms}")
    if invoice.note:
        pen.text(57, y + 50, invoice.note)
    _foot(pen, invoice)


def _ruled_table(pen: Pen, invoice: Invoice, top: float) -> float:
    words, language = CAPTIONS[invoice.language], invoice.language
    pen.rule(57, top, 540, 1)
    head = ((57, "pos", False), (85, "sku", False), (150, "description", False))
    for x, caption, right in (*head, (365, "quantity", True), (400, "unit", True), (465, "price", True)):
        pen.text(x, top + 13, words[caption], 8, bold=True, right=right)
    pen.text(540, top + 13, words["total"], 8, bold=True, right=True)
    pen.rule(57, top + 18, 540, 0.6)
    y = top + 32
    for number, line in enumerate(invoice.lines, start=1):
        pen.text(57, y, str(number))
        pen.text(85, y, line.sku)
        pen.text(150, y, line.description)
        _figures(pen, line, y, language, 365, 465, 540)
        pen.text(400, y, line.printed_unit or line.unit, right=True)
        for text in line.more:
            y += 12
            pen.text(150, y, text, 8)
        y += 17
    pen.rule(57, y - 9, 540, 0.6)
    return y + 10


def _figures(pen: Pen, line: Line, y: float, language: str, at: float, price: float, total: float) -> None:
    pen.text(at, y, quantity(line.quantity, language), right=True)
    pen.text(price, y, amount(line.unit_price, language), right=True)
    pen.text(total, y, amount(line.total, language), right=True)


def _foot(pen: Pen, invoice: Invoice) -> None:
    words, seller = CAPTIONS[invoice.language], invoice.seller
    pen.rule(57, 770, 540, 0.3)
    columns = (
        (57, (seller.name, *seller.lines)),
        (225, (seller.phone, seller.email, seller.website)),
        (385, (f"{words['vat']} {seller.vat_id}" if seller.vat_id else "", f"IBAN {spaced(seller.iban)}" if seller.iban
               else "", f"BIC {seller.bic}" if seller.bic else "", seller.registration)),
    )  # fmt: skip
    for x, texts in columns:
        for row, text in enumerate(text for text in texts if text):
            pen.text(x, 782 + 9.5 * row, text, 7)


def spaced(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def band(pen: Pen, invoice: Invoice) -> None:
    """A coloured band with the title, cards for parties, zebra rows without rules, total in a dark box."""
    words, language, seller = CAPTIONS[invoice.language], invoice.language, invoice.seller
    pen.fill(0, 0, WIDTH, 92, "#1f4e5f")
    pen.text(40, 58, _title(invoice).upper(), 24, bold=True, colour=white)
    pen.text(555, 44, seller.name, 12, bold=True, right=True, colour=white)
    pen.text(555, 60, seller.address, 8, right=True, colour=white)
    pen.text(40, 122, words["bill_to"], 8, bold=True, colour=HexColor("#1f4e5f"))
    for row, text in enumerate((invoice.buyer.name, *invoice.buyer.lines)):
        pen.text(40, 137 + 12.5 * row, text, 9.5, bold=row == 0)
    for row, (caption, value) in enumerate(_meta(invoice, "medium")):
        pen.text(330, 122 + 15 * row, caption, 8.5, colour=HexColor("#444444"))
        pen.text(430, 122 + 15 * row, value, 9, bold=True)
    y = _zebra_table(pen, invoice, 245)
    for caption, figure in _sums(invoice):
        pen.text(370, y, caption, 9)
        pen.text(548, y, amount(figure, language), 9, right=True)
        y += 15
    pen.fill(360, y - 8, 555, y + 16, "#1f4e5f")
    pen.text(370, y + 8, words["gross"], 10.5, bold=True, colour=white)
    pen.text(548, y + 8, f"{invoice.currency} {amount(invoice.gross, language)}", 10.5, bold=True, right=True,
             colour=white)  # fmt: skip
    bank = [f"IBAN: {spaced(seller.iban)}" if seller.iban else "", f"BIC: {seller.bic}" if seller.bic else ""]
    notes = [f"{words['terms']}: {invoice.terms}" if invoice.terms else "", *bank, invoice.note]
    for row, text in enumerate(text for text in notes if text):
        pen.text(40, y + 44 + 13 * row, text, 8.5)
    ids = (f"{words['vat']} {seller.vat_id}", seller.tax_id, seller.registration, seller.email, seller.phone)
    pen.text(40, 815, "   ".join(text for text in ids if text.strip()), 7.5)


def _zebra_table(pen: Pen, invoice: Invoice, top: float) -> float:
    words, language = CAPTIONS[invoice.language], invoice.language
    for x, caption, right in (
        (46, "description", False), (300, "sku", False), (400, "quantity", True), (475, "price", True),
        (548, "total", True),
    ):  # fmt: skip
        pen.text(x, top, words[caption], 8.5, bold=True, right=right)
    y = top + 20
    for number, line in enumerate(invoice.lines):
        if number % 2 == 0:
            pen.fill(40, y - 12, 555, y + 6 + 11 * len(line.more), "#eef3f5")
        pen.text(46, y, line.description)
        pen.text(300, y, line.sku, 8)
        _figures(pen, line, y, language, 400, 475, 548)
        for text in line.more:
            y += 11
            pen.text(46, y, text, 7.5, colour=HexColor("#555555"))
        y += 18
    return y + 16


def grid(pen: Pen, invoice: Invoice) -> None:
    """Everything in boxes: parties side by side, a table with all its lines, a box of tax rates and totals."""
    words, language, seller, buyer = CAPTIONS[invoice.language], invoice.language, invoice.seller, invoice.buyer
    pen.text(40, 52, f"{_title(invoice)}", 18, bold=True)
    meta = _meta(invoice, "short")
    for row, (caption, value) in enumerate(meta):
        pen.text(330, 40 + 12 * row, f"{caption} : {value}", 8.5)
    top = 60 + 12 * len(meta)
    for x, party, caption in ((40, seller, ""), (305, buyer, words["bill_to"])):
        pen.canvas.rect(x, HEIGHT - top - 88, 250, 88)
        texts = [party.name, *party.lines, f"{words['vat']} {party.vat_id}" if party.vat_id else ""]
        texts = [caption, *texts] if caption else [*texts, party.email]
        for row, text in enumerate(text for text in texts if text):
            pen.text(x + 6, top + 14 + 12 * row, text, 8.5, bold=(text == party.name))
    y = _boxed_table(pen, invoice, top + 104)
    pen.text(46, y + 4, words["tax"], 8, bold=True)
    for row, (rate, taxable, tax) in enumerate(invoice.taxes):
        pen.text(46, y + 17 + 12 * row, f"{quantity(rate, language)} %", 8)
        pen.text(160, y + 17 + 12 * row, amount(taxable, language), 8, right=True)
        pen.text(230, y + 17 + 12 * row, amount(tax, language), 8, right=True)
    sums = [(words["net"], invoice.net), (words["tax"], invoice.tax)]
    if invoice.freight:
        sums.insert(0, (invoice.freight_word or words["freight"], invoice.freight))
    for row, (caption, figure) in enumerate(sums):
        pen.text(400, y + 4 + 14 * row, caption, 9)
        pen.text(549, y + 4 + 14 * row, amount(figure, language), 9, right=True)
    y += 4 + 14 * len(sums)
    pen.text(400, y + 2, f"{words['gross']} {invoice.currency}", 10, bold=True)
    pen.text(549, y + 2, amount(invoice.gross, language), 10, bold=True, right=True)
    notes = [invoice.terms, f"IBAN {spaced(seller.iban)}  BIC {seller.bic}" if seller.iban else "", invoice.note]
    for row, text in enumerate(text for text in notes if text):
        pen.text(40, y + 40 + 13 * row, text, 8.5)
    pen.text(40, 812, "  ".join(t for t in (seller.name, seller.registration, seller.phone, seller.website) if t), 7)


def _boxed_table(pen: Pen, invoice: Invoice, top: float) -> float:
    words, language = CAPTIONS[invoice.language], invoice.language
    edges = (40, 100, 300, 345, 435, 480, 555)
    captions = ("sku", "description", "quantity", "price", "rate", "total")
    for x, caption in zip(edges, captions, strict=False):
        pen.text(x + 4, top + 12, words[caption], 8, bold=True)
    pen.rule(40, top, 555)
    pen.rule(40, top + 17, 555)
    y = top + 31
    for line in invoice.lines:
        pen.text(44, y, line.sku, 8)
        pen.text(104, y, line.description, 8.5)
        pen.text(476, y, quantity(line.rate, language), 8.5, right=True)
        _figures(pen, line, y, language, 341, 431, 551)
        for text in line.more:
            y += 11
            pen.text(104, y, text, 7.5)
        y += 16
    bottom = y - 4
    pen.rule(40, bottom, 555)
    for x in edges:
        pen.upright(x, top, bottom)
    return bottom + 22


def plain(pen: Pen, invoice: Invoice) -> None:
    """No rules and no colour: a small firm's word processor, references in one line, columns by tabs."""
    words, language, seller = CAPTIONS[invoice.language], invoice.language, invoice.seller
    for row, text in enumerate((seller.name, *seller.lines, seller.phone, seller.email)):
        pen.text(60, 60 + 13 * row, text, 10, bold=row == 0)
    for row, text in enumerate((invoice.buyer.name, *invoice.buyer.lines)):
        pen.text(60, 160 + 13 * row, text, 10)
    pen.text(60, 245, _title(invoice), 13, bold=True)
    for row, (caption, value) in enumerate(_meta(invoice, "medium")):
        pen.text(60 if row % 2 == 0 else 310, 268 + 14 * (row // 2), f"{caption}: {value}", 9.5)
    y: float = 340
    for x, caption, right in ((60, "quantity", False), (120, "description", False), (455, "price", True),
                              (535, "total", True)):  # fmt: skip
        pen.text(x, y, words[caption], 9.5, bold=True, right=right)
    for line in invoice.lines:
        y += 20
        pen.text(60, y, f"{quantity(line.quantity, language)} {line.printed_unit}".strip(), 9.5)
        pen.text(120, y, line.description, 9.5)
        pen.text(455, y, amount(line.unit_price, language), 9.5, right=True)
        pen.text(535, y, amount(line.total, language), 9.5, right=True)
        for text in line.more:
            y += 12
            pen.text(120, y, text, 8.5)
    y += 30
    for caption, figure in (*_sums(invoice), (words["gross"], invoice.gross)):
        pen.text(455, y, caption, 9.5, right=True, bold=caption == words["gross"])
        pen.text(535, y, amount(figure, language) + (f" {invoice.currency}" if caption == words["gross"] else ""), 9.5,
                 right=True, bold=caption == words["gross"])  # fmt: skip
        y += 15
    texts = [invoice.terms, invoice.note, f"{words['bank']}: {seller.bank}" if seller.bank else "",
             f"IBAN: {spaced(seller.iban)}" if seller.iban else "", f"BIC: {seller.bic}" if seller.bic else "",
             f"{words['vat']}: {seller.vat_id}" if seller.vat_id else ""]  # fmt: skip
    for row, text in enumerate(text for text in texts if text):
        pen.text(60, y + 20 + 14 * row, text, 9)


def long_list(pen: Pen, invoice: Invoice) -> None:
    """A wholesaler's list over several pages: head on each, carried forward at the page break, totals on the last."""
    words, language = CAPTIONS[invoice.language], invoice.language
    rows_a_page, carried, pages = 24, Decimal(0), -(-len(invoice.lines) // 24)
    for page in range(pages):
        y = _list_head(pen, invoice, page + 1, pages)
        if page:
            pen.text(150, y, words["carry"], 8.5)
            pen.text(545, y, amount(carried, language), 8.5, right=True)
            y += 16
        for line in invoice.lines[page * rows_a_page : (page + 1) * rows_a_page]:
            carried += line.total
            pen.text(50, y, line.sku, 8)
            pen.text(150, y, line.description, 8.5)
            pen.text(445, y, line.printed_unit or line.unit, 8)
            _figures(pen, line, y, language, 430, 495, 545)
            y += 16
        if page + 1 < pages:
            pen.page()
    y += 12
    for caption, figure in _sums(invoice):
        pen.text(440, y, caption, 9, right=True)
        pen.text(545, y, amount(figure, language), 9, right=True)
        y += 14
    pen.text(440, y + 3, f"{words['gross']} ({invoice.currency})", 10, bold=True, right=True)
    pen.text(545, y + 3, amount(invoice.gross, language), 10, bold=True, right=True)
    if invoice.terms:
        pen.text(50, y + 30, f"{words['terms']}: {invoice.terms}", 8.5)
    _foot(pen, invoice)


def _list_head(pen: Pen, invoice: Invoice, page: int, pages: int) -> float:
    words, seller = CAPTIONS[invoice.language], invoice.seller
    pen.text(50, 50, seller.name, 14, bold=True)
    pen.text(50, 64, seller.address, 8)
    pen.text(545, 50, _title(invoice), 14, bold=True, right=True)
    pen.text(545, 64, f"{words['page']} {page}/{pages}", 8, right=True)
    y: float = 90
    if page == 1:
        pen.text(50, y, words["bill_to"], 8)
        for row, text in enumerate((invoice.buyer.name, *invoice.buyer.lines)):
            pen.text(50, y + 14 + 12 * row, text, 9.5)
        for row, (caption, value) in enumerate(_meta(invoice, "short")):
            pen.text(345, y + 13 * row, caption, 8.5)
            pen.text(545, y + 13 * row, value, 8.5, right=True)
        y += 110
    for x, caption, right in ((50, "sku", False), (150, "description", False), (430, "quantity", True),
                              (495, "price", True), (545, "total", True)):  # fmt: skip
        pen.text(x, y, words[caption], 8, bold=True, right=right)
    pen.rule(50, y + 5, 545)
    return y + 20


def reminder(pen: Pen, invoice: Invoice) -> None:
    """A dunning letter: looks like an invoice, and is none."""
    words, language, seller = CAPTIONS[invoice.language], invoice.language, invoice.seller
    pen.text(57, 60, seller.name, 13, bold=True)
    pen.text(57, 74, seller.address, 8)
    for row, text in enumerate((invoice.buyer.name, *invoice.buyer.lines)):
        pen.text(57, 140 + 13 * row, text, 10)
    pen.text(540, 140, day(invoice.issued, language), 9, right=True)
    pen.text(57, 240, _title(invoice), 15, bold=True)
    pen.text(57, 270, invoice.note, 9.5)
    rows = ((words["number"], words["date"], words["gross"]),
            (invoice.preceding, day(invoice.due or invoice.issued, language, "short"),
             f"{amount(invoice.gross, language)} {invoice.currency}"))  # fmt: skip
    for row, texts in enumerate(rows):
        for x, text in zip((57, 200, 330), texts, strict=True):
            pen.text(x, 300 + 16 * row, text, 9.5, bold=row == 0)
    _foot(pen, invoice)


def terms_page(pen: Pen, invoice: Invoice) -> None:
    """A page of general terms, as often comes behind an invoice."""
    pen.text(57, 70, invoice.seller.name, 11, bold=True)
    pen.text(57, 100, "General terms / Allgemeine Bedingungen", 12, bold=True)
    paragraphs = (
        "1. All deliveries are made under these terms; other terms do not become part of the contract.",
        "2. Goods stay the seller's property until they are paid for in full.",
        "3. Complaints about visible faults are made in writing within eight days of delivery.",
        "4. The place of performance and jurisdiction is the seller's seat.",
    )
    for row, text in enumerate(paragraphs):
        pen.text(57, 130 + 22 * row, text, 9)
