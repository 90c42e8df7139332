"""What a coordinator does all day, by keyboard alone: keys counted, typed text not."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from decimal import Decimal

from office import ORDER, add_document, invoice, value, wait_for
from paper import invoice_pdf
from playwright.sync_api import Page, expect

from ingest.database import transaction
from ingest.document import Door, ReceivedFile, State
from ingest.extraction import Extraction, TaxLine
from ingest.serialise import to_json
from ingest.store import DocumentStore
from matching.deciding import recheck
from matching.store import MatchStore, RecordStore
from web.services import Services

logger = logging.getLogger("keystrokes")


class Keys:
    """A keyboard that counts, and a clock that runs while the machine works."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.begun = page, 0, time.perf_counter()

    def press(self, *keys: str) -> None:
        # what a page shows may be there before its scripts are: a person is slower than that
        self.page.wait_for_load_state("load")
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def end(self, task: str) -> int:
        """How many keys it took; `pytest --log-cli-level=INFO` shows the seconds, too."""
        logger.info("%s: %d keys, %.2f seconds", task, self.pressed, time.perf_counter() - self.begun)
        return self.pressed


def take_in(services: Services, content: bytes, name: str = "invoice.pdf") -> int:
    """Have the real worker read and decide a file."""
    return wait_for(services, services.receive(ReceivedFile(name, content, Door.UPLOAD, "coordinator")).document.id)


def state(services: Services, number: int) -> State:
    return DocumentStore(services.db).get(number).state


def opened(window: Page, number: int) -> Keys:
    """The document's page, with the keyboard on it."""
    window.goto(f"/documents/{number}")
    expect(window.locator("#facts")).to_be_visible()
    return Keys(window)


def done(window: Page, sentence: str) -> None:
    expect(window.get_by_role("status").filter(has_text=sentence)).to_be_visible()
    window.wait_for_load_state("load")


def test_a_price_difference_is_approved_with_two_keys(window: Page, services: Services) -> None:
    number = take_in(services, invoice_pdf(price="4.10"))
    keys = opened(window, number)
    expect(window.locator(".problems")).to_contain_text("Price differs")
    keys.press("a", "1")
    done(window, f"Document #{number} is approved.")
    assert keys.end("approve a price difference") <= 2
    decision = MatchStore(services.db).review_decisions(number)[-1]
    assert (state(services, number), decision.reason) == (State.APPROVED, "The price is agreed with purchasing")


def test_the_decision_is_taken_back_with_one_key(window: Page, services: Services) -> None:
    number = take_in(services, invoice_pdf(price="4.10"))
    opened(window, number).press("a", "1")
    done(window, "is approved")
    window.keyboard.press("z")
    done(window, f"Your decision on document #{number} is taken back.")
    assert state(services, number) is State.NEEDS_REVIEW
    expect(window.locator(".problems")).to_contain_text("Price differs")


def test_a_misread_number_is_corrected_from_the_page_with_six_keys(window: Page, services: Services) -> None:
    number = take_in(services, invoice_pdf("HM-4711"))
    misread(services, number, "HM-A7II")
    keys = opened(window, number)
    window.locator(".sheet[data-ready]").first.wait_for()
    keys.press("e")
    expect(window.locator("#f-invoice_number")).to_be_focused()
    keys.press("Control+a")
    keys.type("471")
    keys.press("ArrowDown", "Enter")
    expect(window.locator("#said")).to_contain_text("Invoice number is HM-4711 now")
    keys.press("Control+Enter", "1")
    done(window, f"Document #{number} is approved.")
    assert keys.end("correct a misread number") <= 6
    kept = MatchStore(services.db).corrections(number)[-1]
    assert (kept.value, [word.text for word in kept.words]) == ("HM-4711", ["HM-4711"])


def test_one_of_two_orders_is_confirmed_with_three_keys(window: Page, services: Services) -> None:
    with transaction(services.db):
        RecordStore(services.db).put([replace(ORDER, po_number="PO-7002")])
    number = take_in(services, invoice_pdf(order=""))
    keys = opened(window, number)
    choices = window.locator(".questions [data-digit]")
    expect(choices).to_have_count(2)
    second = re.findall(r"PO-\d+", choices.nth(1).inner_text())[0]
    keys.press("2")
    expect(window.locator("#said")).to_contain_text(f"is {second} now")
    keys.press("a", "1")
    done(window, f"Document #{number} is approved.")
    assert keys.end("confirm one of two orders") <= 3
    found = MatchStore(services.db).match(number)
    assert found is not None
    assert [order.id for order in found.purchase_orders] == [second]


def test_a_duplicate_is_put_down_with_two_keys_and_the_next_document_is_there(window: Page, services: Services) -> None:
    first = take_in(services, invoice_pdf("HM-4711"), "one.pdf")
    other = take_in(services, invoice_pdf("HM-9000", price="4.20", order="PO-7001"), "other.pdf")
    twin = take_in(services, invoice_pdf("HM-47ll", note="sent again"), "again.pdf")
    assert state(services, twin) is State.NEEDS_REVIEW
    keys = opened(window, twin)
    expect(window.locator(".problems")).to_contain_text(f"#{first}")
    keys.press("d", "1")
    done(window, f"Document #{twin} is put down as a duplicate.")
    expect(window.locator("h1")).to_contain_text(f"#{other}")
    assert keys.end("mark a duplicate") <= 2
    assert state(services, twin) is State.DUPLICATE


def test_fourteen_documents_of_one_cause_are_answered_with_four_keys(window: Page, services: Services) -> None:
    steel = replace(ORDER.lines[0], quantity=Decimal(1000))
    with transaction(services.db):
        RecordStore(services.db).put([replace(ORDER, po_number="PO-7003", lines=(steel,))])
    numbers = []
    for day in range(1, 15):
        numbers.append(add_document(services, rods(f"HM-{100 + day}", day, order="PO-7003")))
    add_document(services, invoice("HM-9", order="PO-9999"), "lost.pdf")
    window.goto("/queue")
    keys = Keys(window)
    keys.press("c")
    expect(window.locator(".cause h2").first).to_have_text("Price 5.00, ordered 4.00")
    keys.press("1")
    expect(window.get_by_role("button", name="Approve 14 documents")).to_be_focused()
    keys.press("Enter")
    done(window, "14 documents answered")
    assert keys.end("answer 14 documents of one cause") <= 4
    assert {state(services, number) for number in numbers} == {State.APPROVED}
    window.keyboard.press("z")
    expect(window.locator(".cause .count").first).to_have_text("14")
    assert {state(services, number) for number in numbers} == {State.NEEDS_REVIEW}


def test_a_reason_of_ones_own_is_typed(window: Page, services: Services) -> None:
    number = take_in(services, invoice_pdf(price="4.10"))
    keys = opened(window, number)
    keys.press("x")
    expect(window.locator("#menu-reject")).to_be_visible()
    keys.press("Escape")
    expect(window.locator("#menu-reject")).to_be_hidden()
    keys.press("x", "r")
    keys.type("wrong month")
    keys.press("Enter")
    done(window, "is rejected")
    assert MatchStore(services.db).review_decisions(number)[-1].reason == "wrong month"


def test_a_digit_types_a_digit_where_text_is_entered(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    keys = opened(window, number)
    keys.press("r", "a", "1", "z")
    expect(window.locator("#reason")).to_have_value("a1z")
    assert state(services, number) is State.NEEDS_REVIEW


def rods(number: str, quantity: int, order: str) -> Extraction:
    """So many steel rods at 5.00; ordered at 4.00."""
    made, net = invoice(number, order=order), Decimal(5 * quantity)
    line = replace(made.line_items[0], quantity=value(str(quantity)), line_total=value(f"{net:.2f}"))
    sums = {"net_total": net, "tax_total": net / 5, "gross_total": net * 6 / 5}
    fields = {**made.fields, **{name: value(f"{sum_:.2f}") for name, sum_ in sums.items()}}
    tax = TaxLine(value("20"), value(f"{net:.2f}"), value(f"{net / 5:.2f}"))
    return replace(made, fields=fields, line_items=(line,), tax_breakdown=(tax,))


def misread(services: Services, number: int, text: str) -> None:
    """Put a doubtful number in place of the one that was read."""
    with transaction(services.db):
        documents = DocumentStore(services.db)
        document, extraction = documents.document(number), documents.extraction(number)
        assert document is not None
        assert extraction is not None
        value = replace(extraction.fields["invoice_number"], value=text, raw=text, confidence=0.3)
        changed = replace(extraction, fields={**extraction.fields, "invoice_number": value})
        services.db.execute("UPDATE documents SET state = 'needs_review' WHERE id = ?", [number])
        services.db.execute("UPDATE readings SET extraction = ? WHERE document_id = ?", [to_json(changed), number])
        recheck(services.db, number, services.policy, services.settings.current_day(), services.now())
