"""Dates: of issue, delivery, payment, and the period billed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ingest.dates import PrintedDate, date_readings, dates_in
from ingest.extraction import FieldValue, LineItem
from ingest.fields.candidates import Candidate, best_of, candidate, firm_confidence, plain_confidence, settled
from ingest.fields.found_labels import OTHER_LANGUAGE
from ingest.fields.spots import Spot
from ingest.labels import label_key, number_words, terms, type_labels
from ingest.layout import Segment, Sheet, segment_of
from ingest.spans import span_in

NAMES = ("issue_date", "delivery_date", "period_start", "period_end", "due_date")
_PAIR = re.compile(r"^\D{0,3}(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}")
_STATE_AND_ZIP = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|"
    r"V[AT]|W[AIVY])[., ]{1,2}\d{5}(?:-\d{4})?\b"
)
_DAY_LEADS = re.compile(
    r"[£€₹]|(?<![^\W\d_])(?:GBP|EUR|INR|AUD|NZD|SGD|ZAR|MYR|RM)(?![^\W\d_])|\bABN\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)
"""Money and addresses of countries that write English with the day first."""


_PLACED = re.compile(r"^[^\W\d_][^\d,:]{2,30}, ?(?:den|le|lì|li|am|on|a|em|dnia|dne|the)?,? ?$")
_OTHER_DAY = 0.25
"""What a date is worth less that a label claims for another day."""
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_USUAL_TERMS = frozenset({7, 8, 10, 14, 15, 20, 21, 28, 29, 30, 31, 45, 60, 90})
"""Days within which payment is usually due, a month among them."""
_LONGEST_SPAN = 400
"""Days of a period that is billed, at most."""
_TERMS = 3
"""Lines under a label of terms that may say until when to pay, at most."""
_HEAD = 0.45
"""Part of a page within which a title with its number stands."""
_FEW = 4
"""Digits that no span of days does with."""
_BARE_SPAN = 0.5
"""What a period is worth that no label names."""
_ONE_OF_SEVERAL = 0.85
"""What one of several periods is worth beside the only one."""


class Order(NamedTuple):
    """In which order the document writes day and month, and whether something on it says so."""

    month_leads: bool
    known: bool


def order_of(sheets: Sequence[Sheet], language: str | None) -> Order:
    """Whether this document writes the month before the day.

    Dates that can be read in one way only decide; without any it is American use, known by state and ZIP code.
    """
    votes = american = day_leads = 0
    for sheet in sheets:
        for row in sheet.rows:
            american += bool(language in (None, "en") and _STATE_AND_ZIP.search(row.text))
            day_leads += bool(_DAY_LEADS.search(row.text))
            for printed in dates_in(row.text):
                pair = _PAIR.match(printed.raw)
                if pair and int(pair[1]) > 12:
                    votes -= 1
                elif pair and int(pair[2]) > 12:
                    votes += 1
    leads = votes > 0 if votes else american > day_leads
    return Order(leads, bool(votes) or american != day_leads or language not in (None, "en"))


def dates_of(
    sheets: Sequence[Sheet], spots: Sequence[Spot], language: str | None, net: FieldValue | None
) -> dict[str, FieldValue]:
    """Every date of the document, all in one order of day and month.

    The order in which the terms lead from the date of issue to the day when payment is due wins, then what the other
    dates, the currency and the country say.
    """
    usual = order_of(sheets, language)
    ways = [
        days(date_candidates(sheets, spots, order))
        for order in (Order(usual.month_leads, True), Order(not usual.month_leads, True))
    ]
    for values in ways:
        if _terms_hold(values, net):
            return values
    if not usual.known and [_can_be(values) for values in ways] == [False, True]:
        # "03/02/2026, due 04/01/2026": nothing is due before it is issued
        return ways[1]
    if not usual.known and [_is_usual(values) for values in ways] == [False, True]:
        return ways[1]
    return days(date_candidates(sheets, spots, usual))


def in_order(items: Sequence[LineItem], order: Order) -> tuple[LineItem, ...]:
    """The lines with their dates in the document's order of day and month."""
    return tuple(
        replace(item, delivery_date=replace(cell, value=chosen(readings, order).isoformat()))
        if (cell := item.delivery_date) is not None and len(readings := date_readings(cell.raw or "")) > 1
        else item
        for item in items
    )


def _terms_hold(values: dict[str, FieldValue], net: FieldValue | None) -> bool:
    """Whether the date of issue and the net days make the printed due date."""
    issue, due = (values[name].day if name in values else None for name in ("issue_date", "due_date"))
    if issue is None or due is None or net is None or not net.value.isdigit():
        return False
    return 0 < int(net.value) == (due - issue).days


def _can_be(values: dict[str, FieldValue]) -> bool:
    """Whether payment is due on the day of issue or later."""
    issue, due = (values[name].day if name in values else None for name in ("issue_date", "due_date"))
    return issue is None or due is None or issue <= due


def _is_usual(values: dict[str, FieldValue]) -> bool:
    """Whether payment is due as many days after the issue as terms usually give."""
    issue, due = (values[name].day if name in values else None for name in ("issue_date", "due_date"))
    return issue is not None and due is not None and (due - issue).days in _USUAL_TERMS


def date_candidates(sheets: Sequence[Sheet], spots: Sequence[Spot], order: Order) -> dict[str, list[Candidate]]:
    """Readings of every date, by field."""
    found: dict[str, list[Candidate]] = {name: [] for name in NAMES}
    for spot in spots:
        for name in NAMES:
            weight = spot.meanings.get(name)
            if weight and name == "delivery_date" and weight >= OTHER_LANGUAGE and _is_span(spot):
                # "Lieferdatum: 03.03. - 05.03.2026" is no day
                _period(spot, found, order, 0.85)
            elif weight:
                found[name].extend(_labelled(spot, name, weight, order))
        if spot.meanings.get("invoice_number", 0.0) >= 0.5 and spot.rest is not None:
            found["issue_date"].extend(_behind_number(spot, spot.rest, order))
        if "service_period" in spot.meanings:
            # when the service was given says more than which weeks the invoice covers
            _period(spot, found, order, 0.92)
        elif "period" in spot.meanings:
            _period(spot, found, order, 0.8)
    if not found["period_start"]:
        _only_span(sheets, found, order)
    if not found["due_date"]:
        found["due_date"].extend(_within_terms(spots, order))
    if not found["due_date"]:
        found["due_date"].extend(_collected(sheets, order))
    if not found["issue_date"]:
        found["issue_date"].extend(_unlabelled(sheets, found, order))
    return found


def _behind_number(spot: Spot, rest: Segment, order: Order) -> Iterator[Candidate]:
    """The day behind the document's number: "Rechnung Nr. 4711 vom 12.03.2026", "INVOICE 4711 | 12/03/26"."""
    for printed in dates_in(rest.text)[:1]:
        if printed.start == 0 and label_key(spot.label.words[-1].text) in number_words():
            # "Faktura VAT nr 14/02/2026": what stands right behind the word for a number is one
            continue
        large = spot.label.box.height > 1.15 * spot.sheet.height
        score = 0.8 if spot.row > len(spot.sheet.rows) // 2 else 0.9 if large else 0.87
        yield _dated("issue_date", printed, rest, score, order)
        return
    for near in spot.rights[:1]:
        for printed in dates_in(near.text)[:1]:
            if printed.raw == near.text and spot.opens and spot.label.box.top < _HEAD * spot.sheet.page.height:
                yield _dated("issue_date", printed, near, 0.8, order)


def _within_terms(spots: Sequence[Spot], order: Order) -> Iterator[Candidate]:
    """The one day that the terms name: "Terms: please pay by 10 May 2026"."""
    for spot in spots:
        weight = spot.meanings.get("payment_terms", 0.0)
        if weight < 0.7:
            continue
        whole = (spot.segment,) if spot.rest is not None else ()
        for segment in (*whole, *list(spot.beside())[:1], *spot.belows[:_TERMS]):
            printed = dates_in(segment.text)
            words = re.findall(r"[^\W\d_]+", segment.text.casefold())
            # "by 12 December, no discount"
            discounted = "%" in segment.text and not terms().discount.isdisjoint(words)
            if len(printed) == 1 and discounted:
                # "until 26 November 2 % discount" over "until 12 December net"
                continue
            if len(printed) == 1 + discounted:
                # "by 11 May 3 % discount, by 27 May net": the first day is the discount's
                yield _dated("due_date", printed[-1], segment, 0.75 * weight, order)
            if printed:
                break


def _collected(sheets: Sequence[Sheet], order: Order) -> Iterator[Candidate]:
    """The day when the amount is taken from the buyer's account: "wird am 20.03.2026 von Ihrem Konto abgebucht"."""
    words = terms().collected
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                printed = dates_in(segment.text)
                if len(printed) != 1 or len(segment.words) < 4:
                    continue
                following = sheet.rows[index + 1].text if index + 1 < len(sheet.rows) else ""
                said = f"{segment.text} {following}".casefold()
                if any(word in said for word in words):
                    yield _dated("due_date", printed[0], segment, 0.7, order)


def _labelled(spot: Spot, name: str, weight: float, order: Order) -> Iterator[Candidate]:
    if name == "issue_date" and spot.opens and spot.colon:
        # a bare "Date:" is the document's own unless a label says more
        weight = max(weight, 0.98)
    if not spot.opens and not spot.colon and len(spot.segment.words) > 4:
        weight *= 0.8  # a date that a sentence mentions
    for place, segment in enumerate(spot.beside()):
        printed_days = dates_in(segment.text)
        if place == 0 and not printed_days and segment.text.endswith((",", "-", "/", ".")):
            # "November 8," over "2026" in a narrow cell
            segment = _with_next_line(spot, segment)
            printed_days = dates_in(segment.text)
        for printed in printed_days[:1]:
            score = weight * (0.98 if place == 0 else 0.9)
            yield _dated(name, printed, segment, score, order)
            return
        if place == 0 and spot.rest is not None and len(segment.words) > 3 and name != "due_date":
            break
    if name != "due_date" and sum(bool(dates_in(below.text)) for below in spot.belows[:2]) > 1:
        # a column of days belongs to a table; payment may be due on several
        return
    for place, below in enumerate(spot.belows[:2]):
        for printed in dates_in(below.text)[:1]:
            yield _dated(name, printed, below, weight * (0.9 if place == 0 else 0.6), order)
            return


def _period(spot: Spot, found: dict[str, list[Candidate]], order: Order, score: float) -> None:
    beside = list(spot.beside())
    valued = any(sign.isdigit() for segment in beside for sign in segment.text)
    if not valued and len({below.text for below in spot.belows[:2] if span_in(below.text)}) > 1:
        # a column of periods belongs to the lines
        return
    for segment in (*beside, *spot.belows[:1]):
        printed: Sequence[PrintedDate] = span_in(segment.text) or dates_in(segment.text)
        if len(printed) < 2 and any(sign.isdigit() for sign in segment.text):
            whole = _with_next_line(spot, segment)
            if len(further := span_in(whole.text) or ()) == 2 and len(dates_in(whole.text)) <= 2:
                segment, printed = whole, further
        if len(printed) == 1 and segment in beside:
            # "01.03.2026 | - | 31.03.2026" in segments of their own
            others = [(d, s) for s in beside[beside.index(segment) + 1 :] for d in dates_in(s.text)]
            if others:
                found["period_start"].append(_dated("period_start", printed[0], segment, score - 0.05, order))
                found["period_end"].append(_dated("period_end", *others[0], score - 0.05, order))
                return
        if len(printed) >= 2:
            found["period_start"].append(_dated("period_start", printed[0], segment, score, order))
            found["period_end"].append(_dated("period_end", printed[1], segment, score, order))
            return


def _is_span(spot: Spot) -> bool:
    """Whether what stands beside a label is a first and a last day, not one of each for two labels."""
    near = next(spot.beside(), None)
    span = span_in(near.text) if near is not None else None
    if near is None or span is None or len(dates_in(near.text)) > len(span):
        return False
    return span[0].readings[0] < span[1].readings[-1]


def _only_span(sheets: Sequence[Sheet], found: dict[str, list[Candidate]], order: Order) -> None:
    """The one span of days that a document holds anywhere: "Rent from 1 April to 30 June 2026"."""
    spans: dict[tuple[date, date], tuple[tuple[PrintedDate, PrintedDate], Segment]] = {}
    for sheet in sheets:
        for segment in sheet.segments:
            if sum(sign.isdigit() for sign in segment.text) > _FEW and (span := span_in(segment.text)):
                first, last = (chosen(printed.readings, order) for printed in span)
                if 0 < (last - first).days < _LONGEST_SPAN:
                    spans.setdefault((first, last), (span, segment))
    whole = next((w for w in spans if all(w[0] <= first and last <= w[1] for first, last in spans)), None)
    if whole is not None:
        span, segment = spans[whole]
        for name, printed in zip(("period_start", "period_end"), span, strict=True):
            found[name].append(_dated(name, printed, segment, _BARE_SPAN, order))


def _with_next_line(spot: Spot, segment: Segment) -> Segment:
    """A value and the line under it: a narrow column breaks "1 March 2026 - 31 March 2026" anywhere."""
    height = spot.sheet.height
    for row in spot.sheet.rows[spot.row + 1 : spot.row + 4]:
        for below in row.segments:
            near = below.box.middle > segment.box.middle and below.box.top - segment.box.bottom < height
            lefts = (segment.box.x0, spot.segment.box.x0)
            apart = min(*(abs(below.box.x0 - left) for left in lefts), abs(below.box.x1 - segment.box.x1))
            if near and apart < 0.6 * height:
                return segment_of((*segment.words, *below.words), segment.page, segment.source)
    return segment


def _unlabelled(sheets: Sequence[Sheet], found: dict[str, list[Candidate]], order: Order) -> Iterator[Candidate]:
    """Dates that no label claims: a till slip or letter often prints its date alone."""
    claimed = {c.box for values in found.values() for c in values}
    everywhere = {p.readings for sheet in sheets for row in sheet.rows for p in dates_in(row.text)}
    only = 0.2 * (len(everywhere) == 1)
    for sheet in sheets[:1]:
        for row in sheet.rows:
            for segment in row.segments:
                for printed in dates_in(segment.text):
                    if segment.box not in claimed:
                        short = len(segment.words) <= 5
                        upper = row.box.top < sheet.page.height * 0.4
                        score = 0.5 + 0.1 * short + 0.1 * upper + 0.3 * _is_titled(segment) + only
                        # "Frankfurt, 11.03.2026", as letters begin
                        score += 0.2 * bool(upper and _PLACED.match(segment.text[: printed.start]))
                        # a till prints when it sold
                        score += 0.08 * bool(_CLOCK.search(row.text))
                        # a day that is due or of delivery may be that of the invoice, too
                        score -= _OTHER_DAY * (_words_of(printed, segment).box in claimed)
                        yield _dated("issue_date", printed, segment, min(0.95, score), order)


def _is_titled(segment: Segment) -> bool:
    """Whether the document's kind begins the line: "Unsere Rechnung A-75706 vom 9. Juni 2024"."""
    kinds = (type_labels().get(label_key(word.text), ()) for word in segment.words[:2])
    return any(meaning.name in ("invoice", "credit_note") for meanings in kinds for meaning in meanings)


def _dated(name: str, printed: PrintedDate, segment: Segment, score: float, order: Order) -> Candidate:
    day = chosen(printed.readings, order)
    # a date that two orders of day and month leave open is less sure; of several periods one that is plain is better
    sure = order.known and not name.startswith("period")
    score -= (0.01 if sure else 0.04) * (len(printed.readings) - 1)
    return candidate(name, day.isoformat(), score, _words_of(printed, segment), printed.raw)


def chosen(readings: Sequence[date], order: Order) -> date:
    """The reading by the document's own order of day and month; the day stands first among readings."""
    return readings[-1] if order.month_leads else readings[0]


def _words_of(printed: PrintedDate, segment: Segment) -> Segment:
    position, first, last = 0, 0, len(segment.words)
    for index, word in enumerate(segment.words):
        if position <= printed.start:
            first = index
        position += len(word.text) + 1
        if position > printed.end:
            last = index + 1
            break
    return segment.part(first, last)


def days(found: dict[str, list[Candidate]]) -> dict[str, FieldValue]:
    """One value for each date, in an order that can be: nothing is due before it is issued."""
    ranked = {name: best_of(candidates) for name, candidates in found.items()}
    issue = ranked["issue_date"]
    if issue and ranked["due_date"]:
        ranked["due_date"] = _not_before(ranked["due_date"], issue[0].value)
    if ranked["period_start"] and ranked["period_end"]:
        ranked["period_end"] = _not_before(ranked["period_end"], ranked["period_start"][0].value)
    return {name: settled(candidates, _sure(name, candidates)) for name, candidates in ranked.items() if candidates}


def _sure(name: str, ranked: list[Candidate]) -> float | None:
    """How sure the first candidate is; of several periods that are printed any may be the one that is billed."""
    sure = firm_confidence(ranked, 0.95)
    if not name.startswith("period") or len(ranked) == 1 or ranked[1].score < 0.7 * ranked[0].score:
        return sure
    return _ONE_OF_SEVERAL * (sure if sure is not None else plain_confidence(ranked))


def _not_before(candidates: list[Candidate], day: str) -> list[Candidate]:
    fitting = [c for c in candidates if c.value >= day]
    return fitting + [c for c in candidates if c.value < day] if fitting else candidates
