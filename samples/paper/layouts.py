"""The named layouts: each a composition of independent parts, read from `layouts.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache

from samples.paper.vocabulary import HERE


@dataclass(frozen=True, slots=True)
class Layout:
    """How one maker composes a document. What each word means stands in the module that sets the part."""

    name: str
    family: str = "sans"
    size: float = 9.0
    paper: str = "a4"
    accent: str = "#1f4e79"
    ink: str = "#000000"
    spacing: float = 0.0
    logo: str = ""
    seller: str = "left"
    parties: str = "window"
    meta: str = "pairs"
    meta_at: str = "right"
    title: str = "left"
    ids: str = "foot"
    columns: str = "pos sku description quantity unit price net"
    rules: str = "rows"
    head: str = "plain"
    numbers: str = "right"
    wrap: str = "below"
    extras: str = ""
    totals: str = "right"
    taxes: str = "rows"
    pay: str = "text"
    foot: str = "columns"
    goods: str = "things"
    lines: str = "1-6"
    second: str = ""
    country: str = ""
    writer: str = "pen"
    with_tax: bool = False
    colon: str = ":"
    kind: str = "invoice"

    def has(self, extra: str) -> bool:
        """Does this maker print an extra?"""
        return extra in self.extras.split()


@cache
def layouts() -> dict[str, Layout]:
    """All layouts by name."""
    with (HERE / "layouts.toml").open("rb") as file:
        loaded = tomllib.load(file)
    known = {item.name for item in fields(Layout)}
    for name, entries in loaded.items():
        unknown = set(entries) - known
        if unknown:
            raise ValueError(f"layout {name}: {', '.join(sorted(unknown))} mean nothing")
    return {name: Layout(name=name, **entries) for name, entries in loaded.items()}
