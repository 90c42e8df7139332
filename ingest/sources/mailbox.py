"""Watched mailboxes: attachments of each mail are taken in over IMAP with TLS; no mail is ever deleted."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import os
import shlex
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Protocol

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls

from ingest.database import DatabaseUnavailable
from ingest.document import Door, ReceivedFile
from ingest.errors import CoordinatorError, DiskLow, SettingsError
from ingest.sources.door_store import DoorReport
from ingest.sources.mail_parts import Mail, take_apart, with_body

log = logging.getLogger(__name__)

KEYWORD = "$InvoiceTaken"
"""IMAP keyword that marks a mail as taken, for people and other programs; the ledger is what counts."""
NETWORK_SECONDS = 60
LONGEST_PAUSE = 600
COMMAND_SECONDS = 60


PASSING = (OSError, ImapToolsError, imaplib.IMAP4.error, DatabaseUnavailable, DiskLow)
"""Troubles of network, disk and database: tried again, nothing is written off."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One watched mailbox."""

    host: str
    user: str
    name: str = ""
    """What people call it; empty: user and host."""
    port: int = 0
    """0: 993 for `tls`, 143 for `starttls`."""
    security: str = "tls"
    """`tls` or `starttls`; a connection in clear text is not offered."""
    password: str = ""
    password_env: str = ""
    """Name of an environment variable that holds the password."""
    password_file: str = ""
    password_command: str = ""
    """A command whose first line of output is the password, such as that of a password safe."""
    oauth_command: str = ""
    """A command whose first line of output is an access token (OAuth 2.0), for servers that take no passwords."""
    folder: str = "INBOX"
    move_to: str = ""
    """Folder that a mail is moved to once it is taken; empty: it is flagged only."""
    leave: bool = False
    """Neither flag nor move what was taken."""
    senders: tuple[str, ...] = ()
    """Only mails whose sender's address ends in one of these, such as `@supplier.example`; empty: all."""
    subjects: tuple[str, ...] = ()
    """Only mails whose subject contains one of these words, however written; empty: all."""
    poll_seconds: int = 300
    """How often it is looked at besides the server's own notice (IDLE)."""
    ca_file: str = ""
    """PEM file of the authority that signed the server's certificate, if the system does not know it."""
    silent_hours: float = 0
    """No mail for so long is told on every page and to the administrator; 0: never."""
    failing_minutes: float = 30
    """So is trouble with the server that lasts so long; 0: never."""

    @property
    def door(self) -> str:
        """The mailbox among the doors."""
        return f"mailbox {self.label}"

    @property
    def label(self) -> str:
        """The mailbox as people see it."""
        return self.name or f"{self.user} at {self.host}"

    def secret(self) -> str:
        """The password, from wherever the settings say."""
        if self.password_file:
            return Path(self.password_file).read_text("utf-8").strip()
        if self.password_env:
            if self.password_env not in os.environ:
                raise SettingsError(f"mailbox {self.label}: the variable {self.password_env} is not set.")
            return os.environ[self.password_env]
        if self.password_command:
            return _first_line(self.password_command, self.label)
        return self.password

    def log_in(self, box: BaseMailBox) -> None:
        """Log in and open the folder."""
        if self.oauth_command:
            box.xoauth2(self.user, _first_line(self.oauth_command, self.label), self.folder)
        else:
            box.login(self.user, self.secret(), self.folder)

    def wants(self, mail: Mail) -> bool:
        """Whether the settings' sender and subject let the mail in."""
        address, subject = parseaddr(mail.sender)[1].casefold(), mail.subject.casefold()
        from_known = not self.senders or address.endswith(tuple(one.casefold() for one in self.senders))
        return from_known and (not self.subjects or any(one.casefold() in subject for one in self.subjects))


def _first_line(command: str, label: str) -> str:
    """What a command of the settings prints, as the administrator wrote it: without a shell."""
    done = subprocess.run(
        shlex.split(command),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    told = done.stdout.partition("\n")[0].strip()
    if done.returncode or not told:
        raise SettingsError(f"mailbox {label}: the command for its password failed (status {done.returncode}).")
    return told


class MailVerdict(StrEnum):
    """How a mail ended."""

    TAKEN = "taken"
    NOTHING_USABLE = "nothing_usable"
    LEFT = "left"
    """The settings leave mails of this sender or subject alone."""
    REFUSED = "refused"
    """It could not be taken apart, or what may hold the invoice could not be opened; the mail stays where it is."""


@dataclass(frozen=True, slots=True)
class MailKey:
    """What identifies a mail on its server for good: a Message-ID alone identifies nothing."""

    mailbox: str
    folder: str
    uid_validity: int
    uid: int


class MailLedger(Protocol):
    """Which mails are done; durable before the mailbox is touched."""

    def is_done(self, key: MailKey) -> bool:
        """Whether this mail was dealt with before."""
        ...

    def done(self, key: MailKey, verdict: MailVerdict, mail: Mail, sha256: str, note: str) -> None:
        """Write down that it is dealt with, and how; `sha256` names the mail as it came."""
        ...


class MailboxWatcher:
    """Takes what is in new mails in; `keep` makes the mail durable, `receive` each file, before the mail is marked."""

    def __init__(
        self,
        settings: MailboxSettings,
        receive: Callable[[ReceivedFile], object],
        ledger: MailLedger,
        keep: Callable[[bytes], str],
        report: DoorReport | None = None,
    ) -> None:
        self.settings = settings
        self._report = report
        self._receive = receive
        self._ledger = ledger
        self._keep = keep

    def run(self, stop: Event) -> None:
        """Watch until `stop` is set; a server that is away is tried again, less and less often."""
        pause = 1
        while not stop.is_set():
            try:
                with self._session() as (box, validity):
                    while not stop.is_set():
                        self._take_new(box, validity)
                        pause = 1
                        if self._report:
                            self._report.works()
                        self._wait(box, stop)
            except (*PASSING, SettingsError) as error:
                log.warning("mailbox %s: %s; trying again in %s s", self.settings.label, error, pause)
                if self._report:
                    self._report.fails(_in_words(error))
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def look(self) -> None:
        """Take every mail in that is not in the ledger yet."""
        with self._session() as (box, validity):
            self._take_new(box, validity)

    @contextlib.contextmanager
    def _session(self) -> Iterator[tuple[BaseMailBox, int]]:
        box = _connect(self.settings)
        try:
            self.settings.log_in(box)
            yield box, _uid_validity(box, self.settings.folder)
        except BaseException:
            with contextlib.suppress(OSError):
                box.client.shutdown()  # logging out fails where log-in did, and would leave the socket open
            raise
        box.logout()

    def _wait(self, box: BaseMailBox, stop: Event) -> None:
        """Until the server says that something came (IDLE), it is time to look anyway, or `stop` is set."""
        deadline = time.monotonic() + self.settings.poll_seconds
        if b"IDLE" not in _capabilities(box):
            stop.wait(self.settings.poll_seconds)
            return
        box.idle.start()  # type: ignore[no-untyped-call]
        try:
            while not stop.is_set() and time.monotonic() < deadline and not box.idle.poll(timeout=1):
                pass
        finally:
            box.idle.stop()  # type: ignore[no-untyped-call]

    def _take_new(self, box: BaseMailBox, validity: int) -> None:
        box.client.noop()  # some servers tell of new mails only then
        for uid in box.uids("ALL"):
            key = MailKey(self.settings.label, self.settings.folder, validity, int(uid))
            if not self._ledger.is_done(key):
                self._take_or_refuse(box, key)
                if self._report:
                    self._report.delivered()

    def _take_or_refuse(self, box: BaseMailBox, key: MailKey) -> None:
        raw = _fetched(box, key.uid)
        if raw is None:
            return  # somebody moved it meanwhile
        sha256 = self._keep(raw)
        try:
            mail = take_apart(raw)
            if self.settings.wants(mail):
                self._take(box, key, with_body(mail, raw), sha256)
            else:
                self._ledger.done(key, MailVerdict.LEFT, mail, sha256, "the settings leave such mails alone")
        except PASSING:
            raise
        except Exception as error:  # a reading boundary: foreign mails break parsers, and must not hold up the others
            log.warning("mailbox %s: mail %s cannot be taken apart: %r", key.mailbox, key.uid, error)
            note = "The mail is damaged. Open it in your mail program and upload its attachment."
            unread = Mail("", f"mail {key.uid} in {key.folder}", "", "")
            self._ledger.done(key, MailVerdict.REFUSED, unread, sha256, note)

    def _take(self, box: BaseMailBox, key: MailKey, mail: Mail, sha256: str) -> None:
        origin = f"{mail.sender}: {mail.subject}"
        for file in mail.files:
            self._receive(ReceivedFile(file.name, file.content, Door.MAILBOX, origin, mail=sha256))
        verdict = MailVerdict.TAKEN if mail.files else MailVerdict.NOTHING_USABLE
        if mail.refused:
            # also where other parts were taken: somebody has to look at the rest
            verdict = MailVerdict.REFUSED
        self._ledger.done(key, verdict, mail, sha256, _note(mail))
        if verdict is MailVerdict.TAKEN and not self.settings.leave:
            _mark(box, key.uid, self.settings.move_to)


def _in_words(error: Exception) -> str:
    """What keeps the mailbox from being read, in one line; servers' answers are shown as they are."""
    if isinstance(error, CoordinatorError):
        return error.message
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The server's certificate is not trusted: {error.verify_message}. See `ca_file` in the settings."
    if isinstance(error, MailboxLoginError):
        return "The server refuses the user name or password."
    if isinstance(error, OSError):
        return f"The server cannot be reached: {error.strerror or error}."
    return " ".join(str(error).split())[:300]


def _note(mail: Mail) -> str:
    """What became of the parts, for the inbox page."""
    told = [f"Taken: {', '.join(file.name for file in mail.files)}."] if mail.files else []
    if mail.in_words:
        told = ["Taken: the text of the mail, which is an invoice."]
    told += mail.refused
    if not told and mail.others:
        told = [f"no attachment that could be an invoice: {', '.join(mail.others)}"]
    return " ".join(told) or "no attachment that could be an invoice"


def _fetched(box: BaseMailBox, uid: int) -> bytes | None:
    """The mail as it came, without marking it seen: only what is safely taken may look read."""
    status, answer = box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
    if status != "OK":
        raise ImapToolsError(f"the server did not hand over mail {uid}: {answer!r}")
    return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), None)


def _capabilities(box: BaseMailBox) -> list[bytes]:
    _, found = box.client.capability()  # those read before log-in lack some on some servers
    return b" ".join(found).upper().split()


def _connect(settings: MailboxSettings) -> BaseMailBox:
    # without a context of its own imap-tools verifies no certificate
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "tls":
        return MailBox(settings.host, settings.port or 993, timeout=NETWORK_SECONDS, ssl_context=context)
    if settings.security == "starttls":
        return MailBoxStartTls(settings.host, settings.port or 143, timeout=NETWORK_SECONDS, ssl_context=context)
    raise SettingsError(f"mailbox {settings.label}: security must be 'tls' or 'starttls', not '{settings.security}'.")


def _uid_validity(box: BaseMailBox, folder: str) -> int:
    return int(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def _mark(box: BaseMailBox, uid: int, move_to: str) -> None:
    """Flag the mail, and move it if wanted.

    imap-tools' own flag() and its move() without MOVE expunge the whole folder, and with it mails that people
    had only marked as deleted; so the commands are sent directly, and no server without MOVE is asked to move.
    """
    box.client.uid("STORE", str(uid), "+FLAGS.SILENT", f"(\\Seen {KEYWORD})")
    if move_to:
        if b"MOVE" in _capabilities(box):
            box.client.uid("MOVE", str(uid), box.client._quote(move_to))
        else:
            log.warning("the mail server cannot move mails; taken ones are flagged %s instead", KEYWORD)
