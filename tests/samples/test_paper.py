"""Generated documents: what their truth says is printed, nothing overlaps, and every sum and check digit holds."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pdfplumber
import pytest
from babel.dates import format_date
from stdnum import iban as iban_rules
from stdnum.ch import uid
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from samples.paper import pen_writer
from samples.paper.compose import Document
from samples.paper.firms import countries, invent
from samples.paper.form import COUNTRY_LOCALES, SIGNS
from samples.paper.layouts import layouts
from samples.paper.making import Plan, Wish, draw, fits, make, plans
from samples.paper.vocabulary import LANGUAGES, goods, tables

AMOUNTS = {"lines_total", "shipping_total", "discount_total", "net_total", "tax_total", "gross_total", "prepaid"}
AMOUNTS |= {"rounding", "amount_due", "line_total", "taxable", "tax"}
DATES = {"issue_date", "due_date", "delivery_date", "period_start", "period_end"}
PLAIN = {"unit_price", "quantity", "price_base", "discount_percent", "rate", "tax_rate", "line_discount_percent"}
Box = tuple[float, float, float, float, str]


def able(name: str) -> list[str]:
    return [language for language in LANGUAGES if fits(layouts()[name], language)]


CASES = [
    (name, able(name)[(at + turn * 5) % len(able(name))])
    for at, name in enumerate(sorted(layouts()))
    for turn in range(min(2, len(able(name))))
    if name != "long_list" or not turn
]


@cache
def drawn(name: str, language: str) -> tuple[Document, str, tuple[tuple[float, float, tuple[Box, ...]], ...]]:
    document = draw(Plan("x", layouts()[name], language, f"test {name} {language}"))
    pages, texts = [], []
    with pdfplumber.open(io.BytesIO(pen_writer.pdf(document.paper))) as pdf:
        for page in pdf.pages:
            words = page.extract_words(x_tolerance=1.5, keep_blank_chars=False)
            texts += [word["text"] for word in words]
            boxes = tuple((w["x0"], w["top"], w["x1"], w["bottom"], w["text"]) for w in words)
            pages.append((float(page.width), float(page.height), boxes))
    return document, " ".join(texts), tuple(pages)


def letters(text: str) -> str:
    return re.sub(r"[^\w]", "", text.casefold())


def numerals(text: str) -> str:
    return re.sub(r"(?<=\d)[ .,'\u00a0](?=\d)", "", text)


def shown(field: str, value: str, text: str, document: Document) -> bool:
    """Is a value of the truth on the page, in one of the ways in which it can be written?"""
    if field in AMOUNTS:
        return f"{abs(Decimal(value)):.2f}".replace(".", "") in numerals(text)
    if field in PLAIN:
        number = f"{Decimal(value).normalize():f}".replace(".", "")
        return number in numerals(text) or bool({"code"} & set(document_columns(document)))
    if field in DATES:
        return any(written in text for written in writings(date.fromisoformat(value), document))
    if field == "currency":
        return value in text or SIGNS[value] in text
    if letters(value) in letters(text):
        return True
    # what is wrapped stands in rows that columns beside it interrupt
    return {letters(word) for word in value.split()} <= {letters(word) for word in text.split()} | {""}


def document_columns(document: Document) -> list[str]:
    return ["code"] if any("tax_rate" in line for line in lines_of(document)) else []


def lines_of(document: Document) -> list[dict[str, str]]:
    lines = document.truth["line_items"]
    assert isinstance(lines, list)
    return lines


def writings(day: date, document: Document) -> set[str]:
    language, country = document.facts.language, document.facts.seller.country
    form = tables(language)["form"]
    patterns = form.get("american_dates" if country == "US" else "dates", form["dates"]).split("|")
    locale = COUNTRY_LOCALES.get(country, language) if language in ("en", "de") else language
    return {str(format_date(day, pattern, locale=locale)) for pattern in patterns}


@pytest.mark.parametrize(("name", "language"), CASES)
def test_all_that_the_truth_says_is_printed(name: str, language: str) -> None:
    document, text, _ = drawn(name, language)
    derived = {"due_date"} if "payment_terms_days" in document.truth else set()
    for field, value in document.truth.items():
        if field != "document_type" and field not in derived and isinstance(value, str):
            assert shown(field, value, text, document), f"{field} {value!r} is not on the page"
    for row in [*lines_of(document), *list(document.truth.get("tax_breakdown", []))]:
        assert isinstance(row, dict)
        for field, value in row.items():
            if field != "unit":
                assert shown(field, value, text, document), f"{field} {value!r} is not on the page"


@pytest.mark.parametrize(("name", "language"), CASES)
def test_nothing_overlaps_or_leaves_the_page(name: str, language: str) -> None:
    for width, height, boxes in drawn(name, language)[2]:
        for x0, top, x1, bottom, word in boxes:
            assert x0 >= 5 and top >= 5 and x1 <= width - 5 and bottom <= height - 5, f"{word!r} leaves the page"
        ordered = sorted(boxes, key=lambda box: box[1])
        for at, one in enumerate(ordered):
            for other in ordered[at + 1 :]:
                if other[1] > one[3]:
                    break
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across < 0.8 or down < 2.2, f"{one[4]!r} and {other[4]!r} overlap"


def amount(document: Document, field: str) -> Decimal | None:
    value = document.truth.get(field)
    return Decimal(value) if isinstance(value, str) else None


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_sum_holds(seed: int) -> None:
    for plan in plans(Wish(count=len(layouts()), seed=seed)):
        document = draw(plan)
        net, tax, gross = (amount(document, field) for field in ("net_total", "tax_total", "gross_total"))
        if net is not None and tax is not None and gross is not None:
            assert net + tax == gross, plan
        lines = sum((Decimal(line["line_total"]) for line in lines_of(document)), Decimal(0))
        charges = sum((amount(document, field) or Decimal(0) for field in ("shipping_total",)), Decimal(0))
        total = amount(document, "lines_total")
        if total is not None:
            assert total == lines, plan
            if net is not None and "shipping_total" not in document.open:
                assert net == total + charges - (amount(document, "discount_total") or Decimal(0)), plan
        if gross is not None and "amount_due" in document.truth:
            paid, rounded = amount(document, "prepaid") or Decimal(0), amount(document, "rounding") or Decimal(0)
            assert amount(document, "amount_due") == gross - paid + rounded, plan


def test_a_planted_fault_is_told_and_there() -> None:
    for plan in plans(Wish(count=20, seed=5, faulty=1.0)):
        document = draw(plan)
        assert plan.fault and document.facts.gross == document.facts.net + document.facts.tax + plan.fault


@pytest.mark.parametrize("country", sorted(countries()))
def test_check_digits_hold(country: str) -> None:
    for seed in range(12):
        firm = invent(country, Random(f"{country}{seed}"))
        assert not firm.iban or iban_rules.is_valid(firm.iban)
        if country == "CH":
            assert uid.is_valid(firm.vat)
        elif country == "GB":
            assert gb_vat.is_valid(firm.vat[2:])
        elif country != "US":
            assert eu_vat.is_valid(firm.vat)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    for section, entries in tables("de").items():
        assert set(entries) <= set(tables(language)[section]) | {"american_dates"}
    assert all(goods(language, sort) for sort in ("things", "services", "utility"))


def test_a_seed_gives_the_same_files(tmp_path: Path) -> None:
    wish = Wish(count=9, seed=7, scans=0.2, photos=0.2, others=0.2, bundles=0.2, pen_only=True)
    make(tmp_path / "one", wish)
    make(tmp_path / "two", wish)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)


def test_the_parts_of_a_bundle_cover_its_pages(tmp_path: Path) -> None:
    make(tmp_path, Wish(count=3, seed=8, bundles=1.0, pen_only=True))
    parts: dict[str, list[list[int]]] = {}
    for text in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        assert line["part"] == len(parts.setdefault(line["path"], [])) + 1
        parts[line["path"]].append(line["page_range"])
    for path, ranges in parts.items():
        with pdfplumber.open(tmp_path / path) as pdf:
            assert [ranges[0][0], ranges[-1][1]] == [1, len(pdf.pages)]
        assert all(one[1] + 1 == other[0] for one, other in zip(ranges, ranges[1:], strict=False))


def test_there_is_variety() -> None:
    assert len(layouts()) >= 40
    assert len(LANGUAGES) == 11
    looks = {(x.seller, x.parties, x.meta, x.meta_at, x.columns, x.rules, x.totals, x.foot) for x in layouts().values()}
    assert len(looks) == len(layouts())
