"""A world on paper: printed by the press, read by the reader, decided; and what may not pass does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ingest.readers import kind_of
from samples.scenarios.invent import invent
from samples.scenarios.measuring import measure
from samples.scenarios.printed import Printed, print_world, read_back
from samples.scenarios.running import Outcome, run
from samples.scenarios.values import World

SEED = 5


@cache
def world() -> World:
    # scans take Tesseract's time: `python -m samples.scenarios measure --printed` has them
    whole = invent(SEED, 160)
    return whole.with_cases(replace(case, quality="vector") for case in whole.cases)


@cache
def papers() -> tuple[Printed, ...]:
    return tuple(print_world(world(), str(SEED)))


@cache
def outcomes() -> Sequence[Outcome]:
    read, printed = read_back(world(), papers())
    return [outcome for outcome in run(read) if outcome.case.id in printed]


def test_most_of_a_world_can_be_printed_in_many_layouts() -> None:
    assert len(papers()) > 0.75 * len(world().cases)
    assert len({paper.layout for paper in papers()}) > 15
    assert {kind_of(paper.data) for paper in papers()} == {"pdf"}
    again = tuple(print_world(world(), str(SEED)))
    assert [paper.data for paper in again] == [paper.data for paper in papers()]


def test_nothing_printed_passes_that_should_not() -> None:
    assert measure(outcomes()).false_approvals == ()


def test_what_is_printed_cleanly_passes() -> None:
    found = measure(outcomes())
    assert (found.approved["vector"].share or 0) >= 0.93
    for name in ("supplier", "customer", "orders"):
        assert (found.found[name].share or 0) >= 0.99


def test_lines_are_found_from_paper() -> None:
    assert measure(outcomes()).lines.f1 >= 0.97
