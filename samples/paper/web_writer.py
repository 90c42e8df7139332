"""Writes papers as web pages that Chromium prints: its runs of text are built differently from reportlab's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

from samples.degrade import undated
from samples.paper.blocks import (
    Band,
    Block,
    Break,
    Cell,
    Code,
    Gap,
    Keep,
    Logo,
    Look,
    Paper,
    Push,
    Row,
    Rule,
    Side,
    Table,
    Text,
    Until,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILIES = {
    "sans": "DejaVu Sans", "narrow": "DejaVu Sans Condensed", "serif": "DejaVu Serif",
    "bookish": "DejaVu Serif Condensed",
    "mono": "DejaVu Sans Mono", "helvetica": "Helvetica, DejaVu Sans Condensed",
    "times": "Times, DejaVu Serif Condensed",
    "courier": "DejaVu Sans Mono",
}  # fmt: skip
SHAPES = {
    "disc": "border-radius:50%;background:{c}", "ring": "border-radius:50%;border:3pt solid {c};box-sizing:border-box",
    "bars": "background:repeating-linear-gradient(90deg,{c} 0 8pt,transparent 8pt 12pt)", "kite": "background:{c}",
}  # fmt: skip
ALIGN = {"left": "left", "right": "right", "centre": "center"}
LINES = {
    "all": "td,th{border:.5pt solid #333}", "rows": "tr{border-bottom:.4pt solid #555}",
    "underline": "tr{border-bottom:.4pt solid #777}",
    "head": "thead tr{border-top:.9pt solid;border-bottom:.9pt solid}",
    "frame": "&{border:.5pt solid}thead tr{border-bottom:.9pt solid}",
    "columns": "&{border:.5pt solid}td+td,th+th{border-left:.4pt solid}thead tr{border-bottom:.9pt solid}",
    "zebra": "tbody tr:nth-child(even){background:#eee}thead tr{border-bottom:.9pt solid}", "none": "",
}  # fmt: skip


def _size(given: float, look: Look) -> float:
    return look.size if not given else given * look.size if given < 3 else given


def _text(block: Text, look: Look) -> str:
    style = f"font-size:{_size(block.size, look):.2f}pt;line-height:{block.leading};text-align:{ALIGN[block.align]}"
    if block.bold:
        style += ";font-weight:bold"
    if block.colour:
        style += f";color:{block.colour}"
    if block.spacing:
        style += f";letter-spacing:{block.spacing}pt"
    lines = "".join(f"<div>{escape(line) or '&nbsp;'}</div>" for line in block.lines)
    return f'<div style="{style}">{lines}</div>'


def _cell(cell: Cell, at: int, row: Row, table: Table) -> str:
    tag = "th" if row.kind == "head" else "td"
    align = cell.align or table.columns[at].align
    bold = cell.bold if cell.bold is not None else row.kind == "sum" or table.bold or (tag == "th" and table.head_bold)
    style = f"text-align:{ALIGN[align]};font-weight:{'bold' if bold else 'normal'}"
    grows = sum(column.grow for column in table.columns)
    if table.columns[at].grow and cell.span == 1:
        style += f";width:{99 // grows}%"
    elif tag == "td" and cell.span == 1 and (align == "right" or grows) and not table.equal:
        style += ";white-space:nowrap"
    if table.equal:
        style += f";width:{100 // len(table.columns)}%"
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f'<{tag}{span} style="{style}">{escape(cell.text).replace(chr(10), "<br>")}</{tag}>'


def _row(row: Row, table: Table) -> str:
    cells, at = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, at, row, table))
        at += cell.span
    style = f"vertical-align:{'bottom' if row.low else 'top'}"
    if row.kind == "head" and table.head_fill:
        style += f";background:{table.head_fill}"
    if row.kind == "head" and table.head_colour:
        style += f";color:{table.head_colour}"
    return f'<tr style="{style}">{"".join(cells)}</tr>'


def _table(table: Table, look: Look) -> str:
    style = f"font-size:{_size(table.size, look):.2f}pt"
    if table.full:
        style += ";width:100%"
    elif table.align != "left":
        style += ";margin-left:auto" + (";margin-right:auto" if table.align == "centre" else "")
    heads = "".join(_row(row, table) for row in table.heads)
    rows = "".join(_row(row, table) for row in table.rows)
    pads = f"--air:{table.air}pt;--pad:{table.pad}pt"
    return f'<table class="{table.rules}" style="{style};{pads}"><thead>{heads}</thead><tbody>{rows}</tbody></table>'


def _code(block: Code) -> str:
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(block.payload)
    code.make()
    count = code.getModuleCount()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y in range(count) for x in range(count) if code.isDark(y, x))
    return f'<svg width="{block.size}pt" height="{block.size}pt" viewBox="0 0 {count} {count}"><path d="{dark}"/></svg>'


def _block(block: Block, look: Look) -> str:
    match block:
        case Text():
            return _text(block, look)
        case Table():
            return _table(block, look)
        case Side():
            parts = "".join(
                f'<div style="flex:{share} 1 0;min-width:0">{_all(inner, look)}</div>' for share, inner in block.parts
            )
            return f'<div style="display:flex;gap:{block.gap}pt">{parts}</div>'
        case Gap():
            return f'<div style="height:{block.height}pt"></div>'
        case Rule():
            return f'<hr style="border:0;border-top:{block.weight}pt solid {block.colour};margin:1.5pt 0">'
        case Logo():
            style = SHAPES[block.shape].format(c=block.colour)
            side = (
                "margin-left:auto;" if block.align == "right" else "margin:0 auto;" if block.align == "centre" else ""
            )
            return f'<div style="{side}width:{block.size}pt;height:{block.size}pt;{style}"></div>'
        case Code():
            return _code(block)
        case Band():
            style = f"padding:{block.pad}pt"
            style += f";background:{block.fill}" if block.fill else ""
            style += f";border:.5pt solid {block.frame}" if block.frame else ""
            return f'<div style="{style}">{_all(block.blocks, look)}</div>'
        case Push() | Keep():
            return f'<div style="break-inside:avoid">{_all(block.blocks, look)}</div>'
        case Break():
            return '<div style="break-after:page"></div>'
        case _:
            return ""


def _all(blocks: tuple[Block, ...], look: Look) -> str:
    done = ""
    for block in blocks:
        if isinstance(block, Until):
            done = f'<div style="min-height:{block.y - look.top}pt">{done}</div>'
        else:
            done += _block(block, look)
    return done


def page(paper: Paper) -> str:
    """The paper as a web page."""
    look = paper.look
    rules = "".join(f"table.{name}{{{style}}}" for name, style in LINES.items() if style)
    css = (
        f"@page{{size:{look.width}pt {look.height}pt;margin:{look.top}pt {look.right}pt {look.bottom}pt {look.left}pt}}"
        f"body{{margin:0;font:{look.size}pt {FAMILIES[look.family]};color:{look.ink};letter-spacing:{look.spacing}pt;"
        f"display:flex;flex-direction:column;min-height:{look.height - look.top - look.bottom - 3}pt;"
        "print-color-adjust:exact;-webkit-print-color-adjust:exact}"
        "table{border-collapse:collapse}td,th{padding:var(--air) var(--pad)}tr{break-inside:avoid}"
        f"footer{{margin-top:auto;padding-top:10pt}}{rules}"
    )
    foot = f"<footer>{_all(paper.foot, look)}</footer>" if paper.foot else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(paper.title)}</title>'
        f"<style>{css}</style></head>"
        f"<body><main>{_all(paper.body, look)}</main>{foot}</body></html>"
    )


def browser() -> str | None:
    """The browser that the system has; None: the one that Playwright brought."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def printer() -> Iterator[Callable[[Paper], bytes]]:
    """One browser that prints any number of papers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu"])
        window = chrome.new_page()

        def pdf(paper: Paper) -> bytes:
            window.set_content(page(paper))
            return undated(window.pdf(prefer_css_page_size=True, print_background=True))

        yield pdf
        chrome.close()
