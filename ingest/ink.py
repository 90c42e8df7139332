"""How large something is printed: boxes of OCR fit the ink, which is lower in "some" than in "Big"."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from statistics import median

from ingest.document import Source, Word
from ingest.layout import Segment

_LOW = frozenset("acemnorsuvwxzgpqy.,:;-")
_DESCENDING = frozenset("gjpqyQ(),;[]{}/")
_CAPITAL, _SMALL, _BELOW = 0.72, 0.53, 0.2
"""Height of capitals and of small letters, and what reaches below the line, in sizes of the print: most typefaces'."""
_SMALLER = 0.82
"""Size of a row beside the one above from which it is printed smaller; the same print measures 0.84 and more."""


def size_of(words: Sequence[Word]) -> float | None:
    """The size in which words are printed, by their ink and letters; None where no word of two signs tells."""
    sizes = [word.box.height / _ink(word.text) for word in words if len(word.text) > 1 and word.text[0].isalnum()]
    return median(sizes) if sizes else None


def print_size(segment: Segment) -> float:
    """The size in which a segment is printed, to be compared on one page: of its font, or as its ink tells."""
    told = size_of(segment.words) if segment.source is Source.OCR else None
    return told if told is not None else segment.box.height


def are_bold_over(first: Segment, second: Segment, third: Segment) -> bool:
    """Whether two lines are bold alike, and the one under them is not: a name in two lines over its address."""
    return first.bold and second.bold and are_alike(first, second) and not third.bold


def are_alike(first: Segment, second: Segment) -> bool:
    """Whether two lines are printed equally large."""
    one, two = print_size(first), print_size(second)
    return abs(one - two) <= 0.1 * two


def is_smaller(below: Sequence[Word], above: Sequence[Word]) -> bool:
    """Whether a row is clearly printed smaller than the one above it."""
    small, large = size_of(below), size_of(above)
    return small is not None and large is not None and small <= _SMALLER * large


def _ink(text: str) -> float:
    """Height of a word's ink, in sizes of its print."""
    # a mark over a small letter, which stands apart so, reaches as high as a capital
    signs = set(unicodedata.normalize("NFD", text))
    below = _BELOW if signs & _DESCENDING else 0.0
    return below + (_SMALL if signs <= _LOW else _CAPITAL)
