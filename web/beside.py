"""What stands on a document beside what is on file of its parties, and beside its twin: differences are marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.extraction import Extraction
from ingest.fields import FIELDS
from matching import normalise
from matching.records import Customer, Supplier
from web import words
from web.languages import gettext
from web.presenters import Presenter


@dataclass(frozen=True, slots=True)
class Pair:
    """One property on both sides, as it is shown; empty where a side has none."""

    label: str
    printed: str
    other: str
    same: bool
    """Whether both say the same, in whatever spelling; also where one side says nothing."""


def beside_supplier(extraction: Extraction, supplier: Supplier) -> tuple[Pair, ...]:
    """The seller as printed beside the supplier's record."""
    on_file = (supplier.name, *supplier.aliases)
    return _told(
        _names(extraction.text("seller_name"), on_file),
        _codes(gettext("VAT id"), extraction.text("seller_vat_id"), (supplier.vat_id,)),
        _codes(gettext("Tax number"), extraction.text("seller_tax_id"), (supplier.tax_id,)),
        _address(extraction.text("seller_address"), supplier),
        _codes(gettext("Account"), extraction.text("seller_iban"), supplier.iban),
        _mail(extraction.text("seller_email"), supplier.email),
        *_terms(extraction, supplier),
    )


def beside_customer(extraction: Extraction, customer: Customer) -> tuple[Pair, ...]:
    """The buyer as printed beside the customer's record."""
    return _told(
        _names(extraction.text("buyer_name"), (customer.name, *customer.aliases)),
        _codes(gettext("VAT id"), extraction.text("buyer_vat_id"), (customer.vat_id,)),
        _address(extraction.text("buyer_address"), customer),
    )


def beside_twin(this: Extraction, twin: Extraction, present: Presenter) -> tuple[Pair, ...]:
    """Two documents, field by field, differences first; what neither has is left out."""
    pairs = []
    for each in FIELDS:
        sides = this.text(each.name) or "", twin.text(each.name) or ""
        if any(sides):
            shown = [present.value(each.kind, side) for side in sides]
            pairs.append(
                Pair(
                    words.field_label(each.name),
                    shown[0],
                    shown[1],
                    normalise.plain(sides[0]) == normalise.plain(sides[1]),
                )
            )
    lines = [_lines(one) for one in (this, twin)]
    pairs.append(Pair(gettext("Lines"), lines[0], lines[1], lines[0] == lines[1]))
    return tuple(sorted(pairs, key=lambda pair: pair.same))


def _told(*pairs: Pair) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if pair.printed or pair.other)


def _names(printed: str | None, on_file: tuple[str, ...]) -> Pair:
    same = not printed or normalise.plain(printed) in {normalise.plain(name) for name in on_file}
    return Pair(gettext("Name"), printed or "", gettext(", also ").join(on_file), same)


def _codes(label: str, printed: str | None, on_file: Iterable[str | None]) -> Pair:
    known = [code for code in on_file if code]
    same = not printed or not known or normalise.identifier(printed) in {normalise.identifier(code) for code in known}
    return Pair(label, printed or "", ", ".join(known), same)


def _address(printed: str | None, party: Supplier | Customer) -> Pair:
    parts = [party.street, " ".join(part for part in (party.postal_code, party.city) if part), party.country]
    said = normalise.plain(printed or "").replace(" ", "")
    needed = [normalise.plain(part).replace(" ", "") for part in (party.street, party.postal_code, party.city) if part]
    return Pair(
        gettext("Address"),
        printed or "",
        ", ".join(part for part in parts if part),
        not printed or all(part in said for part in needed),
    )


def _mail(printed: str | None, on_file: str | None) -> Pair:
    domains = {address.rpartition("@")[2].casefold() for address in (printed, on_file) if address}
    return Pair(gettext("E-mail"), printed or "", on_file or "", len(domains) < 2)


def _terms(extraction: Extraction, supplier: Supplier) -> tuple[Pair, Pair]:
    printed, agreed = extraction.text("payment_terms_days") or "", supplier.payment_terms_days
    days = "" if agreed is None else str(agreed)
    currency, known = extraction.text("currency") or "", supplier.currency or ""
    return (
        Pair(gettext("Net days"), printed, days, not (printed and days) or printed == days),
        Pair(gettext("Currency"), currency, known, not (currency and known) or currency == known),
    )


def _lines(extraction: Extraction) -> str:
    parts = [line.description.value for line in extraction.line_items if line.description]
    return f"{words.count(len(extraction.line_items), 'line')}: {'; '.join(parts)}"[:300]
