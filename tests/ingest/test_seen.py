"""PDFs whose viewer shows other pages than their plain content: forms, stamps, cut sheets, portfolios."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, RectangleObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Source
from ingest.extract import extract, extract_all
from ingest.readers import render_pages
from tests.ingest import paper

NOTE = (460, 646, 90, 13)
"""Where the form of the tests is filled in: left, bottom, width, height."""


@pytest.fixture(scope="module")
def invoice() -> bytes:
    return paper.pdf(paper.german_invoice)


@pytest.fixture(scope="module")
def form() -> bytes:
    def draw(canvas: Canvas) -> None:
        paper.german_invoice(canvas)
        canvas.drawString(360, 648, "Lieferschein-Nr.:")
        x, y, width, height = NOTE
        canvas.acroForm.textfield(
            name="note", x=x, y=y, width=width, height=height, value="LS-77120", fontSize=10, borderWidth=0
        )

    return paper.pdf(draw)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _changed(content: bytes) -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(io.BytesIO(content)))


def _left_to_the_viewer(form: bytes) -> bytes:
    """The form as programs fill it in that leave the drawing of values to the viewer."""
    writer = _changed(form)
    for field in writer.pages[0]["/Annots"]:
        field.get_object().pop("/AP")
    writer.root_object["/AcroForm"][NameObject("/NeedAppearances")] = BooleanObject(True)
    return _written(writer)


@pytest.mark.parametrize("is_drawn", [True, False])
def test_what_is_filled_into_a_form_is_read_and_shown(form: bytes, is_drawn: bool, tmp_path: Path) -> None:
    content = form if is_drawn else _left_to_the_viewer(form)
    document = paper.read(content)
    found = extract(document)
    assert (found.text("delivery_note"), found.text("invoice_number")) == ("LS-77120", "RE-2026-118")
    assert render_pages(content, tmp_path, document) == 1
    with Image.open(tmp_path / "1.png") as drawn:
        scale = drawn.width / A4[0]
        x, y, width, height = NOTE
        box = (x, A4[1] - y - height, x + width / 2, A4[1] - y)
        assert np.asarray(drawn.convert("L").crop([round(edge * scale) for edge in box])).min() < 100


def test_a_field_that_is_hidden_is_not_read(form: bytes) -> None:
    writer = _changed(form)
    field = writer.pages[0]["/Annots"][0].get_object()
    field[NameObject("/F")] = type(field["/F"])(2)  # the flag Hidden of ISO 32000-1, table 165
    assert extract(paper.read(_written(writer))).text("delivery_note") is None


@pytest.mark.parametrize("origin", [(0, 0), (-40, -25), (15, 30)])
def test_a_sheet_that_is_larger_than_what_is_shown_is_cut(
    invoice: bytes, origin: tuple[int, int], tmp_path: Path
) -> None:
    writer, (x, y) = _changed(invoice), origin
    page = writer.pages[0]
    page.mediabox = RectangleObject((x - 60, y - 60, x + 700, y + 950))
    page.cropbox = RectangleObject((0, 0, *A4))
    content = _written(writer)
    document, plain = paper.read(content), paper.read(invoice)
    cut, whole = document.pages[0], plain.pages[0]
    assert (cut.width, cut.height) == pytest.approx((whole.width, whole.height), abs=0.5)
    assert cut.source is Source.TEXT
    boxes = {word.text: word.box for word in cut.words}
    for word in whole.words:
        assert boxes[word.text].x1 > 0
    assert boxes["RE-2026-118"].x0 == pytest.approx(460, abs=1)
    assert extract(document).amount("gross_total") == extract(plain).amount("gross_total")
    render_pages(content, tmp_path, document)
    with Image.open(tmp_path / "1.png") as drawn:
        assert drawn.width / drawn.height == pytest.approx(A4[0] / A4[1], rel=0.01)


def test_what_lies_beyond_the_cut_is_seen_by_nobody(invoice: bytes) -> None:
    def draw(canvas: Canvas) -> None:
        paper.german_invoice(canvas)
        canvas.drawString(620, 700, "Rechnungs-Nr.: RE-9")

    writer = _changed(paper.pdf(draw))
    page = writer.pages[0]
    page.mediabox = RectangleObject((0, 0, 800, A4[1]))
    page.cropbox = RectangleObject((0, 0, *A4))
    document = paper.read(_written(writer))
    assert "RE-9" not in [word.text for word in document.pages[0].words]
    assert extract(document).text("invoice_number") == "RE-2026-118"


def test_a_text_layer_that_stands_on_its_head_is_turned(invoice: bytes) -> None:
    writer = _changed(invoice)
    writer.pages[0].rotate(180)
    found = extract(paper.read(_written(writer)))
    assert found.text("invoice_number") == "RE-2026-118"
    assert str(found.amount("gross_total")) == "1888.53"


def _portfolio(*files: tuple[str, bytes]) -> bytes:
    cover = paper.pdf(lambda canvas: canvas.drawString(80, 700, "Open this PDF portfolio in a viewer that knows them."))
    writer = _changed(cover)
    for name, content in files:
        writer.add_attachment(name, content)
    writer.root_object[NameObject("/Collection")] = DictionaryObject({NameObject("/View"): NameObject("/D")})
    return _written(writer)


def test_a_portfolio_is_the_invoices_in_it(invoice: bytes, tmp_path: Path) -> None:
    def second(canvas: Canvas) -> None:
        canvas.drawString(60, 780, "Muster Beschläge GmbH · Werkstraße 5 · 70565 Stuttgart")
        canvas.drawString(60, 700, "Rechnung")
        for y, label, value in ((680, "Rechnungs-Nr.:", "RE-2026-119"), (665, "Rechnungsdatum:", "13. März 2026")):
            canvas.drawString(60, y, f"{label} {value}")
        canvas.drawString(60, 620, "Rechnungsbetrag 119,00 EUR")

    content = _portfolio(("one.pdf", invoice), ("two.pdf", paper.pdf(second)))
    document = paper.read(content)
    assert document.page_count == 2
    assert [part.text("invoice_number") for part in extract_all(document)] == ["RE-2026-118", "RE-2026-119"]
    assert render_pages(content, tmp_path, document) == 2


def test_a_file_in_a_portfolio_that_is_not_read_is_told(invoice: bytes) -> None:
    found = extract(paper.read(_portfolio(("invoice.pdf", invoice), ("list.csv", b"a;b\n1;2\n"))))
    assert found.text("invoice_number") == "RE-2026-118"
    assert [(one.code, "1 of the 2 files" in one.message) for one in found.warnings] == [("pages_left_out", True)]


def test_attachments_of_what_is_no_portfolio_are_left_alone(invoice: bytes) -> None:
    writer = _changed(invoice)
    writer.add_attachment("hours.pdf", paper.pdf(lambda canvas: canvas.drawString(80, 700, "Hours: 12")))
    document = paper.read(_written(writer))
    assert (document.page_count, document.notes) == (1, ())


def _under(invoice: bytes, text: str, note: dict[str, object]) -> bytes:
    """The invoice with an annotation over it that shows the text."""
    drawn = _changed(paper.pdf(lambda canvas: canvas.drawString(20, 20, text))).pages[0]
    writer = _changed(invoice)
    drawing = writer._add_object(drawn.get_contents().clone(writer))
    drawing.get_object().update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject((0, 0, 150, 50)),
            NameObject("/Resources"): drawn["/Resources"].clone(writer),
        }
    )
    entries = {
        "/Type": NameObject("/Annot"),
        "/Rect": RectangleObject((350, 300, 500, 350)),
        "/AP": DictionaryObject({NameObject("/N"): drawing}),
    }
    over = writer._add_object(DictionaryObject({NameObject(key): value for key, value in (entries | note).items()}))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([over])
    if "/FT" in note:
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject([over])})
    return _written(writer)


def test_a_stamp_over_the_page_is_read(invoice: bytes) -> None:
    content = _under(invoice, "STORNIERT", {"/Subtype": NameObject("/Stamp")})
    word = next(word for word in paper.read(content).pages[0].words if word.text == "STORNIERT")
    assert word.box.x0 == pytest.approx(370, abs=2)


@pytest.mark.parametrize("kind", ["/Sig", "/Tx"])
def test_what_a_signature_says_is_not_the_invoices(invoice: bytes, kind: str) -> None:
    field = {"/Subtype": NameObject("/Widget"), "/FT": NameObject(kind), "/T": TextStringObject("field")}
    content = _under(invoice, "2026-11-12", field)
    assert ("2026-11-12" in [word.text for word in paper.read(content).pages[0].words]) is (kind == "/Tx")
