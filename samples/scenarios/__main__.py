"""`python -m samples.scenarios OUT --seed S --count N` writes a world; `... measure` runs one and prints its table.

`--printed` puts the cases on paper: PDFs, and for scanned ones what scanners and faxes make of them. Written, the files
stand in OUT; measured, they are read by the real reader before they are decided.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.serialise import to_json
from samples.scenarios.invent import invent
from samples.scenarios.measuring import measure
from samples.scenarios.report import report
from samples.scenarios.running import Outcome, run
from samples.scenarios.values import World, write_world


def main() -> None:
    """Write a world, or measure one."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.scenarios", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", help="the folder to write to, or `measure`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--printed", action="store_true", help="on paper, as far as it can be printed")
    parser.add_argument("--json", action="store_true", help="the measures as JSON")
    given = parser.parse_args()
    world = invent(given.seed, given.count)
    if given.out != "measure":
        _write(world, Path(given.out), str(given.seed) if given.printed else "")
        return
    measures = measure(_printed(world, str(given.seed)) if given.printed else run(world))
    sys.stdout.write((to_json(measures) if given.json else report(measures)) + "\n")


def _write(world: World, out: Path, seed: str) -> None:
    write_world(world, out)
    if seed:
        # the press needs fonts and drawing libraries that writing values does not
        from samples.scenarios.printed import print_world

        for paper in print_world(world, seed):
            (out / paper.name).write_bytes(paper.data)


def _printed(world: World, seed: str) -> Sequence[Outcome]:
    from samples.scenarios.printed import print_world, read_back

    read, papers = read_back(world, print_world(world, seed))
    return [outcome for outcome in run(read) if outcome.case.id in papers]


if __name__ == "__main__":
    main()
