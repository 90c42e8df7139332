"""Old documents go, with all their bytes; what is held, open or young stays, and so does the trail of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from command import run
from flask import Flask
from office import add_document, add_failed, invoice
from visitor import Visitor

from ingest import audit
from ingest.database import transaction
from ingest.document import Door, ReceivedFile, State
from ingest.errors import Conflict
from ingest.retention_store import RetentionStore
from ingest.sources.mail_parts import take_apart
from ingest.sources.mailbox import MailKey, MailVerdict
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from web.backup import back_up
from web.doctor import examine
from web.exporting import export_documents
from web.retention import carry_out, plan, years_before
from web.services import Services
from web.settings import RetentionSettings

LATER = date(2034, 11, 24)


@pytest.fixture
def old(services: Services, app: Flask) -> Services:
    """Five decided documents, one that waits and one that failed, eight years ago."""
    for number in range(5):
        document = add_document(services, invoice(f"HM-{number}"))
        picture = services.files.picture(DocumentStore(services.db).get(document).sha256, 1)
        picture.parent.mkdir(parents=True)
        picture.write_bytes(b"a picture")
        with transaction(services.db):
            DocumentStore(services.db).move(document, State.APPROVED, services.now())
    add_document(services, invoice("HM-waits"))
    add_failed(services)
    services.settings = replace(services.settings, today=LATER, retention=RetentionSettings(years=8))
    return services


def kept(services: Services) -> set[int]:
    store = DocumentStore(services.db)
    return {one.id for state in State for one in store.in_state(state) if services.files.original(one.sha256).exists()}


def test_what_was_decided_long_ago_goes_with_its_bytes_and_leaves_its_trail(old: Services) -> None:
    RetentionStore(old.db).hold(2, "case 17/2034", "admin", old.now())
    rows = audit.head(old.db).rows
    assert [file.document_id for file in plan(old, 8).files] == [1, 3, 4, 5]
    assert kept(old) == {1, 2, 3, 4, 5, 6, 7}
    assert plan(old, 9).files == ()
    done = carry_out(old, 8)
    assert (len(done.files), done.held) == (4, 1)
    assert kept(old) == {2, 6, 7}
    assert not list((old.settings.data / "files" / "pages").glob(f"*/{done.files[0].sha256}"))
    store = DocumentStore(old.db)
    assert (store.extraction(1), store.document(1)) == (None, None)
    assert store.extraction(2) is not None
    assert store.get(1).state is State.APPROVED
    assert [entry.action for entry in audit.trail(old.db, 1)][-1] == "removed_after_retention"
    assert audit.head(old.db).rows == rows + 4
    assert audit.verify(old.db).faults == ()
    assert carry_out(old, 8).files == ()


def test_a_hold_ends_only_with_a_reason_and_then_the_document_goes(old: Services) -> None:
    store = RetentionStore(old.db)
    store.hold(1, "case", "admin", old.now())
    assert 1 not in [file.document_id for file in plan(old, 8).files]
    store.release(1, "case closed", "admin")
    assert 1 in [file.document_id for file in plan(old, 8).files]
    with pytest.raises(Conflict, match="under no legal hold"):
        store.release(1, "again", "admin")
    carry_out(old, 8)
    with pytest.raises(Conflict, match="nothing left to hold"):
        store.hold(1, "too late", "admin", old.now())


def test_a_service_without_old_originals_is_whole(old: Services, visit: Callable[..., Visitor], tmp_path: Path) -> None:
    carry_out(old, 8)
    findings = {finding.what: finding for finding in examine(old)}
    assert findings["originals"].good, findings["originals"].message
    assert findings["originals"].message == "2 files received, 0 of them missing"
    assert findings["strays"].message == "0 files without a document"
    assert back_up(old, tmp_path / "copy", old.now()).originals == 2
    assert export_documents(old, "json", again=True).documents == 0
    browser = visit("coordinator")
    for address in ("/documents/1", "/queue?state=approved", "/inbox"):
        assert browser.get(address).status_code == 200, address
    assert browser.get("/documents/1/original").status_code == 404


def test_bytes_that_come_again_are_kept_again(old: Services) -> None:
    content = old.files.content(DocumentStore(old.db).get(1).sha256)
    carry_out(old, 8)
    receipt = old.receive(ReceivedFile("again.pdf", content, Door.UPLOAD, "anna"))
    assert (receipt.document.id, receipt.seen_before) == (1, True)
    assert old.files.content(receipt.document.sha256) == content
    assert next(finding for finding in examine(old) if finding.what == "originals").good


def test_a_run_that_broke_off_before_the_bytes_were_gone_is_finished_by_the_next(old: Services) -> None:
    file = plan(old, 8).files[0]
    RetentionStore(old.db).remove(file, old.now())
    assert old.files.original(file.sha256).exists()
    carry_out(old, 8)
    assert not old.files.original(file.sha256).exists()


def test_mails_and_copies_in_done_go_with_the_last_of_their_documents(services: Services, app: Flask) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "two invoices"
    message.set_content("please pay")
    raw = message.as_bytes()
    sha256 = services.files.put_mail(raw)
    MailStore(services.db).done(MailKey("m", "INBOX", 1, 1), MailVerdict.TAKEN, take_apart(raw), sha256, "")
    copy = services.settings.data / "done" / "both.zip"
    copy.parent.mkdir()
    copy.write_bytes(b"an archive")
    for name in ("one", "two"):
        services.receive(ReceivedFile(f"{name}.pdf", name.encode(), Door.MAILBOX, "a@b.example", mail=sha256))
        services.receive(ReceivedFile(f"{name}.pdf", name.encode(), Door.FOLDER, str(copy)))
    with transaction(services.db):
        DocumentStore(services.db).move(1, State.REJECTED, services.now())
    services.db.execute("UPDATE mails SET at = '2026-11-23T10:00:00+00:00'")
    services.db.conn.commit()
    services.settings = replace(services.settings, today=LATER)
    assert carry_out(services, 8).mails == 0
    assert services.files.mail(sha256).exists()
    assert copy.exists()
    with transaction(services.db):
        DocumentStore(services.db).move(2, State.REJECTED, services.now() - timedelta(days=3000))
    assert carry_out(services, 8).mails == 1
    assert not services.files.mail(sha256).exists()
    assert not copy.exists()
    assert MailStore(services.db).latest()[0].text == ""


def test_the_commands_say_before_what_they_would_do_and_are_off_by_default(old: Services) -> None:
    data = old.settings.data
    told = run("retention", data=data)
    assert told.returncode == 0
    assert "keeps everything" in told.stdout
    later = {"COORDINATOR_TODAY": LATER.isoformat(), "COORDINATOR_RETENTION__YEARS": "8"}
    refused = run("hold", "set", 1, "--reason", "case 9", "--user", "coordinator", data=data)
    assert refused.returncode == 1
    assert "only these set and end legal holds" in refused.stderr
    assert run("hold", "set", 1, "--reason", "case 9", "--user", "admin", data=data).returncode == 0
    assert "#1 since 2026-11-23, admin: case 9" in run("hold", "list", data=data).stdout
    planned = run("retention", "--dry-run", data=data, **later).stdout
    assert "4 files" in planned
    assert "would be removed; 1 are under legal hold" in planned
    assert kept(old) == {1, 2, 3, 4, 5, 6, 7}
    assert run("retention", data=data, **later).returncode == 0
    assert kept(old) == {1, 6, 7}
    assert run("hold", "end", 1, "--reason", "closed", "--user", "admin", data=data).returncode == 0


def test_leap_days_have_a_day_before(services: Services) -> None:
    leap = services.now().replace(year=2028, month=2, day=29)
    assert years_before(leap, 1).date() == date(2027, 2, 28)
    assert years_before(leap, 4).date() == date(2024, 2, 29)
