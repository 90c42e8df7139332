"""Mails to the administrator and to people who are asked something, over the SMTP server of the settings."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from ingest.errors import SettingsError

SECONDS = 30
PORTS = {"starttls": 587, "tls": 465, "none": 25}

MailTrouble = (OSError, smtplib.SMTPException, SettingsError)
"""What may keep a mail from being sent: it is tried again."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server that takes the administrator's mails."""

    host: str = ""
    """Empty: no mails are sent."""
    port: int = 0
    """0: 587 for `starttls`, 465 for `tls`, 25 for `none`."""
    security: str = "starttls"
    """`starttls`, `tls`, or `none` for a server on this machine or in its own network that asks for no password."""
    user: str = ""
    password: str = ""
    password_env: str = ""
    """Name of an environment variable that holds the password."""
    password_file: str = ""
    ca_file: str = ""
    """PEM file of the authority that signed the server's certificate, if the system does not know it."""
    sender: str = ""
    """`from` in the settings file."""
    to: tuple[str, ...] = ()

    def fault(self) -> str:
        """What is wrong with these settings, empty where nothing is."""
        if not self.host:
            return ""
        if self.security not in PORTS:
            return f"smtp.security must be one of {', '.join(PORTS)}"
        if not self.sender or not self.to:
            return "smtp needs 'from' and 'to'"
        if self.security == "none" and self.user:
            return "smtp.security 'none' would send the password in clear text; use 'starttls' or 'tls'"
        return ""

    def secret(self) -> str:
        """The password, from wherever the settings say; SettingsError where that is missing."""
        if self.password_file:
            return Path(self.password_file).read_text("utf-8").strip()
        if self.password_env:
            if self.password_env not in os.environ:
                raise SettingsError(f"smtp: the variable {self.password_env} is not set.")
            return os.environ[self.password_env]
        return self.password


def send(settings: SmtpSettings, subject: str, text: str, to: tuple[str, ...] = ()) -> None:
    """Send one mail to these addresses, else to every one of the settings.

    Raises:
        MailTrouble: where the server does not take it.
    """
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, ", ".join(to or settings.to)
    message["Subject"], message["Date"] = subject, formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain="invoicing-coordinator.invalid")
    message["Auto-Submitted"] = "auto-generated"  # no holiday notices in answer
    message.set_content(text)
    port = settings.port or PORTS[settings.security]
    with _connected(settings, port) as server:
        if settings.user:
            server.login(settings.user, settings.secret())
        server.send_message(message)


def _connected(settings: SmtpSettings, port: int) -> smtplib.SMTP:
    if settings.security == "none":
        return smtplib.SMTP(settings.host, port, timeout=SECONDS)
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(settings.host, port, timeout=SECONDS)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server
