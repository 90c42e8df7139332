"""Settings: the policy as a form, what a change would do, and the versions that were in force."""

from __future__ import annotations

import threading
from datetime import timedelta

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import Conflict
from matching.backtest import Comparison, backtest
from matching.policy import Policy
from matching.policy_values import CODES, differences, severities_for
from matching.results import Severity
from matching.rules import DEFAULTS
from matching.store import RecordStore
from web import words
from web.auth import may, requires, user
from web.backtesting import unknown_parties
from web.languages import gettext
from web.policy_form import GROUPS, PER_PARTY, OverrideRow, PolicyForm, shown, typed
from web.policy_store import PolicyStore
from web.store import Role
from web.views.current import go, services
from web.views.current import present as writing

blueprint = Blueprint("settings", __name__)

PREVIEW_DAYS = 90
PREVIEW_DOCUMENTS = 1000
"""A person waits for the preview: of more documents the newest are taken; `coordinator backtest` takes all."""
LISTED = 50
"""Documents that a preview lists."""

_previewing = threading.Lock()
"""One preview at a time: each keeps a core busy."""


@blueprint.get("/settings")
@requires(Role.VIEWER)
def show() -> Response:
    """The form with the policy in force, and its versions."""
    done = request.args.get("done", "")
    said = gettext("Saved. It holds for every document that is decided from now on.") if done == "saved" else ""
    return _page(shown(services().policy, writing()), said=said)


@blueprint.post("/settings")
@requires(Role.ADMIN)
def save() -> Response:
    """Show what the typed settings would change, or put them in force; faults are told beside their fields."""
    form, before = request.form, services().policy
    entered = typed(form, _rows(), before, writing())
    step = form.get("step", "save")
    if step == "row" or entered.policy is None:
        return _page(entered, status=200 if step == "row" else 422)
    if step == "preview":
        return _page(entered, found=_preview(before, entered.policy))
    if entered.policy == before:
        return _page(entered, problem=gettext("Nothing was changed."), status=422)
    if form.get("stamp", "") != before.version:
        changed = gettext(
            "Somebody else changed the settings meanwhile: look at the newest version below, then save again."
        )
        return _page(entered, problem=changed, status=409)
    note = form.get("note", "").strip()
    if not note:
        why = gettext("Say in a few words why: it is kept with the version.")
        return _page(entered, note_problem=why, status=422)
    PolicyStore(services().db).put_in_force(entered.policy, before, user().name, services().now(), note[:500])
    return go(url_for("settings.show", done="saved"))


@blueprint.get("/settings/versions/<int:number>")
@requires(Role.VIEWER)
def version(number: int) -> Response:
    """One version: who, when, why, everything that it says, and how it differs from what is in force."""
    found = PolicyStore(services().db).version(number)
    return make_response(
        render_template(
            "settings_version.html",
            version=found,
            in_force=found.policy == services().policy,
            changes=differences(found.policy, services().policy),
            form=shown(found.policy, writing()),
            groups=GROUPS,
            may_set=may(Role.ADMIN),
            label=_label,
            value_said=_said,
        )
    )


@blueprint.post("/settings/versions/<int:number>/back")
@requires(Role.ADMIN)
def go_back(number: int) -> Response:
    """Put an earlier version in force again, as a new one."""
    present, store = services().policy, PolicyStore(services().db)
    old = store.version(number)
    if old.policy == present:
        raise Conflict("Version {number} says what is in force already.", number=number)
    store.put_in_force(old.policy, present, user().name, services().now(), f"back to version {number}")
    return go(url_for("settings.show", done="saved"))


def _preview(present: Policy, other: Policy) -> Comparison:
    if not _previewing.acquire(blocking=False):
        raise Conflict("Somebody is looking what a change would do right now. Wait a moment, then repeat this.")
    try:
        since = services().settings.current_day() - timedelta(days=PREVIEW_DAYS)
        return backtest(services().db, present, other, since, newest=PREVIEW_DOCUMENTS)
    finally:
        _previewing.release()


def _rows() -> list[OverrideRow]:
    form = request.form
    gone = set(form.getlist("gone"))
    columns = zip(
        *(form.getlist(f"override.{name}") for name in ("supplier", "customer", "key", "value")), strict=False
    )
    return [
        OverrideRow(*(cell.strip() for cell in cells)) for place, cells in enumerate(columns) if str(place) not in gone
    ]


def _page(
    form: PolicyForm,
    said: str = "",
    problem: str = "",
    note_problem: str = "",
    found: Comparison | None = None,
    status: int = 200,
) -> Response:
    present, versions = services().policy, PolicyStore(services().db).all()
    steps = [
        (version, differences(before.policy, version.policy) if before else ())
        for version, before in zip(versions, (*versions[1:], None), strict=True)
    ]
    response = make_response(
        render_template(
            "settings.html",
            form=form,
            groups=GROUPS,
            codes=[code for code in words.CODES if code in CODES],
            severities_for=severities_for,
            defaults=DEFAULTS,
            per_party=PER_PARTY,
            present_policy=present,
            versions=steps,
            may_set=may(Role.ADMIN),
            said=said,
            problem=problem,
            note_problem=note_problem,
            note=request.form.get("note", ""),
            found=found,
            pending=differences(present, form.policy) if form.policy else (),
            warnings=unknown_parties(RecordStore(services().db), form.policy) if form.policy else (),
            preview_days=PREVIEW_DAYS,
            preview_documents=PREVIEW_DOCUMENTS,
            listed=LISTED,
            label=_label,
            value_said=_said,
        )
    )
    response.status_code = status
    return response


def _said(value: str | None) -> str:
    """A setting's value in words or as the reader writes numbers; empty where it is not set."""
    if not value:
        return ""
    if value in ("yes", "no"):
        return gettext("yes") if value == "yes" else gettext("no")
    if value in list(Severity):
        return words.within(words.SEVERITIES[Severity(value)])
    return writing().number(value)


def _label(key: str) -> str:
    """A setting in words, for overrides with the party before it."""
    whom, _, name = key.rpartition(": ")
    found = next((f"{group}, {words.within(label)}" for each, label, group in PER_PARTY if each == name), name)
    if name.startswith("severity."):
        found = gettext("Severity of “%(code)s”", code=words.code_label(name.removeprefix("severity.")))
    return f"{whom}: {found}" if whom else found
