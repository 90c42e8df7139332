"""Which texts belong to which line: by blank and rules between them, else by where the table puts its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.dates import dates_in
from ingest.document import Source, Word
from ingest.ink import is_smaller
from ingest.layout import Sheet, overlap
from ingest.lines.broken import is_under
from ingest.lines.notes import is_named
from ingest.lines.rows import Entry, Kind
from ingest.tables import Heading

_SAME_STYLE = 0.12
_SAME_SCANNED = 0.4
_TELLING = 2
"""Words from which a row's size tells that it does not go on with a full one above."""


@dataclass(slots=True)
class Block:
    """A line: the row of its numbers, and its texts from top to bottom."""

    line: Entry
    texts: list[Entry] = field(default_factory=list)
    """Rows with words of the description, that of the numbers among them where it has such."""
    apart: list[Entry] = field(default_factory=list)
    """Those of its texts that stand apart from it, by a rule or as far as lines do: remarks."""
    others: list[Entry] = field(default_factory=list)
    """Rows whose numbers are part of the line's: its discount."""


def blocks_of(entries: Sequence[Entry], sheet: Sheet, heading: Heading) -> list[Block]:
    """The lines among a table's rows, each with the texts that belong to it."""
    blocks = {entry.index: Block(entry) for entry in entries if entry.kind is Kind.LINE}
    rows = [entry for entry in entries if entry.kind in (Kind.LINE, Kind.TEXT)]
    chain = [entry for entry in rows if entry.text]
    bare = [entry for entry in rows if not entry.text]
    groups = _groups(chain, sheet, heading)
    homes = {entry.index: _home(entry, groups, sheet.height) for entry in bare}
    for number, group in enumerate(groups):
        lines = [entry for entry in group if entry.kind is Kind.LINE]
        lines += [entry for entry in bare if homes[entry.index] == number]
        lines.sort(key=lambda entry: entry.index)
        if len(lines) == 1:
            blocks[lines[0].index].texts.extend(group)
        elif lines:
            for entry, line in _shared(group, lines):
                blocks[line.index].texts.append(entry)
        else:
            _orphan(group, number, groups, blocks, sheet)
    found = [blocks[index] for index in sorted(blocks)]
    for block in found:
        block.texts.sort(key=lambda entry: entry.index)
    return found


def _groups(chain: Sequence[Entry], sheet: Sheet, heading: Heading) -> list[list[Entry]]:
    """Texts that stand close together, with no rule between."""
    if not chain:
        return []
    edge = _widest_step(chain, sheet.height)
    groups = [[chain[0]]]
    for above, below in pairwise(chain):
        step = below.box.middle - above.box.middle
        if step > edge or _ruled(above, below, sheet, heading):
            groups.append([below])
        else:
            groups[-1].append(below)
    return groups


def _widest_step(chain: Sequence[Entry], height: float) -> float:
    """How far apart rows of one text may stand: between the steps within texts and those between lines."""
    steps = [(below.box.middle - above.box.middle, below.kind) for above, below in pairwise(chain)]
    texts = [step for step, kind in steps if kind is Kind.TEXT and step >= 0.5 * height]
    lines = [step for step, kind in steps if kind is Kind.LINE]
    low = min(texts, default=min((step for step, _ in steps), default=1.4 * height))
    if texts and lines and median(lines) > 1.15 * low:
        return min((low + median(lines)) / 2, 1.6 * low)
    return 1.22 * min(low, 2.4 * height)


def _ruled(above: Entry, below: Entry, sheet: Sheet, heading: Heading) -> bool:
    """Whether a rule or the edge of a filled row runs through the description's column between two rows."""
    column = next((c for c in heading.columns if c.name == "description"), None)
    if column is None:
        return False
    top, bottom = above.box.middle, below.box.middle
    for rule in sheet.page.rules:
        wide = rule.width > 3 * rule.height and rule.height < 0.5 * sheet.height
        if wide and top < rule.top and rule.bottom < bottom:
            shared = overlap(rule.x0, rule.x1, column.heading.x0, max(column.heading.x1, above.box.x1))
            if shared > 0.5 * column.heading.width:
                return True
    return False


def _home(bare: Entry, groups: Sequence[Sequence[Entry]], height: float) -> int | None:
    """The group of texts at which numbers without a text of their own stand."""
    best: tuple[float, int] | None = None
    for number, group in enumerate(groups):
        top, bottom = group[0].box.top, group[-1].box.bottom
        middle = bare.row.box.middle
        far = max(top - middle, middle - bottom, 0.0)
        # figures stand rather under their text than over it
        far += 0.3 * height if middle < top else 0.0
        taken = any(entry.kind is Kind.LINE for entry in group)
        if far <= 2.2 * height and not (taken and far > 0) and (best is None or far < best[0]):
            best = far, number
    return best[1] if best is not None else None


def _shared(group: Sequence[Entry], lines: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Texts of several lines that no blank parts: they follow their numbers, precede them, or stand around them."""
    pairs: list[tuple[Entry, Entry]] = []
    first, last = lines[0], lines[-1]
    leading = [entry for entry in group if entry.index < first.index]
    trailing = [entry for entry in group if entry.index > last.index]
    above = bool(leading) and not trailing and (not first.text or _wraps(leading[-1], first, group))
    around = len(leading) if leading and trailing and _symmetric(group, lines, len(leading)) else 0
    for entry in group:
        if entry.kind is Kind.LINE:
            pairs.append((entry, entry))
            continue
        before = [line for line in lines if line.index < entry.index]
        after = [line for line in lines if line.index > entry.index]
        if around and before and after:
            position = sum(1 for other in group if before[-1].index < other.index < entry.index)
            pairs.append((entry, before[-1] if position < around else after[0]))
        elif around:
            pairs.append((entry, (before[-1:] or after[:1])[0]))
        elif above and after:
            pairs.append((entry, after[0]))
        elif before:
            pairs.append((entry, before[-1]))
    return pairs


def _symmetric(group: Sequence[Entry], lines: Sequence[Entry], count: int) -> bool:
    """Whether between all lines twice as many texts stand as over the first."""
    for one, two in pairwise(lines):
        between = sum(1 for entry in group if one.index < entry.index < two.index)
        if abs(between - 2 * count) > 1:
            return False
    return not lines[0].text


def _wraps(above: Entry, below: Entry, group: Sequence[Entry]) -> bool:
    """Whether a row of text is full, so that the next one goes on with it."""
    widest = max(entry.box.x1 for entry in group)
    return is_full(above.text, below.text, widest)


def is_full(above: Sequence[Word], below: Sequence[Word], widest: float) -> bool:
    """Whether the first word below had no room behind the words above."""
    if not above or not below:
        return True
    word = below[0]
    blanks = [two.box.x0 - one.box.x1 for words in (above, below) for one, two in pairwise(words)]
    blank = min(blanks, default=0.3 * word.box.height)
    return above[-1].box.x1 + blank + word.box.width > widest - 0.1 * word.box.height


def _orphan(
    group: Sequence[Entry],
    number: int,
    groups: Sequence[Sequence[Entry]],
    blocks: dict[int, Block],
    sheet: Sheet,
) -> None:
    """Texts apart from all numbers: remarks on the line above if they stand nearer to it than to the next one."""
    above = [index for index in blocks if index < group[0].index]
    if not above or not number:
        return
    line = blocks[max(above)]
    bottom = max([line.line.row.box.bottom, *(entry.box.bottom for entry in line.texts)])
    gap = group[0].box.top - bottom
    nexts = [entry for block in blocks.values() for entry in (block.line,) if entry.index > group[-1].index]
    below = min((entry.row.box.top for entry in nexts), default=float("inf")) - group[-1].box.bottom
    if gap < 1.1 * sheet.height and gap < below - 0.2 * sheet.height and not _is_title(group, line):
        line.texts.extend(group)
        line.apart.extend(group)


def _is_title(group: Sequence[Entry], line: Block) -> bool:
    own = [word for entry in line.texts[:1] for word in entry.text]
    bold = bool(own) and all(word.bold for word in own)
    return not bold and all(word.bold for entry in group for word in entry.text)


def repeated(blocks: Sequence[Block]) -> frozenset[str]:
    """Texts under more than one line that differ at most in their digits: remarks, as no goods are described."""
    seen: dict[str, set[str]] = {}
    for block in blocks:
        for entry in block.texts[1:]:
            seen.setdefault(_shape(entry.text), set()).add(_text(block.texts[0].text))
    return frozenset(shape for shape, firsts in seen.items() if len(firsts) > 1)


def _shape(words: Sequence[Word]) -> str:
    return re.sub(r"\d", "0", _text(words))


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def described(
    block: Block, widest: float, right: float, remarks: frozenset[str]
) -> tuple[list[list[Word]], list[list[Word]]]:
    """The block's texts as (rows of the description, rows of remarks).

    A description goes on as long as its rows look alike and name nothing that is told of a line besides.

    Args:
        block: a line with its texts.
        widest: how far the column's rows reach.
        right: the column's right edge; a text beyond it runs through the table.
        remarks: what `repeated` found.
    """
    parts: list[list[Word]] = []
    notes: list[list[Word]] = []
    for entry in _without_title(block):
        words = entry.text
        apart = entry in block.apart or _shape(words) in remarks
        apart = bool(parts) and (apart or not _goes_on(parts[-1], entry, block.line, widest, right))
        if not parts or not (notes or apart):
            parts.append(words)
        else:
            notes.append(words)
    return parts, notes


def _without_title(block: Block) -> list[Entry]:
    """The block's texts without a title over them: one that is bold, as they are not, or that introduces them."""
    own, line = block.line.text, block.line.index
    if not own:
        return block.texts
    texts = [e for e in block.texts if e.index >= line or not _heads_group(e, own)]
    if all(word.bold for word in own):
        return texts
    return [e for e in texts if e.index >= line or not all(word.bold for word in e.text)]


def _heads_group(entry: Entry, own: Sequence[Word]) -> bool:
    """Whether a row over a line's text introduces it, or begins in a column left of it: "Delivery note 4471"."""
    words = entry.row.words
    outside = words[0].box.x0 < own[0].box.x0 - own[0].box.height and words[0] not in entry.text
    return entry.text[-1].text.endswith(":") or (outside and (len(entry.row.segments) == 1 or is_named(words)))


def _goes_on(last: Sequence[Word], entry: Entry, line: Entry, widest: float, right: float) -> bool:
    words = entry.text
    if last[-1].text.endswith("-") and len(last[-1].text) > 1:
        return True
    if entry.kind is Kind.TEXT and (entry.reach > right or entry.numbers) and not _beside_cells(entry, line):
        return False
    scanned = entry.row.segments[0].source is Source.OCR
    if not same_style(last, words, scanned):
        return False
    full = is_full(last, words, widest)
    if scanned and is_smaller(words, last) and not (full and min(len(last), len(words)) < _TELLING):
        return False
    if is_named(words) or words[0].text.endswith(":") or dates_in(_text(words)):
        # a wrapped row may begin so by chance, in the middle of a sentence
        return full and words[0].text[:1].islower() and not dates_in(_text(words))
    return True


def _beside_cells(entry: Entry, line: Entry) -> bool:
    """Whether all that stands behind a text is the second row of other cells of its line, under their first."""
    others = {name: words for name, words in entry.cells.items() if name != "description"}
    height = entry.row.box.height
    held = sum(map(len, entry.cells.values())) == len(entry.row.words)
    return (
        bool(others)
        and held
        and all(name in line.cells and is_under(words, line.cells[name], height) for name, words in others.items())
    )


def same_style(one: Sequence[Word], two: Sequence[Word], scanned: bool = False) -> bool:
    """Whether two rows are printed alike: as high, as bold, and one under the other.

    Boxes of scanned words fit their ink, which is higher in some words than in others, and lean with the page.
    """
    first, second = max(w.box.height for w in one), max(w.box.height for w in two)
    if abs(first - second) > (_SAME_SCANNED if scanned else _SAME_STYLE) * max(first, second):
        return False
    if (two[0].bold and not one[-1].bold) or (one[0].bold and not two[0].bold):
        return False
    if scanned:
        first, second = 1.6 * max(first, second), 1.0
    left = two[0].box.x0 - one[0].box.x0
    right = two[-1].box.x1 - one[-1].box.x1
    return abs(left) < 0.4 * first or abs(right) < 0.4 * first or abs(left + right) < 0.4 * first
