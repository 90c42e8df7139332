"""Scenario documents as paper: the press of `samples.paper` prints, scanners wear, the real reader reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from random import Random

from ingest.extract import extract
from ingest.extraction import DocumentType, Extraction
from ingest.readers import read_document
from matching import normalise
from matching.records import Customer, Supplier
from samples.paper import pen_writer, wear
from samples.paper.compose import Document, set_out
from samples.paper.facts import ZERO, Facts, Line
from samples.paper.firms import Firm, countries, invent
from samples.paper.layouts import Layout, layouts
from samples.paper.making import fits
from samples.paper.others import NO_INVOICES
from samples.paper.vocabulary import Words, choose
from samples.scenarios.drafts import Draft, DraftLine
from samples.scenarios.names import LANGUAGE
from samples.scenarios.values import Case, World
from samples.scenarios.wordlists import FREIGHT

TRIES = 16
"""Layouts that are tried until one prints everything that a case is about."""

REFERENCES = {
    "buyer_reference": "your_ref", "contract_number": "contract", "delivery_note": "delivery_note",
    "preceding_invoice": "preceding", "customer_number": "customer", "payment_reference": "payment_reference",
}  # fmt: skip
DAYS = ("due_date", "delivery_date", "period_start", "period_end")
FIRM = {
    "seller_name": "name", "seller_vat_id": "vat", "seller_iban": "iban", "seller_email": "email",
    "seller_account": "account", "seller_routing": "routing", "buyer_name": "name", "buyer_vat_id": "vat",
}  # fmt: skip
KNOWN = {*REFERENCES, *DAYS, *FIRM, "payment_terms_days", "seller_address", "buyer_address"}
KINDS = {DocumentType.INVOICE, DocumentType.CREDIT_NOTE, *map(DocumentType, NO_INVOICES)}


@dataclass(frozen=True, slots=True)
class Printed:
    """A case on paper."""

    case: str
    name: str
    """File name with the ending of what it is: PDF, TIFF, JPEG or PNG."""
    data: bytes
    layout: str


# ---------------------------------------------------------------- from a draft to facts


def _printable(draft: Draft) -> bool:
    """Whether the press can say all that the draft says."""
    lines_plain = all(
        not line.without and line.discount is None and not line.total_off and not line.order_line
        for line in draft.lines
    )
    unusual = draft.doubts or draft.warnings or draft.lines_off or draft.tax_off or not set(draft.fields) <= KNOWN
    alone = len(draft.orders) <= 1 and (not draft.others or all(line.order for line in draft.lines))
    freight = len(draft.charges) <= 1 and all(kind == "charge" for kind, _, _ in draft.charges)
    known = draft.currency in {country["currency"] for country in countries().values()}
    return lines_plain and not unusual and alone and freight and known and draft.kind in KINDS and bool(draft.lines)


def _firm(party: Supplier | Customer, whose: str, draft: Draft, rng: Random) -> Firm:
    """The party as it prints itself: what its record says, or what the draft says instead; the rest is invented."""
    stated = draft.fields
    country = party.country or "DE"
    base = invent(country, rng)
    street, place = party.street or "", _place(party, country)
    if f"{whose}_address" in stated:
        street, place = _places(stated[f"{whose}_address"] or "")
    values: dict[str, str] = {
        "name": party.name, "vat": party.vat_id or "", "street": street, "place": place, "country_name": "",
        "iban": "", "account": "", "routing": "", "second_bank": "", "second_iban": "",
    }  # fmt: skip
    if isinstance(party, Supplier):
        host = re.sub(r"[^a-z0-9]+", "-", normalise.plain(party.name)).strip("-")
        host = (party.email or f"info@{host}.example").rpartition("@")[2]
        values |= {"iban": party.iban[0] if party.iban else "", "email": party.email or f"info@{host}"}
        values["website"] = f"www.{host}"
        values |= {"account": party.account or "", "routing": party.routing or ""}
    for name, text in stated.items():
        if name in FIRM and name.startswith(whose):
            values[FIRM[name]] = text or ""
    return replace(base, **values, vat_printed=values["vat"], brand=values["name"].split()[0] if values["name"] else "")


def _place(party: Supplier | Customer, country: str) -> str:
    return countries()[country]["place"].format(code=party.postal_code or "", city=party.city or "").strip(", ")


def _places(address: str) -> tuple[str, str]:
    """Street and place of an address in one line; the country's code is not printed."""
    parts = [part for part in address.split(", ") if not (len(part) == 2 and part.isupper())]
    return (", ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (address, "")


def _line(line: DraftLine, words: Words) -> Line | None:
    unit = words.chosen.get(("units", line.unit))
    if unit is None or line.base != int(line.base):
        return None
    return Line(
        description=line.description, quantity=line.quantity, unit=line.unit, printed_unit=unit, price=line.price,
        rate=line.rate, sku=line.sku or "", base=int(line.base), discount=line.percent or ZERO, order=line.order or "",
    )  # fmt: skip


def _day(draft: Draft, name: str) -> date | None:
    text = draft.fields.get(name)
    return date.fromisoformat(text) if text else None


def _facts(draft: Draft, language: str, words: Words, rng: Random) -> Facts | None:
    """What the paper is to say; None where it lacks a word for a unit."""
    lines = [_line(line, words) for line in draft.lines]
    if None in lines:
        return None
    period = (_day(draft, "period_start"), _day(draft, "period_end"))
    terms = draft.fields.get("payment_terms_days")
    seller = _firm(draft.supplier, "seller", draft, rng)
    buyer = _firm(draft.customer, "buyer", draft, rng)
    return Facts(
        kind=draft.kind.value,
        language=language,
        number=draft.number,
        issued=draft.issued,
        seller=seller,
        buyer=buyer,
        currency=draft.currency,
        lines=tuple(line for line in lines if line is not None),
        untaxed=seller.country != buyer.country and all(line.rate == 0 for line in draft.lines),
        order=draft.orders[0] if draft.orders else "",
        terms_days=int(terms) if terms else None,
        due=_day(draft, "due_date"),
        delivered=_day(draft, "delivery_date"),
        period=(period[0], period[1]) if period[0] and period[1] else None,
        shipping=draft.charges[0][1] if draft.charges else ZERO,
        refs={key: text for name, key in REFERENCES.items() if (text := draft.fields.get(name))},
        fault=draft.gross_off,
    )


# ---------------------------------------------------------------- on paper


def _able(layout: Layout, draft: Draft, language: str) -> bool:
    """Whether a maker's table has a place for everything that the lines say."""
    columns = set(layout.columns.split())
    wanted = {"quantity", "price", "net"}
    wanted |= {"sku"} if any(line.sku for line in draft.lines) else set()
    wanted |= {"discount"} if any(line.percent for line in draft.lines) else set()
    wanted |= {"base"} if any(line.base != 1 for line in draft.lines) else set()
    if any(line.unit not in ("H87", "C62", "EA") for line in draft.lines) and not layout.has("glued"):
        wanted |= {"unit"}
    wanted |= {"rate"} if len({line.rate for line in draft.lines}) > 1 else set()
    orders = "order" in columns or layout.has("line_orders") or not any(line.order for line in draft.lines)
    plain = layout.kind == "invoice" and layout.writer == "pen" and not layout.with_tax
    return plain and orders and wanted <= columns and fits(layout, language) and not layout.has("balance")


def _tells(document: Document, draft: Draft) -> bool:
    """Whether the paper says what the case is about, and nothing that the draft leaves out."""
    truth = document.truth
    if draft.kind.value in NO_INVOICES:
        return True
    wanted: dict[str, str | None] = {
        "invoice_number": draft.number,
        "issue_date": draft.issued.isoformat(),
        "seller_name": draft.supplier.name,
        "buyer_name": draft.customer.name,
        "buyer_address": truth.get("buyer_address", ""),  # type: ignore[dict-item]
        "purchase_order": draft.orders[0] if draft.orders else None,
        "seller_vat_id": draft.supplier.vat_id,
        "gross_total": str(draft.gross),
    }
    wanted |= {name: text for name, text in draft.fields.items() if not name.endswith("_address")}
    if draft.supplier.iban and "seller_iban" not in wanted:
        wanted["seller_iban"] = draft.supplier.iban[0]
    return all(_same(truth.get(name), text) for name, text in wanted.items())


def _same(printed: object, wanted: str | None) -> bool:
    if printed is None or not wanted:
        return not printed and not wanted
    return str(printed).replace(" ", "") == wanted.replace(" ", "")


def print_case(case: Case, draft: Draft, seed: str) -> Printed | None:
    """A case as a file; None where the press cannot say what the case says."""
    if not _printable(draft):
        return None
    language = LANGUAGE[draft.supplier.country or "GB"]
    if draft.charges and draft.charges[0][2] != FREIGHT[language]:
        return None
    rng = Random(f"{seed} {case.id}")
    able = [layout for name, layout in sorted(layouts().items()) if _able(layout, draft, language)]
    for layout in rng.sample(able, min(TRIES, len(able))):
        words = choose(language, rng, layout.second if layout.second != language else "")
        facts = _facts(draft, language, words, rng)
        if facts is None:
            return None
        document = set_out(layout, facts, words, rng)
        if _tells(document, draft):
            return _worn(case, pen_writer.pdf(document.paper), layout, rng)
    return None


def _worn(case: Case, pdf: bytes, layout: Layout, rng: Random) -> Printed:
    if case.quality != "scan":
        return Printed(case.id, f"{case.id}.pdf", pdf, layout.name)
    worn = wear.scan(pdf, rng)
    return Printed(case.id, f"{case.id}.{worn.ending}", worn.data, f"{layout.name} {worn.wear}")


def print_world(world: World, seed: str) -> Iterator[Printed]:
    """Every case that can be printed."""
    for case in world.cases:
        printed = print_case(case, world.drafts[case.id], seed)
        if printed is not None:
            yield printed


# ---------------------------------------------------------------- read back


def _read(printed: Printed) -> Extraction:
    return extract(read_document(printed.data, sha256(printed.data).hexdigest()))


def read_back(world: World, printed: Iterable[Printed], *, processes: int = 2) -> tuple[World, frozenset[str]]:
    """The world with what the reader made of the paper, and which cases were on paper.

    The others keep their invented reading: later documents of a sequence need the earlier ones.
    """
    papers = tuple(printed)
    with ProcessPoolExecutor(processes) as pool:
        read: Mapping[str, Extraction] = dict(
            zip((paper.case for paper in papers), pool.map(_read, papers, chunksize=4), strict=True)
        )
    cases = (replace(case, extraction=read.get(case.id, case.extraction)) for case in world.cases)
    return world.with_cases(cases), frozenset(read)
