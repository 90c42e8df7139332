"""Pages that Tesseract reads well: in which language, how large, and what is read once more by the second engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ingest.document import Box, Word
from ingest.readers import rapid, tesseract
from ingest.readers.agreement import AGREED, DISPUTED, MISSED, combined, mended, pieces_of_lines
from ingest.readers.coverage import ShrunkPage, parts_with_print
from ingest.readers.networks import signs_of
from ingest.readers.ocr import MOST_UNREAD, read_page
from ingest.readers.preparing import LONGEST_SIDE
from tests.ingest import paper


def _word(text: str, x0: float, x1: float, confidence: float, top: float = 100) -> Word:
    return Word(text, Box(x0, top, x1, top + 20), confidence=confidence)


@pytest.fixture(scope="module")
def invoice() -> bytes:
    return paper.pdf(paper.german_invoice)


def _blurred(picture: Image.Image, boxes: list[Box], scale: float) -> Image.Image:
    """The picture with these places (in points) out of focus."""
    for box in boxes:
        edges = (box.x0 - 6, box.top - 3, box.x1 + 6, box.bottom + 3)
        spot = tuple(round(edge * scale) for edge in edges)
        picture.paste(picture.crop(spot).filter(ImageFilter.GaussianBlur(2.2)), spot)
    return picture


def test_what_tesseract_doubts_on_a_good_page_is_read_by_the_second_engine_too(invoice: bytes) -> None:
    (printed,) = paper.read(invoice).pages
    spoilt = ("RE-2026-118", "1.888,53", "COBADEFFXXX", "DE79")
    boxes = [word.box for word in printed.words if word.text in spoilt]
    reading = read_page(_blurred(paper.picture(invoice, 200).convert("L"), boxes, 200 / 72))
    assert not reading.poor
    read = {word.text: word for word in reading.words}
    # Tesseract alone loses the point and takes the comma for one
    assert read["1.888,53"].confidence <= DISPUTED
    assert read["1.888,53"].other == "1888.53"
    assert read["Bezeichnung"].confidence >= AGREED
    assert read["Rechnungsbetrag"].other is None
    total = next(word.box for word in printed.words if word.text == "1.888,53")
    assert read["1.888,53"].box.centre == pytest.approx(total.centre * 200 / 72, abs=8)


def test_grey_labels_that_were_left_out_are_missed(invoice: bytes) -> None:
    (printed,) = paper.read(invoice).pages
    scale = 200 / 72
    words = [replace(word, box=Box(*(edge * scale for edge in word.box))) for word in printed.words]
    sheet = paper.picture(invoice, 200).convert("L")
    assert ShrunkPage(sheet).unread(words).share <= MOST_UNREAD
    # as many programs print labels: grey, and lost where black and white are parted at one level
    labels = [word for word in words if word.box.x0 > 0.5 * sheet.width and word.box.bottom < 0.4 * sheet.height]
    for word in labels:
        spot = tuple(round(edge) for edge in word.box)
        sheet.paste(sheet.crop(spot).point([175 + level * 80 // 255 for level in range(256)]), spot)
    assert ShrunkPage(sheet).unread(words).share <= MOST_UNREAD
    assert ShrunkPage(sheet).unread([word for word in words if word not in labels]).share > MOST_UNREAD


def test_a_large_scan_is_read_smaller_and_its_boxes_stay_in_points(invoice: bytes) -> None:
    scan = paper.picture(invoice, 300).convert("L")
    assert max(read_page(scan, "de").picture.size) == LONGEST_SIDE
    (printed,), (page,) = paper.read(invoice).pages, paper.read(paper.saved(scan, "PNG", dpi=(300, 300))).pages
    assert (page.width, page.height) == (pytest.approx(595, abs=1), pytest.approx(842, abs=1))
    for text in ("Rechnungsbetrag", "1.234,00", "COBADEFFXXX"):
        there, here = (next(word.box for word in one.words if word.text == text) for one in (printed, page))
        assert (here.x0, here.x1, here.middle) == pytest.approx((there.x0, there.x1, there.middle), abs=3)


def test_the_language_is_told_from_where_words_are_not_from_a_dark_bar(invoice: bytes) -> None:
    picture = paper.picture(invoice, 200).convert("L")
    ImageDraw.Draw(picture).rectangle((0, 1800, picture.width, 2250), fill=20)
    reading = read_page(picture)
    assert reading.language == "de"
    assert "Beschläge" in {word.text for word in reading.words}


def test_a_digit_in_a_circle_is_a_digit() -> None:
    picture = Image.new("L", (300, 120), 255)
    canvas = ImageDraw.Draw(picture)
    canvas.ellipse((30, 30, 80, 80), outline=0, width=3)
    canvas.text((46, 36), "2", font_size=34, fill=0)
    canvas.text((110, 36), "Hot dog", font_size=34, fill=0)
    assert [word.text for word in rapid.read(picture, rapid.lines_of(picture))] == ["2", "Hot", "dog"]


def test_sure_words_stay_and_unsure_ones_are_settled() -> None:
    shop, number, noise = _word("Shell", 0, 50, 0.95), _word("241212019", 60, 160, 0.68), _word("ETT", 200, 230, 0.4)
    second = (_word("Shel1", 0, 50, 0.99), _word("2412/2019", 60, 160, 0.97))
    words = mended((shop, number, noise), {number, noise}, second)
    assert [word.text for word in words] == ["Shell", "2412/2019", "ETT"]
    assert words[0] == shop
    assert (words[1].confidence, words[1].other) == (DISPUTED, "241212019")
    assert words[2].confidence == pytest.approx(0.4 * MISSED)


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("Newsetof", ["New", "set", "of"]),
        ("Labor3hrs", ["Labor", "3hrs"]),
        ("Kistaäpplen,8kg", ["Kista", "äpplen,", "8", "kg"]),
        ("Amt(EUR)", ["Amt", "(EUR)"]),
    ],
)
def test_a_blank_that_tesseract_lost_is_found_again(glued: str, parts: list[str]) -> None:
    word = _word(glued, 0, 10 * len(glued), 0.86)
    assert [one.text for one in mended((word,), {word}, _apart(parts))] == parts


@pytest.mark.parametrize("parts", [["1", "234,56"], ["20", "%"], ["960,00", "€"], ["AB", "-", "7"], ["Total", ":"]])
def test_an_amount_or_a_sign_is_not_parted_from_its_word(parts: list[str]) -> None:
    word = _word("".join(parts), 0, 10 * len("".join(parts)), 0.86)
    assert [one.text for one in mended((word,), {word}, _apart(parts))] == [word.text]


def _apart(parts: list[str]) -> list[Word]:
    """The words that the second engine saw where the first saw one, ten pixels a sign."""
    places = [10 * len("".join(parts[:place])) for place in range(len(parts) + 1)]
    return [_word(text, places[i] + 1, places[i + 1] - 1, 0.98) for i, text in enumerate(parts)]


def test_a_unit_in_every_row_tells_no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    # "par" is a pair in Swedish, and a word that French texts are full of
    goods = ("Skyddsskor", "Handskar", "Sulor", "Klackar")
    rows = ["Artikel", *(text for name in goods for text in (name, "20", "par"))]
    band = tuple(_word(text, 0, 50, 0.9, top=30 * place) for place, text in enumerate(rows))
    asked: list[str] = []

    def recognise(picture: Image.Image, name: str, fast: bool = False, block: bool = False) -> tuple[Word, ...]:
        asked.append(name)
        return band

    monkeypatch.setattr(tesseract, "recognise", recognise)
    page = Image.new("L", (1700, 2300), 255)
    ImageDraw.Draw(page).text((200, 300), "Artikel Skyddsskor 20 par", font_size=40, fill=0)
    read_page(page)
    assert "fra" not in asked


def test_norwegian_is_read_with_the_data_of_danish(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def recognise(picture: Image.Image, name: str, fast: bool = False, block: bool = False) -> tuple[Word, ...]:
        asked.append(name)
        return ()

    monkeypatch.setattr(tesseract, "recognise", recognise)
    read_page(Image.new("L", (600, 800), 255), "no")
    assert set(asked) == {"dan"}


def test_words_side_by_side_are_a_piece_and_columns_are_not() -> None:
    words = (_word("New", 0, 40, 0.9), _word("Amount", 300, 380, 0.9), _word("set", 50, 90, 0.9))
    lower = _word("Labour", 0, 60, 0.9, top=130)
    pieces = {" ".join(word.text for word in piece) for piece in pieces_of_lines((*words, lower))}
    assert pieces == {"New set", "Amount", "Labour"}


def test_spaced_signs_of_one_word_are_one() -> None:
    number = _word("1-300-886", 0, 180, 0.4)
    apart = [_word(sign, place * 20, place * 20 + 15, 0.98) for place, sign in enumerate("1-300-888")]
    (word,) = combined((number,), apart, [Box(0, 95, 200, 125)])
    assert (word.text, word.other) == ("1-300-888", "1-300-886")
    assert (word.box.x0, word.box.x1) == (0, 175)


ROWS = ("Spare key 40 1.50 60.00", "Guest book 2 65.00 130.00", "Door plate 12 9.00 108.00", "Lamp black 10 7.00 70.00")
COLUMNS = (100, 260, 700, 900, 1150)


def test_a_single_figure_that_tesseract_left_out_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("L", (1400, 1100), 255)
    canvas, words = ImageDraw.Draw(picture), []
    for row, texts in enumerate(ROWS):
        for x, text in zip(COLUMNS, texts.split(), strict=True):
            canvas.text((x, 200 + 60 * row), text, font_size=30, fill=0)
            words.append(Word(text, Box(*canvas.textbbox((x, 200 + 60 * row), text, font_size=30)), confidence=0.96))
    # a stain, and a stroke beside a word
    canvas.ellipse((1000, 266, 1008, 276), fill=0)
    canvas.text((400, 320), "'", font_size=30, fill=0)
    seen = tuple(word for word in words if word.text != "2")
    monkeypatch.setattr(tesseract, "recognise", lambda *given, **more: seen)
    reading = read_page(picture, "en")
    assert not reading.poor
    assert [word.text for word in reading.words] == " ".join(ROWS).split()


def test_a_box_that_reaches_into_other_lines_is_made_as_high_as_its_neighbours() -> None:
    cable, lost, unit = _word("Cable", 0, 50, 0.9), Word("200x", Box(60, 86, 100, 134), 0.4), _word("mm", 110, 140, 0.9)
    title, dash = Word("INVOICE", Box(200, 80, 400, 121), 0.9), Word("-", Box(410, 109, 420, 111), 0.9)
    assert tesseract.levelled((cable, lost, unit, title, dash)) == (
        cable,
        Word("200x", Box(60, 100, 100, 120), 0.4),
        unit,
        title,
        dash,
    )


def test_lines_are_found_where_they_stand_though_blank_paper_is_not_looked_at() -> None:
    picture = Image.new("L", (1000, 1400), 250)
    canvas = ImageDraw.Draw(picture)
    canvas.text((300, 200), "Invoice 4711", font_size=34, fill=0)
    canvas.text((520, 1200), "Total 118.50", font_size=34, fill=0)
    # the rule of a table's column that runs on to the foot of the page
    canvas.line((480, 300, 480, 1150), fill=0, width=2)
    strips, columns = parts_with_print(np.asarray(picture))
    assert sum(strip.stop - strip.start for strip in strips) < 200
    assert 250 < columns.start < 300
    head, foot = rapid.lines_of(picture)
    assert (head.box.x0, head.box.middle) == pytest.approx((300, 222), abs=14)
    assert (foot.box.x0, foot.box.middle) == pytest.approx((520, 1222), abs=14)
    assert rapid.lines_of(Image.new("L", (1000, 1400), 250)) == ()


def test_a_line_shows_its_signs_and_where_each_was_seen() -> None:
    picture = Image.new("RGB", (400, 60), "white")
    ImageDraw.Draw(picture).text((10, 12), "118,50 EUR", font_size=34, fill="black")
    blank = np.full((60, 700, 3), 255, np.uint8)
    signs, none = signs_of([np.asarray(picture), blank])
    assert signs.text == "118,50 EUR"
    assert len(signs.columns) == len(signs.confidences) == len(signs.text)
    assert list(signs.columns) == sorted(signs.columns)
    assert max(signs.columns) < 0.6 * signs.width
    assert (none.text, none.confidence) == ("", 0.0)
