"""A confidence is a probability: raw scores, groups, the OCR's quality."""

from ingest.calibration import Curves, calibrated, group_of, quality_of, shipped_curves
from ingest.document import Box, Document, Page, Source, Word
from ingest.extraction import Extraction, FieldValue
from ingest.fields import FIELD_NAMES
from samples.calibrate import Sample, checked, fitted


def test_the_shipped_curves_cover_every_field_and_never_promise_certainty() -> None:
    curves = shipped_curves()
    for name in (*FIELD_NAMES, "document_type"):
        for source in (Source.TEXT, Source.OCR):
            assert group_of(name, source) in curves.groups, (name, source)
            assert curves.probability(group_of(name, source), 1.0, None) <= 0.995


def test_a_higher_raw_score_is_never_worth_less() -> None:
    curves = shipped_curves()
    for group in curves.groups:
        worth = [curves.probability(group, raw / 20, None) for raw in range(1, 20)]
        assert worth == sorted(worth), group


def test_what_xml_and_payment_codes_state_is_left_alone() -> None:
    stated = {name: FieldValue("4711", confidence=0.7, source=source)
              for name, source in (("invoice_number", Source.XML), ("seller_iban", Source.QR))}  # fmt: skip
    assert calibrated(Extraction(fields=stated), None).fields == stated


def test_values_of_pages_read_poorly_are_worth_less() -> None:
    read = Extraction(fields={"invoice_number": FieldValue("4711", confidence=0.8, source=Source.OCR)})
    good, poor = (calibrated(read, quality).fields["invoice_number"].confidence for quality in (0.95, 0.7))
    assert good is not None and poor is not None and good > poor


def test_quality_is_that_of_pages_that_ocr_read() -> None:
    word = Word("a", Box(0, 0, 1, 1), 0.5)
    text, scan = Page(1, 10, 10, (word,)), Page(2, 10, 10, (word,), Source.OCR)
    assert quality_of(Document("0", "x", (text,))) is None
    assert quality_of(Document("0", "x", (text, scan))) == 0.5


def test_the_fit_finds_what_values_are_worth() -> None:
    samples = [
        Sample("text.date", f"layout{n % 3}", raw, None, n % 10 < worth)
        for raw, worth in ((0.9, 9), (0.5, 3))
        for n in range(300)
    ]
    curves = fitted(samples)
    assert abs(curves.probability("text.date", 0.9, None) - 0.9) < 0.02
    assert abs(curves.probability("text.date", 0.5, None) - 0.3) < 0.02
    assert checked(samples).startswith("text: 600 values, 60.0% right")
    assert isinstance(curves, Curves)
