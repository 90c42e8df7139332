"""What the review page shows of people working together on one document."""

from __future__ import annotations

from dataclasses import dataclass

from web import words
from web.auth import current_user
from web.inquiry_store import Inquiry, InquiryStore, Stand
from web.languages import gettext
from web.store import User
from web.talk_store import Assignment, Comment, TalkStore
from web.views.current import services


@dataclass(frozen=True, slots=True)
class Talk:
    """Comments, who has the document, and who could have it."""

    comments: tuple[Comment, ...]
    assignment: Assignment | None
    workers: tuple[User, ...]
    is_mentioned: bool
    """Whether the reader is mentioned and has not answered."""
    inquiries: tuple[Inquiry, ...]
    """Questions to people without an account."""
    mails: bool
    """Whether questions can be mailed."""
    question_days: int
    """How long their links work."""

    @property
    def holder(self) -> int | None:
        """The id of the user who has the document."""
        return self.assignment.user.id if self.assignment else None

    @property
    def unnoted(self) -> bool:
        """Whether an answer has come that nobody has noted."""
        return any(one.stand is Stand.ANSWERED and not one.noted for one in self.inquiries)

    @property
    def news(self) -> tuple[str, ...]:
        """What stands further down, in a few words; empty where nothing does."""
        waits = any(one.stand is Stand.OPEN for one in self.inquiries)
        said = (
            gettext("%(name)s has it", name=self.assignment.user.name) if self.assignment else "",
            words.count(len(self.comments), "comment") if self.comments else "",
            gettext("an answer has come")
            if self.unnoted
            else gettext("a question is with a colleague")
            if waits
            else "",
        )
        return tuple(part for part in said if part)


def talk_of(document_id: int) -> Talk:
    """What is said about the document, for whoever asks."""
    store, reader = TalkStore(services().db), current_user()
    return Talk(
        store.of_document(document_id),
        store.assignment(document_id),
        store.workers(),
        reader is not None and store.is_mentioned(document_id, reader),
        InquiryStore(services().db).of_document(document_id),
        bool(services().settings.smtp.host),
        services().settings.question_days,
    )
