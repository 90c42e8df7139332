"""Home: what waits, what is due, what is stuck, what went through by itself."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from ingest.document import IN_WORK, State
from ingest.store import DocumentStore
from web.auth import requires, user
from web.home_store import Day, HomeStore
from web.inquiry_store import InquiryStore
from web.store import Role
from web.talk_store import TalkStore
from web.views.current import present, services

blueprint = Blueprint("home", __name__)

SOON = 7
"""Days within which something is due soon."""
LONG = 5
"""Days after which something waits long."""
SHOWN = 30
"""Days of the chart."""


@blueprint.get("/")
@requires(Role.VIEWER)
def show() -> Response:
    """The figures of today; each leads to the documents behind it."""
    db, today, now = services().db, services().settings.current_day(), services().now()
    store, counts, talk = HomeStore(db), DocumentStore(db).counts(), TalkStore(db)
    days = store.days(now.date(), SHOWN)
    return make_response(
        render_template(
            "home.html",
            mine=len({*talk.assigned_to(user()), *talk.mentions_of(user())}),
            answered=len(InquiryStore(db).answered()),
            waiting=counts.get(State.NEEDS_REVIEW, 0),
            held=counts.get(State.ON_HOLD, 0),
            failed=counts.get(State.FAILED, 0),
            working=sum(counts.get(state, 0) for state in IN_WORK),
            long_waiting=store.waiting_since(now - timedelta(days=LONG)),
            long=LONG,
            overdue=store.due(None, today - timedelta(days=1)),
            soon=store.due(today, today + timedelta(days=SOON)),
            discounts=store.discounts(today, today + timedelta(days=SOON)),
            soon_days=SOON,
            today=days[-1],
            month=_sum(days),
            days=days,
            highest=max(day.came for day in days) or 1,
            present=present(),
        )
    )


def _sum(days: tuple[Day, ...]) -> Day:
    return Day(days[0].day, sum(day.came for day in days), sum(day.untouched for day in days))
