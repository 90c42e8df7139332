"""A mail taken apart: every file in it that can be an invoice, however deep it lies, and what was refused, in words.

Told by bytes, never by name or declared type. Forwarded mails, mails attached as files and archives are opened; limits
of depth, number and size hold for the whole mail.
"""

from __future__ import annotations

import base64
import binascii
import email
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import formataddr, parsedate_to_datetime
from html.parser import HTMLParser
from typing import IO

from asn1crypto.cms import ContentInfo
from imap_tools.message import MailAttachment, MailMessage

from ingest.document import Content
from ingest.errors import UnreadableFile
from ingest.sources.mail_body import written_in

DEPTH = 8
"""Mails in mails and archives in archives, at most."""
FILES = 500
UNPACKED = 500 * 1024 * 1024
"""Bytes of all files of a mail together, unpacked."""
LEAST_PICTURE = 10 * 1024
"""Bytes; a smaller picture is a logo or a signature: no page can be read from it."""
LONGEST_TEXT = 100_000
_CHUNK = 1024 * 1024
_HEAD = 4096
"""Bytes by which a file is told to be an archive or a mail."""

PICTURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"II*\x00", "tif"),
    (0, b"MM\x00*", "tif"),
    (8, b"WEBP", "webp"),
    (4, b"ftypavif", "avif"),
    (4, b"ftyphe", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypmsf1", "heic"),
    (4, b"jP  \r\n\x87\n", "jp2"),
)
"""Where in a picture of which kind these bytes stand."""
UNOPENED: tuple[tuple[bytes, str], ...] = (
    (b"\x78\x9f\x3e\x22", "is an Outlook packet (winmail.dat). Ask the sender for the file itself"),
    (b"\xd0\xcf\x11\xe0", "is an Office or Outlook file. Ask the sender for a PDF"),
    (b"Rar!", "is an archive of a kind that is not opened. Ask the sender for the file itself"),
    (b"7z\xbc\xaf", "is an archive of a kind that is not opened. Ask the sender for the file itself"),
    (b"\x1f\x8b", "is an archive of a kind that is not opened. Ask the sender for the file itself"),
)
"""How files begin that may hold an invoice and are not opened, with the words that say so."""
_ENCRYPTED = "is encrypted. Ask the sender to send it unencrypted, or open it and upload the invoice"
_LIMIT = "holds more than is opened of one mail. Upload the invoices in it by hand"
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_MAIL = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail that can be an invoice."""

    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says and holds."""

    sender: str
    subject: str
    sent_at: str
    """ISO 8601 as the mail states it, empty where it states none."""
    text: str
    """The words of the mail itself; of a mail in HTML the text alone."""
    files: tuple[MailFile, ...] = ()
    refused: tuple[str, ...] = ()
    """One sentence for each part that may have held an invoice and was not opened."""
    others: tuple[str, ...] = ()
    """Names of parts that can be no invoice."""
    in_words: bool = False
    """The one file is a page that was set from the mail's own words."""


@dataclass(slots=True)
class _Search:
    """What was found so far, and how much of the limits is used."""

    files: list[MailFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    unpacked: int = 0
    shown: str = ""
    """HTML of all mails in it: pictures that it shows are no documents."""

    def add(self, name: str, content: bytes) -> None:
        self.unpacked += len(content)
        if len(self.files) >= FILES or self.unpacked > UNPACKED:
            raise _TooMuch
        self.files.append(MailFile(name, content))

    def refuse(self, name: str, why: str) -> None:
        self.refused.append(f"{name} {why}.")


class _TooMuch(Exception):
    """A limit of the whole mail is reached."""


def take_apart(raw: bytes) -> Mail:
    """Every usable file of a mail as it came (RFC 5322).

    Raises whatever the parsers raise of foreign bytes; the caller is their boundary.
    """
    told = MailMessage.from_bytes(raw)
    search = _Search(shown=told.html)
    try:
        _look_into(told.obj, search, 0)
    except _TooMuch:
        search.refuse("The mail", _LIMIT)
    sender = formataddr((told.from_values.name, told.from_values.email)) if told.from_values else told.from_
    return Mail(
        sender=sender,
        subject=" ".join(told.subject.split()),
        sent_at=_moment(told.obj),
        text=(told.text or _text_of(told.html))[:LONGEST_TEXT].strip(),
        files=tuple(search.files),
        refused=tuple(search.refused),
        others=tuple(search.others),
    )


def with_body(mail: Mail, raw: bytes) -> Mail:
    """The mail; where it holds no file and none was refused, with its own words as a page if they are an invoice."""
    page = None if mail.files or mail.refused else written_in(raw)
    return replace(mail, files=(_body_file(mail.subject, page),), in_words=True) if page else mail


def _body_file(subject: str, page: bytes) -> MailFile:
    return MailFile(f"{subject[:120].strip() or 'mail'} (text of the mail).pdf", page)


def opened(name: str, content: Content) -> tuple[MailFile, ...]:
    """What an archive or a mail, that came as a file, holds.

    Raises:
        UnreadableFile: `unsupported`, with what was refused in words, where nothing usable is in it.
    """
    search = _Search()
    try:
        if isinstance(content, bytes):
            _sort(name, content, search, 0)
        elif _is_archive(_beginning(content)):
            with content.open("rb") as stream:
                _unpack(name, stream, search, 0)
        else:
            content = content.read_bytes()
            _sort(name, content, search, 0)
    except _TooMuch:
        search.refuse(name, _LIMIT)
    if not search.files and not search.refused and isinstance(content, bytes) and _is_mail(name, content):
        search.files = list(with_body(take_apart(content), content).files)
    if not search.files:
        why = " ".join(search.refused) or f"{name} holds no PDF, picture or e-invoice."
        raise UnreadableFile("unsupported", why)
    return tuple(search.files)


def files_in(name: str, content: Content) -> tuple[MailFile, ...]:
    """The files that a file stands for: what an archive or a saved mail holds, for any other file itself.

    One that holds nothing usable stands for itself too: it is kept, and its reader says what is wrong with it.
    """
    beginning = _beginning(content)
    if not (_is_archive(beginning) or _is_mail(name, beginning)):
        return (MailFile(name, content),)
    try:
        return opened(name, content)
    except Exception:  # a reading boundary: foreign bytes break parsers in every way, and nothing may be lost
        return (MailFile(name, content),)


def _beginning(content: Content) -> bytes:
    if isinstance(content, bytes):
        return content[:_HEAD]
    with content.open("rb") as stream:
        return stream.read(_HEAD)


def _is_archive(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _is_mail(name: str, content: bytes) -> bool:
    return name.lower().endswith(".eml") or bool(_MAIL.match(content[:_HEAD]))


def _look_into(part: Message, search: _Search, depth: int) -> None:
    if depth > DEPTH:
        raise _TooMuch
    kind = part.get_content_type()
    if kind == "multipart/encrypted":
        search.refuse("The mail", _ENCRYPTED)
    elif kind == "message/rfc822":
        for inner in _enclosed(part):
            search.shown += MailMessage.from_bytes(inner.as_bytes()).html
            _look_into(inner, search, depth + 1)
    elif part.is_multipart():
        for child in part.get_payload():
            if isinstance(child, Message):
                # parts of one mail lie as deep as they like: the parser itself ends that
                _look_into(child, search, depth)
    else:
        _leaf(part, search, depth)


def _enclosed(part: Message) -> Iterator[Message]:
    for inner in part.get_payload():
        if not isinstance(inner, Message):
            continue
        if not inner.keys() and part.get("Content-Transfer-Encoding", "").lower() == "base64":
            # against the standard, but seen: a mail in a mail as base64
            try:
                yield email.message_from_bytes(base64.b64decode(str(inner.get_payload())))
            except (binascii.Error, ValueError, TypeError):
                continue
        else:
            yield inner


def _leaf(part: Message, search: _Search, depth: int) -> None:
    kind, attached = part.get_content_type(), MailAttachment(part)
    name = " ".join(attached.filename.split())
    is_text = kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment"
    if is_text or kind in _SIGNATURES:
        return
    if kind in _SEALED:
        _sealed(part, attached.payload, search, depth)
        return
    if attached.content_id and f"cid:{attached.content_id}" in search.shown and _picture(attached.payload):
        return
    _sort(name, attached.payload, search, depth)


def _sealed(part: Message, content: bytes, search: _Search, depth: int) -> None:
    """A mail signed in one piece (RFC 8551): what was signed is in it; an encrypted one needs keys that are not here.

    The signature is not judged: a mail without one is taken just so.
    """
    signed = _signed_content(content)
    if signed is not None:
        inner = email.message_from_bytes(signed)
        search.shown += MailMessage.from_bytes(signed).html
        _look_into(inner, search, depth + 1)
        return
    name = " ".join(MailAttachment(part).filename.split()) or "The mail"
    search.refuse(name, _SIGNED if "signed" in str(part.get_param("smime-type")) else _ENCRYPTED)


def _signed_content(content: bytes) -> bytes | None:
    """What lies in signed data (CMS); None where it is another kind of it or damaged."""
    try:
        packed = ContentInfo.load(content)
        if packed["content_type"].native != "signed_data":
            return None
        found = packed["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, bytes) and found else None


_SIGNED = "is signed in a way that hides its content. Ask the sender to send it without, or upload the invoice"


def _sort(name: str, content: bytes, search: _Search, depth: int) -> None:
    """Put a file where it belongs, by its bytes."""
    if depth > DEPTH:
        raise _TooMuch
    shown = name or "An attachment"
    ending = usable_kind(content)
    # first: the files in an archive may stand in it as they are
    if _is_archive(content):
        _unpack(shown, io.BytesIO(content), search, depth)
    elif ending in {kind for _, _, kind in PICTURES} and len(content) < LEAST_PICTURE:
        search.others.append(f"{shown} (too small a picture)")
    elif ending:
        search.add(name or f"attachment.{ending}", content)
    elif why := next((why for start, why in UNOPENED if content.startswith(start)), ""):
        search.refuse(shown, why)
    elif _is_mail(name, content):
        inner = email.message_from_bytes(content)
        search.shown += MailMessage.from_bytes(content).html
        _look_into(inner, search, depth + 1)
    else:
        search.others.append(shown)


def _unpack(name: str, stream: IO[bytes], search: _Search, depth: int) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(entry.filename == "[Content_Types].xml" for entry in entries):
                search.refuse(name, "is an Office file. Ask the sender for a PDF")
                return
            if any(entry.flag_bits & 1 for entry in entries):
                search.refuse(name, "is an archive with a password. Ask the sender for the file itself")
                return
            for entry in entries:
                inner = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
                if not inner.startswith(".") and "__MACOSX" not in entry.filename:
                    _sort(inner, _bounded(archive, entry, search), search, depth + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError) as fault:
        if not isinstance(fault, RecursionError):
            search.refuse(name, "is a damaged archive. Ask the sender for the file itself")
            return
        raise


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, search: _Search) -> bytes:
    """The unpacked bytes, as long as the mail's limit lasts: what an archive says of its sizes may be a lie."""
    out = io.BytesIO()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            out.write(chunk)
            if search.unpacked + out.tell() > UNPACKED:
                raise _TooMuch
    return out.getvalue()


def usable_kind(content: bytes) -> str:
    """The ending that fits the bytes when they can be an invoice, else an empty string."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if start.startswith(b"<?xml") or (start.startswith(b"<") and b"Invoice" in content[:4096].replace(b"\0", b"")):
        return "xml"
    return _picture(content)


def _picture(content: bytes) -> str:
    kinds = (kind for place, signature, kind in PICTURES if content.startswith(signature, place))
    return next(kinds, "")


def _moment(message: Message) -> str:
    try:
        return parsedate_to_datetime(str(message["Date"])).isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


class _Words(HTMLParser):
    """Collects the words of an HTML text; nothing in it is loaded or run."""

    BREAKS = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4"})
    UNSEEN = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, or something that nobody sees."""
        self._unseen += tag in self.UNSEEN
        self.words.append("\n" if tag in self.BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self._unseen = max(0, self._unseen - (tag in self.UNSEEN))
        self.words.append("\n" if tag in self.BREAKS else "")

    def handle_data(self, data: str) -> None:
        """Keep words that are seen."""
        if not self._unseen:
            self.words.append(data)


def _text_of(html: str) -> str:
    """The words of an HTML text, line by line."""
    reader = _Words()
    reader.feed(html[: 20 * LONGEST_TEXT])
    lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
    return "\n".join(line for line in lines if line)
