"""A supplier or customer made or changed by hand, also from the invoice that shows it."""

from __future__ import annotations

import re
from dataclasses import fields

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import NotFound
from ingest.extraction import Extraction
from matching.edit_records import ACCOUNTS, Party, on_file, stamp, write
from matching.records import Customer, RecordKind, Supplier
from matching.store import MatchStore
from web import words
from web.auth import requires, user
from web.store import InvalidInput, Role
from web.views.current import go, services

blueprint = Blueprint("editing", __name__)

KINDS: dict[str, tuple[RecordKind, type[Party]]] = {
    "suppliers": (RecordKind.SUPPLIERS, Supplier),
    "customers": (RecordKind.CUSTOMERS, Customer),
}
LONGEST = 500


@blueprint.get("/records/new/<kind>")
@requires(Role.APPROVER)
def new(kind: str) -> Response:
    """An empty form, or one filled with what an invoice says."""
    _columns(kind)
    number = request.args.get("document", "")
    extraction = MatchStore(services().db).corrected_extraction(int(number)) if number.isdecimal() else None
    return _form(kind, _printed(kind, extraction) if extraction else {}, "")


@blueprint.get("/records/edit/<kind>/<path:number>")
@requires(Role.APPROVER)
def edit(kind: str, number: str) -> Response:
    """The record to be changed; another name may come with the address."""
    _columns(kind)
    party = on_file(services().db, KINDS[kind][0], number)
    if party is None:
        raise NotFound("There is no such record: {number}.", number=number)
    cells = {name: _text(getattr(party, name)) for name in _columns(kind)}
    alias = request.args.get("alias", "").strip()[:LONGEST]
    known = {party.name.casefold(), *(one.casefold() for one in party.aliases)}
    if alias and alias.casefold() not in known:
        cells["aliases"] = "; ".join((*party.aliases, alias.replace(";", ",")))
    return _form(kind, cells, stamp(party))


@blueprint.post("/records/write/<kind>")
@requires(Role.APPROVER)
def save(kind: str) -> Response:
    """Put it on file; documents that wait are checked again."""
    columns = _columns(kind)
    cells = {name: " ".join(request.form.get(name, "").split()) for name in columns}
    if any(len(text) > LONGEST for text in cells.values()):
        raise InvalidInput("A value has at most {longest} characters.", longest=LONGEST)
    party = write(services().db, KINDS[kind][0], cells, request.form.get("seen", ""), user().name)
    document = request.form.get("document", "")
    if document.isdecimal():
        return go(url_for("review.show", document_id=int(document)))
    return go(url_for("records.one", kind=kind, number=_number(party)))


def _form(kind: str, cells: dict[str, str], seen: str) -> Response:
    document = request.args.get("document", "")
    return make_response(
        render_template(
            "edit_record.html",
            kind=kind,
            columns=[(name, words.RECORD_COLUMNS[name]) for name in _columns(kind)],
            cells=cells,
            seen=seen,
            document=document if document.isdecimal() else "",
        )
    )


def _columns(kind: str) -> tuple[str, ...]:
    """The columns of the import's files that a form may change."""
    if kind not in KINDS:
        raise NotFound("There are no records of the kind '{kind}' to be written here.", kind=kind)
    return tuple(each.name for each in fields(KINDS[kind][1]) if each.name not in ACCOUNTS)


def _number(party: Party) -> str:
    return party.supplier_id if isinstance(party, Supplier) else party.customer_id


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


def _printed(kind: str, extraction: Extraction) -> dict[str, str]:
    """What a document says of the party; whoever writes the record looks at each value."""
    side = "seller" if kind == "suppliers" else "buyer"
    street, *rest = [part.strip() for part in (extraction.text(f"{side}_address") or "").split(",")]
    place = next((part for part in rest if re.search(r"\d", part)), rest[0] if rest else "")
    code, town = _parted(place)
    country = rest[-1] if rest and re.fullmatch(r"[A-Z]{2}", rest[-1]) else ""
    found = {
        "name": extraction.text(f"{side}_name"),
        "vat_id": extraction.text(f"{side}_vat_id"),
        "tax_id": extraction.text("seller_tax_id") if side == "seller" else None,
        "email": extraction.text("seller_email") if side == "seller" else None,
        "currency": extraction.text("currency"),
        "street": street,
        "postal_code": code,
        "city": town,
        "country": country,
    }
    return {name: text for name, text in found.items() if text and name in _columns(kind)}


def _parted(place: str) -> tuple[str, str]:
    """Postal code and town: "50015 Zaragoza", "L3 4AA Liverpool", "1012 AB Amsterdam"."""
    words_ = place.split()
    length = max((index + 1 for index, word in enumerate(words_) if re.search(r"\d", word)), default=0)
    if length and length < len(words_) and re.fullmatch(r"[A-Z]{2}", words_[length]):
        length += 1
    return " ".join(words_[:length]), " ".join(words_[length:])
