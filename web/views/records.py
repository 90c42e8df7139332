"""The reference records: what invoices are held against, for looking up."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.document import State
from ingest.errors import NotFound
from matching.account_store import AccountState, AccountStore
from matching.normalise import account_key
from matching.queue import QueueFilter
from matching.receipt_store import ReceiptStore
from matching.records import Customer, GoodsReceipt, PurchaseOrder, Supplier
from matching.store import MatchStore, RecordStore
from web import words
from web.auth import may, requires
from web.languages import gettext
from web.store import Role
from web.views.current import present, services

blueprint = Blueprint("records", __name__)

MOST = 200
"""Records that one page shows; searching finds the others."""


@blueprint.get("/records")
@requires(Role.VIEWER)
def home() -> Response:
    """Orders are what is looked up most."""
    return redirect(url_for("records.show", kind="orders"), 303)


@blueprint.get("/records/<kind>")
@requires(Role.VIEWER)
def show(kind: str) -> Response:
    """Suppliers, customers, orders or goods receipts, those that a text is part of."""
    store = RecordStore(services().db)
    text = request.args.get("text", "").strip()[:200]
    names: dict[str, str] = {}
    of_number: dict[str, PurchaseOrder] = {}
    records: Sequence[PurchaseOrder | Supplier | Customer | GoodsReceipt]
    if kind == "orders":
        records = orders = store.orders(MOST, text)
        names = _supplier_names(orders)
    elif kind == "suppliers":
        records = store.suppliers(MOST, text)
    elif kind == "customers":
        records = store.customers(MOST, text)
    elif kind == "receipts":
        records = receipts = ReceiptStore(services().db).latest(MOST, text)
        found = (store.order(number) for number in {one.po_number for one in receipts})
        of_number = {one.po_number: one for one in found if one}
        names = _supplier_names(tuple(of_number.values()))
    else:
        raise NotFound("There are no records of the kind '{kind}'.", kind=kind)
    return make_response(
        render_template(
            f"records_{kind}.html",
            kind=kind,
            kinds=words.REFERENCE_KINDS,
            counts=store.counts(),
            records=records,
            text=text,
            most=MOST,
            names=names,
            orders=of_number,
            may_write=may(Role.APPROVER),
        )
    )


@blueprint.get("/records/orders/<path:po_number>")
@requires(Role.VIEWER)
def order(po_number: str) -> Response:
    """One order, and how much of each line came in and is billed."""
    store = RecordStore(services().db)
    found = store.order(po_number)
    if found is None:
        raise NotFound("There is no purchase order {po_number}.", po_number=po_number)
    progress = {line.line_number: line for line in store.order_progress(po_number)}
    return make_response(
        render_template(
            "order.html",
            order=found,
            supplier=store.supplier(found.supplier_id),
            customer=store.customer(found.customer_id) if found.customer_id else None,
            progress=progress,
            documents=MatchStore(services().db).queue(
                QueueFilter(states=tuple(State), only=store.billed_on(po_number), sort="arrived", limit=MOST)
            ),
            most=MOST,
            present=present(),
            receipts=store.receipts(po_number),
            may_write=may(Role.APPROVER),
            today=services().settings.current_day(),
            total=sum(line.net for line in found.lines),
            kinds=words.REFERENCE_KINDS,
            counts=store.counts(),
            kind="orders",
        )
    )


@blueprint.get("/records/<kind>/<path:number>")
@requires(Role.VIEWER)
def one(kind: str, number: str) -> Response:
    """A supplier or customer: what is on file, and what was ever billed."""
    db, store = services().db, RecordStore(services().db)
    look_up = {"suppliers": store.supplier, "customers": store.customer}.get(kind)
    record = look_up(number) if look_up else None
    if record is None:
        raise NotFound("There is no such record: {number}.", number=number)
    supplier, customer = (number, "") if kind == "suppliers" else ("", number)
    rule = QueueFilter(states=tuple(State), supplier_id=supplier, customer_id=customer, sort="arrived", limit=MOST)
    accounts = AccountStore(db)
    return make_response(
        render_template(
            "record.html",
            record=record,
            may_write=may(Role.APPROVER),
            number=number,
            properties=_properties(record),
            accepted={account_key(each.account): each for each in accounts.of_supplier(number, AccountState.ACCEPTED)},
            proposed=len(accounts.of_supplier(number, AccountState.PROPOSED)),
            documents=MatchStore(db).queue(rule),
            most=MOST,
            kinds=words.REFERENCE_KINDS,
            counts=store.counts(),
            kind=kind,
            present=present(),
        )
    )


def _properties(record: Supplier | Customer) -> list[tuple[str, str]]:
    """What is on file, as it is shown."""
    place = " ".join(part for part in (record.postal_code, record.city) if part)
    days = record.payment_terms_days
    found = [
        (gettext("Also called"), ", ".join(record.aliases)),
        (gettext("Address"), ", ".join(part for part in (record.street, place, record.country) if part)),
        (gettext("VAT id"), record.vat_id or ""),
        (gettext("Currency"), record.currency or ""),
        (
            gettext("Payment"),
            "" if days is None else gettext("%(payment_terms_days)s days net", payment_terms_days=days),
        ),
    ]
    if isinstance(record, Supplier):
        order = {None: gettext("As set for all"), True: gettext("Required"), False: gettext("Not required")}[
            record.order_required
        ]
        found += [
            (gettext("Tax number"), record.tax_id or ""),
            (gettext("E-mail"), record.email or ""),
            (gettext("Order"), order),
        ]
        found += [(gettext("Status"), gettext("Blocked") if record.status == "blocked" else gettext("Active"))]
    else:
        found += [(gettext("E-mail for invoices"), record.billing_email or "")]
    return found


def _supplier_names(orders: Sequence[PurchaseOrder]) -> dict[str, str]:
    store = RecordStore(services().db)
    names: dict[str, str] = {}
    for order in orders:
        if order.supplier_id not in names:
            supplier = store.supplier(order.supplier_id)
            names[order.supplier_id] = supplier.name if supplier else order.supplier_id
    return names
