"""The running service: started, killed and stopped as an operator does."""

from __future__ import annotations

import imaplib
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest
from command import COORDINATOR, objects, run, variables
from imap_server import PASSWORD, USER, imap_server

import samples

DOCUMENTS = Path(samples.__file__).parent / "documents"
SCANS = ("07-kessler-scan.pdf", "11-kessler-again-scan.pdf", "19-bellini-fax.tif", "20-brandt-freight.pdf")
Until = Callable[..., None]


class Running:
    """A started service and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)

    def address(self, until: Until) -> str:
        until(lambda: any("http://" in line for line in self.said), 30)
        return re.findall(r"http://[\d.:]+/", "".join(self.said))[0]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        status = self.process.wait(20)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return status


@contextmanager
def service(data: Path) -> Iterator[Running]:
    process = subprocess.Popen(
        [COORDINATOR, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=variables(data, COORDINATOR_FOLDER__SETTLE_SECONDS="0"),
    )
    running = Running(process)
    try:
        yield running
    finally:
        if process.poll() is None:
            running.end(signal.SIGKILL)


def states(data: Path) -> list[str]:
    file = data / "coordinator.sqlite"
    if not file.exists():
        return []
    connection = sqlite3.connect(file)
    try:
        return [row[0] for row in connection.execute("SELECT state FROM documents ORDER BY id")]
    except sqlite3.OperationalError:
        return []  # its tables are being made
    finally:
        connection.close()


def readers_of(data: Path) -> list[int]:
    """Reading processes that work on this data folder."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        command = " ".join(process.info["cmdline"] or [])
        if "ingest.read_child" in command and str(data) in command:
            found.append(process.info["pid"])
    return found


def drop(data: Path) -> None:
    (data / "inbox").mkdir(parents=True, exist_ok=True)
    for name in SCANS:
        shutil.copy(DOCUMENTS / name, data / "inbox" / name)


def test_what_a_killed_service_had_begun_is_taken_up_by_the_next(tmp_path: Path, until: Until) -> None:
    drop(tmp_path)
    with service(tmp_path) as first:
        until(lambda: "reading" in states(tmp_path), 30)
        first.end(signal.SIGKILL)
    assert "reading" in states(tmp_path)
    until(lambda: not readers_of(tmp_path), 30)

    with service(tmp_path) as second:
        until(lambda: len(states(tmp_path)) == len(SCANS) and set(states(tmp_path)) == {"needs_review"}, 240)
        assert second.end(signal.SIGTERM) == 0

    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == sorted(SCANS)
    assert list((tmp_path / "inbox").iterdir()) == []
    healthy = run("doctor", data=tmp_path)
    assert healthy.returncode == 0, healthy.stdout


def test_sigterm_hands_back_what_is_being_read_and_leaves_no_process(tmp_path: Path, until: Until) -> None:
    drop(tmp_path)
    with service(tmp_path) as running:
        until(lambda: "reading" in states(tmp_path), 30)
        assert running.end(signal.SIGTERM) == 0
    assert "reading" not in states(tmp_path)
    assert readers_of(tmp_path) == []
    assert not any("Traceback" in line for line in running.said)


def test_without_a_user_it_prints_a_set_up_link_and_nothing_else_is_open(tmp_path: Path, until: Until) -> None:
    with service(tmp_path) as running:
        address = running.address(until)
        until(lambda: any("/setup/" in line for line in running.said), 10)
        with urllib.request.urlopen(f"{address}healthz") as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"{address}upload") as answer:
            assert "/log-in" in answer.url or "login" in answer.url
        assert running.end(signal.SIGTERM) == 0


def test_a_second_service_on_the_same_folder_says_so(tmp_path: Path, until: Until) -> None:
    with service(tmp_path) as running:
        running.address(until)
        second = run("serve", "--port", "0", data=tmp_path)
        assert second.returncode == 1
        assert "already running" in second.stderr
        assert running.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("name", ["24-cut-off.pdf"])
def test_a_dropped_file_that_cannot_be_read_comes_back_with_its_reason(tmp_path: Path, until: Until, name: str) -> None:
    (tmp_path / "inbox").mkdir()
    shutil.copy(DOCUMENTS / name, tmp_path / "inbox" / name)
    with service(tmp_path) as running:
        until(lambda: (tmp_path / "rejected" / name).exists(), 30)
        running.end(signal.SIGTERM)
    reason = (tmp_path / "rejected" / f"{name}.reason.txt").read_text()
    assert "damaged" in reason
    assert states(tmp_path) == ["failed"]
    assert list((tmp_path / "done").iterdir()) == []


def test_a_mail_that_arrives_while_the_service_runs_becomes_a_document(tmp_path: Path, until: Until) -> None:
    with imap_server() as server:
        (tmp_path / "password").write_text(f"{PASSWORD}\n")
        (tmp_path / "settings.toml").write_text(
            f'[[mailbox]]\nname = "Rechnungen"\nhost = "localhost"\nport = {server.port}\nuser = "{USER}"\n'
            f'password_file = "{tmp_path / "password"}"\nca_file = "{server.ca_file}"\npoll_seconds = 1\n'
        )
        with service(tmp_path) as running:
            running.address(until)
            message = EmailMessage()
            message["From"], message["Subject"] = "rechnung@kessler.example", "Rechnung RE-2026-04502"
            message.set_content("anbei")
            content = (DOCUMENTS / "06-kessler-cii.xml").read_bytes()
            message.add_attachment(content, maintype="application", subtype="xml", filename="xrechnung.xml")
            trust = ssl.create_default_context(cafile=server.ca_file)
            with imaplib.IMAP4_SSL("localhost", server.port, ssl_context=trust) as client:
                client.login(USER, PASSWORD)
                client.append("INBOX", "", "", message.as_bytes())
            until(lambda: states(tmp_path) == ["needs_review"], 30)
            assert running.end(signal.SIGTERM) == 0


def test_process_works_beside_a_running_service(tmp_path: Path, until: Until) -> None:
    names = ("05-van-dijk-ubl.xml", "06-kessler-cii.xml", "01-kessler.pdf")
    with service(tmp_path) as running:
        running.address(until)
        done = run("process", "--json", *(DOCUMENTS / name for name in names), data=tmp_path)
        assert done.returncode == 0, done.stderr
        assert [found["status"] for found in objects(done)] == ["needs_review"] * 3
        assert running.end(signal.SIGTERM) == 0
    assert states(tmp_path) == ["needs_review"] * 3
    assert not any("Traceback" in line for line in running.said)
