"""The second factor: its code at log-in, and on the page of the account its beginning, its end and recovery codes."""

from __future__ import annotations

import base64
import logging
import re

import zxingcpp
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import NotAllowed
from web import auth, told
from web.auth import public, requires, user
from web.factor_store import RECOVERY_CODES, FactorStore, address_for_apps
from web.languages import gettext
from web.store import InvalidInput, Role, TooManyAttempts, UserStore
from web.views.current import go, services
from web.views.login import local

log = logging.getLogger(__name__)

blueprint = Blueprint("factor", __name__)


@blueprint.get("/login/code")
@public
def ask() -> Response:
    """The page that asks for the code, once the password was right."""
    return _code_page() if auth.half_way() else redirect(url_for("login.show"), 303)


@blueprint.post("/login/code")
@public
def check() -> Response:
    """Log in with the right code; wrong ones are slowed down like wrong passwords."""
    who = auth.half_way()
    if who is None:
        return redirect(url_for("login.show"), 303)
    guards, address = UserStore(services().db), request.remote_addr or ""
    name = f"code of {who.name}"  # counted apart: a right password must not clear wrong codes
    try:
        guards.demand_patience(name, address)
    except TooManyAttempts as error:
        return _code_page(told.problem(error), 429)
    if not FactorStore(services().db).verify(who.id, request.form.get("code", "")):
        guards.note_failure(name, address)
        log.info("the code of %r from %s refused", who.name, address)
        return _code_page(gettext("This code is not right, or was used already. Wait for the next one."), 401)
    auth.end_half_way()
    return auth.log_in(local(request.form.get("next", "")), who, proven=True)


@blueprint.get("/account/second-factor")
@requires(Role.VIEWER)
def show() -> Response:
    """What there is, or how to begin."""
    return _page()


@blueprint.post("/account/second-factor")
@requires(Role.VIEWER)
def change() -> Response:
    """Begin, confirm with the first code, new recovery codes, or remove it; all but the code ask the password."""
    store, step, code = FactorStore(services().db), request.form.get("step", ""), request.form.get("code", "")
    try:
        if step == "confirm":
            return _confirm(store, code)
        _demand_password()
        with transaction(services().db):
            match step:
                case "begin":
                    store.begin(user().id)
                    return _page()
                case "renew" if store.has(user().id):
                    codes = store.renew_codes(user().id)
                    _note("recovery_codes_renewed")
                    return _page(codes=codes)
                case "remove":
                    _remove(store, code)
                case _:
                    raise InvalidInput("Choose what to do with the second factor.")
    except (InvalidInput, NotAllowed, TooManyAttempts) as error:
        return _page(told.problem(error), 429 if isinstance(error, TooManyAttempts) else 422)
    return go(url_for("users.own"))


def _confirm(store: FactorStore, code: str) -> Response:
    with transaction(services().db):
        codes = store.confirm(user().id, code)
        # whoever was logged in without it is asked again
        auth.session_store().end_others(user(), auth.session().handle)
        _note("second_factor_set")
    return _page(codes=codes)


def _remove(store: FactorStore, code: str) -> None:
    if user().role.value in services().settings.server.second_factor:
        raise NotAllowed("Your role needs a second factor. For another telephone, ask an administrator to forget it.")
    if not store.verify(user().id, code):
        raise InvalidInput("This code is not right, or was used already.")
    store.remove(user().id)
    _note("second_factor_removed")


def _note(action: str) -> None:
    record(services().db, action, actor=user().name, user=user().name)


def _demand_password() -> None:
    given = request.form.get("present", "")
    if UserStore(services().db).authenticate(user().name, given, request.remote_addr or "") is None:
        raise NotAllowed("The present password is not right.")


def _page(problem: str = "", status: int = 200, codes: tuple[str, ...] = ()) -> Response:
    store = FactorStore(services().db)
    secret = store.unconfirmed(user().id)
    response = make_response(
        render_template(
            "factor.html",
            problem=problem,
            has=store.has(user().id),
            demanded=user().role.value in services().settings.server.second_factor,
            secret=" ".join(re.findall(".{1,4}", secret)),
            picture=_picture(address_for_apps(secret, user().name)) if secret else "",
            codes=codes,
            codes_left=store.codes_left(user().id),
            codes_made=RECOVERY_CODES,
        )
    )
    response.status_code = status
    return response


def _picture(text: str) -> str:
    """The text as a QR code, as an address of a picture."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg()
    drawn = re.sub(r'<svg width="(\d+)" height="(\d+)"', r'<svg viewBox="0 0 \1 \2"', drawn[drawn.index("<svg") :])
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def _code_page(problem: str = "", status: int = 200) -> Response:
    response = make_response(render_template("code.html", problem=problem, next=local(request.values.get("next", ""))))
    response.status_code = status
    return response
