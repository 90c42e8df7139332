"""Who may approve what above the limit: as the first of two people, as the second, or alone with the password again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from ingest.errors import Conflict, NotAllowed
from matching.second_person import Authority, Limit, first_approval, limit_of
from matching.second_store import FirstApproval
from web.auth import current_user, may, user
from web.people_store import PeopleStore
from web.store import Role, UserStore
from web.views.current import services


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What the page says of a document that two people approve."""

    limit: Limit
    first: FirstApproval | None
    alone: bool
    """Whether nobody else could approve it."""
    is_mine: bool
    """Whether the reader has approved it first."""


def second_look(document_id: int) -> SecondLook | None:
    """What the reader has to know; None where one person is enough."""
    role = Authority.SECOND if may(Role.APPROVER) else Authority.FIRST
    limit, reader = limit_of(services().db, document_id, services().policy, role), current_user()
    if limit is None or reader is None:
        return None
    first = first_approval(services().db, document_id)
    return SecondLook(limit, first, _is_alone(), first is not None and first.actor == reader.name)


def authority(document_id: int, password: str) -> Authority:
    """As what the user approves this document.

    Raises:
        NotAllowed: when nobody else could, and the password is not right.
        Conflict: when nobody but the user could be the second, and nobody has been the first yet.
    """
    if not may(Role.APPROVER):
        return Authority.FIRST
    db = services().db
    if limit_of(db, document_id, services().policy) is None:
        return Authority.SECOND
    if _is_alone():
        # an empty one is no guess, and is not counted as one
        if not password or UserStore(db).authenticate(user().name, password, request.remote_addr or "") is None:
            asked = "Two people approve such an amount. Nobody else can, so your password is asked again; "
            raise NotAllowed(asked + ("it is not right." if password else "enter it."))
        return Authority.ALONE
    if not PeopleStore(db).others(user(), Role.APPROVER) and first_approval(db, document_id) is None:
        raise Conflict(
            "Two people approve such an amount, and only you may be the second. Let a colleague approve it first."
        )
    return Authority.SECOND


def _is_alone() -> bool:
    """Whether nobody else may decide on documents, and the user may approve as the second."""
    return may(Role.APPROVER) and not PeopleStore(services().db).others(user(), Role.COORDINATOR)
