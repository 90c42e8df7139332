"""Fits the curves of `ingest/calibration.toml`: `python -m samples.calibrate TRUTH.jsonl... [--check]`.

TRUTH files are those of `python -m samples.paper` (paths beside them). With `--check` nothing is written: each layout
is predicted by curves fitted on all others, and what that is worth is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import ingest
from ingest.calibration import Curves, group_of, log_odds, quality_of, shipped_curves, source_of, tenths
from ingest.document import Document, Source
from ingest.extract import from_pages
from ingest.readers import read_document
from ingest.scoring import Truth, score, truth_of

PULL = 2.0
"""How strongly, in values, a curve is drawn to leaving the score as it is; groups with few values stay near it."""
Column = NDArray[np.float64]


class Sample(NamedTuple):
    """One value that was read, and whether rightly."""

    group: str
    layout: str
    raw: float
    quality: float | None
    right: bool


def main(arguments: Sequence[str]) -> None:
    """Read every document, fit, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args(arguments)
    jobs = [(path.parent, line) for path in asked.truth for line in path.read_text("utf-8").splitlines()]
    with ProcessPoolExecutor(2) as pool:
        samples = [one for found in pool.map(_read, jobs, chunksize=8) for one in found]
    if asked.check:
        sys.stdout.write(checked(samples))
        return
    target = Path(ingest.__file__).parent / "calibration.toml"
    found, before = fitted(samples), shipped_curves()
    # what no document here speaks of stays as it was: scans say nothing of text layers
    target.write_text(as_toml(Curves(before.groups | found.groups, found.quality), samples), "utf-8")


def _read(job: tuple[Path, str]) -> list[Sample]:
    folder, line = job
    row = json.loads(line)
    content = (folder / row["path"]).read_bytes()
    # a file of several documents is scored by its parts, which is another matter
    document = None if row.get("part") else read_document(content, sha256(content).hexdigest())
    return [] if document is None else samples_of(truth_of(row), document)


def samples_of(truth: Truth, document: Document) -> list[Sample]:
    """The values that were read on a document's pages; none where it carries an e-invoice."""
    quality, found = quality_of(document), []
    if document.e_invoice is not None:
        return []
    for outcome in score(truth, from_pages(document)).outcomes:
        value = outcome.found
        if value is not None and value.confidence is not None and value.source is not Source.QR:
            source = source_of(value, quality)
            known = quality if source is Source.OCR else None
            group = group_of(outcome.name, source)
            found.append(Sample(group, truth.facets.get("layout", ""), value.confidence, known, outcome.right))
    return found


def fitted(samples: Sequence[Sample]) -> Curves:
    """The likeliest curves, each drawn to leaving the score as it is."""
    groups = sorted({one.group for one in samples})
    place = np.array([groups.index(one.group) for one in samples])
    odds = np.array([log_odds(one.raw) for one in samples])
    quality = np.array([0.0 if one.quality is None else tenths(one.quality) for one in samples])
    right = np.array([one.right for one in samples], dtype=float)
    count = len(groups)

    def loss(weights: Column) -> tuple[float, Column]:
        intercepts, slopes, weight = weights[:count], weights[count:-1], weights[-1]
        predicted = intercepts[place] + slopes[place] * odds + weight * quality
        value = np.logaddexp(0, predicted) - right * predicted
        off = 1 / (1 + np.exp(-predicted)) - right
        gradient = np.concatenate(
            [
                np.bincount(place, off, count) + 2 * PULL * intercepts,
                np.bincount(place, off * odds, count) + 2 * PULL * (slopes - 1),
                [float(off @ quality) + 2 * PULL * weight],
            ]
        )
        drawn = PULL * (float(intercepts @ intercepts) + float((slopes - 1) @ (slopes - 1)) + weight**2)
        return float(value.sum()) + drawn, gradient

    start = np.concatenate([np.zeros(count), np.ones(count), [0.0]])
    bounds = [(-4.0, 4.0)] * count + [(0.2, 3.0)] * count + [(0.0, 3.0)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    lines = {g: (round(float(best[i]), 3), round(float(best[count + i]), 3)) for i, g in enumerate(groups)}
    return Curves(lines, round(float(best[-1]), 3))


def checked(samples: Sequence[Sample]) -> str:
    """Figures of raw scores, and of curves that never saw the layout that they are used on."""
    predicted: list[tuple[Sample, float]] = []
    for layout in sorted({one.layout for one in samples}):
        curves = fitted([one for one in samples if one.layout != layout])
        own = [one for one in samples if one.layout == layout]
        predicted += [(one, curves.probability(one.group, one.raw, one.quality)) for one in own]
    return "".join(_figures(source, [p for p in predicted if p[0].group.startswith(source)]) for source in _SOURCES)


_SOURCES = ("text", "ocr")


def _figures(source: str, predicted: Sequence[tuple[Sample, float]]) -> str:
    if not predicted:
        return ""
    raw, sure, right = np.array([(one.raw, said, one.right) for one, said in predicted], dtype=float).T
    share = float(right.mean())
    return (
        f"{source}: {len(right)} values, {share:.1%} right; calibration error raw {_error(raw, right):.3f}, "
        f"left-out layouts {_error(sure, right):.3f}; Brier raw {np.mean((raw - right) ** 2):.4f}, "
        f"left-out {np.mean((sure - right) ** 2):.4f}, best constant {share * (1 - share):.4f}\n"
    )


def _error(sure: Column, right: Column) -> float:
    bins = np.minimum((sure * 10).astype(int), 9)
    return sum(abs(float(np.sum((sure - right)[bins == one]))) for one in range(10)) / len(sure)


def as_toml(curves: Curves, samples: Sequence[Sample]) -> str:
    """The curves as the file that is shipped."""
    text = "# Written by `python -m samples.calibrate`: group = [intercept, slope] over the raw score's log-odds.\n"
    text += f"quality = {curves.quality}  # a tenth of the OCR's mean confidence above or below the usual\n"
    for source in _SOURCES:
        text += f"\n[{source}]\n"
        for group, (intercept, slope) in curves.groups.items():
            if group.startswith(source + "."):
                count = sum(one.group == group for one in samples)
                told = f"{count} values" if count else "kept"
                text += f"{group.split('.')[1]} = [{intercept}, {slope}]  # {told}\n"
    return text


if __name__ == "__main__":
    main(sys.argv[1:])
