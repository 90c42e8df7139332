"""The mail beside the document that came in it."""

from __future__ import annotations

from collections.abc import Callable

from visitor import Visitor

from ingest.document import Door, ReceivedFile
from ingest.sources.mail_parts import take_apart
from ingest.sources.mailbox import MailKey, MailVerdict
from ingest.sources.store import MailStore
from web.services import Services

RAW = b"From: Petra <petra@kessler.example>\r\nSubject: <b>Rechnung</b>\r\n\r\n"
RAW += b"Please pay <script>soon</script>.\r\n"


def test_the_words_of_a_mail_stand_on_the_page_of_its_document_and_it_can_be_downloaded(
    services: Services, visit: Callable[..., Visitor]
) -> None:
    sha256, mail = services.files.put_mail(RAW), take_apart(RAW)
    services.receive(ReceivedFile("r.pdf", b"%PDF-1.7", Door.MAILBOX, f"{mail.sender}: {mail.subject}", mail=sha256))
    MailStore(services.db).done(MailKey("box", "INBOX", 1, 1), MailVerdict.TAKEN, mail, sha256, "Taken: r.pdf.")
    browser = visit("viewer")
    page = browser.get("/documents/1").text
    assert "Please pay &lt;script&gt;soon&lt;/script&gt;." in page
    assert "&lt;b&gt;Rechnung&lt;/b&gt;" in page
    answer = browser.get(f"/mails/{sha256}")
    assert answer.data == RAW
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"/mails/{'0' * 64}").status_code == 404
    assert f"/mails/{sha256}" in browser.get("/inbox").text
