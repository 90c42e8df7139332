from __future__ import annotations

import hashlib
import imaplib
import os
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from cutting_proxy import cutting_proxy
from imap_server import PASSWORD, USER, ImapServer, imap_server
from imap_tools.errors import MailboxLoginError
from mail_samples import NO_INVOICES, PLAIN

import samples
from ingest.document import Door, ReceivedFile
from ingest.errors import SettingsError
from ingest.sources.mailbox import KEYWORD, PASSING, MailboxSettings, MailboxWatcher, MailVerdict
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from web.services import Services

DOCUMENTS = Path(samples.__file__).parent / "documents"
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def client(server: ImapServer) -> Iterator[imaplib.IMAP4_SSL]:
    connection = imaplib.IMAP4_SSL(
        "localhost", server.port, ssl_context=ssl.create_default_context(cafile=server.ca_file)
    )
    connection.login(USER, PASSWORD)
    if connection.select("INBOX")[1] != [b"0"]:
        connection.store("1:*", "+FLAGS", "\\Deleted")
        connection.expunge()
    yield connection
    connection.logout()


def settings(server: ImapServer, **more: str) -> MailboxSettings:
    return MailboxSettings(
        host="localhost", port=server.port, user=USER, password=PASSWORD, ca_file=server.ca_file, **more
    )


def watcher(services: Services, box: MailboxSettings) -> MailboxWatcher:
    return MailboxWatcher(box, services.receive, MailStore(services.db), services.files.put_mail)


def mail(subject: str, *attachments: tuple[str, bytes], html: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Petra Kessler <petra@kessler.example>", subject
    message.set_content("Guten Tag, anbei unsere Rechnung.")
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in attachments:
        # the declared type lies on purpose: bytes decide
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def flags(client: imaplib.IMAP4_SSL) -> str:
    client.noop()
    return str(client.fetch("1:*", "(FLAGS)")[1])


def test_every_attachment_becomes_a_document_with_the_mail_as_its_origin(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    first, second = (DOCUMENTS / name for name in ("01-kessler.pdf", "06-kessler-cii.xml"))
    parts = ((first.name, first.read_bytes()), ("x", second.read_bytes()))
    client.append("INBOX", "", "", mail("Rechnungen Nov.", *parts))

    watcher(services, settings(server)).look()

    documents = [DocumentStore(services.db).get(number) for number in (1, 2)]
    assert [document.door for document in documents] == [Door.MAILBOX, Door.MAILBOX]
    assert documents[0].origin == "Petra Kessler <petra@kessler.example>: Rechnungen Nov."
    assert services.files.content(documents[0].sha256) == first.read_bytes()
    assert KEYWORD in flags(client)
    assert MailStore(services.db).latest()[0].verdict is MailVerdict.TAKEN


def test_a_mail_is_taken_once_and_the_same_attachment_again_makes_no_second_document(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    invoice = ("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes())
    client.append("INBOX", "", "", mail("einmal", invoice))
    looker = watcher(services, settings(server))
    looker.look()
    looker.look()
    assert len(DocumentStore(services.db).deliveries(1)) == 1

    client.append("INBOX", "", "", mail("noch einmal", invoice))
    looker.look()
    assert [delivery.seen_before for delivery in DocumentStore(services.db).deliveries(1)] == [False, True]
    assert len(DocumentStore(services.db).every_sha256()) == 1


def test_a_mail_without_an_invoice_is_left_as_it_is_and_listed(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    client.append("INBOX", "", "", mail("Hallo", ("notiz.txt", b"bis morgen")))
    watcher(services, settings(server)).look()
    assert DocumentStore(services.db).every_sha256() == ()
    assert MailStore(services.db).latest()[0].verdict is MailVerdict.NOTHING_USABLE
    assert KEYWORD not in flags(client)
    assert "Seen" not in flags(client)


def test_a_logo_that_the_mail_shows_is_no_document(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "mit Logo"
    message.set_content("-")
    message.add_alternative('<img src="cid:logo1">', subtype="html")
    html = message.get_payload()[1]
    assert isinstance(html, EmailMessage)
    html.add_related(LOGO, maintype="image", subtype="png", cid="<logo1>", filename="logo.png")
    client.append("INBOX", "", "", message.as_bytes())
    watcher(services, settings(server)).look()
    assert DocumentStore(services.db).every_sha256() == ()


def test_a_taken_mail_is_moved_and_other_deleted_mails_stay(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    client.append("INBOX", "(\\Deleted)", "", mail("von Hand zum Löschen vorgemerkt"))
    client.append("INBOX", "", "", mail("Rechnung", ("r.pdf", (DOCUMENTS / "02-moreau.pdf").read_bytes())))
    watcher(services, settings(server, move_to="Archive")).look()
    client.noop()
    assert client.search(None, "DELETED")[1] == [b"1"]
    assert client.search(None, "ALL")[1] == [b"1"]
    assert client.select("Archive")[1] == [b"1"]


def test_a_server_whose_certificate_is_not_trusted_is_refused(services: Services, server: ImapServer) -> None:
    stranger = MailboxSettings(host="localhost", port=server.port, user=USER, password=PASSWORD)
    with pytest.raises(ssl.SSLCertVerificationError):
        watcher(services, stranger).look()


def test_a_wrong_password_is_told_and_leaves_nothing_open(services: Services, server: ImapServer) -> None:
    box = MailboxSettings(host="localhost", port=server.port, user=USER, password="wrong", ca_file=server.ca_file)
    with pytest.raises(MailboxLoginError):
        watcher(services, box).look()


def test_a_mail_that_breaks_the_parser_is_listed_and_the_next_one_is_taken(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    invoice = ("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes())
    for subject in ("boese", "gut"):
        client.append("INBOX", "", "", mail(subject, invoice))
    taken: list[str] = []

    def receive(file: ReceivedFile) -> object:
        if file.origin.endswith("boese"):
            raise ValueError("what a parser says of foreign bytes")
        taken.append(file.origin)
        return services.receive(file)

    looker = MailboxWatcher(settings(server), receive, MailStore(services.db), services.files.put_mail)
    looker.look()
    looker.look()
    assert [origin.rsplit(": ", 1)[1] for origin in taken] == ["gut"]
    assert [entry.verdict for entry in MailStore(services.db).latest()] == [MailVerdict.TAKEN, MailVerdict.REFUSED]


def test_a_full_disk_leaves_the_mail_for_later(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    client.append("INBOX", "", "", mail("Rechnung", ("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes())))

    def full_disk(file: ReceivedFile) -> object:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        MailboxWatcher(settings(server), full_disk, MailStore(services.db), services.files.put_mail).look()
    assert MailStore(services.db).latest() == ()
    assert KEYWORD not in flags(client)
    watcher(services, settings(server)).look()
    assert MailStore(services.db).latest()[0].verdict is MailVerdict.TAKEN


def test_the_mail_itself_is_kept_with_its_words_and_its_documents_know_it(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    raw = mail("Rechnung", ("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes()))
    client.append("INBOX", "", "", raw)
    watcher(services, settings(server)).look()
    entry = MailStore(services.db).latest()[0]
    kept = services.files.mail(entry.sha256).read_bytes()
    assert kept.replace(b"\r\n", b"\n").rstrip() == raw.rstrip()
    assert entry.text == "Guten Tag, anbei unsere Rechnung."
    assert DocumentStore(services.db).deliveries(1)[0].mail == entry.sha256
    assert MailStore(services.db).get(entry.sha256) == entry


def test_a_refused_part_is_listed_and_the_mail_stays_as_it_is_while_the_others_are_taken(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    parts = (("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes()), ("weitere.rar", b"Rar!" + bytes(99)))
    client.append("INBOX", "", "", mail("zwei", *parts))
    watcher(services, settings(server, move_to="Archive")).look()
    entry = MailStore(services.db).latest()[0]
    assert entry.verdict is MailVerdict.REFUSED
    assert entry.note.startswith("Taken: r.pdf. weitere.rar is an archive")
    assert len(DocumentStore(services.db).every_sha256()) == 1
    assert KEYWORD not in flags(client)


def test_only_mails_of_the_senders_and_subjects_in_the_settings_are_taken(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    for number, subject in enumerate(("Rechnung 1", "Newsletter")):
        client.append("INBOX", "", "", mail(subject, ("r.pdf", b"%PDF-1.7 " + bytes([number]) * 99)))
    box = settings(server)
    for refused in (replace(box, senders=("@other.example",)), replace(box, subjects=("Mahnung",))):
        own = replace(refused, name=str(refused.senders or refused.subjects))
        watcher(services, own).look()
    assert DocumentStore(services.db).every_sha256() == ()
    assert {entry.verdict for entry in MailStore(services.db).latest()} == {MailVerdict.LEFT}
    watcher(services, replace(box, senders=("@Kessler.example",), subjects=("rechnung",))).look()
    assert len(DocumentStore(services.db).every_sha256()) == 1


def test_a_password_may_come_from_a_command(server: ImapServer) -> None:
    box = replace(settings(server), password="", password_command=f"printf '{PASSWORD}\\nsecond line'")
    assert box.secret() == PASSWORD
    with pytest.raises(SettingsError, match="failed"):
        replace(box, password_command="false").secret()


def test_a_new_mail_is_taken_when_the_server_says_so_and_not_at_the_next_poll(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    stop = threading.Event()
    box = replace(settings(server), poll_seconds=600)

    def run() -> None:
        watcher(services, box).run(stop)
        services.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        time.sleep(1)  # it waits by now, with nothing to take
        client.append("INBOX", "", "", mail("Rechnung", ("r.pdf", (DOCUMENTS / "01-kessler.pdf").read_bytes())))
        deadline = time.monotonic() + 20
        while not MailStore(services.db).latest() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert MailStore(services.db).latest()[0].verdict is MailVerdict.TAKEN
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()


def test_a_server_that_drops_the_connection_at_any_moment_loses_and_doubles_nothing(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    for number in range(3):
        client.append("INBOX", "", "", mail(f"Nr. {number}", ("r.pdf", b"%PDF-1.7 " + bytes([number]) * 9999)))
    dropped = 0
    for bytes_let_through in range(400, 60_000, 450):
        with cutting_proxy(server.port, bytes_let_through) as port:
            try:
                watcher(services, replace(settings(server, move_to="Archive"), port=port)).look()
                break
            except PASSING:
                dropped += 1
    else:
        pytest.fail("it never got through")
    assert dropped > 10
    watcher(services, settings(server, move_to="Archive")).look()
    assert len(DocumentStore(services.db).every_sha256()) == 3
    taken = [entry for entry in MailStore(services.db).latest() if entry.verdict is MailVerdict.TAKEN]
    assert sorted({entry.subject for entry in taken}) == ["Nr. 0", "Nr. 1", "Nr. 2"]


def test_an_attachment_of_50_megabytes_comes_over_the_wire_whole(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    content = b"%PDF-1.7 " + os.urandom(50 * 2**20)
    client.append("INBOX", "", "", mail("sehr groß", ("plan.pdf", content)))
    watcher(services, settings(server)).look()
    assert MailStore(services.db).latest()[0].verdict is MailVerdict.TAKEN
    assert services.files.original(hashlib.sha256(content).hexdigest()).stat().st_size == len(content)


def test_an_invoice_in_the_mails_own_words_is_taken_and_other_words_are_not(
    services: Services, server: ImapServer, client: imaplib.IMAP4_SSL
) -> None:
    for subject, text in (("Invoice HM-4712", PLAIN), ("Ready", NO_INVOICES["a notice of a portal"])):
        message = EmailMessage()
        message["From"], message["Subject"] = "billing@harbour.example", subject
        message.set_content(text)
        client.append("INBOX", "", "", message.as_bytes())
    watcher(services, settings(server, move_to="Archive")).look()
    told = {entry.subject: (entry.verdict, entry.note) for entry in MailStore(services.db).latest()}
    assert told["Ready"][0] is MailVerdict.NOTHING_USABLE
    assert told["Invoice HM-4712"][0] is MailVerdict.TAKEN
    assert "the text of the mail" in told["Invoice HM-4712"][1]
    record = DocumentStore(services.db).get(1)
    assert (record.name, record.door) == ("Invoice HM-4712 (text of the mail).pdf", Door.MAILBOX)
    kept = DocumentStore(services.db).deliveries(1)[0].mail
    assert (entry := MailStore(services.db).get(kept)) is not None
    assert entry.text.startswith("Dear Anna,")
