"""A page's content stream, run by pdfminer's interpreter, its operators and operands found in large steps.

pdfminer looks for each token step by step, which is a third of the time of reading a page. Here one expression finds
whole tokens (ISO 32000-1, 7.2 and 7.8.2). From the first one on that it does not know, a picture in the stream or a
dictionary in another, pdfminer reads the rest itself.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable, Sequence
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT, PSLiteral
from pdfplumber.page import Page

_TOKEN = re.compile(
    rb"""
    (?P<whole> [+-]?\d+ (?=$END))
    | (?P<decimal> [+-]?(?:\d+\.\d*|\.\d+) (?=$END))
    | (?P<operator> (?:[A-Za-z]+[01]?\*?|['"]) (?=$END))
    | \((?P<plain> [^()\\]*)\)
    | \((?P<escaped> (?: $SIGN | \((?:$SIGN)*+\) )*+)\)
    | <(?P<digits> [0-9A-Fa-f\s]*)>
    | /(?P<name> (?:[^#/%\[\]()<>{}\s\0]|\#[0-9A-Fa-f]{2})* (?=$END))
    | (?P<told> <<(?: [^<>()] | \([^()\\]*\) | <[0-9A-Fa-f\s]*> )*+>>)
    | (?P<opens> \[) | (?P<closes> \])
    | (?P<comment> %[^\r\n]*)
    | (?P<other> [^\s\0])
    """.replace(b"$END", rb"[\s\0/\[\]()<>%]|\Z").replace(b"$SIGN", rb"[^()\\]|\\."),
    re.DOTALL | re.VERBOSE,
)
"""Numbers, operators, strings (with escapes or brackets in `escaped`), names, what is `told` of marked content."""
_NOT_RUN = frozenset({b"BI", b"ID", b"EI", b"true", b"false"})
"""Words that are no operators, or are followed by bytes that are no tokens."""
_WHITE = b" \t\r\n\f\v\0"
_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"(": b"(", b")": b")", b"\\": b"\\"}


def _name(text: bytes) -> PSLiteral:
    plain = _SIGN.sub(lambda sign: unhexlify(sign[1]), text)
    try:
        return LIT(plain.decode())
    except UnicodeDecodeError:
        return LIT(plain)


def _of_digits(text: bytes) -> bytes:
    digits = text.translate(None, _WHITE)
    return unhexlify(digits + b"0" * (len(digits) % 2))


def _with_escapes(text: bytes) -> bytes:
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    sign = escape[1]
    return bytes((int(sign, 8) & 0xFF,)) if sign[0] in b"01234567" else _ESCAPES.get(sign, b"")


def _untold(text: bytes) -> dict[str, object]:
    # no page looks different for what is told of its content
    return {}


_OPERANDS: dict[str, Callable[[bytes], Any]] = {
    "whole": int,
    "decimal": float,
    "plain": bytes,
    "escaped": _with_escapes,
    "digits": _of_digits,
    "name": _name,
    "told": _untold,
}


class ContentInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter with a faster way to its operators."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams, which are one: where one ends is white space (ISO 32000-1, 7.8.2)."""
        contents = [stream_value(stream) for stream in streams]
        numbers = {content.objid for content in contents if content.objid is not None}
        if len(numbers) < len(contents) or self.parent_stream_ids & numbers:
            # nothing is run that runs itself: pdfminer knows what to leave out
            super().execute(streams)
            return
        self.stream_ids = numbers
        data = b"\n".join(content.get_data() for content in contents)
        done = self._run(data)
        if done < len(data):
            rest = PDFStream({}, data[done:])
            rest.set_objid(min(numbers), 0)
            super().execute([rest])

    def _run(self, data: bytes) -> int:
        """Run operators as far as all is plain; answers where the last one ends that was run."""
        methods: dict[bytes, tuple[Callable[..., None] | None, int]] = {}
        operands: list[Any] = []
        outside: list[Any] | None = None
        done = 0
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup or "other"
            if kind in _OPERANDS:
                operands.append(_OPERANDS[kind](token[kind]))
            elif kind == "operator" and outside is None and token[kind] not in _NOT_RUN:
                operator = token[kind]
                if operator not in methods:
                    methods[operator] = self._method(operator)
                self._call(*methods[operator], operands)
                operands, done = [], token.end()
            elif kind == "opens" and outside is None:
                outside, operands = operands, []
            elif kind == "closes" and outside is not None:
                outside.append(operands)
                operands, outside = outside, None
            elif kind != "comment":
                return done
        return len(data)

    def _method(self, operator: bytes) -> tuple[Callable[..., None] | None, int]:
        """What runs an operator, and with how many operands; None for one that nobody knows."""
        name = operator.decode().replace("*", "_a").replace('"', "_w").replace("'", "_q")
        method = getattr(self, f"do_{name}", None)
        return method, method.__code__.co_argcount - 1 if method else 0

    def _call(self, method: Callable[..., None] | None, count: int, operands: list[Any]) -> None:
        self.argstack.extend(operands)
        if method is None:
            return
        if not count:
            method()
            return
        given = self.argstack[-count:]
        del self.argstack[-count:]
        if len(given) == count:
            method(*given)


def layout_of(page: Page) -> LTPage:
    """What pdfplumber's own `Page.layout` has, without the marks of tagged content."""
    device = PDFPageAggregator(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    ContentInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result()
