"""Makes the wished documents and their truth file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from random import Random

from pypdf import PdfReader

from ingest.fields import FIELDS
from samples.degrade import joined
from samples.paper import harsh, pen_writer, wear
from samples.paper.blocks import Paper
from samples.paper.compose import Document, compose
from samples.paper.firms import countries
from samples.paper.layouts import Layout, layouts
from samples.paper.others import NO_INVOICES
from samples.paper.vocabulary import LANGUAGES

MOST_PAGES = 2
"""Pages of a document that comes back badly; longer ones cost much to read and add little."""
Line = dict[str, object]
Writer = Callable[[Paper], bytes]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made; shares are between 0 and 1."""

    count: int = 100
    seed: int = 1
    layout: str | None = None
    language: str | None = None
    scans: float = 0.0
    photos: float = 0.0
    harsh: float = 0.0
    faulty: float = 0.0
    others: float = 0.0
    bundles: float = 0.0
    pen_only: bool = False
    """Everything by reportlab, for machines without a browser."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One file to make."""

    name: str
    layout: Layout
    language: str
    seed: str
    kind: str = ""
    worn: str = ""
    """`scan`, `photo`, `harsh` or nothing."""
    fault: Decimal = Decimal(0)
    bundle: bool = False


def fits(layout: Layout, language: str) -> bool:
    """Does a maker of this layout write this language?"""
    if not layout.country:
        return layout.second != language
    return language in countries()[layout.country]["languages"].split()


def plans(wish: Wish) -> Iterator[Plan]:
    """Every layout in turn, languages drawn among those that fit."""
    names = [wish.layout] if wish.layout else sorted(layouts())
    if wish.language:
        names = [name for name in names if fits(layouts()[name], wish.language)]
    Random(wish.seed).shuffle(names)
    for at in range(wish.count if names else 0):
        layout = layouts()[names[at % len(names)]]
        seed = f"{wish.seed}:{at}"
        rng = Random(f"plan {seed}")
        able = [language for language in LANGUAGES if fits(layout, language)]
        language = wish.language or rng.choice(able)
        plan = Plan(f"g{wish.seed}-{at:04}-{layout.name}-{language}", layout, language, seed)
        yield _fated(plan, wish, rng)


def _fated(plan: Plan, wish: Wish, rng: Random) -> Plan:
    """What becomes of a document: its kind, its fault, its wear."""
    fates = [rng.random() for _ in range(5)]
    kind = rng.choice(NO_INVOICES) if fates[0] < wish.others and plan.layout.kind == "invoice" else ""
    if not kind and plan.layout.kind == "invoice" and fates[4] < 0.07:
        kind = "credit_note"
    shares = (("scan", wish.scans), ("photo", wish.photos), ("harsh", wish.harsh), ("", 1.0))
    bounds = accumulate(share for _, share in shares)
    worn = next(name for (name, _), bound in zip(shares, bounds, strict=True) if fates[1] < bound)
    fault = Decimal(0)
    if fates[2] < wish.faulty and kind not in NO_INVOICES:
        fault = Decimal(rng.choice((-1, 1)) * rng.randint(20, 9900)) / 100
    bundle = fates[3] < wish.bundles and not (kind or worn or fault)
    return replace(plan, kind=kind, worn=worn, fault=fault, bundle=bundle)


def truth_line(plan: Plan, document: Document, path: str, kind: str) -> Line:
    """The line of the truth file. Of what is no invoice, only that is told."""
    line: Line = {
        "id": plan.name, "path": path, "set": "generated", "kind": kind, "language": plan.language,
        "layout": plan.layout.name,
    }  # fmt: skip
    if document.facts.kind in NO_INVOICES:
        return {**line, "truth": {"document_type": document.facts.kind, "is_invoice": False}}
    line |= {"complete": True, "truth": document.truth}
    if document.open:
        line["complete_fields"] = [field.name for field in FIELDS if field.name not in document.open]
    if plan.fault:
        line["planted"] = {"code": "totals_do_not_add_up", "field": "gross_total", "difference": str(plan.fault)}
    return line


def draw(plan: Plan) -> Document:
    """The document of a plan."""
    return compose(plan.layout, plan.language, Random(plan.seed), plan.kind, plan.fault)


def make(out: Path, wish: Wish) -> None:
    """Write the documents and `truth.jsonl`."""
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack, (out / "truth.jsonl").open("w", encoding="utf-8") as truths:
        web: list[Writer] = []

        def write(paper: Paper, writer: str) -> bytes:
            if writer == "pen" or wish.pen_only:
                return pen_writer.pdf(paper)
            if not web:  # the browser is started by the first paper that needs it
                from samples.paper import web_writer

                web.append(stack.enter_context(web_writer.printer()))
            return web[0](paper)

        for plan in plans(wish):
            data, lines = _file(plan, write)
            (out / str(lines[0]["path"])).write_bytes(data)
            truths.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _file(plan: Plan, write: Callable[[Paper, str], bytes]) -> tuple[bytes, list[Line]]:
    document = draw(plan)
    pdf = write(document.paper, plan.layout.writer)
    if plan.bundle:
        return _bundle(plan, document, pdf, write)
    if not plan.worn:
        return pdf, [truth_line(plan, document, f"{plan.name}.pdf", "vector")]
    worn = _worn(plan, pdf)
    line = truth_line(plan, document, f"{plan.name}.{worn.ending}", worn.kind)
    return worn.data, [{**line, "wear": worn.wear}]


def _worn(plan: Plan, pdf: bytes) -> wear.Worn:
    rng = Random(f"wear {plan.seed}")
    pages = len(PdfReader(BytesIO(pdf)).pages)
    if plan.worn == "harsh" and pages <= MOST_PAGES:
        return harsh.harsh(pdf, pages, rng)
    return wear.photo(pdf, rng) if plan.worn == "photo" and pages == 1 else wear.scan(pdf, rng)


def _bundle(
    plan: Plan, first: Document, pdf: bytes, write: Callable[[Paper, str], bytes]
) -> tuple[bytes, list[Line]]:  # fmt: skip
    """Two or three invoices in one file; conditions may follow one, a delivery note may end the file."""
    rng = Random(f"bundle {plan.seed}")
    parts = [(plan, first, pdf)]
    kinds = [""] * rng.randint(1, 2) + (["delivery_note"] if rng.random() < 0.4 else [])
    for at, kind in enumerate(kinds):
        layout = plan.layout if rng.random() < 0.6 else layouts()[rng.choice(sorted(layouts()))]
        if not fits(layout, plan.language) or layout.kind != "invoice":
            layout = plan.layout
        other = replace(plan, layout=layout, seed=f"{plan.seed}/{at}", kind=kind)
        document = draw(other)
        parts.append((other, document, write(document.paper, layout.writer)))
    whole, lines, page = b"", list[Line](), 1
    for number, (of, document, data) in enumerate(parts, start=1):
        if document.conditions and rng.random() < 0.4:
            data = joined(data, pen_writer.pdf(document.conditions))
        count = len(PdfReader(BytesIO(data)).pages)
        whole = joined(whole, data) if whole else data
        line = truth_line(of, document, f"{plan.name}.pdf", "vector")
        lines.append({**line, "id": f"{plan.name}#{number}", "part": number, "page_range": [page, page + count - 1]})
        page += count
    return whole, lines
