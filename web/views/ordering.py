"""An order made or changed by hand, and goods written down as received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import Conflict, NotFound
from matching.edit_orders import change_receipt, receive_goods, write_order
from matching.edit_records import stamp
from matching.receipt_store import ReceiptStore
from matching.records import GoodsReceipt, PurchaseOrder
from matching.store import RecordStore
from web import words
from web.auth import requires, user
from web.store import InvalidInput, Role
from web.views.current import go, present, services

blueprint = Blueprint("ordering", __name__)

HEAD = ("po_number", "supplier_id", "customer_id", "order_date", "currency", "payment_terms_days", "status")
CELLS = ("line_number", "description", "sku", "quantity", "unit", "unit_price", "price_base", "tax_rate")
NUMBERS = ("quantity", "unit_price", "price_base", "tax_rate")
BLANK_ROWS = 4
"""Empty lines below those that an order has."""
MOST_CHOICES = 20
"""Suppliers or customers offered under what was typed."""
LONGEST = 300
MOST_LINES = 500


@blueprint.get("/orders/new")
@requires(Role.APPROVER)
def new() -> Response:
    """An empty form."""
    return _form({}, [], "")


@blueprint.get("/orders/choices")
@requires(Role.APPROVER)
def choices() -> Response:
    """Suppliers or customers whose number or name holds what was typed, for the list under the field."""
    store = RecordStore(services().db)
    supplier, customer = (_typed(request.args.get(name, "")) for name in ("supplier_id", "customer_id"))
    found = [(one.supplier_id, one.name) for one in store.suppliers(MOST_CHOICES, supplier)] if supplier else []
    if customer:
        found = [(one.customer_id, one.name) for one in store.customers(MOST_CHOICES, customer)]
    return make_response(render_template("parts/choices.html", choices=found))


@blueprint.get("/orders/edit/<path:po_number>")
@requires(Role.APPROVER)
def edit(po_number: str) -> Response:
    """The order to be changed."""
    order = RecordStore(services().db).order(po_number)
    if order is None:
        raise NotFound("There is no purchase order {po_number}.", po_number=po_number)
    head = {name: _text(getattr(order, name)) for name in HEAD}
    lines = [{name: _shown(name, getattr(line, name)) for name in CELLS} for line in order.lines]
    return _form(head, lines, stamp(order))


@blueprint.post("/orders/save")
@requires(Role.APPROVER)
def save() -> Response:
    """Put it on file; documents that wait are checked again."""
    head = {name: _typed(request.form.get(name, "")) for name in HEAD}
    columns = {name: request.form.getlist(name) for name in CELLS}
    rows = min(MOST_LINES, len(columns["line_number"]))
    if any(len(texts) < rows for texts in columns.values()):
        raise InvalidInput("The lines did not come through whole. Load the page again.")
    lines = [{name: _cell(name, columns[name][row]) for name in CELLS} for row in range(rows)]
    order = write_order(
        services().db,
        head,
        [line for line in lines if line["line_number"]],
        request.form.get("seen", ""),
        user().name,
        removed=request.form.getlist("remove"),
    )
    return _go_to(order)


@blueprint.post("/orders/receive/<path:po_number>")
@requires(Role.APPROVER)
def receive(po_number: str) -> Response:
    """Write down what came in for its lines."""
    start = "quantity-"
    typed = {name.removeprefix(start): text for name, text in request.form.items() if name.startswith(start)}
    quantities = {line: _cell("quantity", text) for line, text in typed.items()}
    day, note = _typed(request.form.get("day", "")), _typed(request.form.get("note", ""))
    receive_goods(services().db, po_number, quantities, day, note, user().name)
    return go(url_for("records.order", po_number=po_number) + "#receipts")


@blueprint.get("/orders/receipt/<path:po_number>")
@requires(Role.APPROVER)
def receipt(po_number: str) -> Response:
    """A receipt to be put right; line, note and day name it."""
    found = _receipt(po_number, request.args)
    order = RecordStore(services().db).order(po_number)
    line = next((one for one in order.lines if one.line_number == found.line_number), None) if order else None
    return make_response(render_template("receipt_form.html", receipt=found, line=line, quantity=_text(found.quantity)))


@blueprint.post("/orders/receipt/<path:po_number>")
@requires(Role.APPROVER)
def change(po_number: str) -> Response:
    """Put it right or take it away; documents that wait are checked again."""
    form = request.form
    seen = {"line": form.get("line", ""), "note": form.get("seen_note", ""), "day": form.get("seen_day", "")}
    found = _receipt(po_number, seen)
    if str(found.quantity) != form.get("seen", ""):
        raise Conflict("The receipt was changed by someone else while you had it open. Load the page again.")
    quantity = _cell("quantity", form.get("quantity", ""))
    if form.get("step") == "remove":
        quantity = ""
    elif not quantity:
        raise InvalidInput("Say how much came in, or take the receipt away.")
    change_receipt(
        services().db, found, quantity, _typed(form.get("day", "")), _typed(form.get("note", "")), user().name
    )
    return go(url_for("records.order", po_number=po_number) + "#receipts")


def _receipt(po_number: str, named: Mapping[str, str]) -> GoodsReceipt:
    key = (named.get("line", ""), named.get("note", ""), named.get("day", ""))
    found = ReceiptStore(services().db).one(po_number, *key)
    if found is None:
        raise NotFound("There is no such receipt of order {number}; it may have been changed.", number=po_number)
    return found


def _form(head: dict[str, str], lines: list[dict[str, str]], seen: str) -> Response:
    return make_response(
        render_template(
            "order_form.html",
            head=head,
            lines=[*lines, *({} for _ in range(BLANK_ROWS))],
            columns=[(name, words.ORDER_COLUMNS[name]) for name in HEAD],
            cells=[(name, words.ORDER_COLUMNS[name]) for name in CELLS],
            seen=seen,
        )
    )


def _go_to(order: PurchaseOrder) -> Response:
    return go(url_for("records.order", po_number=order.po_number))


def _typed(text: str) -> str:
    if len(text) > LONGEST:
        raise InvalidInput("A value has at most {longest} characters.", longest=LONGEST)
    return " ".join(text.split())


def _cell(name: str, text: str) -> str:
    """What was typed, numbers as files have them: read as the reader writes them."""
    shown = _typed(text)
    return present().typed_number(shown) or shown if name in NUMBERS else shown


def _shown(name: str, value: object) -> str:
    return present().amount(value) if name == "unit_price" and isinstance(value, Decimal) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return present().number(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
