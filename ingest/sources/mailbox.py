"""Watched mailboxes: attachments of each mail are taken in over IMAP with TLS; no mail is ever deleted."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Protocol

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.message import MailAttachment, MailMessage

from ingest.database import DatabaseUnavailable
from ingest.document import Door, ReceivedFile
from ingest.errors import SettingsError
from ingest.sources.attachments import usable_kind

log = logging.getLogger(__name__)

KEYWORD = "$InvoiceTaken"
"""IMAP keyword that marks a mail as taken, for people and other programs; the ledger is what counts."""
NETWORK_SECONDS = 60
LONGEST_PAUSE = 600


PASSING = (OSError, ImapToolsError, imaplib.IMAP4.error, DatabaseUnavailable)
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
    folder: str = "INBOX"
    move_to: str = ""
    """Folder that a mail is moved to once it is taken; empty: it is flagged only."""
    poll_seconds: int = 30
    ca_file: str = ""
    """PEM file of the authority that signed the server's certificate, if the system does not know it."""

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
        return self.password


class MailVerdict(StrEnum):
    """How a mail ended."""

    TAKEN = "taken"
    NOTHING_USABLE = "nothing_usable"
    REFUSED = "refused"
    """Its source could not be taken apart; the mail stays where it is."""


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

    def done(self, key: MailKey, verdict: MailVerdict, sender: str, subject: str, note: str) -> None:
        """Write down that it is dealt with, and how."""
        ...


class MailboxWatcher:
    """Takes the attachments of new mails in; `receive` makes each durable before the mail is marked."""

    def __init__(
        self, settings: MailboxSettings, receive: Callable[[ReceivedFile], object], ledger: MailLedger
    ) -> None:
        self.settings = settings
        self._receive = receive
        self._ledger = ledger

    def run(self, stop: Event) -> None:
        """Watch until `stop` is set; a server that is away is tried again, less and less often."""
        pause = 1
        while not stop.is_set():
            try:
                self.look()
                pause = 1
                stop.wait(self.settings.poll_seconds)
            except (*PASSING, SettingsError) as error:
                log.warning("mailbox %s: %s; trying again in %s s", self.settings.label, error, pause)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def look(self) -> None:
        """Take every mail in that is not in the ledger yet."""
        box = _connect(self.settings)
        try:
            box.login(self.settings.user, self.settings.secret(), self.settings.folder)
            validity = _uid_validity(box, self.settings.folder)
            for uid in box.uids("ALL"):
                key = MailKey(self.settings.label, self.settings.folder, validity, int(uid))
                if not self._ledger.is_done(key):
                    self._take_or_refuse(box, key)
        except BaseException:
            with contextlib.suppress(OSError):
                box.client.shutdown()  # logging out fails where log-in did, and would leave the socket open
            raise
        box.logout()

    def _take_or_refuse(self, box: BaseMailBox, key: MailKey) -> None:
        try:
            self._take(box, key)
        except PASSING:
            raise
        except Exception as error:  # a reading boundary: foreign mails break parsers, and must not hold up the others
            log.warning("mailbox %s: mail %s cannot be taken apart: %r", key.mailbox, key.uid, error)
            note = "The mail is damaged. Open it in your mail program and upload its attachment."
            self._ledger.done(key, MailVerdict.REFUSED, "", f"mail {key.uid} in {key.folder}", note)

    def _take(self, box: BaseMailBox, key: MailKey) -> None:
        # fetched without marking it seen: only what is safely taken may look read
        for mail in box.fetch(f"UID {key.uid}", mark_seen=False):
            attachments = [(part, kind) for part in mail.attachments if (kind := usable_kind(part, mail.html))]
            sender = formataddr((mail.from_values.name, mail.from_values.email)) if mail.from_values else mail.from_
            for part, kind in attachments:
                self._receive(_received(part, kind, mail, sender))
            verdict = MailVerdict.TAKEN if attachments else MailVerdict.NOTHING_USABLE
            note = ", ".join(part.filename or kind for part, kind in attachments)
            self._ledger.done(key, verdict, sender, mail.subject, note or "no attachment that could be an invoice")
            if attachments:
                _mark(box, key.uid, self.settings.move_to)


def _received(part: MailAttachment, kind: str, mail: MailMessage, sender: str) -> ReceivedFile:
    name = part.filename or f"attachment.{kind}"
    return ReceivedFile(name, part.payload, Door.MAILBOX, f"{sender}: {mail.subject}")


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
        _, found = box.client.capability()  # those read before log-in lack MOVE on some servers
        if b"MOVE" in b" ".join(found).upper().split():
            box.client.uid("MOVE", str(uid), box.client._quote(move_to))
        else:
            log.warning("the mail server cannot move mails; taken ones are flagged %s instead", KEYWORD)
