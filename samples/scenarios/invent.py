"""A whole world from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from samples.scenarios import parties
from samples.scenarios.accounts import ACCOUNT_FAULTS, ACCOUNTS_CLEAN
from samples.scenarios.clean import CLEAN, Kind
from samples.scenarios.clean_heads import CLEAN_HEADS
from samples.scenarios.harder import HARDER
from samples.scenarios.maker import Maker
from samples.scenarios.planted import HEAD_FAULTS
from samples.scenarios.planted_lines import LINE_FAULTS
from samples.scenarios.planted_pairs import PAIRED_FAULTS
from samples.scenarios.sequences import FAULTY_SEQUENCES, SEQUENCES
from samples.scenarios.stacked import STACKED, STACKED_FAULTS
from samples.scenarios.tricky import TRICKY, TRICKY_CLEAN
from samples.scenarios.values import World

PASSING = (*CLEAN, *CLEAN_HEADS, *HARDER, *SEQUENCES, *STACKED, *TRICKY_CLEAN, *ACCOUNTS_CLEAN)
FAULTY = (*HEAD_FAULTS, *PAIRED_FAULTS, *LINE_FAULTS, *FAULTY_SEQUENCES, *STACKED_FAULTS, *TRICKY, *ACCOUNT_FAULTS)
CLEAN_SHARE = 0.55
SCAN_SHARE = 0.4


def invent(seed: int, count: int) -> World:
    """A world of `count` cases: every kind comes once before one comes twice."""
    maker = Maker(Random(seed))
    parties.fill(maker, count)
    rounds = {True: _rounds(PASSING, maker.rng), False: _rounds(FAULTY, maker.rng)}
    while len(maker.cases) < count:
        passing = sum(case.clean for _, case, _ in maker.cases) <= CLEAN_SHARE * len(maker.cases)
        maker.moment = maker.rng.uniform(0, 0.9)
        maker.quality = "scan" if maker.rng.random() < SCAN_SHARE else "vector"
        next(rounds[passing])(maker)
    return maker.world()


def _rounds(kinds: tuple[Kind, ...], rng: Random) -> Iterator[Kind]:
    while True:
        yield from rng.sample(kinds, len(kinds))
