"""Backup while others write, the way back, and the trail proved: as an operator does it."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from command import objects, run

import samples
from ingest.document import Door, ReceivedFile
from web.backup import CannotBackUp, back_up, restore
from web.services import DATABASE, Services, open_services
from web.settings import load_settings

DOCUMENTS = Path(samples.__file__).parent / "documents"
INVOICE = DOCUMENTS / "01-kessler.pdf"


def _receive(services: Services, number: int) -> None:
    services.receive(ReceivedFile(f"{number}.txt", f"file {number}".encode(), Door.UPLOAD, "anna"))


def test_a_backup_of_a_folder_in_use_is_whole_and_can_be_put_back(tmp_path: Path) -> None:
    services = open_services(load_settings(tmp_path / "data"))
    stop = threading.Event()
    taken = 0

    def go_on() -> None:
        nonlocal taken
        while not stop.is_set():
            _receive(services, taken)
            taken += 1
        services.close()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        while taken < 20:
            stop.wait(0.01)
        before = taken
        made = back_up(services, tmp_path / "copy", services.now())
    finally:
        stop.set()
        writer.join()
    assert before <= made.originals <= taken
    back = restore(tmp_path / "copy", tmp_path / "again")
    assert back == made
    found = objects(run("process", INVOICE, "--json", data=tmp_path / "again"))
    assert found[0]["status"] == "needs_review"
    doctor = run("doctor", data=tmp_path / "again")
    assert f"{made.originals + 1} files received, 0 of them missing" in doctor.stdout
    assert "FAULT hashes" not in doctor.stdout


def test_a_backup_takes_no_place_that_is_taken(tmp_path: Path) -> None:
    services = open_services(load_settings(tmp_path / "data"))
    (tmp_path / "copy").mkdir()
    with pytest.raises(CannotBackUp, match="is there already"):
        back_up(services, tmp_path / "copy", services.now())
    back_up(services, tmp_path / "second", services.now())
    with pytest.raises(CannotBackUp, match="is not empty"):
        restore(tmp_path / "second", tmp_path / "data")


@pytest.mark.parametrize("damage", ["original", "database", "manifest"])
def test_a_broken_backup_is_refused_before_anything_is_put_back(tmp_path: Path, damage: str) -> None:
    services = open_services(load_settings(tmp_path / "data"))
    _receive(services, 1)
    copy = tmp_path / "copy"
    back_up(services, copy, services.now())
    if damage == "original":
        next((copy / "files" / "originals").glob("*/*")).write_bytes(b"other")
    elif damage == "database":
        with (copy / DATABASE).open("ab") as stream:
            stream.write(b"x")
    else:
        (copy / "manifest.json").unlink()
    with pytest.raises(CannotBackUp):
        restore(copy, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_the_commands_back_up_restore_and_prove_the_trail(tmp_path: Path) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "copy", tmp_path / "again"
    assert run("process", INVOICE, data=data).returncode == 0
    proved = run("audit", "verify", data=data)
    assert proved.returncode == 0
    head = proved.stdout.split("Head: ")[1].strip()
    assert run("backup", copy, data=data).returncode == 0
    assert json.loads((copy / "manifest.json").read_text())["originals"] == 1
    assert run("restore", copy, data=again).returncode == 0
    assert run("audit", "verify", "--head", head, data=again).returncode == 0
    with closing(sqlite3.connect(again / DATABASE)) as forger:
        forger.execute("DROP TRIGGER audit_refuses_delete")
        forger.execute("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
        forger.commit()
    cut = run("audit", "verify", "--head", head, data=again)
    assert cut.returncode == 1
    assert "once the last one, is gone" in cut.stderr
