"""A question to a colleague without an account: mailed where the settings say how, answered, told to who asked."""

from __future__ import annotations

import logging

from ingest.database import transaction
from ingest.store import DocumentStore
from matching.ledger import total_of
from matching.store import MatchStore
from matching.waking import wake
from web.inquiry_store import Inquiry, InquiryStore, by_link
from web.languages import gettext
from web.mailing import MailTrouble, send
from web.presenters import Presenter
from web.services import Services
from web.talk_store import TalkStore

log = logging.getLogger(__name__)


def mail_question(services: Services, asked: Inquiry, link: str, present: Presenter) -> str:
    """Send the link to who is asked, in the language of who asks; answers what went wrong; empty: nothing."""
    if not asked.email:
        return ""
    if not services.settings.smtp.host:
        return gettext("No mail server is set up, so nothing was sent: copy the link and send it yourself.")
    try:
        send(
            services.settings.smtp,
            _subject(services, asked, present),
            _text(services, asked, link, present),
            to=(asked.email,),
        )
    except MailTrouble as error:
        log.warning("a question could not be mailed: %s", error)
        return gettext("The mail could not be sent (%(why)s). Copy the link and send it yourself.", why=error)
    return ""


def take_answer(services: Services, token: str, choice: str, text: str, name: str) -> Inquiry:
    """Keep the answer, tell who asked, and bring the document back from hold, all in one step."""
    db, now = services.db, services.now()
    with transaction(db):
        made = InquiryStore(db).answer(token, choice, text, name, now)
        said = f"{made.text}\n\u2013 {made.whole_answer}"
        TalkStore(db).add(made.document_id, by_link(made.answered_by), said, now, (made.asked_by,))
        reason = f"{made.answered_by} answered the question of {made.asked_by.name}"
        if not wake(db, made.document_id, reason, services.policy, services.settings.current_day(), now):
            # whoever has it open decides on what is known now
            DocumentStore(db).touch(made.document_id)
    return made


def head_of(services: Services, document_id: int, present: Presenter) -> str:
    """What a document is, in a few words: sender, number, amount."""
    store = MatchStore(services.db)
    match, extraction = store.match(document_id), store.corrected_extraction(document_id)
    if extraction is None:
        return gettext("document #%(number)s", number=document_id)
    sender = (match.supplier.name if match and match.supplier else "") or extraction.text("seller_name") or ""
    total = total_of(extraction)
    amount = present.amount(total, extraction.text("currency")) if total is not None else ""
    number = extraction.text("invoice_number") or ""
    return ", ".join(part for part in (sender, number, amount) if part) or gettext(
        "document #%(number)s", number=document_id
    )


def _subject(services: Services, asked: Inquiry, present: Presenter) -> str:
    # in one line, whatever the document prints: a header can hold no other
    head = head_of(services, asked.document_id, present)
    return " ".join(gettext("A question about %(head)s", head=head).split())


def _text(services: Services, asked: Inquiry, link: str, present: Presenter) -> str:
    greeting = gettext("Hello %(name)s,", name=asked.name) if asked.name else gettext("Hello,")
    values = {"name": asked.asked_by.name, "head": head_of(services, asked.document_id, present)}
    until = present.day(asked.expires_at.date())
    return (
        "\n\n".join(
            (
                greeting,
                gettext("%(name)s asks about %(head)s:", **values),
                "\n".join(f"  {line}" for line in asked.text.splitlines()),
                gettext("Look at the document and answer here; no log-in is needed:"),
                link,
                gettext("The link is for you alone. It works until %(day)s, and once.", day=until),
            )
        )
        + "\n"
    )
