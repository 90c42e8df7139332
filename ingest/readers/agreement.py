"""Two engines' readings of one page become one: pure geometry and text, nothing is recognised here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ingest.document import Box, Word

AGREED = 0.985
"""Confidence, at least, of a word that both engines read alike."""
NEARLY = 0.93
"""The same where only marks at its ends differ."""
DISPUTED = 0.5
"""Confidence, at most, of a word that the engines read differently."""
UNSURE = 0.8
"""Confidence below which a word of a page that the first engine reads well is read a second time."""
NO_VOICE = 0.3
"""Confidence of the first engine below which its reading is noise and contradicts nothing."""
ALONE = 0.85
"""By what the confidence of a word is multiplied that only the second engine saw."""
MISSED = 0.5
"""The same for one that only the first engine saw, though the second read there too."""
WIDE_GAP = 1.5
"""A blank, in heights of the print, that parts two pieces of a line."""
NARROW_GAP = 0.2
"""A blank, in heights of the print, so narrow that one engine's single word is believed."""
PLAUSIBLE = 0.6
"""Confidence from which a word that one engine saw alone is kept."""
_ENDS = " .,:;*|-_'\"`~()[]{}!"
_ALIKE = str.maketrans({"—": "-", "–": "-", "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "，": ",", "：": ":"})
_PLAIN = str.maketrans("äöüÄÖÜéèêëàâáçñóòôõíìîïúùûåøØÅæłśżźćńęąőűß", "aouAOUeeeeaaacnooooiiiiuuuaoOAalszzcneaous")


@dataclass(frozen=True, slots=True)
class Group:
    """Words of both engines that lie upon each other."""

    first: tuple[Word, ...]
    second: tuple[Word, ...]


def combined(
    first: Sequence[Word], second: Sequence[Word], read: Sequence[Box], accents: bool = False
) -> tuple[Word, ...]:
    """One reading of a page, in rows from the top.

    `first` are Tesseract's words, `second` those of the engine that reads poor pages better, `read` the lines that
    it read: what Tesseract read elsewhere stays as it is. `accents` says that Tesseract knew the page's language,
    so that both may be believed about the marks over letters.
    """
    words: list[Word] = []
    for group in _groups(first, second):
        if not group.second:
            words.extend(_seen_once(group.first, read))
        elif not group.first:
            words.extend(replace(word, confidence=word.confidence * ALONE) for word in group.second if _is_print(word))
        else:
            words.extend(_settled(group, accents))
    return tuple(_in_rows(words))


def mended(
    first: Sequence[Word], unsure: Collection[Word], second: Sequence[Word], accents: bool = False
) -> tuple[Word, ...]:
    """Tesseract's reading of a page that it reads well, its unsure words with what the second engine reads there."""
    words = [word for word in first if word not in unsure]
    new = [word for word in second if not any(_same_place(word.box, sure.box) for sure in words)]
    for group in _groups([word for word in first if word in unsure], new):
        if group.first and group.second:
            words.extend(_settled(group, accents))
        else:
            words.extend(replace(word, confidence=word.confidence * MISSED) for word in group.first)
    return tuple(_in_rows(words))


def pieces_of_lines(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Words that stand side by side with no more than a wide blank between them, from left to right."""
    pieces: list[list[Word]] = []
    for word in sorted(words, key=_left):
        for piece in reversed(pieces):
            if _continues(piece[-1].box, word.box):
                piece.append(word)
                break
        else:
            pieces.append([word])
    return (tuple(piece) for piece in pieces)


def _continues(left: Box, right: Box) -> bool:
    high = min(left.bottom, right.bottom) - max(left.top, right.top)
    height = max(left.height, right.height)
    return high >= 0.5 * min(left.height, right.height) and -0.5 * height <= right.x0 - left.x1 <= WIDE_GAP * height


def _groups(first: Sequence[Word], second: Sequence[Word]) -> Iterator[Group]:
    """Words that overlap, directly or through others, belong together."""
    everything = sorted(
        [(word.box.top, 0, index) for index, word in enumerate(first)]
        + [(word.box.top, 1, index) for index, word in enumerate(second)]
    )
    parent: dict[tuple[int, int], tuple[int, int]] = {(side, index): (side, index) for _, side, index in everything}

    def root(key: tuple[int, int]) -> tuple[int, int]:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    sides = (first, second)
    open_words: list[tuple[int, int]] = []
    for top, side, index in everything:
        box = sides[side][index].box
        open_words = [key for key in open_words if sides[key[0]][key[1]].box.bottom > top]
        for key in open_words:
            if key[0] != side and _same_place(sides[key[0]][key[1]].box, box):
                parent[root((side, index))] = root(key)
        open_words.append((side, index))
    members: dict[tuple[int, int], tuple[list[Word], list[Word]]] = {}
    for _, side, index in everything:
        members.setdefault(root((side, index)), ([], []))[side].append(sides[side][index])
    for one, two in members.values():
        yield Group(tuple(sorted(one, key=_left)), tuple(sorted(two, key=_left)))


def _left(word: Word) -> float:
    return word.box.x0


def _same_place(one: Box, two: Box) -> bool:
    high = min(one.bottom, two.bottom) - max(one.top, two.top)
    wide = min(one.x1, two.x1) - max(one.x0, two.x0)
    return high >= 0.5 * min(one.height, two.height) and wide >= 0.5 * min(one.width, two.width) and wide > 0


def _settled(group: Group, accents: bool) -> Iterator[Word]:
    ours, theirs = _joined(group.first), _joined(group.second)
    if ours.translate(_ALIKE) == theirs.translate(_ALIKE):
        # Tesseract's boxes fit the ink, and it mostly parts words by the real gaps
        torn = len(group.second) == 1 and _widest_gap(group.first) < NARROW_GAP
        chosen, others = (group.second, group.first) if torn or _is_glued(group) else (group.first, group.second)
        yield from (replace(word, confidence=_both(word, others)) for word in chosen)
        return
    if len(group.first) > 1 and len(group.second) == 1 and ours.translate(_PLAIN) == theirs.translate(_PLAIN):
        yield from (replace(word, confidence=NEARLY) for word in group.first)
        return
    second = tuple(part for word in _spaced_out(group) for part in _parted(word, group.first))
    rivals = _counterparts(theirs, ours, [len(word.text) for word in second])
    sure = max(word.confidence for word in group.first)
    for word, rival in zip(second, rivals, strict=True):
        yield _judged(word, rival, sure, accents)


def _is_glued(group: Group) -> bool:
    """Whether the first engine lost blanks between words that the second saw: it loses many, the second invents few."""
    if len(group.first) > 1 or len(group.second) == 1:
        return False
    pairs = zip(group.second, group.second[1:], strict=False)
    return all(_is_blank(left.text, right.text) for left, right in pairs)


def _is_blank(left: str, right: str) -> bool:
    """Whether what stands between two pieces is a blank between words, and not inside an amount, a number or a sign."""
    if not (left[-1].isalnum() or left[-1] in ",;)") or not (right[0].isalnum() or right[0] == "("):
        return False
    letters = [sum(map(str.isalpha, text)) for text in (left, right)]
    return max(letters) > 1 and all(len(text) > 1 or text.isdigit() for text in (left, right))


def _spaced_out(group: Group) -> tuple[Word, ...]:
    """The second engine's words; one where it parted the spaced signs of what the first saw as one: "1-3 0 0-8 8"."""
    words = group.second
    if len(group.first) > 1 or len(words) < 4 or any(len(word.text) > 2 for word in words):
        return words
    box = Box(words[0].box.x0, min(w.box.top for w in words), words[-1].box.x1, max(w.box.bottom for w in words))
    return (Word(_joined(words), box, confidence=min(word.confidence for word in words)),)


def _parted(word: Word, first: Sequence[Word]) -> Iterator[Word]:
    """A word of the second engine, which often loses blanks, parted where the first saw real ones: "Newsetof"."""
    edges = [
        (one.box.x1 + two.box.x0) / 2
        for one, two in zip(first, first[1:], strict=False)
        if (two.box.x0 - one.box.x1) > NARROW_GAP * word.box.height and len(one.text) > 1 and len(two.text) > 1
    ]
    start, step = 0, word.box.width / max(1, len(word.text))
    for edge in edges if word.text.isalpha() else ():
        place = round((edge - word.box.x0) / step)
        if start + 2 <= place <= len(word.text) - 2:
            left = word.box.x0 + start * step
            yield replace(word, text=word.text[start:place], box=word.box._replace(x0=left, x1=edge))
            start = place
    yield replace(word, text=word.text[start:], box=word.box._replace(x0=word.box.x0 + start * step))


def _widest_gap(words: Sequence[Word]) -> float:
    """The widest blank between neighbours, in heights of the print."""
    pairs = zip(words, words[1:], strict=False)
    return max(((two.box.x0 - one.box.x1) / max(1.0, two.box.height) for one, two in pairs), default=1.0)


def _joined(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words)


def _both(word: Word, others: Sequence[Word]) -> float:
    doubt = (1 - word.confidence) * (1 - max(other.confidence for other in others))
    return max(AGREED, 0.999 - doubt)


def _counterparts(text: str, other: str, lengths: Sequence[int]) -> Iterator[str]:
    """For each piece of the text, so many signs long, what stands in its place in the other text."""
    places = [0] * (len(text) + 1)
    for _, start, end, other_start, other_end in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        for index in range(start, end):
            share = (index - start) / max(1, end - start)
            places[index] = other_start + round(share * (other_end - other_start))
    places[len(text)] = len(other)
    begin = 0
    for length in lengths:
        yield other[places[begin] if begin else 0 : places[begin + length]]
        begin += length


def _judged(word: Word, rival: str, rival_sure: float, accents: bool) -> Word:
    one, two = word.text.translate(_ALIKE), rival.translate(_ALIKE)
    if one == two:
        return replace(word, confidence=AGREED)
    if one.strip(_ENDS) == two.strip(_ENDS) and one.strip(_ENDS):
        return replace(word, confidence=NEARLY)
    if accents and one.translate(_PLAIN) == two.translate(_PLAIN):
        # marks over letters are lost, hardly ever invented
        text, other = (rival, word.text) if _marks(rival) >= _marks(word.text) else (word.text, rival)
        return replace(word, text=text, confidence=NEARLY, other=other)
    if rival_sure < NO_VOICE or not re.search(r"\w", rival):
        return replace(word, confidence=word.confidence * ALONE, other=rival or None)
    return replace(word, confidence=min(DISPUTED, word.confidence), other=rival)


def _marks(text: str) -> int:
    return sum(not sign.isascii() for sign in text.translate(_ALIKE))


def _seen_once(words: Iterable[Word], read: Sequence[Box]) -> Iterator[Word]:
    for word in words:
        x, y = word.box.centre, word.box.middle
        if not any(box.x0 <= x <= box.x1 and box.top <= y <= box.bottom for box in read):
            yield word
        elif word.confidence >= PLAUSIBLE and _is_print(word):
            yield replace(word, confidence=word.confidence * MISSED)


def _is_print(word: Word) -> bool:
    return word.confidence >= PLAUSIBLE or len(re.findall(r"\w", word.text)) >= 2


def _in_rows(words: Sequence[Word]) -> Iterator[Word]:
    """From the top, and from left to right what stands on one height."""
    row: list[Word] = []
    for word in sorted(words, key=lambda word: word.box.middle):
        if row and word.box.middle > row[-1].box.middle + 0.35 * min(word.box.height, row[-1].box.height):
            yield from sorted(row, key=_left)
            row = []
        row.append(word)
    yield from sorted(row, key=_left)
