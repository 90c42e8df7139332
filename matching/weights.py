"""The weights of evidence, read from `weights.toml`: data, each with the reason for its figure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Weight:
    """A figure, and what speaks for it."""

    weight: float
    why: str


@cache
def weights() -> dict[str, dict[str, dict[str, Weight]]]:
    """Family (`party`, `line`), comparison and level to weight."""
    told = tomllib.loads(files("matching").joinpath("weights.toml").read_text("utf-8"))
    return {
        family: {
            name: {level: Weight(float(entry["weight"]), entry["why"]) for level, entry in levels.items()}
            for name, levels in comparisons.items()
        }
        for family, comparisons in told.items()
    }


def weight(family: str, comparison: str, level: str) -> float:
    """The weight of a level; KeyError where the file has none."""
    return weights()[family][comparison][level].weight
