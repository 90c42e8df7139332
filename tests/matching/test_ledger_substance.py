"""Two papers of one invoice are alike in substance, whatever else a scan was read to hold."""

from ingest.extraction import Extraction, FieldValue, LineItem
from matching.ledger import substance


def _line(quantity: str, total: str) -> LineItem:
    return LineItem(description=FieldValue("Steel rod"), quantity=FieldValue(quantity), line_total=FieldValue(total))


def _paper(*lines: LineItem) -> Extraction:
    return Extraction(fields={"gross_total": FieldValue("30.00"), "currency": FieldValue("EUR")}, line_items=lines)


def test_lines_that_bill_nothing_do_not_make_another_invoice() -> None:
    first, again = _paper(_line("3", "30.00")), _paper(_line("3", "30.0"), _line("1192.40", "0.00"))
    assert substance(first) == substance(again) is not None


def test_other_lines_do() -> None:
    assert substance(_paper(_line("3", "30.00"))) != substance(_paper(_line("2", "30.00")))
