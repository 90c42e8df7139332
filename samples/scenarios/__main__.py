"""`python -m samples.scenarios OUT --seed S --count N` writes a world; `... measure` runs one and prints its table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ingest.serialise import to_json
from samples.scenarios.invent import invent
from samples.scenarios.measuring import measure
from samples.scenarios.report import report
from samples.scenarios.running import run
from samples.scenarios.values import write_world


def main() -> None:
    """Write a world, or measure one."""
    parser = argparse.ArgumentParser(prog="python -m samples.scenarios", description=__doc__)
    parser.add_argument("out", help="the folder to write to, or `measure`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--json", action="store_true", help="the measures as JSON")
    given = parser.parse_args()
    world = invent(given.seed, given.count)
    if given.out != "measure":
        write_world(world, Path(given.out))
        return
    measures = measure(run(world))
    sys.stdout.write((to_json(measures) if given.json else report(measures)) + "\n")


if __name__ == "__main__":
    main()
