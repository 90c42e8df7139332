"""`coordinator evaluate`: readings against the truth, as figures and as one page that shows every miss."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader
from PIL import Image

from ingest.document import Box, Document
from ingest.errors import SettingsError, UnreadableFile
from ingest.reading import ReadingLimits, read_in_child
from ingest.scoring import (
    DocumentScore,
    Figures,
    LineOutcome,
    Outcome,
    Tally,
    Truth,
    figures,
    grouped,
    score,
    truth_of,
    wrong_cells,
)
from ingest.zygote import Zygote, Zygotes

FACETS = ("kind", "language", "layout", "set")
MARGIN = (150.0, 18.0)
"""Points of the page shown around a value, to its sides and above and below."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Miss:
    """One value that is wrong or missing, with the piece of the page where it stands."""

    name: str
    expected: str
    found: str
    confidence: float | None
    rivals: tuple[tuple[str, float], ...] = ()
    crop: str = ""
    """A PNG as a data URI; empty where the place is not known."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One document: its outcomes and its misses."""

    score: DocumentScore
    misses: tuple[Miss, ...] = ()


def truths_in(file: Path) -> list[Truth]:
    """The documents that a truth file (JSON lines) tells of.

    Raises:
        SettingsError: where the file is missing or a line is no truth.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"The truth file {file} cannot be opened: {error.strerror}.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(truth_of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise SettingsError(f"{file}, line {number}: not a truth line ({error}).") from error
    return found


def evaluate(
    truths: Sequence[Truth], folder: Path, limits: ReadingLimits, progress: Progress, *, pictures: bool
) -> list[Evaluated]:
    """Read every document beside the truth file and compare; `pictures`: cut a piece of the page for each miss."""
    with Zygotes() as zygotes, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = []
        for one in pool.map(lambda truth: _evaluated(truth, folder, limits, pictures, zygotes.own()), truths):
            found.append(one)
            progress(f"{len(found)}/{len(truths)} {one.score.truth.path}")
        return found


def _evaluated(truth: Truth, folder: Path, limits: ReadingLimits, pictures: bool, zygote: Zygote) -> Evaluated:
    file = folder / truth.path
    with tempfile.TemporaryDirectory(prefix="coordinator-evaluate-") as scratch:
        drawn = Path(scratch) / "pages" if pictures else None
        try:
            reading = read_in_child(file, hashlib.sha256(file.read_bytes()).hexdigest(), limits, drawn, zygote=zygote)
        except OSError as error:
            return Evaluated(score(truth, None, f"The file cannot be opened: {error.strerror}."))
        except UnreadableFile as error:
            return Evaluated(score(truth, None, error.message))
        parts = [one for one in reading.extractions if truth.part is None or (one.part or 1) == truth.part]
        scored = score(truth, parts[0] if parts else None, None if parts else "This part was not found.")
        return Evaluated(scored, tuple(_misses(scored, reading.document, drawn)) if pictures else ())


def _misses(scored: DocumentScore, document: Document, drawn: Path | None) -> Iterator[Miss]:
    for outcome in scored.outcomes:
        if not outcome.right:
            yield _miss(outcome, document, drawn)
    for number, line in enumerate(scored.lines, start=1):
        if not line.right:
            yield _line_miss(number, line, document, drawn)


def _miss(outcome: Outcome, document: Document, drawn: Path | None) -> Miss:
    found = outcome.found
    place = _place_of(document, outcome.expected or "")
    if place is None and found is not None and found.page and found.box:
        place = found.page, found.box
    return Miss(
        outcome.name,
        outcome.expected if outcome.expected is not None else "not on the document",
        found.value if found is not None else "",
        found.confidence if found is not None else None,
        tuple((rival.value, rival.confidence) for rival in found.rivals) if found is not None else (),
        _crop(document, drawn, *place) if place else "",
    )


def _line_miss(number: int, line: LineOutcome, document: Document, drawn: Path | None) -> Miss:
    cells = dict(line.found.cells()) if line.found is not None else {}
    names = ("quantity", "unit_price", "line_total", "description")
    told = line.expected or {}
    boxes = [(value.page, value.box) for value in cells.values() if value.page and value.box]
    place = boxes[0] if boxes else _place_of(document, told.get("description", ""))
    wrong = wrong_cells(told, line.found) if line.expected is not None and line.found is not None else ()
    return Miss(
        f"line {number}" + (f": {', '.join(wrong)}" if wrong else ""),
        " · ".join(told[name] for name in names if name in told) or "no such line",
        " · ".join(cells[name].value for name in names if name in cells),
        None,
        (),
        _crop(document, drawn, *place) if place else "",
    )


def _place_of(document: Document, text: str) -> tuple[int, Box] | None:
    """Where the words of a text stand side by side on a page, whatever their case and punctuation."""
    wanted = [_key(word) for word in text.split() if _key(word)]
    for page in document.pages if wanted else ():
        keys = [_key(word.text) for word in page.words]
        for start, key in enumerate(keys):
            if key == wanted[0] and keys[start : start + len(wanted)] == wanted:
                box = page.words[start].box
                for word in page.words[start + 1 : start + len(wanted)]:
                    box = box.union(word.box)
                return page.number, box
    return None


def _key(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def _crop(document: Document, drawn: Path | None, number: int, box: Box) -> str:
    """The piece of the page's picture around a box, as a data URI."""
    page = next((page for page in document.pages if page.number == number), None)
    if drawn is None or page is None or not (drawn / f"{number}.png").exists():
        return ""
    with Image.open(drawn / f"{number}.png") as picture:
        scale = picture.width / page.width
        wide, high = MARGIN
        around = Box(box.x0 - wide, box.top - high, box.x1 + wide, box.bottom + high)
        left, top = max(0, int(around.x0 * scale)), max(0, int(around.top * scale))
        right, bottom = min(picture.width, int(around.x1 * scale)), min(picture.height, int(around.bottom * scale))
        if right <= left or bottom <= top:
            return ""
        stream = io.BytesIO()
        picture.crop((left, top, right, bottom)).convert("L").save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def groups_of(evaluated: Sequence[Evaluated], facet: str | None) -> list[tuple[str, Figures]]:
    """Figures of all documents, and of each group of a facet."""
    scores = [one.score for one in evaluated]
    groups = [("all", figures(scores))]
    if facet:
        groups += [(name, figures(own)) for name, own in grouped(scores, facet).items()]
    return groups


def worst_of(evaluated: Sequence[Evaluated], count: int) -> list[Evaluated]:
    """The documents with the most misses."""
    ranked = sorted(evaluated, key=lambda one: -faults(one))
    return [one for one in ranked if faults(one)][:count]


def faults(one: Evaluated) -> int:
    """How much of a document is wrong or missing: fields and lines."""
    fields, lines = one.score.outcomes, one.score.lines
    return sum(not field.right for field in fields) + sum(not line.right for line in lines)


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal; a dash where there is nothing to tell."""
    return "–" if share is None else f"{100 * share:.1f}"


def as_text(groups: Sequence[tuple[str, Figures]]) -> str:
    """The figures as tables for a terminal."""
    head = f"{'':<24}{'documents':>10}{'key F1':>8}{'all F1':>8}{'lines F1':>9}{'tax rows':>9}{'ECE':>7}{'Brier':>8}"
    rows = [head + f"{'constant':>9}{'touchless':>10}"]
    for name, one in groups:
        rows.append(
            f"{name[:23]:<24}{one.documents:>10}{percent(one.key_fields.f1):>8}{percent(one.all_fields.f1):>8}"
            f"{percent(one.lines.f1):>9}{percent(one.rows.f1):>9}{percent(one.calibration_error):>7}"
            f"{_decimals(one.brier):>8}{_decimals(one.brier_of_constant):>9}{percent(one.touchless):>10}"
        )
    rows += ["", f"{'all: field':<24}{'support':>10}{'right':>8}{'wrong':>8}{'prec.':>9}{'recall':>9}{'F1':>7}"]
    first = groups[0][1]
    named = {**first.fields, "KEY FIELDS": first.key_fields, "ALL FIELDS": first.all_fields}
    rows += [_row(name, tally) for name, tally in {**named, "LINES": first.lines, "TAX ROWS": first.rows}.items()]
    return "\n".join(rows)


def _row(name: str, one: Tally) -> str:
    return (
        f"{name:<24}{one.support:>10}{one.correct:>8}{one.wrong:>8}{percent(one.precision):>9}"
        f"{percent(one.recall):>9}{percent(one.f1):>7}"
    )


def _decimals(share: float | None) -> str:
    return "–" if share is None else f"{share:.4f}"


def worst_as_text(worst: Sequence[Evaluated]) -> str:
    """The worst documents with what is wrong."""
    rows = []
    for one in worst:
        rows.append(f"- {one.score.truth.path}" + (f": {one.score.error}" if one.score.error else ""))
        for outcome in one.score.outcomes:
            if not outcome.right:
                found = outcome.found.value if outcome.found else None
                rows.append(f"    {outcome.name}: {outcome.expected!r} read as {found!r}")
        wrong = sum(not line.right for line in one.score.lines)
        rows += [f"    lines: {wrong} of {len(one.score.lines)} wrong"] if wrong else []
    return "\n".join(rows)


def as_page(groups: Sequence[tuple[str, Figures]], shown: Sequence[Evaluated], title: str) -> str:
    """The figures and every miss as one HTML page without links to anything else."""
    environment = Environment(loader=PackageLoader("web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    style = files("web").joinpath("static/style.css").read_text(encoding="utf-8")
    template = environment.get_template("evaluation.html")
    return template.render(groups=groups, shown=shown, title=title, faults=faults, percent=percent, style=style)
