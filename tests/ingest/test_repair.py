"""A misread digit in the totals is put right only where two equations say which figure is wrong."""

from dataclasses import replace
from decimal import Decimal

from ingest.document import Box, Document, Page, Source, Word
from ingest.extract import extract
from ingest.fields.amounts import PAID, Total
from ingest.fields.money import Amount
from ingest.layout import segment_of
from ingest.repair import one_digit_apart, repaired
from ingest.resolve import consistent_totals
from ingest.total_values import total_values

RATES = [Decimal(20)]


def total(name: str, value: str, source: Source = Source.OCR) -> Total:
    segment = segment_of([Word(value, Box(10, 10, 50, 20), 0.9)], 1, source)
    return Total(name, Amount(segment, (Decimal(value),), False, True), Decimal(value), 1.0, name)


def test_the_figure_that_two_equations_contradict_is_put_right() -> None:
    found = repaired(
        total("net_total", "98640.00"), total("tax_total", "19728.00"), total("gross_total", "118868.00"), RATES
    )
    assert found is not None and found[0] == "gross_total" and found[1].value == Decimal("118368.00")
    found = repaired(
        total("net_total", "98640.00"), total("tax_total", "19778.00"), total("gross_total", "118368.00"), RATES
    )
    assert found is not None and found[0] == "tax_total" and found[1].value == Decimal("19728.00")


def test_nothing_is_changed_without_a_rate_in_a_text_layer_or_at_two_digits() -> None:
    net, tax = total("net_total", "98640.00"), total("tax_total", "19728.00")
    assert repaired(net, tax, total("gross_total", "118868.00"), []) is None
    assert repaired(net, tax, total("gross_total", "118868.00", Source.TEXT), RATES) is None
    assert repaired(net, tax, total("gross_total", "118896.00"), RATES) is None


def test_digits_are_compared_at_their_places() -> None:
    assert one_digit_apart(Decimal("100.00"), Decimal("108.00"))
    assert not one_digit_apart(Decimal("100.00"), Decimal("1008.00"))
    assert not one_digit_apart(Decimal("100.00"), Decimal("100.00"))


def _page(*rows: tuple[str, str], gross: Word) -> Document:
    words = [
        Word(word, Box(x + 32 * place, 100 + 20 * index, x + 32 * place + 28, 112 + 20 * index), 0.95)
        for index, row in enumerate(rows)
        for x, text in zip((60, 400), row, strict=True)
        for place, word in enumerate(text.split())
    ]
    return Document("0" * 64, "image/png", (Page(1, 595, 842, (*words, gross), Source.OCR),), 1)


def test_what_the_second_engine_read_is_taken_where_it_adds_up() -> None:
    rows = (("Net total", "100.00"), ("VAT 20%", "20.00"), ("Total incl. VAT", ""))
    gross = Word("128.00", Box(400, 140, 450, 152), 0.5, other="120.00")
    read = extract(_page(*rows, gross=gross))
    assert read.text("gross_total") == "120.00"
    assert "128.00" in [rival.value for rival in read.fields["gross_total"].rivals]


def test_a_slip_calls_the_rounded_total_the_total_and_an_invoice_does_not() -> None:
    found = [total("gross_total", "64.13"), total("gross_total", "64.15"), total("rounding", "0.02")]
    on_slip = consistent_totals(found, None, (), slip=True).chosen["gross_total"]
    on_invoice = consistent_totals(found, None, ()).chosen["gross_total"]
    assert (on_slip.value, on_invoice.value) == (Decimal("64.15"), Decimal("64.13"))


def test_a_slips_subtotal_that_holds_the_tax_is_no_net_total() -> None:
    found = [total("gross_total", "42.40"), total("net_total", "42.40"), total("tax_total", "2.40")]
    sums = consistent_totals(found, None, (), slip=True)
    assert "net_total" not in sums.chosen
    assert not sums.contradicted
    assert consistent_totals(found, None, ()).contradicted


def test_a_total_before_a_printed_rounding_contradicts_nothing() -> None:
    found = [total("gross_total", "64.13"), total("gross_total", "64.15")]
    worth = []
    for more in ([], [total("rounding", "0.02")]):
        sums = consistent_totals([*found, *more], None, (), slip=True)
        worth.append(total_values(sums, [*found, *more])["gross_total"].confidence or 0.0)
    assert worth[1] > worth[0] + 0.1


def test_cash_less_change_tells_the_total_from_what_a_table_of_tax_adds_up_to() -> None:
    printed = replace(total("gross_total", "7.42"), score=0.85)
    table = replace(total("gross_total", "7.00"), score=0.75)
    others = [total("rounding", "-0.01"), replace(total("net_total", "7.00"), score=0.25)]
    cash = replace(total("gross_total", "7.40"), score=0.62, label=PAID)
    found = [cash, printed, table, *others]
    assert consistent_totals(found, Decimal("7.00"), (), slip=True).chosen["gross_total"].value == Decimal("7.40")
    other = [replace(cash, value=Decimal("7.00")), printed, table, *others]
    assert consistent_totals(other, Decimal("7.00"), (), slip=True).chosen["gross_total"].value == Decimal("7.00")


def test_a_total_of_ocr_below_what_is_due_is_unsure_unless_something_says_why() -> None:
    found = [total("net_total", "3200.00"), total("tax_total", "736.00"), total("gross_total", "3936.00")]

    def sure(*more: Total) -> float:
        values = total_values(consistent_totals([*found, *more], None, ()), [*found, *more])
        return values["gross_total"].confidence or 0.0

    assert sure(total("amount_due", "3936.00")) > 0.9
    assert sure(total("amount_due", "5911.41")) <= 0.85
    assert sure(total("amount_due", "3936.02"), total("rounding", "0.02")) > 0.9


def test_several_payments_are_one_sum_or_unsure() -> None:
    totals = [total("net_total", "12000.00"), total("tax_total", "2400.00"), total("gross_total", "14400.00")]
    paid = [total("prepaid", "-3600.00"), replace(total("prepaid", "-7200.00"), score=0.5)]
    boxes = [replace(one, amount=replace(one.amount, segment=replace(one.amount.segment, box=Box(10, y, 50, y + 9))))
             for one, y in zip(paid, (100, 120), strict=True)]  # fmt: skip
    found = [*totals, *boxes, total("amount_due", "3600.00")]
    assert total_values(consistent_totals(found, None, ()), found)["prepaid"].value == "10800.00"
    other = [*totals, boxes[0], total("amount_due", "3600.00")]
    assert (total_values(consistent_totals(other, None, ()), other)["prepaid"].confidence or 1) < 0.6


def test_a_dash_before_what_the_lines_add_up_to_is_no_sign() -> None:
    amounts = (("net_total", "-100.00"), ("tax_total", "-20.00"), ("gross_total", "120.00"))
    found = [total(name, value) for name, value in amounts]

    def chosen(lines: str) -> list[Decimal]:
        sums = consistent_totals(found, Decimal(lines), ())
        return [sums.chosen[name].value for name in ("net_total", "tax_total") if name in sums.chosen]

    assert chosen("100.00") == [Decimal("100.00"), Decimal("20.00")]
    assert chosen("-100.00") != [Decimal("100.00"), Decimal("20.00")]


def test_a_total_below_what_was_paid_is_what_is_due() -> None:
    amounts = (("net_total", "2511.01"), ("tax_total", "381.33"), ("prepaid", "723.09"), ("gross_total", "2169.25"))
    chosen = consistent_totals([total(name, value) for name, value in amounts], None, ()).chosen
    assert "gross_total" not in chosen
    assert chosen["amount_due"].value == Decimal("2169.25")
