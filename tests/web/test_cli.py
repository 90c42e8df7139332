from __future__ import annotations

from pathlib import Path

from command import objects, run

import samples

DOCUMENTS = Path(samples.__file__).parent / "documents"


def test_extract_gives_an_object_a_file_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.pdf", tmp_path / "notes.txt"
    empty.write_bytes(b"")
    text.write_text("milk, bread")
    good = DOCUMENTS / "01-kessler.pdf"
    done = run("extract", "--json", tmp_path / "absent.pdf", empty, text, DOCUMENTS / "25-locked.pdf", good)
    found = objects(done)
    assert done.returncode == 1
    codes = [each.get("error", {}).get("code") for each in found]
    assert codes == ["not_found", "empty", "not_a_document", "encrypted", None]
    assert "sha256" not in found[0]
    assert len(found[1]["sha256"]) == 64
    assert found[4]["fields"]["invoice_number"]["value"] == "RE-2026-04417"
    assert found[4]["file"] == str(good)


def test_every_value_has_the_shape_of_the_contract() -> None:
    found = objects(run("extract", "--json", DOCUMENTS / "01-kessler.pdf"))[0]
    assert {"file", "sha256", "pages", "language", "document_type", "fields", "line_items", "tax_breakdown",
            "warnings"} <= set(found)  # fmt: skip
    values = [found["document_type"], *found["fields"].values()]
    values += [cell for line in found["line_items"] for cell in line.values()]
    for value in values:
        assert isinstance(value["value"], str)
        assert value["value"]
        assert 0 <= value["confidence"] <= 1
        assert value["source"] in {"text", "ocr", "xml", "qr", "derived", "learned"}
        if "box" in value:
            assert value["page"] == 1
            x0, top, x1, bottom = value["box"]
            assert 0 <= x0 < x1 <= 596
            assert 0 <= top < bottom <= 842


def test_wrong_usage_and_wrong_settings_end_with_two(tmp_path: Path) -> None:
    assert run("extract").returncode == 2
    assert run("import", "invoices", "x.csv", data=tmp_path).returncode == 2
    (tmp_path / "settings.toml").write_text("[server]\nprot = 1\n")
    done = run("doctor", data=tmp_path)
    assert done.returncode == 2
    assert "prot" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_record_file_names_line_and_column_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "suppliers.csv"
    file.write_text("supplier_id;name;payment_terms_days\nS-1;Kessler;30\nS-2;;soon\n")
    done = run("import", "suppliers", file, data=tmp_path)
    assert done.returncode == 1
    assert "3" in done.stderr
    assert "payment_terms_days" in done.stderr
    assert "name" in done.stderr
    file.write_text("supplier_id;name\nS-1;Kessler\n")
    assert "1 new" in run("import", "suppliers", file, data=tmp_path).stdout


def test_process_answers_known_bytes_with_the_first_document(tmp_path: Path) -> None:
    file = DOCUMENTS / "06-kessler-cii.xml"
    first, second = objects(run("process", "--json", file, file, data=tmp_path))
    assert first["status"] == "needs_review"
    assert {d["code"] for d in first["discrepancies"]} >= {"supplier_unknown", "customer_unknown"}
    assert second["status"] == "duplicate"
    assert second["document_id"] == first["document_id"]
    assert [d["code"] for d in second["discrepancies"]] == ["duplicate_invoice"]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = run("process", "--json", DOCUMENTS / "06-kessler-cii.xml", data=blocked / "data")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_help_tells_every_command() -> None:
    told = run("--help").stdout
    for command in ("extract", "import", "process", "serve", "demo", "export", "user", "doctor"):
        assert command in told
