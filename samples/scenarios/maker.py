"""The workshop of a world: parties, orders and cases, each drawn from one seeded generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ingest.extraction import DocumentType
from matching.records import Customer, GoodsReceipt, OrderLine, OrderStatus, PurchaseOrder, Supplier
from samples.paper.firms import countries
from samples.scenarios import names
from samples.scenarios.drafts import Draft, DraftLine, extraction_of
from samples.scenarios.names import LANGUAGE, Article
from samples.scenarios.values import TODAY, Case, Pair, Truth, World

FOLDS = str.maketrans("OILSB", "01158")
ORDER_FORMS = ("45000{n:05d}", "PO-26-{n:05d}", "B/2026/{n:05d}", "{n:07d}", "EK26{n:05d}", "4700-{n:05d}")
NUMBER_FORMS = (
    "RE-2026-{n:05d}",
    "INV-{n:05d}",
    "{n:06d}",
    "F26/{n:05d}",
    "2026{n:05d}",
    "VF-{n:06d}",
    "FA/{n:05d}/26",
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order with the articles of its lines."""

    order: PurchaseOrder
    supplier: Supplier
    customer: Customer
    articles: tuple[Article, ...]

    @property
    def number(self) -> str:
        """The order's number."""
        return self.order.po_number


@dataclass(slots=True)
class Maker:
    """Draws what a case needs and keeps what was drawn."""

    rng: Random
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    orders: list[PurchaseOrder] = field(default_factory=list)
    receipts: list[GoodsReceipt] = field(default_factory=list)
    cases: list[tuple[float, Case, Draft]] = field(default_factory=list)
    usual: list[str] = field(default_factory=list)
    """Suppliers that need orders and that nothing is odd about."""
    buyers: list[str] = field(default_factory=list)
    """Our own companies."""
    serial: int = 0
    quality: str = "vector"
    moment: float = 0.0
    """Where the present case stands in the order of arrival, 0 to 1."""
    forms: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------ drawing

    def next(self) -> int:
        """A number that nothing else has."""
        self.serial += self.rng.randint(1, 3)
        return self.serial

    def supplier(self, country: str = "") -> Supplier:
        """One of the usual suppliers."""
        ids = [each for each in self.usual if not country or self.suppliers[each].country == country]
        return self.suppliers[self.rng.choice(ids)]

    def customer(self, but: Customer | None = None) -> Customer:
        """One of our companies."""
        return self.customers[self.rng.choice([each for each in self.buyers if but is None or each != but.customer_id])]

    def article(self, supplier: Supplier, *, unit: str = "") -> Article:
        """An article that nothing else was ordered of."""
        language = LANGUAGE[supplier.country or "GB"]
        while True:
            found = names.article(language, self.next(), self.rng)
            if not unit or found.unit == unit:
                return found

    def articles(self, supplier: Supplier, count: int, *, unit: str = "") -> tuple[Article, ...]:
        """Articles that a reader tells apart by their words."""
        found: list[Article] = []
        while len(found) < count:
            one = self.article(supplier, unit=unit)
            if all((one.noun, one.attribute) != (other.noun, other.attribute) for other in found):
                found.append(one)
        return tuple(found)

    def quantity(self, article: Article) -> Decimal:
        """As many as one orders of an article of this price."""
        top = 2000 if article.price < 1 else 300 if article.price < 20 else 40 if article.price < 150 else 8
        return Decimal(self.rng.randint(max(2, top // 10), top))

    def rate(self, supplier: Supplier, customer: Customer) -> Decimal:
        """The usual rate at home, none across the border."""
        if supplier.country != customer.country:
            return Decimal(0)
        return Decimal(countries()[supplier.country or "DE"]["rates"].split("|")[0])

    def day(self) -> date:
        """The day of an invoice; later ones come later."""
        return TODAY - timedelta(days=round(100 * (1 - self.moment)) + 1)

    def invoice_number(self, supplier: Supplier) -> str:
        """A new number in the supplier's way."""
        form = self.forms.setdefault(supplier.supplier_id, self.rng.choice(NUMBER_FORMS))
        return form.format(n=self.next())

    # ------------------------------------------------------------ orders

    def order_line(self, number: int, article: Article, rate: Decimal, **changes: object) -> OrderLine:
        """An order line of an article; some lines go without article number or unit."""
        line = OrderLine(
            line_number=str(number),
            description=article.description,
            quantity=self.quantity(article),
            unit_price=article.price,
            sku=article.sku,
            unit=article.unit,
            tax_rate=rate,
        )
        return replace(line, **changes)  # type: ignore[arg-type]

    def order(
        self,
        count: int = 0,
        *,
        supplier: Supplier | None = None,
        customer: Customer | None = None,
        articles: Sequence[Article] = (),
        lines: Sequence[Mapping[str, object]] = (),
        **changes: object,
    ) -> Ordered:
        """An order of fresh articles; `lines` changes single lines, `changes` the head."""
        supplier = supplier or self.supplier()
        customer = customer or self.customer()
        chosen = tuple(articles) or self.articles(supplier, count or self.rng.choice((1, 2, 2, 3, 3, 4, 6)))
        rate = self.rate(supplier, customer)
        step = self.rng.choice((1, 10))
        rows = []
        for index, article in enumerate(chosen):
            own = lines[index] if index < len(lines) else {}
            rows.append(self.order_line((index + 1) * step, article, rate, **own))
        order = PurchaseOrder(
            po_number=self.forms.setdefault(customer.customer_id, self.rng.choice(ORDER_FORMS)).format(n=self.next()),
            supplier_id=supplier.supplier_id,
            lines=tuple(rows),
            customer_id=customer.customer_id,
            order_date=self.day() - timedelta(days=self.rng.randint(14, 40)),
            currency=supplier.currency,
            payment_terms_days=supplier.payment_terms_days,
            status=OrderStatus.OPEN,
        )
        order = replace(order, **changes)  # type: ignore[arg-type]
        self.orders.append(order)
        return Ordered(order, supplier, customer, chosen)

    def receive(self, ordered: Ordered, share: Decimal = Decimal(1), lines: Iterable[str] = ()) -> None:
        """Goods came in for an order's lines: all of each, or a share."""
        wanted = tuple(lines) or tuple(line.line_number for line in ordered.order.lines)
        for line in ordered.order.lines:
            if line.line_number in wanted:
                self.receive_line(ordered, line.line_number, (line.quantity * share).to_integral_value())

    def receive_line(self, ordered: Ordered, line: str, quantity: Decimal) -> None:
        """So many of a line came in; negative: went back."""
        self.receipts.append(
            GoodsReceipt(ordered.number, line, quantity, self.day() - timedelta(days=2), f"LS-{self.next()}")
        )

    # ------------------------------------------------------------ documents

    def line(self, ordered: Ordered, index: int = 0, quantity: Decimal | None = None, **changes: object) -> DraftLine:
        """What bills an order line as it was ordered."""
        line = ordered.order.lines[index]
        drafted = DraftLine(
            description=line.description,
            quantity=line.quantity if quantity is None else quantity,
            price=line.unit_price,
            unit=line.unit or "H87",
            sku=line.sku,
            rate=line.tax_rate if line.tax_rate is not None else Decimal(0),
            base=line.price_base,
            pairs=((ordered.number, line.line_number),),
        )
        return replace(drafted, **changes)  # type: ignore[arg-type]

    def bill(self, *orders: Ordered, share: Decimal | None = None, lines: Sequence[DraftLine] | None = None) -> Draft:
        """An invoice over orders: all of every line, or a share of it."""
        first = orders[0]
        drafted = []
        for ordered in orders:
            for index, line in enumerate(ordered.order.lines):
                part = None if share is None else max(Decimal(1), (line.quantity * share).to_integral_value())
                several = {"order": ordered.number} if len(orders) > 1 else {}
                drafted.append(self.line(ordered, index, part, **several))
        draft = Draft(
            supplier=first.supplier,
            customer=first.customer,
            number=self.invoice_number(first.supplier),
            issued=self.day(),
            currency=first.order.currency or "EUR",
            lines=tuple(lines if lines is not None else drafted),
            orders=(first.number,),
            others={"purchase_order": tuple(each.number for each in orders[1:])} if len(orders) > 1 else {},
        )
        terms = first.order.payment_terms_days
        if terms is not None and self.rng.random() < 0.6:
            draft = draft.having(payment_terms_days=str(terms))
            if self.rng.random() < 0.5:
                draft = draft.having(due_date=(draft.issued + timedelta(days=terms)).isoformat())
        return draft

    def credit(self, draft: Draft, **fields: str | None) -> Draft:
        """A credit note over an invoice."""
        note = replace(
            draft,
            kind=DocumentType.CREDIT_NOTE,
            number=self.invoice_number(draft.supplier),
            issued=self.day(),
            fields={"preceding_invoice": draft.number},
        )
        return note.having(**fields)

    def add(
        self,
        kind: str,
        draft: Draft,
        codes: Iterable[str] = (),
        *,
        status: str = "",
        infos: Iterable[str] = (),
        may: Iterable[str] = (),
        orders: Sequence[str] | None = None,
        unscored: Iterable[str] = (),
        supplier: str | None = "known",
        customer: str | None = "known",
        step: int = 1,
    ) -> Draft:
        """A case with its truth: approved where nothing is to be told."""
        codes = tuple(sorted(codes))
        pairs = tuple(Pair(number, *pair) for number, line in enumerate(draft.lines, start=1) for pair in line.pairs)
        numbers = tuple(dict.fromkeys(pair.purchase_order for pair in pairs))
        truth = Truth(
            status=status or ("needs_review" if codes else "approved"),
            codes=codes,
            infos=tuple(sorted(infos)),
            may=tuple(sorted(may)),
            supplier=draft.supplier.supplier_id if supplier == "known" else supplier,
            customer=draft.customer.customer_id if customer == "known" else customer,
            orders=tuple(orders) if orders is not None else numbers,
            lines=() if orders is not None and not orders else pairs,
            unscored=tuple(unscored),
        )
        sound = replace(draft, firm=draft.firm or truth.status != "approved")
        case = Case(
            id="",
            kind=kind,
            quality=self.quality,
            truth=truth,
            extraction=extraction_of(sound, self.quality, self.rng),
            misread=draft.misread,
            step=step,
        )
        self.cases.append((self.moment, case, draft))
        return draft

    def later(self) -> None:
        """Time goes by between two documents of a sequence."""
        self.moment += (1 - self.moment) * self.rng.uniform(0.15, 0.4)

    def world(self) -> World:
        """Everything that was drawn, the cases in the order of their arrival."""
        ordered = [(case, draft) for _, case, draft in sorted(self.cases, key=lambda item: item[0])]
        cases = tuple(
            replace(case, id=f"{number:04d}-{case.kind}" + (f"-{case.step}" if case.step > 1 else ""))
            for number, (case, _) in enumerate(ordered, start=1)
        )
        return World(
            tuple(self.suppliers.values()),
            tuple(self.customers.values()),
            tuple(self.orders),
            tuple(self.receipts),
            cases,
            {case.id: draft for case, (_, draft) in zip(cases, ordered, strict=True)},
        )
