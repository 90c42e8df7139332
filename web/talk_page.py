"""What the review page shows of people working together on one document."""

from __future__ import annotations

from dataclasses import dataclass

from web.auth import current_user
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

    @property
    def holder(self) -> int | None:
        """The id of the user who has the document."""
        return self.assignment.user.id if self.assignment else None


def talk_of(document_id: int) -> Talk:
    """What is said about the document, for whoever asks."""
    store, reader = TalkStore(services().db), current_user()
    return Talk(
        store.of_document(document_id),
        store.assignment(document_id),
        store.workers(),
        reader is not None and store.is_mentioned(document_id, reader),
    )
