"""Hostile files, made anew for each test: `HOSTILE` names each with what makes its bytes."""

from __future__ import annotations

import base64
import functools
import io
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

import samples

DOCUMENTS = Path(samples.__file__).parent / "documents"
HONEST = DOCUMENTS / "03-northgate-two-pages.pdf"
"""An invoice of two pages, INV-20933."""


SCRIPT = "app.launchURL('http://192.0.2.1/'); this.exportDataObject({cName: 'x', nLaunch: 2});"


def endless_page(behind: Path) -> bytes:
    """The file, and a page behind it whose few kilobytes draw for longer than anyone waits."""
    writer = _writer(behind)
    _with_content(writer, b"BT /F1 9 Tf 50 700 Td (x) Tj ET " + b"q 1 0 0 1 0 0 cm 10 10 m 20 20 l S Q " * 2_000_000)
    return _bytes(writer)


def _writer(behind: Path | None = None) -> PdfWriter:
    writer = PdfWriter()
    for page in PdfReader(behind).pages if behind else ():
        writer.add_page(page)
    return writer


def _with_content(writer: PdfWriter, content: bytes) -> None:
    stream = DecodedStreamObject()
    stream.set_data(content)
    writer.add_blank_page(595, 842)[NameObject("/Contents")] = writer._add_object(stream.flate_encode())


def _bytes(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf(objects: Mapping[int, bytes], root: int = 1) -> bytes:
    """A file of these objects, with a right table of them."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), {}
    out.seek(0, io.SEEK_END)
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table, last = out.tell(), max(objects)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
    for number in range(1, last + 1):
        out.write(b"%010d 00000 n \n" % places.get(number, 0))
    out.write(b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (last + 1, root, table))
    return out.getvalue()


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _one_page(page: bytes = b"", **more: bytes) -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R %s %s >>"
        % (b"" if b"MediaBox" in page else b"/MediaBox [0 0 595 842]", page),
    }
    objects.update({int(name[1:]): body for name, body in more.items()})
    return _pdf(objects)


@functools.cache
def _squeezed(size: int, times: int = 1) -> bytes:
    """So many bytes of blanks, deflated again and again."""
    if times > 1:
        return zlib.compress(_squeezed(size, times - 1), 9)
    packer = zlib.compressobj(9)
    block = b" " * 2**20
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def _stream_bomb() -> bytes:
    return _one_page(b"/Contents 4 0 R", o4=_stream(b"/Filter /FlateDecode", _squeezed(1500 * 2**20, times=1)))


def _twice_squeezed_bomb() -> bytes:
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    return _one_page(b"/Contents 4 0 R", o4=_stream(filters, _squeezed(1500 * 2**20, times=2)))


def _deep_tree() -> bytes:
    depth = 5000
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, number - 1)
    objects[depth] = b"<< /Type /Page /MediaBox [0 0 595 842] /Parent %d 0 R >>" % (depth - 1)
    return _pdf(objects)


def _circular_tree() -> bytes:
    kids = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1000000 /Parent 3 0 R >>"
    return _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: kids, 3: kids})


def _circular_form() -> bytes:
    form = _stream(
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>", b"/A Do " * 9
    )
    page = b"/Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >>"
    return _one_page(page, o4=_stream(b"", b"/A Do"), o5=form)


def _many_pages() -> bytes:
    count = 5_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)}
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return _pdf({**objects, **dict.fromkeys(range(3, 3 + count), page)})


def _huge_picture() -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray "
    page = b"/Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >>"
    drawn = _stream(b"", b"q 595 0 0 842 0 0 cm /A Do Q")
    return _one_page(page, o4=drawn, o5=_stream(entries + b"/Filter /FlateDecode", _squeezed(60000 * 7500)))


def _with_script() -> bytes:
    writer = _writer(HONEST)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(SCRIPT)}
    )
    launch = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("/bin/sh")}
    launch[NameObject("/Next")] = script
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(launch))
    writer.add_attachment("invoice.exe", b"MZ" + bytes(1000))
    writer.add_attachment("../../../../tmp/escaped.xml", b"<x/>")
    return _bytes(writer)


def _locked(user: str) -> bytes:
    writer = _writer(HONEST)
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    return _bytes(writer)


def _sized(width: float, height: float) -> bytes:
    writer = _writer(HONEST)
    box = ArrayObject([NumberObject(0), NumberObject(0), FloatObject(width), FloatObject(height)])
    writer.pages[1][NameObject("/MediaBox")] = box
    return _bytes(writer)


def _picture(kind: str, size: tuple[int, int], **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("1", size, 1).save(out, kind, **options)
    return out.getvalue()


def _many_frames(kind: str, count: int) -> bytes:
    frames = [Image.new("L", (32, 32), number % 256) for number in range(count)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def _ubl(head: str = "", body: str = "") -> bytes:
    opening = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    opening += 'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" '
    opening += 'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">'
    return f'<?xml version="1.0"?>{head}{opening}<cbc:ID>A-1</cbc:ID>{body}</Invoice>'.encode()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return _ubl(f'<!DOCTYPE Invoice [<!ENTITY l0 "ha">{entities}]>', "<cbc:Note>&l11;</cbc:Note>")


def _outside(address: str) -> bytes:
    return _ubl(f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{address}">]>', "<cbc:Note>&x;</cbc:Note>")


def _carrying_bomb() -> bytes:
    held = base64.b64encode(_stream_bomb()).decode()
    name = '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="../../x.pdf">'
    reference = f"{name}{held}</cbc:EmbeddedDocumentBinaryObject>"
    attachment = f"<cac:Attachment>{reference}</cac:Attachment>"
    return _ubl(
        body=f"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID>{attachment}</cac:AdditionalDocumentReference>"
    )


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "a page that never ends": functools.partial(endless_page, HONEST),
    "a stream of 1.5 gigabytes": _stream_bomb,
    "a stream squeezed twice": _twice_squeezed_bomb,
    "a page tree 5000 deep": _deep_tree,
    "a page tree that bites its tail": _circular_tree,
    "a form that draws itself": _circular_form,
    "five thousand pages": _many_pages,
    "a picture of 3.6 thousand million dots": _huge_picture,
    "scripts, a launch action, a program": _with_script,
    "a page as large as a country": functools.partial(_sized, 1e9, 1e9),
    "a page without size": functools.partial(_sized, 0, 0),
    "a page of minus size": functools.partial(_sized, -595, -842),
    "owner's password": functools.partial(_locked, ""),
    "user's password": functools.partial(_locked, "secret"),
    "no pages": lambda: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}),
    "a mere heading": lambda: b"%PDF-1.7\n",
    "no table of objects": lambda: HONEST.read_bytes().replace(b"startxref", b"startxxxx"),
    "cut in half": lambda: HONEST.read_bytes()[: HONEST.stat().st_size // 2],
    "a PDF and an archive in one": lambda: HONEST.read_bytes() + b"PK\x03\x04" + bytes(2000),
    "a PNG of 900 million dots": lambda: _picture("PNG", (30_000, 30_000)),
    "a TIFF of 900 million dots": lambda: _picture("TIFF", (30_000, 30_000), compression="group4"),
    "a picture of one dot": lambda: _picture("PNG", (1, 1)),
    "a picture one dot wide": lambda: _picture("PNG", (1, 60_000)),
    "a GIF of 3000 frames": lambda: _many_frames("GIF", 3000),
    "a TIFF of 1000 pages": lambda: _many_frames("TIFF", 1000),
    "half a JPEG": lambda: _picture("JPEG", (800, 800))[:900],
    "a thousand million laughs": _laughs,
    "an entity that is a file": lambda: _outside("file:///etc/passwd"),
    "an entity from the network": lambda: _outside("http://192.0.2.1/x"),
    "XML a hundred thousand deep": lambda: _ubl(body="<a>" * 100_000 + "</a>" * 100_000),
    "XML with 300,000 lines": lambda: _ubl(body="<cac:InvoiceLine/>" * 300_000),
    "XML with a text of 40 megabytes": lambda: _ubl(body=f"<cbc:Note>{'x' * 40_000_000}</cbc:Note>"),
    "XML that carries a bomb": _carrying_bomb,
    "text": lambda: b"This is no invoice.",
    "a web page": lambda: b"<!doctype html><html><script>alert(1)</script></html>",
    "a program": lambda: b"\x7fELF" + bytes(5000),
    "an archive": lambda: b"PK\x03\x04" + bytes(5000),
    "nothing": lambda: b"",
    "zeros": lambda: bytes(100_000),
}
