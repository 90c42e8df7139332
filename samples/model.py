"""An invented invoice with everything that is printed on it, and the truth a reader must find."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def money(amount: Decimal) -> Decimal:
    """Rounded to cents, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Party:
    """A company as it prints itself."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    registration: str = ""
    tax_id: str = ""
    printed_country: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The postal address below the name."""
        place = f"{self.city} {self.postal_code}" if self.country == "GB" else f"{self.postal_code} {self.city}"
        return tuple(part for part in (self.street, place, self.printed_country) if part)

    @property
    def address(self) -> str:
        """The postal address in one line."""
        return ", ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of goods or services."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    rate: Decimal
    sku: str = ""
    unit: str = "H87"
    printed_unit: str = ""
    more: tuple[str, ...] = ()
    """Further printed lines of the description."""

    @property
    def total(self) -> Decimal:
        """Without tax."""
        return money(self.quantity * self.unit_price)


@dataclass(frozen=True, slots=True)
class Invoice:
    """Everything about one sample document."""

    number: str
    issued: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    language: str
    currency: str = "EUR"
    order: str = ""
    due: date | None = None
    terms: str = ""
    terms_days: int | None = None
    delivered: date | None = None
    delivery_note: str = ""
    customer_number: str = ""
    freight: Decimal = Decimal(0)
    freight_word: str = ""
    kind: str = "invoice"
    preceding: str = ""
    note: str = ""
    wrong_gross: Decimal = Decimal(0)
    """Added to the printed total, for an invoice that does not add up."""
    period: tuple[date, date] | None = None
    untold: tuple[str, ...] = field(default=())
    """Fields of the truth that this layout does not print."""

    @property
    def lines_total(self) -> Decimal:
        """Sum of the lines."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def net(self) -> Decimal:
        """Before tax, freight included."""
        return self.lines_total + self.freight

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """(rate, taxable, tax) for each rate, highest first; freight is taxed at the highest."""
        rates = sorted({line.rate for line in self.lines}, reverse=True)
        rows = []
        for position, rate in enumerate(rates):
            taxable = sum((line.total for line in self.lines if line.rate == rate), Decimal(0))
            taxable += self.freight if position == 0 else 0
            rows.append((rate, taxable, money(taxable * rate / 100)))
        return tuple(rows)

    @property
    def tax(self) -> Decimal:
        """All tax."""
        return sum((tax for _, _, tax in self.taxes), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """With tax, as printed."""
        return self.net + self.tax + self.wrong_gross

    def truth(self) -> dict[str, str]:
        """Header fields by the contract's names, as a perfect reader gives them."""
        found = {
            "invoice_number": self.number,
            "issue_date": self.issued.isoformat(),
            "due_date": self.due.isoformat() if self.due else "",
            "delivery_date": self.delivered.isoformat() if self.delivered else "",
            "currency": self.currency,
            "purchase_order": self.order,
            "delivery_note": self.delivery_note,
            "customer_number": self.customer_number,
            "preceding_invoice": self.preceding,
            "seller_name": self.seller.name,
            "seller_vat_id": self.seller.vat_id,
            "seller_iban": self.seller.iban,
            "seller_bic": self.seller.bic,
            "buyer_name": self.buyer.name,
            "net_total": str(self.net),
            "tax_total": str(self.tax),
            "gross_total": str(self.gross),
        }
        return {name: value for name, value in found.items() if value and name not in self.untold}

    def line_truth(self) -> list[dict[str, str]]:
        """Line items by the contract's cell names."""
        return [
            {
                "description": line.description,
                "quantity": str(line.quantity),
                "unit_price": str(line.unit_price),
                "line_total": str(line.total),
            }
            for line in self.lines
        ]
