"""Documents through all three doors at once while the service is killed again and again.

`python -m tests.endurance.doors --documents 10000 --kills 200 --seconds 3600` drops invoices (XML, PDF, scans) into the
folder, uploads them, half of them in pieces, and mails them (a real Dovecot), while every few seconds the service is
killed with SIGKILL, the database is locked by somebody else, and, where a small file system may be mounted, the disk is
full. Afterwards every document that a door acknowledged must be there exactly once, in a final state, with its bytes;
nothing half-written may lie about, and `coordinator doctor` must find nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import http.cookiejar
import imaplib
import io
import os
import random
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import lru_cache, partial
from pathlib import Path

import pypdfium2

from tests.endurance.sender import Sender
from tests.support.command import COORDINATOR, variables
from tests.support.imap_server import PASSWORD as MAIL_PASSWORD
from tests.support.imap_server import USER as MAIL_USER
from tests.support.imap_server import ImapServer, imap_server
from tests.support.paper import invoice_pdf

USER, PASSWORD = "endurance", "correct horse battery staple"
DISK_MB = 600
"""For up to a thousand documents; as many more for every thousand more."""
STANDSTILL = 180
"""Seconds without one more document in a final state, after which the rest counts as lost."""
FINAL = ("approved", "needs_review", "duplicate", "failed", "rejected", "on_hold")
UBL = (
    '<?xml version="1.0" encoding="UTF-8"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>E-{number}</cbc:ID>'
    "<cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode></Invoice>"
)


SCANS = 60
"""One in so many documents is a picture of a page; every third other one is a PDF, the rest are XML."""


@lru_cache(2)
def document(number: int) -> bytes:
    """A small invoice that is like no other."""
    if number % SCANS == 7:
        page = pypdfium2.PdfDocument(invoice_pdf(f"E-{number}"))[0].render(scale=2).to_pil()
        file = io.BytesIO()
        page.convert("L").save(file, "PNG")
        return file.getvalue()
    return invoice_pdf(f"E-{number}") if number % 3 == 0 else UBL.format(number=number).encode()


@dataclass
class Trial:
    """One run: what is to come in, and what the doors have acknowledged."""

    data: Path
    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: set[str] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def note(self, what: str) -> None:
        """Count something that happened."""
        self.told[what] = self.told.get(what, 0) + 1

    def start(self) -> None:
        """Start the service, in a process group of its own."""
        with (self.data / "log.txt").open("ab") as log:
            command = [COORDINATOR, "serve", "--port", str(self.port), "--data", str(self.data)]
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=variables(self.data), start_new_session=True
            )

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.note("kills")

    def end(self) -> None:
        """As an operator would."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)


# ---------------------------------------------------------------- the doors


def drop_into_folder(trial: Trial, numbers: range, pause: float) -> None:
    """Files appear in the inbox; acknowledged is what was moved to `done/`, which is looked at afterwards."""
    inbox = trial.data / "inbox"
    inbox.mkdir(exist_ok=True)
    for number in numbers:
        _until_it_works(trial, partial(_drop, inbox / f"folder-{number}", document(number)))
        trial.acknowledged.add(hashlib.sha256(document(number)).hexdigest())
        time.sleep(pause)


def _drop(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def upload(trial: Trial, numbers: range, pause: float) -> None:
    """Sent again until the service says 201; acknowledged only then."""
    session = Sender(trial.port, USER, PASSWORD)
    for number in numbers:
        content = document(number)
        way = session.send_in_pieces if number % 2 else session.send
        _until_it_works(trial, partial(way, f"upload-{number}", content))
        trial.acknowledged.add(hashlib.sha256(content).hexdigest())
        time.sleep(pause)


def send_mails(trial: Trial, numbers: range, pause: float, server: ImapServer) -> None:
    """Mails lie in the mailbox; all have to be taken in the end."""
    box = imaplib.IMAP4_SSL("localhost", server.port, ssl_context=ssl.create_default_context(cafile=server.ca_file))
    box.login(MAIL_USER, MAIL_PASSWORD)
    for number in numbers:
        message = EmailMessage()
        message["From"], message["Subject"] = "sender@supplier.example", f"Invoice {number}"
        message.set_content("attached")
        message.add_attachment(document(number), maintype="application", subtype="x", filename=f"mail-{number}")
        box.append("INBOX", "", "", message.as_bytes())
        trial.acknowledged.add(hashlib.sha256(document(number)).hexdigest())
        time.sleep(pause)
    box.logout()


def _until_it_works(trial: Trial, attempt: Callable[[], object]) -> None:
    while True:
        try:
            attempt()
            return
        except (OSError, http.client.HTTPException, ValueError):
            trial.note("attempts again")
            time.sleep(0.3)


# ---------------------------------------------------------------- what goes wrong


def lock_database(trial: Trial, generator: random.Random) -> None:
    """Somebody else holds the database for some seconds, now and then."""
    while not trial.stop.wait(generator.uniform(3, 9)):
        with contextlib.suppress(sqlite3.OperationalError):
            other = sqlite3.connect(trial.data / "coordinator.sqlite", timeout=5)
            try:
                other.execute("BEGIN EXCLUSIVE")
                trial.note("locks")
                trial.stop.wait(generator.uniform(1, 4))
                other.rollback()
            finally:
                other.close()


def fill_disk(trial: Trial, generator: random.Random) -> None:
    """The disk is full for some seconds, now and then."""
    filler = trial.data / "filler"
    while not trial.stop.wait(generator.uniform(8, 15)):
        with contextlib.suppress(OSError), filler.open("wb") as stream:
            while True:
                stream.write(bytes(2**20))
        trial.note("full disks")
        trial.stop.wait(generator.uniform(1, 4))
        filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, documents: int) -> Iterator[bool]:
    """A file system of its own on the folder, where the system allows that; answers whether it did."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB * max(1, documents // 1000)}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


# ---------------------------------------------------------------- the run


def run(documents: int, kills: int, seconds: float, seed: int = 1) -> list[str]:
    """Do it; answers what is wrong afterwards, nothing where all is right. What happened is told on stderr."""
    generator = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="endurance-") as name,
        imap_server() as mail,
        small_disk(Path(name), documents) as small,
    ):
        trial = _prepared(Path(name), mail)
        trial.start()
        third, pause = documents // 3, seconds / documents * 2
        doors = [
            threading.Thread(target=drop_into_folder, args=(trial, range(third), pause)),
            threading.Thread(target=upload, args=(trial, range(third, 2 * third), pause)),
            threading.Thread(target=send_mails, args=(trial, range(2 * third, documents), pause, mail)),
        ]
        troubles = [threading.Thread(target=lock_database, args=(trial, generator))]
        if small:
            troubles.append(threading.Thread(target=fill_disk, args=(trial, generator)))
        for thread in (*doors, *troubles):
            thread.start()
        for _ in range(kills):
            time.sleep(seconds / kills * generator.uniform(0.6, 1.1))
            trial.kill()
            trial.start()
        trial.stop.set()
        for thread in (*troubles, *doors):
            thread.join()
        _wait_until_done(trial, documents)
        trial.end()
        faults = _faults(trial)
        print(f"{documents} documents, {dict(sorted(trial.told.items()))}, small disk: {small}", file=sys.stderr)
        if faults:
            print((trial.data / "log.txt").read_text("utf-8", "replace")[-6000:], file=sys.stderr)
        return faults


def _prepared(data: Path, mail: ImapServer) -> Trial:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (data / "settings.toml").write_text(
        f'[[mailbox]]\nhost = "localhost"\nport = {mail.port}\nuser = "{MAIL_USER}"\npassword = "{MAIL_PASSWORD}"\n'
        f'ca_file = "{mail.ca_file}"\npoll_seconds = 5\n[folder]\nsettle_seconds = 1\n'
    )
    command = [COORDINATOR, "user", "add", USER, "--role", "coordinator"]
    done = subprocess.run(
        command, input=f"{PASSWORD}\n{PASSWORD}\n", text=True, env=variables(data), capture_output=True, check=False
    )
    assert done.returncode == 0, done
    return Trial(data, port)


def _wait_until_done(trial: Trial, documents: int) -> None:
    """Until all is in a final state, or nothing has got on for so long that it never will."""
    done, since = -1, time.monotonic()
    while time.monotonic() - since < STANDSTILL:
        states = [state for _, state in _states(trial)]
        final = sum(state in FINAL for state in states)
        if len(states) >= documents and final == len(states):
            return
        if final > done:
            done, since = final, time.monotonic()
        time.sleep(1)


def _states(trial: Trial) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(trial.data / "coordinator.sqlite", timeout=30)) as db:
        return list(db.execute("SELECT sha256, state FROM documents"))


def _faults(trial: Trial) -> list[str]:
    states = _states(trial)
    known = [sha256 for sha256, _ in states]
    faults = [f"{sha256[:12]} was acknowledged and is not there" for sha256 in trial.acknowledged - set(known)]
    faults += [f"{sha256[:12]} is there twice" for sha256 in set(known) if known.count(sha256) > 1]
    faults += [f"{sha256[:12]} is {state} for good" for sha256, state in states if state not in FINAL]
    faults += [f"{sha256[:12]} failed, and is a right file" for sha256, state in states if state == "failed"]
    files = trial.data / "files"
    for path in (files / "originals").glob("*/*"):
        if path.name.startswith(".part-"):
            continue  # what a kill left; doctor tells of it, and nobody takes it for a file
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            faults.append(f"{path.name[:12]} is half-written")
    faults += [f"{path.name} was never taken" for path in (trial.data / "inbox").iterdir()]
    for command in (["doctor"], ["audit", "verify"]):
        done = subprocess.run(
            [COORDINATOR, *command], capture_output=True, text=True, env=variables(trial.data), check=False
        )
        told = (done.stdout + done.stderr).splitlines()
        # the small disk is this test's own doing
        faults += [line for line in told if line.startswith("FAULT") and not line.startswith("FAULT disk")]
    return faults


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    faults = run(arguments.documents, arguments.kills, arguments.seconds, arguments.seed)
    for fault in faults:
        print(fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
