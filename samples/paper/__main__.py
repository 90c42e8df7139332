"""Writes generated documents with their truth: `python -m samples.paper OUT --count N --seed S`."""

from __future__ import annotations

import argparse
from pathlib import Path

from samples.paper.layouts import layouts
from samples.paper.making import Wish, make
from samples.paper.vocabulary import LANGUAGES


def main() -> None:
    """Read the wish, make the documents."""
    parser = argparse.ArgumentParser(prog="python -m samples.paper", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=sorted(layouts()))
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument(
        "--scans", type=float, default=0.0, metavar="SHARE", help="documents that become scans and faxes"
    )
    parser.add_argument("--photos", type=float, default=0.0, metavar="SHARE", help="documents that become photos")
    parser.add_argument("--harsh", type=float, default=0.0, metavar="SHARE", help="documents that come back badly")
    parser.add_argument("--faulty", type=float, default=0.0, metavar="SHARE", help="documents with one planted fault")
    parser.add_argument("--others", type=float, default=0.0, metavar="SHARE", help="orders, quotations, reminders ...")
    parser.add_argument("--bundles", type=float, default=0.0, metavar="SHARE", help="files of several invoices")
    parser.add_argument("--pen-only", action="store_true", help="no layout is printed by a browser")
    given = parser.parse_args()
    make(given.out, Wish(**{key: value for key, value in vars(given).items() if key != "out"}))


if __name__ == "__main__":
    main()
