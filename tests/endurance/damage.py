"""Ways to damage a file: bytes of any file, elements of an XML."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable

from lxml import etree

ODD_NUMBERS = ("0", "-1", "1e309", "99999999999999999999", "2147483648", "NaN", "0.0000001")
ODD_TEXTS = (*ODD_NUMBERS, "", " ", "1,5", "--", "2026-13-45", "2026-02-29", "\u200b", "\u0661\u0662", "A" * 5000)
STRUCTURAL = 0.75
"""Share of XML files that stay well-formed: a turned bit is mostly refused before anything is read."""


def damaged(content: bytes, generator: random.Random) -> bytes:
    """The file with one to six things wrong."""
    if content.lstrip()[:1] == b"<" and generator.random() < STRUCTURAL:
        return _another_tree(content, generator)
    out = bytearray(content)
    for _ in range(generator.randint(1, 6)):
        generator.choice(_OF_BYTES)(out, generator)
    return bytes(out)


def _another_tree(content: bytes, generator: random.Random) -> bytes:
    root = etree.fromstring(content)
    for _ in range(generator.randint(1, 6)):
        inner = [element for element in root.iter(etree.Element) if element is not root]
        if inner:
            generator.choice(_OF_TREES)(inner, generator)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _place(out: bytearray, generator: random.Random) -> int:
    return generator.randrange(max(1, len(out)))


def _turn_bits(out: bytearray, generator: random.Random) -> None:
    for _ in range(generator.choice((1, 4, 64))):
        if out:
            out[_place(out, generator)] ^= 1 << generator.randrange(8)


def _cut(out: bytearray, generator: random.Random) -> None:
    start = _place(out, generator)
    del out[start : start + generator.choice((1, 50, 3000, len(out)))]


def _double(out: bytearray, generator: random.Random) -> None:
    start = _place(out, generator)
    piece = bytes(out[start : start + generator.choice((10, 500, 5000))])
    out[start:start] = piece * generator.choice((1, 3, 40))


def _exchange(out: bytearray, generator: random.Random) -> None:
    one, other = sorted((_place(out, generator), _place(out, generator)))
    length = generator.choice((8, 200))
    out[one : one + length], out[other : other + length] = out[other : other + length], out[one : one + length]


def _change_number(out: bytearray, generator: random.Random) -> None:
    numbers = list(re.finditer(rb"\d+", bytes(out[: 2**20])))
    if numbers:
        found = generator.choice(numbers)
        out[found.start() : found.end()] = generator.choice(ODD_NUMBERS).encode()


def _change_tag(out: bytearray, generator: random.Random) -> None:
    names = list(re.finditer(rb"[</]([A-Za-z:]{3,})", bytes(out[: 2**20])))
    if len(names) > 1:
        one, other = generator.sample(names, 2)
        out[one.start(1) : one.end(1)] = other.group(1)


_OF_BYTES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _turn_bits,
    _cut,
    _double,
    _exchange,
    _change_number,
    _change_tag,
)


def _drop(inner: list[etree._Element], generator: random.Random) -> None:
    element = generator.choice(inner)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(inner: list[etree._Element], generator: random.Random) -> None:
    element = generator.choice(inner)
    for _ in range(generator.choice((1, 3, 40))):
        element.addnext(copy.deepcopy(element))


def _move(inner: list[etree._Element], generator: random.Random) -> None:
    element, target = generator.choice(inner), generator.choice(inner)
    if element is not target and element not in target.iterancestors():
        target.append(element)


def _say_otherwise(inner: list[etree._Element], generator: random.Random) -> None:
    generator.choice(inner).text = generator.choice(ODD_TEXTS)


def _say_anothers(inner: list[etree._Element], generator: random.Random) -> None:
    one, other = generator.choice(inner), generator.choice(inner)
    one.text, other.text = other.text, one.text


def _rename(inner: list[etree._Element], generator: random.Random) -> None:
    generator.choice(inner).tag = generator.choice(inner).tag


def _mark_otherwise(inner: list[etree._Element], generator: random.Random) -> None:
    marked = [element for element in inner if element.attrib]
    if marked:
        element = generator.choice(marked)
        element.set(generator.choice(list(element.attrib)), generator.choice(ODD_TEXTS))


_OF_TREES: tuple[Callable[[list[etree._Element], random.Random], None], ...] = (
    _drop,
    _repeat,
    _move,
    _say_otherwise,
    _say_anothers,
    _rename,
    _mark_otherwise,
)
