from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Source
from ingest.errors import UnreadableFile
from ingest.readers import read_document, render_pages
from ingest.readers.image import is_image
from tests.ingest import paper


@pytest.fixture(scope="module")
def invoice() -> bytes:
    return paper.pdf(paper.german_invoice)


def _encrypted(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"hello", "not_a_document"),
        (b"<html><body>hi</body></html>", "not_a_document"),
        (b"PK\x03\x04 a docx", "unsupported"),
        (b"<catalogue/>", "unsupported"),
        (b"<Invoice><broken", "damaged"),
        (b"%PDF-1.7 nothing follows", "damaged"),
        (b"\x89PNG\r\n\x1a\n nothing follows", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as fault:
        read_document(content, "")
    assert fault.value.code == code
    assert any(word in fault.value.message for word in ("send", "Ask", "ask"))


def test_a_password_is_told(invoice: bytes) -> None:
    with pytest.raises(UnreadableFile) as fault:
        read_document(_encrypted(invoice), "")
    assert fault.value.code == "encrypted"


def test_a_text_layer_gives_words_in_points(invoice: bytes) -> None:
    document = paper.read(invoice)
    (page,) = document.pages
    assert (page.source, page.unit) == (Source.TEXT, "pt")
    number = next(word for word in page.words if word.text == "RE-2026-118")
    assert number.box.x0 == pytest.approx(460, abs=1)
    assert page.height - number.box.bottom == pytest.approx(700, abs=4)
    assert any(word.text == "Rechnung" and word.bold for word in page.words)


def test_the_picture_of_a_page_has_the_pages_proportions(invoice: bytes, tmp_path: Path) -> None:
    document = paper.read(invoice)
    assert render_pages(invoice, tmp_path, document) == 1
    (page,) = document.pages
    with Image.open(tmp_path / "1.png") as picture:
        assert picture.width <= 1400
        assert picture.width / picture.height == pytest.approx(page.width / page.height, rel=0.01)


def test_one_pdf_may_mix_text_and_scans(invoice: bytes) -> None:
    scanned = paper.saved(paper.picture(invoice, 150).convert("L"), "PDF", resolution=150)
    writer = PdfWriter()
    for content in (invoice, scanned):
        writer.append(io.BytesIO(content))
    out = io.BytesIO()
    writer.write(out)
    first, second = paper.read(out.getvalue()).pages
    assert (first.source, second.source) == (Source.TEXT, Source.OCR)
    one = next(word.box for word in first.words if word.text == "RE-2026-118")
    two = next(word.box for word in second.words if word.text.endswith("2026-118"))
    assert one.x0 == pytest.approx(two.x0, abs=8)
    assert one.middle == pytest.approx(two.middle, abs=8)


def test_a_tiff_has_pages_and_exif_turns_a_photo(invoice: bytes, tmp_path: Path) -> None:
    sheet = paper.picture(invoice, 120).convert("L")
    tiff = paper.saved(sheet, "TIFF", save_all=True, append_images=[sheet], dpi=(120, 120))
    document = paper.read(tiff)
    assert [page.number for page in document.pages] == [1, 2]
    assert document.pages[0].unit == "pt"
    assert document.pages[0].width == pytest.approx(595, abs=2)

    exif = Image.Exif()
    exif[0x0112] = 6
    photo = paper.saved(sheet.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=90)
    document = paper.read(photo)
    (page,) = document.pages
    assert page.unit == "px"
    assert page.width < page.height
    assert render_pages(photo, tmp_path, document) == 1
    with Image.open(tmp_path / "1.png") as picture:
        assert picture.width / picture.height == pytest.approx(page.width / page.height, rel=0.01)


def test_a_scan_on_its_side_is_turned_and_drawn_as_it_was_read(invoice: bytes, tmp_path: Path) -> None:
    sheet = paper.picture(invoice, 150).convert("L").transpose(Image.Transpose.ROTATE_270)
    scan = paper.saved(sheet, "PNG")
    document = paper.read(scan)
    (page,) = document.pages
    assert page.width < page.height
    assert page.turns == 1
    assert any(word.text == "Rechnung" for word in page.words)
    render_pages(scan, tmp_path, document)
    with Image.open(tmp_path / "1.png") as picture:
        assert picture.width < picture.height


def test_entities_are_not_resolved() -> None:
    bomb = b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice><ID>&x;</ID></Invoice>'
    document = read_document(bomb, "")
    assert document.e_invoice is not None
    assert "invoice_number" not in document.e_invoice.fields


@pytest.mark.parametrize("scanned", [False, True])
def test_a_page_of_five_metres_is_read_and_drawn_within_limits(scanned: bool, tmp_path: Path) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(14400, 14400))
    if scanned:
        canvas.drawImage(ImageReader(Image.new("RGB", (300, 300), "lightgrey")), 0, 0, 14400, 14400)
    canvas.setFont("Helvetica", 200)
    for row, text in enumerate(("Invoice No. A-77", "Date 12.03.2026", "Total 12,00 EUR", "Seller Ltd")):
        canvas.drawString(1000, 12000 - 300 * row, text)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(1000, 6000, "invisible")
    canvas.save()
    document = paper.read(out.getvalue())
    (page,) = document.pages
    assert (page.width, page.height) == (pytest.approx(14400, rel=0.01), pytest.approx(14400, rel=0.01))
    number = next(word for word in page.words if word.text == "A-77")
    assert number.box.middle == pytest.approx(14400 - 12070, abs=80)
    assert render_pages(out.getvalue(), tmp_path, document) == 1
    with Image.open(tmp_path / "1.png") as drawn:
        assert drawn.width * drawn.height < 3_000_000
    if not scanned:
        assert [word.text for word in page.hidden] == ["invisible"]


@pytest.mark.parametrize("kind", ["HEIF", "WEBP", "AVIF", "JPEG2000"])
def test_photos_of_telephones_and_scans_of_archives_are_read(invoice: bytes, tmp_path: Path, kind: str) -> None:
    register_heif_opener()
    sheet = paper.picture(invoice, 150)
    photo = paper.saved(sheet, kind, **({} if kind == "JPEG2000" else {"quality": 90}))
    assert is_image(photo)
    document = paper.read(photo)
    types = {"HEIF": "image/heic", "WEBP": "image/webp", "AVIF": "image/avif", "JPEG2000": "image/jp2"}
    assert document.media_type == types[kind]
    assert any(word.text.endswith("2026-118") for word in document.pages[0].words)
    assert render_pages(photo, tmp_path, document) == 1
    with pytest.raises(UnreadableFile):
        paper.read(photo[: len(photo) // 3])


@pytest.mark.parametrize("white", [65535, 4095])
def test_a_scan_with_more_than_256_greys_is_read(invoice: bytes, white: int) -> None:
    grey = np.asarray(paper.picture(invoice, 150).convert("L")).astype(np.uint16)
    document = paper.read(paper.saved(Image.fromarray(grey * (white // 255)), "PNG"))
    assert any(word.text.endswith("2026-118") for word in document.pages[0].words)
