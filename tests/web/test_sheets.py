"""Every page loads the style sheets that its classes are in: a page without them works, and looks like none of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

WEB = Path(web.__file__).parent
SHEETS = {
    file.stem: set(re.findall(r"\.([a-z][\w-]+)", re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)))
    for file in (WEB / "static").glob("*.css")
}
PAGES = [
    file.name for file in sorted((WEB / "templates").glob("*.html")) if '{% extends "' in file.read_text()
]  # the report of an evaluation stands alone


def whole(name: str, seen: frozenset[str] = frozenset()) -> str:
    """A template with what it extends and includes."""
    text = (WEB / "templates" / name).read_text()
    others = [one for one in re.findall(r'(?:include|extends|from) "([^"]+)"', text) if one not in seen]
    return text + "".join(whole(one, seen | {name, one}) for one in others)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_sheets_of_its_classes(name: str) -> None:
    text = whole(name)
    named = re.search(r"set sheets = \[(.*?)\]", text)
    loaded = {"style", *re.findall(r"\w+", named[1] if named else "")}
    plain = re.sub(r"\{[{%].*?[%}]\}", " ", text)
    used = {one for group in re.findall(r'class="([^"]*)"', plain) for one in re.findall(r"[a-z][\w-]+", group)}
    styled = {one for one in used if any(one in classes for classes in SHEETS.values())}
    assert {one for one in styled if not any(one in SHEETS[sheet] for sheet in loaded)} == set()
