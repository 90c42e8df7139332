"""Makes the wished documents and their truth file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ingest.fields import FIELDS
from samples.paper import pen_writer
from samples.paper.compose import Document, compose
from samples.paper.firms import countries
from samples.paper.layouts import Layout, layouts
from samples.paper.vocabulary import LANGUAGES


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made; shares are between 0 and 1."""

    count: int = 100
    seed: int = 1
    layout: str | None = None
    language: str | None = None
    scans: float = 0.0
    photos: float = 0.0
    faulty: float = 0.0
    others: float = 0.0
    bundles: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One document to make."""

    name: str
    layout: Layout
    language: str
    seed: str


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
    for at in range(wish.count):
        layout = layouts()[names[at % len(names)]]
        seed = f"{wish.seed}:{at}"
        able = [language for language in LANGUAGES if fits(layout, language)]
        language = wish.language or Random(seed).choice(able)
        yield Plan(f"g{wish.seed}-{at:04}-{layout.name}-{language}", layout, language, seed)


def truth_line(plan: Plan, document: Document, path: str, kind: str) -> dict[str, object]:
    """The line of the truth file."""
    line: dict[str, object] = {
        "id": plan.name, "path": path, "set": "generated", "kind": kind, "language": plan.language,
        "layout": plan.layout.name, "complete": True, "truth": document.truth,
    }  # fmt: skip
    if document.open:
        line["complete_fields"] = [field.name for field in FIELDS if field.name not in document.open]
    return line


def draw(plan: Plan) -> Document:
    """The document of a plan."""
    rng = Random(plan.seed)
    kind = "credit_note" if plan.layout.kind == "invoice" and rng.random() < 0.07 else ""
    return compose(plan.layout, plan.language, rng, kind)


def make(out: Path, wish: Wish) -> None:
    """Write the documents and `truth.jsonl`."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for plan in plans(wish):
            document = draw(plan)
            path = f"{plan.name}.pdf"
            (out / path).write_bytes(pen_writer.pdf(document.paper))
            truths.write(json.dumps(truth_line(plan, document, path, "vector"), ensure_ascii=False) + "\n")
