"""Composes a document from its parts: the paper, and the whole truth about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from samples.paper.blocks import Block, Gap, Look, Paper, Part, Push, Side, Text
from samples.paper.desk import Desk, Entry
from samples.paper.facts import ZERO, Facts
from samples.paper.feet import foot, payment
from samples.paper.form import notation
from samples.paper.heads import letterhead, parties, seller_ids, title, window
from samples.paper.invent import invent_facts
from samples.paper.layouts import Layout
from samples.paper.lines_part import lines_part
from samples.paper.meta import meta
from samples.paper.others import NO_INVOICES, conditions, open_items, without_prices
from samples.paper.setting import STAND_INS
from samples.paper.sums import sums
from samples.paper.vocabulary import Words, choose

PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0), "landscape": (841.89, 595.28), "slip": (240.0, 560.0)}
EASTERN = ("PL", "CZ")
"""Countries whose letters the standard fonts of PDF lack."""

Truth = dict[str, str | list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper with its truth; `open` are fields that are not scored."""

    paper: Paper
    facts: Facts
    truth: Truth
    open: frozenset[str]
    conditions: Paper | None = None
    """The page of conditions that may follow it."""


def _look(layout: Layout, facts: Facts, rng: Random) -> Look:
    width, height = PAPERS[layout.paper]
    family = layout.family
    countries = {firm.country for firm in (facts.seller, facts.buyer, facts.ship_to) if firm}
    if family in STAND_INS and (countries & set(EASTERN) or facts.language in ("pl", "cs")):
        family = STAND_INS[family]
    slip = layout.paper == "slip"
    left, right = (14.0, 14.0) if slip else (float(rng.randint(40, 66)), float(rng.randint(34, 54)))
    top = 20.0 if slip else float(rng.randint(30, 52))
    return Look(
        family, layout.size, width, height, left, right, top, 30.0, layout.ink, layout.accent, layout.spacing
    )  # fmt: skip


def _local(words: Words, country: str, rng: Random) -> Words:
    """Some countries have names of their own for the same thing."""
    chosen = dict(words.chosen)
    if country == "US":
        for section in ("columns", "totals"):
            for key, text in chosen.items():
                if key[0] == section:
                    chosen[key] = text.replace("excl. VAT", "before tax").replace("VAT", "Sales tax")
        chosen["titles", "invoice"] = chosen["titles", "invoice"].replace("VAT ", "").replace("Tax ", "")
        chosen["labels", "date"] = chosen["labels", "date"].replace("Tax point", "Invoice date")
        chosen["labels", "routing"] = rng.choice(("Routing no.", "ABA no.", "Routing number"))
    special = {
        ("AT", "de"): "UID-Nr.|UID|ATU-Nr.", ("CH", "de"): "MWST-Nr.|UID-Nr.|MWST-Nummer", ("CH", "fr"): "N° TVA|IDE",
        ("CH", "it"): "N. IVA|IDI", ("BE", "nl"): "Btw-nr.|BTW",
    }  # fmt: skip
    if (country, words.language) in special:
        chosen["labels", "vat"] = rng.choice(special[country, words.language].split("|"))
    return replace(words, chosen=chosen)


def _upper(desk: Desk, ids: list[Entry]) -> Part:
    """All above the lines."""
    layout = desk.layout
    head, who, name = letterhead(desk, ids), parties(desk, ids), title(desk)
    info = meta(desk, name.told)
    every = Part((), {**head.told, **who.told, **name.told, **info.told}, who.open | info.open)
    blocks: tuple[Block, ...]
    match layout.meta_at:
        case "top":
            blocks = (
                Side(((1.2, head.blocks), (1, (*name.blocks, *info.blocks)))),
                *window(desk),
                *who.blocks,
                Gap(10),
            )
        case "right":
            beside = Side(((1.25, who.blocks), (1, info.blocks)))
            blocks = (*head.blocks, *window(desk), beside, Gap(12), *name.blocks)
        case "left":
            beside = Side(((1, info.blocks), (1.1, who.blocks)))
            blocks = (*head.blocks, *window(desk), *name.blocks, beside, Gap(12))
        case "title":
            beside = Side(((1, name.blocks), (1.15, info.blocks)))
            blocks = (*head.blocks, *window(desk), *who.blocks, Gap(14), beside, Gap(6))
        case _:
            blocks = (*head.blocks, *window(desk), *who.blocks, Gap(12), *name.blocks, *info.blocks, Gap(8))
    if layout.has("greeting"):
        blocks += (Text((desk.words("text", "greeting"),)), Gap(5))
    return every.showing(*blocks, Gap(4))


def compose(layout: Layout, language: str, rng: Random, kind: str = "", fault: Decimal = ZERO) -> Document:
    """Invent a document of a layout and set it out. `fault` is planted in its total."""
    if kind == "delivery_note":
        layout = without_prices(layout)
    words = choose(language, rng, layout.second if layout.second != language else "")
    facts = replace(invent_facts(layout, language, words, rng, kind), fault=fault)
    return set_out(layout, facts, words, rng)


def set_out(layout: Layout, facts: Facts, words: Words, rng: Random) -> Document:
    """Set given facts out in a layout."""
    words = _local(words, facts.seller.country, rng)
    form = notation(facts.language, facts.seller.country, facts.currency, rng)
    return _composed(Desk(facts, layout, words, form, _look(layout, facts, rng), rng))


def _composed(desk: Desk) -> Document:
    facts, layout = desk.facts, desk.layout
    ids = seller_ids(desk)
    whole = _upper(desk, ids)
    below = foot(desk, ids)
    truth: Truth = {"document_type": facts.kind}
    if facts.kind in NO_INVOICES:
        whole = _no_invoice(desk, whole)
    else:
        lined, summed = lines_part(desk), sums(desk)
        ending = summed.part + payment(desk)
        if layout.totals == "bottom":
            ending = ending.showing(Push(ending.blocks))
        whole = whole + lined.part + ending
        truth |= {**below.told, **whole.told, "line_items": list(lined.cells)}
        if summed.taxes:
            truth["tax_breakdown"] = list(summed.taxes)
    hidden = (whole.open | below.open | _always_open(facts)) - set(truth)
    heading = f"{desk.words('titles', facts.kind)} {facts.number}"
    numbered = desk.words("labels", "page") if layout.has("numbered") else ""
    running = (Text((f"{facts.seller.name}  {heading}",), 0.85), Gap(10)) if layout.has("running") else ()
    paper = Paper(desk.look, whole.blocks, below.blocks, running, not layout.has("first_foot"), heading, numbered)
    return Document(paper, facts, truth, hidden, conditions(paper, desk))


def _no_invoice(desk: Desk, upper: Part) -> Part:
    match desk.facts.kind:
        case "statement" | "reminder":
            return upper + open_items(desk) + payment(desk)
        case "delivery_note":
            return upper + lines_part(desk).part + Part((Gap(40), Text((desk.words("text", "signed"), "." * 60))))
        case _:
            return upper + lines_part(desk).part + sums(desk).part


def _always_open(facts: Facts) -> frozenset[str]:
    """Fields that the page shows only indirectly."""
    hidden = {"payee_name", "buyer_reference"} if "your_ref" not in facts.refs else {"payee_name"}
    if facts.seller.country in ("DK", "BE", "CZ", "CH"):
        hidden.add("seller_registration")  # the tax number is the register's number
    if facts.surcharge:
        hidden.add("shipping_total")
    if "delivery_note_date" in facts.dates:
        hidden.add("delivery_date")  # some call the day of despatch the day of delivery
    if facts.due and facts.terms_days is None:
        hidden |= {"payment_terms", "payment_terms_days"}
    if facts.kind != "credit_note":
        return frozenset(hidden)
    return frozenset(hidden | {"amount_due"})
