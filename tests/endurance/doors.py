"""Documents through all three doors at once while the service is killed again and again.

`python -m tests.endurance.doors --documents 10000 --kills 200 --seconds 3600` drops invoices into the folder, uploads
them and mails them (a real Dovecot), while every few seconds the service is killed with SIGKILL, the database is locked
by somebody else, and, where a small file system may be mounted, the disk is full. Afterwards every document that a
door acknowledged must be there exactly once, in a final state, with its bytes; nothing half-written may lie about, and
`coordinator doctor` must find nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import http.cookiejar
import imaplib
import json
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
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from tests.support.command import COORDINATOR, variables
from tests.support.imap_server import PASSWORD as MAIL_PASSWORD
from tests.support.imap_server import USER as MAIL_USER
from tests.support.imap_server import ImapServer, imap_server

USER, PASSWORD = "endurance", "correct horse battery staple"
DISK_MB = 600
FINAL = ("approved", "needs_review", "duplicate", "failed", "rejected", "on_hold")
UBL = (
    '<?xml version="1.0" encoding="UTF-8"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>E-{number}</cbc:ID>'
    "<cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode></Invoice>"
)


def document(number: int) -> bytes:
    """A small e-invoice that is like no other."""
    return UBL.format(number=number).encode()


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
        _until_it_works(trial, partial(_drop, inbox / f"folder-{number}.xml", document(number)))
        trial.acknowledged.add(hashlib.sha256(document(number)).hexdigest())
        time.sleep(pause)


def _drop(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def upload(trial: Trial, numbers: range, pause: float) -> None:
    """Sent again until the service says 201; acknowledged only then."""
    session = _Session(trial.port)
    for number in numbers:
        content = document(number)
        _until_it_works(trial, partial(session.send, f"upload-{number}.xml", content))
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
        message.add_attachment(document(number), maintype="text", subtype="xml", filename=f"mail-{number}.xml")
        box.append("INBOX", "", "", message.as_bytes())
        trial.acknowledged.add(hashlib.sha256(document(number)).hexdigest())
        time.sleep(pause)
    box.logout()


class _Session:
    """A browser's log-in, taken again after each restart."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._opener: urllib.request.OpenerDirector | None = None
        self._token = ""

    def send(self, name: str, content: bytes) -> None:
        try:
            self._send(name, content)
        except BaseException:
            self._opener = None
            raise

    def _send(self, name: str, content: bytes) -> None:
        opener = self._opener or self._log_in()
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "Accept": "application/json"}
        headers["X-CSRF-Token"] = self._token
        request = urllib.request.Request(f"{self.address}/upload", body, headers)
        with opener.open(request, timeout=30) as answer:
            if answer.status != 201 or not json.load(answer)["documents"]:
                raise OSError(f"not taken: {answer.status}")

    def _log_in(self) -> urllib.request.OpenerDirector:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = {"name": USER, "password": PASSWORD, "csrf": _token_in(opener, f"{self.address}/login")}
        with opener.open(f"{self.address}/login", urllib.parse.urlencode(form).encode(), timeout=30):
            pass
        self._token = _token_in(opener, f"{self.address}/upload")
        self._opener = opener
        return opener


def _token_in(opener: urllib.request.OpenerDirector, address: str) -> str:
    with opener.open(address, timeout=30) as answer:
        page = answer.read().decode()
    return str(page.partition('name="csrf" value="')[2].partition('"')[0])


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
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own on the folder, where the system allows that; answers whether it did."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
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
        small_disk(Path(name)) as small,
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
        _wait_until_done(trial, documents, seconds * 4)
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


def _wait_until_done(trial: Trial, documents: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        states = _states(trial)
        if len(states) >= documents and all(state in FINAL for _, state in states):
            return
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
