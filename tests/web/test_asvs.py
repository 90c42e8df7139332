"""The list of the ASVS is true: what it names exists, and the points that have no test of their own elsewhere."""

from __future__ import annotations

import ast
import logging
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from office import add_document, invoice
from visitor import Visitor

from web.app import static_version
from web.services import Services

Visit = Callable[..., Visitor]
ROOT = Path(__file__).parents[2]
CHAPTERS = tomllib.loads(Path(__file__).with_name("asvs.toml").read_text("utf-8"))
POINTS = {name: point for chapter in CHAPTERS.values() for name, point in chapter.items()}


def names_of_tests(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_point_is_met_by_something_that_exists_or_says_why_not() -> None:
    faults = []
    for name, point in POINTS.items():
        if not {"asks"} < set(point) <= {"asks", "by", "test", "open", "none"}:
            faults.append(f"{name}: {sorted(point)}")
        if "none" in point and len(point) > 2:
            faults.append(f"{name} does not arise, and is met")
        if "none" not in point and not ({"by", "test"} <= set(point) or {"by", "open"} <= set(point)):
            faults.append(f"{name} is neither shown by a test nor open")
        if "by" in point and not (ROOT / point["by"]).is_file():
            faults.append(f"{name}: there is no {point['by']}")
        file, _, test = point.get("test", "web/test_asvs.py").partition("::")
        if not (ROOT / "tests" / file).is_file() or (test and test not in names_of_tests(ROOT / "tests" / file)):
            faults.append(f"{name}: there is no {point['test']}")
    assert faults == []
    assert set(CHAPTERS) == {"V2", "V3", "V4", "V5", "V7", "V8", "V9", "V12", "V13", "V14"}


def test_the_readme_names_what_is_open() -> None:
    told = (ROOT / "README.md").read_text("utf-8")
    open_ones = [name for name, point in POINTS.items() if "open" in point]
    assert [name for name in open_ones if f" {name}" not in told and f"({name}" not in told] == []


def test_log_ins_and_refusals_are_logged_with_who_and_whence(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        visit("viewer").post("/export", format="csv")
        visit().log_in("made\nup INFO web: 'admin' logged in", "a wrong password")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("web.")]
    assert "'viewer' logged in from 127.0.0.1" in lines
    assert "refused (not_allowed) to 'viewer' from 127.0.0.1: POST /export" in lines
    assert any(line.startswith('log-in as "made\\nup') and line.endswith("from 127.0.0.1 refused") for line in lines)
    assert not any("\n" in line or "a wrong password" in line for line in lines)


def test_pages_stay_in_no_cache(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    for address in ("/", "/queue", f"/documents/{number}", "/users", "/account", f"/documents/{number}/verdict"):
        assert browser.get(address).headers["Cache-Control"] == "no-store", address


def test_style_sheets_and_scripts_are_asked_for_once_and_anew_when_they_change(
    visit: Visit, services: Services
) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    page = browser.get(f"/documents/{number}").text
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(addresses) > 5
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        # what a script imports stands beside it, under the same version
        assert address.startswith(f"/static/{static_version()}/")
    assert browser.get("/static/older/style.css").status_code == 404


def test_answers_name_no_program_and_say_their_type(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("admin")
    for address in (
        "/queue",
        f"/documents/{number}/verdict",
        "/api/openapi.json",
        "/nowhere",
        f"/static/{static_version()}/style.css",
    ):
        headers = browser.get(address, headers={"Origin": "https://evil.example"}).headers
        assert not {"Server", "X-Powered-By"} & set(headers)
        assert not any(name.startswith("Access-Control") for name, _ in headers)
        kind = headers["Content-Type"]
        assert "charset=utf-8" in kind or kind == "application/json", address
