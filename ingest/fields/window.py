"""The buyer's address where no label names it: what stands in a letter's window."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.fields.blocks import Block, address_blocks, is_sender_row
from ingest.fields.candidates import Candidate
from ingest.fields.names import EMAIL, is_company, is_name
from ingest.labels import label_key
from ingest.layout import Segment, Sheet

_WEB = re.compile(r"(?i)(?:https?://|www\.)([a-z0-9\-.]+\.[a-z]{2,})")

_HEAD = 0.36
"""Part of a page within which a letter says whom it is for."""
_LOGO = 1.4
"""Height of a sender's sign over an address, in heights of its lines, from which it is none of them."""


def window_of(sheets: Sequence[Sheet], seller: Candidate | None, taken: Sequence[Block]) -> Block | None:
    """The buyer's address where no label names it: the block in a letter's window, under the sender's small line."""
    if not sheets or not sheets[0].rows:
        return None
    sheet = sheets[0]
    used = {line.box for block in taken for line in block.lines}
    key = label_key(seller.value) if seller else ""
    blocks = (_below_sender(block, key) for block in address_blocks(sheet))
    found = [
        (_window_score(sheet, block, key), block) for block in blocks if not used & {line.box for line in block.lines}
    ]
    others = [(score, block) for score, block in found if score > 0]
    if seller is not None and len(others) == 1 and not any(line.box == seller.box for line in others[0][1].lines):
        # beside the seller's own, which may stand in the foot, there is but one address
        least, only = others[0]
        high = only.lines[0].box.top < _HEAD * sheet.page.height
        found = [(max(least, 0.3) + 0.15 if high else least, only)]
    score, block = max(found, key=lambda one: one[0], default=(0.0, None))
    if block is not None and score >= 0.4:
        return Block(block.lines, min(0.9, score))
    return _bare_name(sheet, key)


def _below_sender(block: Block, seller: str) -> Block:
    """The block without the seller's name on top of it: the line over a letter's window need not hold an address.

    OCR loses its dots, or takes what stands behind the name for another column.
    """
    lines, last = list(block.lines), None
    if len(lines) > 3 and lines[0].box.height > _LOGO * lines[1].box.height and _is_bare_name(lines[1]):
        lines.pop(0)
        block = Block(tuple(lines), block.score)
    while len(lines) > 2 and _is_senders(lines[0], seller):
        last = lines.pop(0)
    if last is None or not is_name(lines[0].text):
        return block
    small = last.box.height < 0.9 * lines[0].box.height or len(label_key(last.text)) > len(seller) + 8
    return Block(tuple(lines), block.score) if small or is_company(lines[0].text) else block


def _is_bare_name(line: Segment) -> bool:
    return is_name(line.text) and not any(sign.isdigit() for sign in line.text)


def _is_senders(line: Segment, seller: str) -> bool:
    own = label_key(line.text)
    return bool(seller) and (own.startswith(seller) or (len(own) > 5 and own in seller))


def _bare_name(sheet: Sheet, seller: str) -> Block | None:
    """A company's name without an address right under the sender's line: what stands there is whom a letter is for."""
    for sender, below in zip(sheet.rows, sheet.rows[1:], strict=False):
        if not is_sender_row(sender):
            continue
        for segment in below.segments:
            own = label_key(segment.text)
            beside = abs(segment.box.x0 - sender.box.x0) < sheet.height
            if beside and is_company(segment.text) and not (seller and (own in seller or seller in own)):
                return Block((segment,), 0.75)
    return None


def _window_score(sheet: Sheet, block: Block, seller: str) -> float:
    """How well an unlabelled block's place speaks for the buyer's address; less where it speaks for the seller."""
    top, name = block.lines[0], block.name
    own = label_key(name.text) if name is not None else ""
    if not own or (seller and (own in seller or seller in own)):
        return 0.0
    share = top.box.top / max(sheet.page.height, 1.0)
    score = 0.55 if 0.045 < share < _HEAD else 0.3 if share < 0.5 else 0.0
    score += 0.25 if under_sender_line(sheet, top) else 0.0
    score -= 0.3 if _has_contacts(sheet, block) else 0.0
    score -= 0.25 if top is sheet.rows[0].segments[0] else 0.0
    return score


def under_sender_line(sheet: Sheet, top: Segment) -> bool:
    """Whether the small line of the sender stands right over the block, as over a letter's window."""
    return any(
        0 < top.box.top - row.box.bottom < 5 * sheet.height
        and abs(row.box.x0 - top.box.x0) < 4 * sheet.height
        and is_sender_row(row)
        for row in sheet.rows
    )


def _has_contacts(sheet: Sheet, block: Block) -> bool:
    """Whether ways to reach somebody stand within the block or right under it: a seller prints his own."""
    last = block.lines[-1]
    near = [
        s.text
        for row in sheet.rows
        for s in row.segments
        if abs(s.box.x0 - last.box.x0) < sheet.height and 0 < s.box.top - last.box.top < 6 * sheet.height
    ]
    return any(EMAIL.search(text) or _WEB.search(text) for text in near)
