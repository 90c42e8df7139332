"""Charges (freight, packing, insurance, surcharges, deposits), and the order lines that carry them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.extraction import Extraction
from matching.comparisons import text_similarity
from matching.normalise import plain

_KINDS: dict[str, str] = {
    "freight": r"fracht|versand|porto|transport|liefer|zustell|speditions|anfahrts?|lieferung|freight|shipping|"
    r"delivery|carriage|postage|courier|port|livraison|expedition|acheminement|wysylk\w*|przesylk\w*|dostaw\w*|transportu|"
    r"spedizione|trasporto|consegna|envio|portes|entrega|verzend|verzending|vracht|bezorg|fragt|frakt|levering|doprava|"
    r"postovne",
    "packing": r"verpackungs?|packing|packaging|packmittel|emballages?|opakowani\w*|pakowani\w*|balne|imballaggio|"
    r"imballo|embalaje|verpakkings?|packnings|paletten|pallet|palettes?",
    "insurance": "versicherungs?|transportversicherungs?|insurance|assurance|ubezpieczeni\\w*|assicurazione|seguro",
    "deposit": "pfand|leergut|deposit|consigne|kaucja|\\w*pfand|cauzione|statiegeld|pant|kaution",
    "surcharge": "mindermengen|kleinmengen|energie|treibstoff|diesel|maut|gefahrgut|express|teuerungs|legierungs|"
    "material|surcharge|zuschlag|aufschlag|toll|fuel|minimum|order|small|supplement|doplata|supplemento|recargo|"
    r"toeslag|handling|bearbeitungs|manipulations|\w+zuschlag|gebyr|\w+gebyr|zoll|customs|entsorgungs|disposal|"
    r"recycling|gebuehr|fees?|charges?",
}
_SUFFIX = (
    r"(?:s?(?:kosten|kostenanteil|pauschalen?|anteil|gebuehr(?:en)?|zuschlag|zuschlaege|spesen|beitrag|aufschlag))*"
)
_STEMS = {kind: re.compile(rf"(?:{stems}){_SUFFIX}$") for kind, stems in _KINDS.items()}
_COSTS = frozenset(
    re.findall(r"\S+", "kosten costs cost frais koszt koszty oplata oplaty spese gastos omkostninger naklady")
)
_WEAK = frozenset(
    re.findall(
        r"\S+", "energie diesel material order small minimum fuel toll port palette palettes paletten pallet pant"
    )
)
"""Words that alone name goods as well; they need another word of charges beside them, or an ending."""
_FILLERS = _COSTS | frozenset(
    re.findall(
        r"\S+",
        """
        und and et y de des du d le la les l di del na za do der die das fuer for per pro je zu zzgl plus frei haus
        participation pauschal pauschale anteil anteilig flat rate dhl ups gls dpd fedex tnt hermes post paket parcel
        spedition innerhalb national international inland ausland eu dap dpu cif service zone sendung shipment
        """,
    )
)


def charge_kind(text: str) -> str | None:
    """Which charge a text names; None for goods and services. The whole text must be about the charge."""
    words = [word for word in re.findall(r"[^\W_]+", plain(text)) if not word.isdigit()]
    kinds = [(word, kind) for word in words for kind, stem in _STEMS.items() if stem.match(word)]
    named = {word for word, _ in kinds}
    if not kinds or any(word not in named and word not in _FILLERS and len(word) > 2 for word in words):
        return None
    if named <= _WEAK and len(named) < 2 and not _COSTS.intersection(words):
        return None
    return kinds[0][1]


@dataclass(frozen=True, slots=True)
class InvoiceCharge:
    """A charge on the invoice, net; `line` is 0 for one below the lines."""

    label: str
    amount: Decimal
    line: int = 0
    quantity: Decimal | None = None

    @property
    def kind(self) -> str | None:
        """Freight, packing, insurance, deposit, surcharge; None for others."""
        return charge_kind(self.label)


@dataclass(frozen=True, slots=True)
class CarriedCharge:
    """A charge and the order line that carries it; `expected` is what that line leaves room for."""

    charge: InvoiceCharge
    po_number: str
    order_line: str
    expected: Decimal
    quantity: Decimal
    """How many of the order line's units it takes."""


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """An order line that is a charge, with what is still open of it."""

    po_number: str
    order_line: str
    label: str
    price: Decimal
    """Of one unit."""
    open_quantity: Decimal


@dataclass(frozen=True, slots=True)
class ChargeFinding:
    """The invoice's charges: those that an order carries, and the others."""

    carried: tuple[CarriedCharge, ...] = ()
    others: tuple[InvoiceCharge, ...] = ()
    allowance: Decimal = Decimal(0)
    """Document level discounts, positive."""


def below_the_lines(extraction: Extraction) -> tuple[tuple[InvoiceCharge, ...], Decimal]:
    """Document level charges, and the sum of document level allowances."""
    charges: list[InvoiceCharge] = []
    allowance = Decimal(0)
    for item in extraction.charges:
        amount = item.amount.number or Decimal(0)
        if item.kind == "allowance":
            allowance += abs(amount)
        elif amount:
            charges.append(InvoiceCharge(item.reason or "charge", amount))
    if not extraction.charges:
        shipping = shipping_below(extraction)
        if shipping:
            charges.append(InvoiceCharge("shipping", shipping))
        allowance = abs(extraction.amount("discount_total") or Decimal(0))
    return tuple(charges), allowance


def shipping_below(extraction: Extraction) -> Decimal:
    """The printed sum of charges; nothing where it only repeats what stands among the lines."""
    stated = extraction.amount("shipping_total") or Decimal(0)
    among = [
        item.line_total.number or Decimal(0)
        for item in extraction.line_items
        if item.line_total and item.description and charge_kind(item.description.value) is not None
    ]
    return Decimal(0) if stated and sum(among, Decimal(0)) == stated else stated


def assign(charges: Sequence[InvoiceCharge], slots: Sequence[OpenCharge], allowance: Decimal) -> ChargeFinding:
    """Give each charge the order's charge line of its kind, as long as one is open."""
    left = list(slots)
    carried: list[CarriedCharge] = []
    others: list[InvoiceCharge] = []
    for charge in charges:
        slot = _best(charge, left)
        if slot is None:
            others.append(charge)
            continue
        wanted = charge.quantity if charge.quantity and charge.quantity > 0 else _units(charge.amount, slot.price)
        taken = min(wanted, max(slot.open_quantity, Decimal(0)))
        carried.append(CarriedCharge(charge, slot.po_number, slot.order_line, taken * slot.price, wanted))
        left[left.index(slot)] = OpenCharge(
            slot.po_number, slot.order_line, slot.label, slot.price, slot.open_quantity - wanted
        )
    return ChargeFinding(tuple(carried), tuple(others), allowance)


def _units(amount: Decimal, price: Decimal) -> Decimal:
    """Of how many units an amount can be the price: whole ones, at least one."""
    return max(Decimal(1), abs(amount) // price) if price > 0 else Decimal(1)


def _best(charge: InvoiceCharge, slots: Sequence[OpenCharge]) -> OpenCharge | None:
    fitting = [
        slot
        for slot in slots
        if (charge.kind is not None and charge.kind == charge_kind(slot.label))
        or text_similarity(charge.label, slot.label) >= 0.8
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda slot: (slot.open_quantity > 0, text_similarity(charge.label, slot.label)))
