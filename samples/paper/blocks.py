"""What a page is made of, before any writer sets it: texts, tables, columns, shapes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """Lines below each other; long ones are wrapped."""

    lines: tuple[str, ...]
    size: float = 0.0
    """0 is the document's size; below 3 it is a factor of that."""
    bold: bool = False
    align: str = "left"
    colour: str = ""
    spacing: float = 0.0
    leading: float = 1.25


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str = ""
    span: int = 1
    bold: bool | None = None
    align: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    cells: tuple[Cell, ...]
    kind: str = "body"
    """`head`, `body`, `sum` or `plain`: what rules and shades it gets."""
    amount: Decimal | None = None
    """What it adds to the carry-forward."""
    keep: bool = False
    """Stays with the next row on a page."""
    low: bool = False
    """Its figures stand at the height of the description's last line."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    align: str = "left"
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Carry:
    """The rows at a page break that carry the sum over; `{n}` is the page that it comes from."""

    below: str
    above: str
    column: int
    style: tuple[str, str]
    """Group and decimal sign."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in columns."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heads: tuple[Row, ...] = ()
    rules: str = "none"
    """`all`, `rows`, `frame`, `columns`, `head`, `zebra`, `none`, `underline`."""
    head_fill: str = ""
    head_colour: str = ""
    head_bold: bool = True
    full: bool = True
    align: str = "left"
    size: float = 1.0
    bold: bool = False
    pad: float = 3.0
    air: float = 1.6
    carry: Carry | None = None
    shade: str = "#eeeeee"
    equal: bool = False
    """All columns are of one width."""


@dataclass(frozen=True, slots=True)
class Side:
    """Columns of blocks beside each other, with their shares of the width."""

    parts: tuple[tuple[float, tuple[Block, ...]], ...]
    gap: float = 14.0


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty height."""

    height: float


@dataclass(frozen=True, slots=True)
class Until:
    """Empty height down to a place on the page, as window envelopes want it."""

    y: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A line over the whole width."""

    weight: float = 0.7
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Logo:
    """A drawn shape."""

    shape: str
    size: float
    colour: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its payload."""

    payload: str
    size: float = 80.0


@dataclass(frozen=True, slots=True)
class Band:
    """Blocks on a coloured ground or in a frame."""

    blocks: tuple[Block, ...]
    fill: str = ""
    frame: str = ""
    pad: float = 7.0


@dataclass(frozen=True, slots=True)
class Push:
    """Blocks that stand at the bottom of their page."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks that no page break parts."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """The next page begins here."""


Block = Text | Table | Side | Gap | Until | Rule | Logo | Code | Band | Push | Keep | Break


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document with the fields that it prints.

    `open` names fields that a careful reader may or may not give (the page shows them only indirectly): they are
    not scored.
    """

    blocks: tuple[Block, ...] = ()
    told: dict[str, str] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def __add__(self, other: Part) -> Part:
        """Both, the other below; what was told first stays."""
        return Part(self.blocks + other.blocks, {**other.told, **self.told}, self.open | other.open)

    def showing(self, *blocks: Block) -> Part:
        """The same knowledge, shown by these blocks."""
        return replace(self, blocks=blocks)


@dataclass(frozen=True, slots=True)
class Look:
    """How the whole document looks."""

    family: str = "sans"
    size: float = 9.0
    width: float = 595.28
    height: float = 841.89
    left: float = 56.0
    right: float = 42.0
    top: float = 40.0
    bottom: float = 40.0
    ink: str = "#000000"
    accent: str = "#1f4e79"
    spacing: float = 0.0

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document, ready for a writer."""

    look: Look
    body: tuple[Block, ...]
    foot: tuple[Block, ...] = ()
    running: tuple[Block, ...] = ()
    """Stands on top of the second page and those after it."""
    foot_everywhere: bool = True
    title: str = ""
    numbered: str = ""
    """A text like `Page {n} of {m}` in the lower margin."""
