"""Scans and photos that the test makes, read by the real engines."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypdf import PdfWriter
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Box, Page, Source, Word
from ingest.errors import UnreadableFile
from ingest.readers import rapid, render_pages, tesseract
from ingest.readers.agreement import AGREED, DISPUTED, combined
from ingest.readers.coverage import with_bands
from ingest.readers.limits import FIRST_PAGES, LAST_PAGES
from ingest.readers.ocr import read_page
from ingest.readers.preparing import framed, sheet_in_photo, skew_of
from ingest.readers.tidying import tidied
from tests.ingest import paper

TRANSFER = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nMuster GmbH\nDE79000000001234567890\nEUR1888.53\n\n\nRE-2026-118"


@pytest.fixture(scope="module")
def invoice() -> bytes:
    return paper.pdf(paper.german_invoice)


def _place(page: Page, text: str) -> Box:
    return next(word.box for word in page.words if word.text == text)


def _ink_under(picture: Image.Image, page: Page, text: str) -> float:
    """Share of dark pixels in a word's box on a drawn page."""
    scale = picture.width / page.width
    spot = picture.convert("L").crop(tuple(round(edge * scale) for edge in _place(page, text)))
    return float((np.asarray(spot) < 160).mean())


@pytest.mark.parametrize("degrees", [-3.0, 1.4])
def test_a_skewed_scan_is_levelled_and_its_boxes_lie_on_the_drawn_page(
    invoice: bytes, degrees: float, tmp_path: Path
) -> None:
    straight = paper.picture(invoice, 150).convert("L")
    scan = straight.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    assert skew_of(scan) == pytest.approx(degrees, abs=0.25)
    content = paper.saved(scan, "PNG", dpi=(150, 150))
    document = paper.read(content)
    (page,) = document.pages
    assert _place(page, "Rechnungsbetrag").middle == pytest.approx(_place(page, "1.888,53").middle, abs=2)
    assert page.frame is not None
    render_pages(content, tmp_path, document)
    with Image.open(tmp_path / "1.png") as drawn:
        assert drawn.width / drawn.height == pytest.approx(page.width / page.height, rel=0.01)
        for text in ("Rechnungsbetrag", "Bezeichnung", "COBADEFFXXX"):
            assert _ink_under(drawn, page, text) > 0.08


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lay_wrongly_is_turned(invoice: bytes, turns: int) -> None:
    ways = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    scan = paper.picture(invoice, 150).convert("L").transpose(ways[turns - 1])
    (page,) = paper.read(paper.saved(scan, "PNG", dpi=(150, 150))).pages
    assert page.turns == (4 - turns) % 4
    assert _place(page, "1.888,53").x0 > _place(page, "Rechnungsbetrag").x1


def test_a_page_on_its_side_that_reads_well_is_turned_all_the_same() -> None:
    lines = (
        "Harbour Fasteners Limited, 7 Harbour Road, Bristol BS1 6XN",
        "Invoice number HF-10482 of 14 October 2026",
        "Hexagon bolts of stainless steel, size M8, one hundred pieces",
        "Washers of stainless steel, size M8, one hundred pieces",
        "Delivered on 12 October 2026 to Larkfield Joinery in Leeds",
        "Value added tax of twenty percent 20.00",
        "Total to be paid within thirty days 120.00",
    )

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        for index, line in enumerate(lines):
            canvas.drawString(80, 760 - 70 * index, line)

    side = paper.picture(paper.pdf(draw), 150).convert("L").transpose(Image.Transpose.ROTATE_270)
    reading = read_page(side)
    assert reading.turns == 1
    assert [word.text for word in reading.words[:3]] == ["Harbour", "Fasteners", "Limited,"]


def test_a_photo_of_a_sheet_is_straightened(invoice: bytes, tmp_path: Path) -> None:
    sheet = np.asarray(paper.picture(invoice, 150).convert("L"))
    high, wide = sheet.shape
    corners = np.float32([(150, 120), (1250, 190), (1330, 1730), (90, 1650)])
    warp = cv2.getPerspectiveTransform(np.float32([(0, 0), (wide, 0), (wide, high), (0, high)]), corners)
    desk = cv2.warpPerspective(sheet, warp, (1450, 1850), borderValue=70)
    photo = paper.saved(Image.fromarray(desk).filter(ImageFilter.GaussianBlur(0.7)), "JPEG", quality=85)
    document = paper.read(photo)
    (page,) = document.pages
    assert page.frame == pytest.approx(
        [x / s for corner in corners for x, s in zip(corner, (1450, 1850), strict=True)], abs=0.02
    )
    assert _place(page, "Rechnungsbetrag").middle == pytest.approx(_place(page, "1.888,53").middle, abs=8)
    render_pages(photo, tmp_path, document)
    with Image.open(tmp_path / "1.png") as drawn:
        assert _ink_under(drawn, page, "Rechnungsbetrag") > 0.08


def test_a_scan_without_a_desk_is_not_cut() -> None:
    page = Image.new("L", (1000, 1400), 250)
    ImageDraw.Draw(page).rectangle((100, 100, 500, 300), fill=90)
    assert sheet_in_photo(page) is None
    assert framed(page, None) is page


def test_a_fax_has_fewer_lines_than_dots(invoice: bytes) -> None:
    fax = paper.picture(invoice, 204).convert("L")
    fax = fax.resize((fax.width, round(fax.height * 98 / 204)), Image.Resampling.BOX).convert("1")
    (page,) = paper.read(paper.saved(fax, "TIFF", dpi=(204, 98), compression="group4")).pages
    assert (page.width, page.height) == (pytest.approx(595, abs=3), pytest.approx(842, abs=4))
    number = next(word for word in page.words if "2026-118" in word.text)
    assert page.height - number.box.bottom == pytest.approx(700, abs=8)


def test_the_second_engine_parts_words_where_they_are_printed() -> None:
    picture = Image.new("L", (900, 120), 255)
    canvas = ImageDraw.Draw(picture)
    canvas.text((30, 40), "Grand Total", font_size=34, fill=0)
    canvas.text((600, 40), "1,234.50", font_size=34, fill=0)
    words = rapid.read(picture, rapid.lines_of(picture))
    assert [word.text for word in words] == ["Grand", "Total", "1,234.50"]
    assert words[2].box.x0 == pytest.approx(600, abs=15)
    assert words[0].box.x1 < words[1].box.x0 + 6


def test_the_second_engine_tells_nobody_of_its_work(tmp_path: Path) -> None:
    picture = tmp_path / "total.png"
    drawn = Image.new("RGB", (500, 120), "white")
    ImageDraw.Draw(drawn).text((40, 30), "Total 118.50", font_size=50, fill="black")
    drawn.save(picture)
    home = tmp_path / "home"
    home.mkdir()
    program = (
        "import sys; from PIL import Image; from ingest.readers import rapid;"
        "drawn = Image.open(sys.argv[1]); print(*(word.text for word in rapid.read(drawn, rapid.lines_of(drawn))))"
    )
    # its wheels keep an identifier of the machine in the home folder when they report, which they never do under CI
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {"HOME": str(home)}
    told = subprocess.run(
        [sys.executable, "-c", program, str(picture)], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["Total", "118.50"]
    assert not list(home.iterdir())


def test_a_poor_page_is_read_by_both_and_no_word_twice(invoice: bytes) -> None:
    noise = np.random.default_rng(5).normal(0, 14, (1754, 1240))
    blurred = np.asarray(paper.picture(invoice, 150).convert("L").filter(ImageFilter.GaussianBlur(1.1)), float)
    shade = np.linspace(0.65, 1, 1754)[:, None]
    scan = Image.fromarray(
        np.clip(blurred[:1754, :1240] * shade + noise[: blurred.shape[0], :], 0, 255).astype("uint8")
    )
    (page,) = paper.read(paper.saved(scan, "JPEG", quality=45, dpi=(150, 150))).pages
    texts = [word.text for word in page.words]
    for text in ("1.888,53", "1.587,00", "Rechnungsbetrag", "4500026008", "COBADEFFXXX"):
        assert texts.count(text) == 1
    assert sum(word.confidence >= AGREED for word in page.words) > 20


def _word(text: str, x0: float, x1: float, confidence: float = 0.9) -> Word:
    return Word(text, Box(x0, 0, x1, 10), confidence)


def test_engines_that_agree_are_believed_and_a_dispute_keeps_the_rival() -> None:
    first = [_word("Total", 0, 40), _word("1.234,50", 60, 120), _word("EUR", 130, 150)]
    second = [_word("Total", 0, 41, 0.99), _word("1.284,50", 61, 121, 0.99), _word("EUR", 130, 151, 0.99)]
    total, amount, currency = combined(first, second, [Box(0, 0, 200, 10)])
    assert total.confidence >= AGREED <= currency.confidence
    assert (amount.text, amount.other) == ("1.284,50", "1.234,50")
    assert amount.confidence <= DISPUTED


def test_words_parted_differently_are_compared_sign_by_sign() -> None:
    first = [_word("RM9.00", 0, 60)]
    second = [_word("RM", 0, 20, 0.99), _word("9.80", 25, 60, 0.99)]
    unit, amount = combined(first, second, [Box(0, 0, 100, 10)])
    assert unit.confidence >= AGREED
    assert (amount.text, amount.other) == ("9.80", "9.00")
    assert amount.confidence <= DISPUTED


def test_what_one_engine_saw_is_kept_and_noise_of_the_first_is_not() -> None:
    first = [_word("Total", 0, 40), _word("~", 300, 310, 0.2), Word("Datum", Box(300, 50, 350, 60), 0.95)]
    second = [_word("Total", 0, 40), _word("9.00", 100, 130, 0.98)]
    words = combined(first, second, [Box(0, 0, 320, 10)])
    assert [word.text for word in words] == ["Total", "9.00", "Datum"]
    assert words[1].confidence < AGREED
    assert words[2].confidence == 0.95


def test_accents_are_left_to_the_engine_that_knows_the_language() -> None:
    (word,) = combined([_word("Türband", 0, 60)], [_word("Turband", 0, 60, 0.99)], [Box(0, 0, 90, 10)], accents=True)
    assert word.text == "Türband"
    assert word.confidence > DISPUTED


def _with_code(canvas: Canvas) -> None:
    paper.german_invoice(canvas)
    widget = QrCodeWidget(TRANSFER, barLevel="M")
    widget.barWidth = widget.barHeight = 90
    drawing = Drawing(90, 90)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, 60, 200)


def test_a_payment_code_is_decoded_drawn_pasted_or_scanned(invoice: bytes) -> None:
    drawn = paper.pdf(_with_code)
    sheet = paper.picture(drawn, 200).convert("L")
    scale = 200 / 72
    code = sheet.crop(tuple(round(edge * scale) for edge in (60, 842 - 290, 150, 842 - 200)))

    def pasted(canvas: Canvas) -> None:
        paper.german_invoice(canvas)
        canvas.drawImage(ImageReader(code), 60, 200, 90, 90)

    scanned = paper.saved(sheet, "PNG", dpi=(200, 200))
    for content in (drawn, paper.pdf(pasted), scanned):
        (page,) = paper.read(content).pages
        (found,) = page.codes
        assert found.text == TRANSFER
        assert found.symbology == "QRCode"
        assert tuple(found.box) == pytest.approx((67, 842 - 283, 143, 842 - 207), abs=4)
    assert paper.read(invoice).pages[0].codes == ()


def test_a_letterhead_that_is_a_picture_is_read() -> None:
    head = Image.new("L", (1200, 260), 255)
    canvas = ImageDraw.Draw(head)
    canvas.text((20, 20), "Nordlicht Werkzeuge GmbH", font_size=60, fill=0)
    canvas.text((20, 110), "Hafenstrasse 12, 24103 Kiel", font_size=40, fill=0)
    canvas.text((20, 180), "Telefon 0431 555012", font_size=40, fill=0)

    def draw(page: Canvas) -> None:
        paper.german_invoice(page)
        page.drawImage(ImageReader(head), 60, 745, 360, 78)

    (page,) = paper.read(paper.pdf(draw)).pages
    assert page.source is Source.TEXT
    box = _place(page, "Nordlicht")
    assert (box.x0, box.top) == (pytest.approx(66, abs=3), pytest.approx(26, abs=5))
    assert all(word.confidence < 1 for word in page.words if word.box.bottom < 95)
    assert [word.text for word in page.words].count("Rechnung") == 1


def test_a_picture_without_print_adds_no_words() -> None:
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 255, (300, 600)).astype("uint8"))
    photo = noise.filter(ImageFilter.GaussianBlur(3))

    def draw(page: Canvas) -> None:
        paper.german_invoice(page)
        page.drawImage(ImageReader(photo), 60, 740, 200, 90)

    (page,) = paper.read(paper.pdf(draw)).pages
    assert all(word.confidence == 1 for word in page.words)


def test_of_a_thousand_pages_the_first_and_the_last_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200))
    for number in range(1, 1001):
        for row in range(5):
            canvas.drawString(20, 150 - 20 * row, f"Page {number} row {row} of text")
        canvas.showPage()
    canvas.save()
    document = paper.read(out.getvalue())
    numbers = [page.number for page in document.pages]
    assert numbers == [*range(1, FIRST_PAGES + 1), *range(1001 - LAST_PAGES, 1001)]
    assert document.page_count == 1000
    assert dict(document.notes)["pages_left_out"] == "Only 50 (1-40, 991-1000) of 1000 pages were read."
    assert render_pages(out.getvalue(), tmp_path, document) == 50
    assert (tmp_path / "1000.png").exists()


def test_a_text_layer_of_exchanged_letters_is_not_believed() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for row in range(12):
            line = f"Invoice number delivery payment total amount received {row}"
            # as a font that was cut down to its used signs may say
            exchanged = "".join(chr(ord(sign) + 3) if sign.isalpha() else sign for sign in line)
            canvas.drawString(60, 780 - 20 * row, exchanged)

    (page,) = paper.read(paper.pdf(draw)).pages
    assert page.source is Source.OCR


def test_print_in_other_scripts_and_odd_sizes_does_no_harm() -> None:
    strip = Image.new("L", (3000, 40), 255)
    ImageDraw.Draw(strip).text((10, 5), "Total 12.00 EUR", font_size=26, fill=0)
    dot = Image.new("1", (1, 1))
    tall = Image.new("RGB", (60, 6000), "white")
    for picture in (strip, dot, tall):
        (page,) = paper.read(paper.saved(picture, "PNG")).pages
        assert page.width == picture.width
    writer = PdfWriter()
    writer.add_blank_page(width=3, height=9000)
    out = io.BytesIO()
    writer.write(out)
    assert paper.read(out.getvalue()).page_count == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("|3.402,60", ["3.402,60"]),
        ("PU|TVA|", ["PU", "TVA"]),
        ("35|u", ["35", "u"]),
        ("|", ["|"]),
        ("Summe", ["Summe"]),
        ("24xBuntband", ["24x", "Buntband"]),
        ("|4×Hauben|", ["4×", "Hauben"]),
        ("2x47x14", ["2x47x14"]),
        ("3xl", ["3xl"]),
        ("22:71€", ["22.71€"]),
        ("1.510:40", ["1.510,40"]),
        ("12:54", ["12:54"]),
        ("12:54:37", ["12:54:37"]),
        ("inkI.", ["inkl."]),
        ("TotaI:", ["Total:"]),
        ("Teil-II", ["Teil-II"]),
        ("LinkedIn", ["LinkedIn"]),
        ("info©meyer-bau.de", ["info@meyer-bau.de"]),
        ("postæfjordtak.example", ["post@fjordtak.example"]),
        ("billing@keștrel.io", ["billing@kestrel.io"]),
        ("bæredygtig.dk", ["bæredygtig.dk"]),
        ("5€pro.kg", ["5€pro.kg"]),
    ],
)
def test_a_word_is_put_right_by_its_form(text: str, parts: list[str]) -> None:
    word = Word(text, Box(100, 10, 100 + 8 * len(text), 20), 0.9)
    found = tidied([word])
    assert [one.text for one in found] == parts
    assert all(word.box.x0 <= one.box.x0 < one.box.x1 <= word.box.x1 for one in found)


def test_a_dark_band_at_a_sheets_head_is_a_part_of_it() -> None:
    table = Image.new("L", (1000, 1400), 70)
    draw = ImageDraw.Draw(table)
    draw.rectangle((100, 100, 900, 1300), fill=245)
    draw.rectangle((100, 100, 900, 240), fill=35)
    font = ImageFont.load_default(20)
    for top, ink in ((120, 240), (155, 240), (190, 240), *((y, 20) for y in range(300, 1250, 40))):
        draw.text((140, top), "Nordwind Handels GmbH, Kaiserstr. 22, 24768 Rendsburg", fill=ink, font=font)
    frame = sheet_in_photo(table)
    assert frame is not None and frame[1] * 1400 > 230
    wider = with_bands(table, frame)
    assert wider[1] * 1400 < 110
    assert wider[4:] == pytest.approx(frame[4:])


def test_specks_between_words_are_none() -> None:
    words = [
        Word(text, Box(x, 10, x + 8, 20), sure)
        for text, x, sure in (("A", 0, 0.1), ("&", 9, 0.0), (";", 18, 0.5), (":", 27, 0.5), (".", 36, 0.8))
    ]
    assert [one.text for one in tidied(words)] == ["A", "&", ":", "."]


def test_a_page_on_which_tesseract_takes_too_long_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "PAGE_TIMEOUT", 0.001)
    with pytest.raises(UnreadableFile) as told:
        tesseract.recognise(Image.new("L", (2000, 2000), 255), "eng")
    assert told.value.code == "timed_out"
