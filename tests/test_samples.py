"""Every sample through the real command line, judged by the truth that stands beside it."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from command import objects, run

import samples
from matching.records import RecordKind

FOLDER = Path(samples.__file__).parent
EXPECTED = {
    path.name.removesuffix(".expected.json"): json.loads(path.read_text("utf-8"))
    for path in sorted((FOLDER / "documents").glob("*.expected.json"))
}


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    data = tmp_path_factory.mktemp("samples")
    for kind in RecordKind:
        done = run("import", kind.value, FOLDER / "records" / f"{kind.value}.csv", data=data)
        assert done.returncode == 0, done.stderr
    done = run("process", "--json", *(FOLDER / "documents" / name for name in EXPECTED), data=data)
    found = objects(done)
    assert [Path(each["file"]).name for each in found] == list(EXPECTED)
    assert done.returncode == 1, "two of the samples cannot be read"
    assert "Traceback" not in done.stderr
    return {Path(each["file"]).name: each for each in found}


@pytest.mark.parametrize("name", EXPECTED)
def test_sample(outcomes: dict[str, dict[str, Any]], name: str) -> None:
    expected, found = EXPECTED[name], outcomes[name]
    told = [f"{d['code']}: {d['message']}" for d in found.get("discrepancies", [])]
    assert found["status"] in expected["status"], told
    if "error" in expected:
        assert found["error"]["code"] == expected["error"]
        assert len(found["error"]["message"]) > 20
        return
    codes = {d["code"] for d in found["discrepancies"] if d["severity"] != "info"}
    if "discrepancies" in expected:
        assert codes - set(expected.get("may_stand_beside", [])) == set(expected["discrepancies"]), told
    assert codes >= set(expected.get("discrepancies_among_others", [])), told
    if "supplier" in expected:
        assert found["supplier"]["id"] == expected["supplier"]
    if "purchase_orders" in expected:
        assert [order["id"] for order in found["purchase_orders"]] == expected["purchase_orders"]
    extraction = found["extraction"]
    if "document_type" in expected:
        assert extraction["document_type"]["value"] == expected["document_type"]
    read = {key: value["value"] for key, value in extraction["fields"].items()}
    assert {key: read.get(key) for key, value in expected["fields"].items() if not same(value, read.get(key))} == {}
    if "line_items" in expected:
        assert_lines(expected["line_items"], extraction["line_items"])


def assert_lines(expected: list[dict[str, str]], found: list[dict[str, Any]]) -> None:
    assert len(found) == len(expected)
    for wanted, line in zip(expected, found, strict=True):
        for cell, value in wanted.items():
            read = line.get(cell, {}).get("value")
            # wrapped lines belong to the description too
            right = same(value, read) or (cell == "description" and plain(value) in plain(read or ""))
            assert right, f"{cell}: {value!r} was read as {read!r}"


def same(expected: str, found: str | None) -> bool:
    if found is None:
        return False
    try:
        return Decimal(expected) == Decimal(found)
    except InvalidOperation:
        return plain(expected) == plain(found)


def plain(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
