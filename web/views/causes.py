"""The queue by cause: a question that many documents share is answered once, and every document decided by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.document import State
from ingest.errors import Conflict, NotAllowed, NotFound
from ingest.store import DocumentRecord
from matching import reviewing
from matching.ask_store import AskStore
from matching.queue import QueueFilter, QueueRow
from matching.review import Step
from matching.store import MatchStore
from web import words
from web.approving import authority
from web.auth import requires, user
from web.causes import Cause, Group, Member, causes_of, grouped, member_of
from web.lock_store import LockStore
from web.reasons import kept
from web.store import InvalidInput, Role
from web.views.current import go, present, services

blueprint = Blueprint("causes", __name__)

MOST_LISTED = 20
"""Documents of a cause that are listed; the queue has them all."""
MOST_SHOWN = 40
"""Causes on the page, those with most documents first; what is answered makes room for the others."""
TAKE: dict[Step, Callable[..., DocumentRecord]] = {
    Step.APPROVE: reviewing.approve,
    Step.REJECT: reviewing.reject,
    Step.NOT_AN_INVOICE: reviewing.not_an_invoice,
    Step.HOLD: reviewing.hold,
}


@blueprint.get("/queue/causes")
@requires(Role.VIEWER)
def show() -> Response:
    """The causes; of those with several documents these are asked for when they are opened."""
    groups = grouped(AskStore(services().db).waiting())
    rows = _rows([group.numbers[0] for group in groups[:MOST_SHOWN]])
    return make_response(
        render_template(
            "causes.html",
            causes=causes_of(groups[:MOST_SHOWN], rows, present()),
            more=max(0, len(groups) - MOST_SHOWN),
            answered=_numbers("answered"),
            undone=_numbers("undone"),
            left=_numbers("left"),
            did=words.MENUS.get(Step(step), "") if (step := request.args.get("step", "")) in list(Step) else "",
            present=present(),
        )
    )


@blueprint.get("/queue/causes/<key>/documents")
@requires(Role.VIEWER)
def documents(key: str) -> Response:
    """The first documents of a cause."""
    group = _group(key)
    members = _members(key, group.numbers[:MOST_LISTED])
    more = len(group.numbers) - len(members)
    return make_response(render_template("parts/members.html", members=members, more=more, present=present()))


@blueprint.get("/queue/causes/<key>")
@requires(Role.COORDINATOR)
def ask(key: str) -> Response:
    """Which documents an answer would settle; nothing is decided yet."""
    group = _group(key)
    step, reason = _answer(request.args.get("step", ""), request.args.get("reason", ""))
    others = [number for number in group.numbers if number not in set(group.fitting)]
    fitting, staying = _members(key, group.fitting), _members(key, others[:MOST_LISTED])
    if not fitting:
        raise _gone()
    return make_response(
        render_template(
            "cause.html",
            cause=Cause(group, fitting[0]),
            fitting=fitting,
            staying=staying,
            more=len(others) - len(staying),
            step=step,
            reason=reason,
            title=words.MENUS[step],
            present=present(),
        )
    )


@blueprint.post("/queue/causes/<key>")
@requires(Role.COORDINATOR)
def answer(key: str) -> Response:
    """Decide on each chosen document by itself; one that has changed, or asks more by now, is left as it is."""
    step, reason = _answer(request.form.get("step", ""), request.form.get("reason", ""))
    chosen = dict(text.split("/", 1) for text in request.form.getlist("document") if "/" in text)
    if not chosen:
        raise InvalidInput("Choose at least one document.")
    fitting = set(map(str, _group(key).fitting))
    answered: list[str] = []
    left: list[str] = []
    for number, version in chosen.items():
        done = number in fitting and version.isdecimal() and _decide(step, int(number), int(version), reason)
        (answered if done else left).append(number)
    return go(url_for("causes.show", answered=",".join(answered), left=",".join(left), step=step.value))


def _decide(step: Step, document_id: int, version: int, reason: str) -> bool:
    day, now = services().settings.current_day(), services().now()
    lock = LockStore(services().db).of(document_id)
    if lock is not None and not lock.is_mine(user()):
        return False  # somebody is at it
    try:
        more = {"authority": authority(document_id, "")} if step is Step.APPROVE else {}
        done = TAKE[step](services().db, document_id, version, user().name, reason, services().policy, day, now, **more)
    except (Conflict, NotFound, NotAllowed):
        return False  # it stays in the queue, and is told
    # what a second person has to approve still waits
    return done.state is not State.NEEDS_REVIEW


def _gone() -> NotFound:
    return NotFound("Nothing waits for this answer any more.")


def _group(key: str) -> Group:
    found = AskStore(services().db).waiting(key)
    if not found:
        raise _gone()
    return Group(key, found)


def _rows(numbers: Sequence[int]) -> dict[int, QueueRow]:
    """What the queue shows of these documents, as far as they still wait, the longest waiting first."""
    found = MatchStore(services().db).queue(QueueFilter(only=tuple(numbers), sort="oldest", limit=len(numbers)))
    return {row.document.id: row for row in found}


def _members(key: str, numbers: Sequence[int]) -> tuple[Member, ...]:
    found = (member_of(key, row, present()) for row in _rows(numbers).values())
    return tuple(member for member in found if member)


def _answer(step: str, reason: str) -> tuple[Step, str]:
    if step not in [each.value for each in TAKE]:
        raise InvalidInput("Choose what to do with the documents: the form did not say.")
    if not reason.strip():
        raise InvalidInput("Say why: the next person should know.")
    return Step(step), kept(Step(step), reason.strip()[:1000])


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(text) for text in request.args.get(name, "").split(",") if text.isdecimal())
