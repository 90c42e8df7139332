"""`coordinator evaluate`: figures over documents and one page that shows every miss."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import samples
from web.cli import coordinator

DOCUMENTS = Path(samples.__file__).parent / "documents"


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    rows = []
    for name in ("01-kessler.pdf", "02-moreau.pdf"):
        found = next(DOCUMENTS.glob(name.split(".")[0][:2] + "-*.pdf"))
        shutil.copy(found, tmp_path / name)
        expected = json.loads((DOCUMENTS / f"{found.name}.expected.json").read_text("utf-8"))
        told = {**expected["fields"], "line_items": expected.get("lines", [])}
        rows.append({"id": name, "path": name, "kind": "vector", "language": name[3:5], "truth": told})
    rows[1]["truth"]["invoice_number"] = "NOT-THIS-1"
    file = tmp_path / "truth.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def test_the_report_shows_what_was_expected_read_and_printed(truth: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    result = CliRunner().invoke(
        coordinator, ["evaluate", str(truth), "--by", "kind", "--worst", "1", "--report", str(report)],
        standalone_mode=False,
    )  # fmt: skip
    assert result.return_value == 0, result.output
    number = re.search(r"^invoice_number +2 +1 +1 ", result.output, re.MULTILINE)
    assert number, result.output
    assert "02-moreau.pdf" in result.output and "'NOT-THIS-1' read as" in result.output
    page = report.read_text("utf-8")
    assert "NOT-THIS-1" in page and page.count("data:image/png;base64,") == 1


def test_a_missing_document_is_told_and_counts_as_read_empty(truth: Path) -> None:
    (truth.parent / "01-kessler.pdf").unlink()
    result = CliRunner().invoke(coordinator, ["evaluate", str(truth)], standalone_mode=False)
    assert result.return_value == 1
    assert "01-kessler.pdf: The file cannot be opened" in result.output


def test_a_line_that_is_no_truth_is_named(truth: Path) -> None:
    truth.write_text(truth.read_text("utf-8") + '{"path": "x.pdf"}\n', "utf-8")
    result = CliRunner().invoke(coordinator, ["evaluate", str(truth)], standalone_mode=False)
    assert result.exception is not None and "line 3" in str(result.exception)
