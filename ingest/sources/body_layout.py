"""What a mail says, as lines of text on a grid: rows of its tables stay rows, columns stay columns.

Nothing is loaded or run, and what the mail hides from its reader is left out. Runs in the cage of reading processes:
HTML of strangers is parsed here.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest

from lxml import etree, html

GAP = "   "
"""Between two columns: more than between two words, so that a reader of the page tells them apart."""
WIDEST = 160
"""Characters of a line; longer ones are wrapped."""
MOST_LINES = 2000
DEEPEST = 60
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3")
) | frozenset(("h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "ul"))
_UNSEEN = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "select", "button", "object"))
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)|opacity\s*:\s*0\s*(?:;|$)"
    r"|mso-hide\s*:\s*all|max-height\s*:\s*0"
)
_ROWS = "./tr|./thead/tr|./tbody/tr|./tfoot/tr"

Lines = list[str]


def lines_of_html(text: str) -> Lines:
    """The lines that a reader of the mail sees."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    return _tidy(_block(root, 0))


def lines_of_text(text: str) -> Lines:
    """The lines of a mail in plain text, without what it quotes."""
    lines = [line.expandtabs(8).rstrip() for line in text.splitlines() if not line.startswith(">")]
    return _tidy([piece for line in lines for piece in _wrapped(line)])


def _tidy(lines: Lines) -> Lines:
    """No character that nothing shows, and never two empty lines together."""
    found: Lines = []
    for line in lines:
        shown = "".join(one if one.isprintable() else " " for one in unicodedata.normalize("NFC", line)).rstrip()
        if shown or (found and found[-1]):
            found.append(shown)
    return found[:MOST_LINES]


def _block(element: html.HtmlElement, depth: int) -> Lines:
    """The lines of an element and everything in it."""
    lines: Lines = []
    flowing: list[str] = []

    def end_line() -> None:
        text = "".join(flowing)
        flowing.clear()
        if text.strip() or (lines and "\n" in text):
            for line in text.split("\n"):
                lines.extend(_wrapped(" ".join(line.split())))

    def walk(node: html.HtmlElement) -> None:
        flowing.append((node.text or "").replace("\n", " "))
        for child in node:
            _visit(child)
            flowing.append((child.tail or "").replace("\n", " "))

    def _visit(child: html.HtmlElement) -> None:
        tag = child.tag if isinstance(child.tag, str) else ""
        if not tag or _is_hidden(child, tag):
            return
        if tag == "br":
            flowing.append("\n")
        elif tag == "table" or tag in _BLOCKS:
            end_line()
            if depth < DEEPEST:
                lines.extend(_table(child, depth + 1) if tag == "table" else _block(child, depth + 1))
            if tag in ("p", "table", "h1", "h2", "h3", "h4"):
                lines.append("")
        else:
            walk(child)

    walk(element)
    end_line()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _is_hidden(element: html.HtmlElement, tag: str) -> bool:
    style = element.get("style", "").lower()
    return tag in _UNSEEN or element.get("hidden") is not None or bool(style and _HIDING.search(style))


def _table(table: html.HtmlElement, depth: int) -> Lines:
    rows: list[list[tuple[Lines, int]]] = []
    for row in table.xpath(_ROWS):
        if _is_hidden(row, "tr"):
            continue
        cells = [one for one in row if one.tag in ("td", "th") and not _is_hidden(one, str(one.tag))]
        rows.append([(_block(cell, depth), _span(cell)) for cell in cells])
    widths = _widths(rows)
    return [line for row in rows for line in _row(row, widths)]


def _span(cell: html.HtmlElement) -> int:
    text = cell.get("colspan", "1")
    return min(int(text), 50) if text.isascii() and text.isdecimal() and int(text) else 1


def _widths(rows: list[list[tuple[Lines, int]]]) -> list[int]:
    """Characters of each column, from the cells that stand in it alone."""
    widths: list[int] = []
    for row in rows:
        at = 0
        for lines, span in row:
            widths += [0] * (at + span - len(widths))
            if span == 1:
                widths[at] = max(widths[at], *map(len, lines), 0) if lines else widths[at]
            at += span
    return widths


def _row(row: list[tuple[Lines, int]], widths: list[int]) -> Lines:
    """Cells side by side where they fit on the page, else one below the other."""
    placed: list[tuple[Lines, int]] = []
    at = 0
    for lines, span in row:
        inner = [width for width in widths[at : at + span] if width]
        placed.append((lines, sum(inner) + len(GAP) * max(0, len(inner) - 1)))
        at += span
    if sum(width + len(GAP) for _, width in placed) > WIDEST:
        return [line for lines, _ in placed for line in lines]
    told = []
    for pieces in zip_longest(*(lines for lines, _ in placed), fillvalue=""):
        cells = (piece.ljust(width) for piece, (_, width) in zip(pieces, placed, strict=True) if width or piece)
        told.append(GAP.join(cells).rstrip())
    return told


def _wrapped(line: str) -> Lines:
    """The line in pieces that fit on the page, broken between words where there are any."""
    pieces = []
    while len(line) > WIDEST:
        cut = line.rfind(" ", WIDEST // 2, WIDEST)
        cut = cut if cut > 0 else WIDEST
        pieces.append(line[:cut])
        line = line[cut:].lstrip()
    return [*pieces, line]
