"""The queue: what waits, for how long, for how much money and why; and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.document import IN_WORK, Door, State
from ingest.store import DocumentStore
from matching.account_store import AccountStore
from matching.queue import QueueFilter
from matching.store import MatchStore
from web.auth import requires, user
from web.inquiry_store import InquiryStore
from web.languages import lazy_gettext as _
from web.presenters import age, place_in_file
from web.questions import questions
from web.store import Role
from web.talk_store import TalkStore
from web.view_store import ViewStore
from web.views.current import go, present, services

blueprint = Blueprint("queue", __name__)

PAGE_SIZE = 50

TABS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("review", _("To review"), (State.NEEDS_REVIEW,)),
    ("hold", _("On hold"), (State.ON_HOLD,)),
    ("work", _("In work"), IN_WORK),
    ("approved", _("Approved"), (State.APPROVED,)),
    ("duplicate", _("Duplicates"), (State.DUPLICATE,)),
    ("rejected", _("Rejected"), (State.REJECTED,)),
    ("failed", _("Could not be read"), (State.FAILED,)),
)

SORTS: tuple[tuple[str, str], ...] = (
    ("newest", _("Newest first")),
    ("oldest", _("Longest waiting first")),
    ("due", _("Due soonest first")),
    ("discount", _("Discount ends soonest first")),
    ("amount", _("Largest amount first")),
)


WHOSE: tuple[tuple[str, str], ...] = (
    ("", _("Everybody's")),
    ("me", _("For me")),
    ("answered", _("Answered by a colleague")),
    ("asked", _("Waiting for an answer")),
)


@dataclass(frozen=True, slots=True)
class QueueView:
    """What of the queue a page's address asks for."""

    tab: str = "review"
    text: str = ""
    code: str = ""
    door: str = ""
    whose: str = ""
    sort: str = "newest"
    page: int = 1

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> QueueView:
        """Read an address; what it names wrongly is as if it were not there."""
        page = arguments.get("page", "1")
        return cls(
            tab=_one_of(arguments.get("tab", ""), [name for name, _, _ in TABS]),
            text=arguments.get("text", "").strip()[:200],
            code=arguments.get("code", ""),
            door=arguments.get("door", "") if arguments.get("door", "") in list(Door) else "",
            whose=_one_of(arguments.get("whose", ""), [name for name, _ in WHOSE]),
            sort=_one_of(arguments.get("sort", ""), [name for name, _ in SORTS]),
            page=min(max(int(page), 1), 100_000) if page.isdecimal() else 1,
        )

    @property
    def states(self) -> tuple[State, ...]:
        """The states behind the tab."""
        return next(states for name, _, states in TABS if name == self.tab)

    def filter(self) -> QueueFilter:
        """The store's question."""
        return QueueFilter(
            states=self.states,
            text=self.text,
            code=self.code,
            door=self.door,
            only=_documents(self.whose),
            sort=self.sort,
            limit=PAGE_SIZE,
            offset=(self.page - 1) * PAGE_SIZE,
        )

    def arguments(self) -> dict[str, Any]:
        """The parts of an address that differ from the plain queue's."""
        given = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "page"}
        plain = QueueView()
        found = {name: value for name, value in given.items() if value != getattr(plain, name)}
        return found | ({"page": str(self.page)} if self.page > 1 else {})

    def address(self, **changes: Any) -> str:
        """The address of the queue with something changed; any change leads to the first page."""
        changed = replace(self, **{"page": 1, **changes})
        return url_for("queue.show", **changed.arguments())

    @property
    def query(self) -> str:
        """What stands behind the question mark of the first page's address."""
        return urlencode({name: value for name, value in self.arguments().items() if name != "page"})

    def document_address(self, document_id: int) -> str:
        """The address of a document that knows which queue it was opened from."""
        return url_for("review.show", document_id=document_id) + (f"?{self.query}" if self.query else "")


@blueprint.get("/queue")
@requires(Role.VIEWER)
def show() -> Response:
    """One page of the queue."""
    view = QueueView.of(request.args)
    store = MatchStore(services().db)
    counts = DocumentStore(services().db).counts()
    found = store.queue_page(view.filter())
    codes = store.codes_waiting() if view.tab == "review" else {}
    template = "parts/queue_rows.html" if request.headers.get("HX-Target", "").endswith("queue") else "queue.html"
    return make_response(
        render_template(
            template,
            view=view,
            rows=found.rows,
            total=found.size,
            more=found.more,
            pages=max(1, -(-found.size // PAGE_SIZE)) + found.more,
            codes=sorted(codes.items(), key=lambda item: -item[1]),
            tabs=[(name, label, sum(counts.get(state, 0) for state in states)) for name, label, states in TABS],
            sorts=SORTS,
            doors=tuple(Door),
            whose=WHOSE,
            holders=TalkStore(services().db).assignees([row.document.id for row in found.rows]),
            new_accounts=len(AccountStore(services().db).waiting()),
            views=ViewStore(services().db).of(user()),
            questions=questions,
            place_in_file=place_in_file,
            age=lambda since: age(since, services().now()),
            any_filter=bool(view.text or view.code or view.door or view.whose),
            present=present(),
        )
    )


@blueprint.post("/queue/views")
@requires(Role.VIEWER)
def save_view() -> Response:
    """Keep what the page shows under a name, or take a saved view away."""
    store = ViewStore(services().db)
    # read and written anew: only what the queue knows is kept
    view = QueueView.of(dict(parse_qsl(request.form.get("query", ""))))
    if number := request.form.get("remove", ""):
        store.remove(user(), int(number) if number.isdecimal() else 0)
    else:
        store.save(user(), request.form.get("name", ""), view.query, shared=bool(request.form.get("shared")))
    return go(url_for("queue.show", **view.arguments()))


def _documents(whose: str) -> tuple[int, ...] | None:
    """The documents that a choice of WHOSE means; None: all."""
    talk, inquiries = TalkStore(services().db), InquiryStore(services().db)
    if whose == "me":
        return tuple({*talk.assigned_to(user()), *talk.mentions_of(user())})
    return {"answered": inquiries.answered, "asked": inquiries.asked}[whose]() if whose else None


def _one_of(wanted: str, known: list[str]) -> str:
    return wanted if wanted in known else known[0]
