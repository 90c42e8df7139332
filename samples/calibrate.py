"""Fits the curves of `ingest/calibration.toml`: `python -m samples.calibrate TRUTH.jsonl... [--check]`.

TRUTH files are those of `python -m samples.paper` (paths beside them). With `--check` nothing is written: each layout
is predicted by curves fitted on all others, and what that is worth is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import ingest
from ingest.calibration import group_of, log_odds, probability_of
from ingest.document import Source
from ingest.extract import from_pages
from ingest.readers import read_document
from ingest.scoring import score, truth_of

PULL = 2.0
"""How strongly, in values, a curve is drawn to leaving the score as it is; groups with few values stay near it."""
Column = NDArray[np.float64]
Sample = tuple[str, str, float, bool]
"""Group, layout, raw score, right or wrong."""


def main(arguments: Sequence[str]) -> None:
    """Read every document, fit, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args(arguments)
    jobs = [(path.parent, line) for path in asked.truth for line in path.read_text("utf-8").splitlines()]
    with ProcessPoolExecutor(2) as pool:
        samples = [one for found in pool.map(_samples, jobs, chunksize=8) for one in found]
    if asked.check:
        sys.stdout.write(_checked(samples))
        return
    curves = fitted(samples)
    target = Path(ingest.__file__).parent / "calibration.toml"
    target.write_text(_toml(curves, samples), "utf-8")


def _samples(job: tuple[Path, str]) -> list[Sample]:
    folder, line = job
    row = json.loads(line)
    if row.get("part"):
        return []
    truth = truth_of(row)
    content = (folder / truth.path).read_bytes()
    document = read_document(content, sha256(content).hexdigest())
    if document.e_invoice is not None:
        return []
    by_ocr = any(page.source is Source.OCR for page in document.pages)
    layout = truth.facets.get("layout", "")
    found = []
    for outcome in score(truth, from_pages(document)).outcomes:
        value = outcome.found
        if value is not None and value.confidence is not None and value.source is not Source.QR:
            ocr = value.source is Source.OCR or (value.source is not Source.TEXT and by_ocr)
            group = group_of(outcome.name, Source.OCR if ocr else Source.TEXT)
            found.append((group, layout, value.confidence, outcome.right))
    return found


def fitted(samples: Iterable[Sample]) -> dict[str, tuple[float, float]]:
    """Intercept and slope of every group: the likeliest, drawn to 0 and 1."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for group, _, raw, right in samples:
        groups.setdefault(group, []).append((log_odds(raw), right))
    return {group: _fit(values) for group, values in sorted(groups.items())}


def _fit(values: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    odds, right = np.array(values, dtype=float).T

    def loss(line: Column) -> float:
        predicted = line[0] + line[1] * odds
        likelihood = np.logaddexp(0, predicted) - right * predicted
        return float(likelihood.sum() + PULL * (line[0] ** 2 + (line[1] - 1) ** 2))

    best = minimize(loss, np.array([0.0, 1.0]), method="L-BFGS-B", bounds=[(-4, 4), (0.2, 3)])
    return round(float(best.x[0]), 3), round(float(best.x[1]), 3)


def _checked(samples: Sequence[Sample]) -> str:
    """Figures of raw scores and of curves that never saw the layout that they are used on."""
    predicted: list[tuple[str, float, float, bool]] = []
    for layout in sorted({one[1] for one in samples}):
        curves = fitted(one for one in samples if one[1] != layout)
        for group, own, raw, right in samples:
            if own == layout:
                intercept, slope = curves.get(group, (0.0, 1.0))
                sure = min(probability_of(intercept + slope * log_odds(raw)), 0.995)
                predicted.append((group.split(".")[0], raw, sure, right))
    lines = []
    for source in ("text", "ocr"):
        values = [one[1:] for one in predicted if one[0] == source]
        if values:
            raw, sure, right = np.array(values, dtype=float).T
            share = float(right.mean())
            lines.append(
                f"{source}: {len(values)} values, {share:.1%} right; calibration error raw {_ece(raw, right):.3f}, "
                f"left-out layouts {_ece(sure, right):.3f}; Brier raw {np.mean((raw - right) ** 2):.4f}, "
                f"left-out {np.mean((sure - right) ** 2):.4f}, best constant {share * (1 - share):.4f}\n"
            )
    return "".join(lines)


def _ece(sure: Column, right: Column) -> float:
    bins = np.minimum((sure * 10).astype(int), 9)
    return sum(abs(float(np.sum((sure - right)[bins == one]))) for one in range(10)) / len(sure)


def _toml(curves: Mapping[str, tuple[float, float]], samples: Sequence[Sample]) -> str:
    text = "# Written by `python -m samples.calibrate`: group = [intercept, slope] over the raw score's log-odds.\n"
    for source in ("text", "ocr"):
        text += f"\n[{source}]\n"
        for group, (intercept, slope) in curves.items():
            if group.startswith(source + "."):
                count = sum(one[0] == group for one in samples)
                text += f"{group.split('.')[1]} = [{intercept}, {slope}]  # {count} values\n"
    return text


if __name__ == "__main__":
    main(sys.argv[1:])
