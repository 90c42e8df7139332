"""Invents the facts of a document: who bills whom for what, in sound arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from samples.model import money
from samples.paper import identifiers
from samples.paper.facts import ZERO, Facts, Line
from samples.paper.firms import Firm, countries, invent, rates
from samples.paper.identifiers import digits
from samples.paper.layouts import Layout
from samples.paper.vocabulary import Words, goods, tables

FIRST, LAST = date(2023, 1, 4), date(2026, 10, 30)
HOME = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pl": "PL", "pt": "PT", "sv": "SE"}
HOME |= {"da": "DK", "cs": "CZ"}
ORDERS = ("45000{n5}", "PO-{n5}", "{n6}", "B{y}-{n4}", "4711-{n3}", "PO{n7}", "{y}/{n4}", "EK-{y}-{n4}", "{n8}")
NUMBERS = (
    "{n6}", "{y}-{n4}", "RE-{y}-{n3}", "{y}{n5}", "INV-{n5}", "F{y2}/{n4}", "{n4}/{y}", "VF{n6}", "{n7}", "A-{n5}",
    "R{y2}{m}{n4}", "{n3}/{m}/{y}", "90{n6}", "FA{n4}-{y2}", "{n5}",
)  # fmt: skip


def _fill(pattern: str, day: date, rng: Random) -> str:
    counts = {f"n{count}": digits(rng, count) for count in range(3, 9)}
    return pattern.format(y=day.year, y2=f"{day:%y}", m=f"{day:%m}", **counts)


def _country(layout: Layout, language: str, rng: Random) -> str:
    if layout.country in countries() and language in countries()[layout.country]["languages"].split():
        return layout.country
    if language == "en" and layout.has("any_country"):
        return rng.choice(("DE", "NL", "PL", "CZ", "SE", "DK", "IT", "ES"))
    fits = [code for code, entry in countries().items() if language in entry["languages"].split()]
    return HOME[language] if rng.random() < 0.55 else rng.choice(fits)


def _price(text: str, factor: Decimal) -> Decimal:
    price = Decimal(text)
    places = Decimal("0.01") if price >= 1 else Decimal("0.0001") if price < Decimal("0.1") else Decimal("0.001")
    return max((price * factor).quantize(places), places)


def _quantity(unit: str, worth: Decimal, rng: Random) -> Decimal:
    if worth > 90 and unit in ("H87", "SET"):
        return Decimal(rng.choice((1, 1, 2, 3, 4)))
    match unit:
        case "HUR":
            return Decimal(rng.choice(("0.5", "1.25", "2", "3.5", "6.75", "8", "12.5", "40")))
        case "DAY" | "MON":
            return Decimal(rng.randint(1, 6))
        case "LS":
            return Decimal(1)
        case "KWH":
            return Decimal(rng.randint(120, 4800))
        case "KGM" | "MTR" | "LTR" | "MTK":
            return Decimal(rng.choice(("2.5", "6", "12", "18.75", "40", "125", "310.4")))
        case _:
            return Decimal(rng.choice((1, 1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 48, 100, 250)))


def _line(good: tuple[str, str, str, str], layout: Layout, words: Words, rate: Decimal, rng: Random) -> Line:
    description, unit, price, detail = good
    factor = Decimal(rng.randint(70, 160)) / 100
    quantity, cost, base = _quantity(unit, Decimal(price), rng), _price(price, factor), 1
    if "base" in layout.columns.split() and Decimal(price) < 4:
        base = 100 if Decimal(price) >= 1 else 1000
        cost, quantity = money(cost * base), quantity * rng.choice((10, 50, 100))
    elif Decimal(price) < Decimal("0.5") and unit == "H87":
        quantity *= rng.choice((10, 50, 100))
    discount = Decimal(rng.choice((0, 0, 5, 10, 12.5, 20))) if "discount" in layout.columns.split() else ZERO
    detailed = detail if layout.has("details") or rng.random() < 0.3 else ""
    skus = (digits(rng, 6), f"{rng.choice('ABKMTX')}{digits(rng, 4)}", f"{digits(rng, 3)}-{digits(rng, 3)}")
    sku = rng.choice((*skus, f"{rng.choice('ABKMTX')}{rng.choice('RSTW')}-{digits(rng, 4)}"))
    serial = f"{rng.choice('XKZ')}{digits(rng, 7)}" if layout.has("serials") and cost > 30 and unit != "HUR" else ""
    return Line(description, quantity, unit, words("units", unit), cost, rate, sku, detailed, base, discount, serial)


def _lines(layout: Layout, words: Words, country: str, issued: date, rng: Random) -> list[Line]:
    low, _, high = layout.lines.partition("-")
    count = rng.randint(int(low), int(high or low))
    stock = goods(words.language, layout.goods)
    picked = rng.sample(stock, min(count, len(stock))) + [rng.choice(stock) for _ in range(count - len(stock))]
    all_rates = [Decimal(rate) for rate in rates(country)]
    usual = rng.choice(all_rates) if country == "US" else all_rates[0]
    mixed = len(all_rates) > 1 and country != "US" and (layout.has("rates") or rng.random() < 0.2)
    lines = []
    for at, good in enumerate(picked):
        rate = all_rates[1] if mixed and at and rng.random() < 0.4 else usual
        lines.append(_line((good.description, good.unit, good.price, good.detail), layout, words, rate, rng))
    if layout.has("free") and len(lines) > 1:
        gift = replace(lines[-1], description=tables(words.language)["goods"]["sample"], price=ZERO, detail="")
        lines.append(replace(gift, quantity=Decimal(1), discount=ZERO, serial="", base=1, unit="H87",
                             printed_unit=words("units", "H87")))  # fmt: skip
    return _ordered(_sectioned(_dated(lines, layout, issued, rng), layout, words, rng), layout, issued, rng)


def _dated(lines: list[Line], layout: Layout, issued: date, rng: Random) -> list[Line]:
    if not layout.has("line_dates") and "date" not in layout.columns.split():
        return lines
    return [replace(line, delivered=issued - timedelta(days=rng.randint(1, 20))) for line in lines]


def _sectioned(lines: list[Line], layout: Layout, words: Words, rng: Random) -> list[Line]:
    if not layout.has("sections"):
        return lines
    names = rng.sample(tables(words.language)["goods"]["sections"].split("|"), min(3, max(1, len(lines) // 2)))
    share = -(-len(lines) // len(names))
    return [replace(line, section=names[at // share]) for at, line in enumerate(lines)]


def _ordered(lines: list[Line], layout: Layout, issued: date, rng: Random) -> list[Line]:
    if not layout.has("line_orders") and "order" not in layout.columns.split():
        return lines
    pattern, day = rng.choice(ORDERS), issued - timedelta(days=rng.randint(8, 60))
    count = 2 if len(lines) > 3 and rng.random() < 0.4 else 1
    numbers = [_fill(pattern, day, rng) for _ in range(count)]
    share = -(-len(lines) // count)
    return [replace(line, order=numbers[at // share], ordered=day) for at, line in enumerate(lines)]


def _charges(lines: list[Line], layout: Layout, words: Words, rng: Random) -> Iterable[Line]:
    """Freight and rebates that stand among the lines."""
    table, last = tables(words.language)["goods"], lines[0]
    plain = replace(
        last, quantity=Decimal(1), unit="", printed_unit="", sku="", detail="", base=1, discount=ZERO, serial="",
        delivered=None, charge=True, order=lines[-1].order, ordered=lines[-1].ordered, section=lines[-1].section,
    )  # fmt: skip
    if layout.has("freight_line"):
        yield replace(plain, description=table["freight"], price=Decimal(rng.randint(490, 4800)) / 100)
    worth = sum((line.total for line in lines), ZERO)
    if layout.has("rebate_line") and worth > 50:
        yield replace(plain, description=table["rebate"], price=-money(worth * Decimal(rng.randint(2, 6)) / 100))


def _references(layout: Layout, seller: Firm, issued: date, rng: Random) -> dict[str, str]:
    """Reference numbers, most of them besides the point: a document shows only some."""
    likely = {
        "customer": 0.6, "our_ref": 0.3, "your_ref": 0.25, "contract": 0.15, "project": 0.12, "delivery_note": 0.3,
        "quotation": 0.15, "tracking": 0.08, "clerk": 0.3, "payment_reference": 0.3,
    }  # fmt: skip
    if layout.goods != "things":
        likely |= {"delivery_note": 0.0, "tracking": 0.0, "contract": 0.4}
    made = {
        "customer": rng.choice((digits(rng, 5), f"K{digits(rng, 5)}", f"D-{digits(rng, 4)}", digits(rng, 8))),
        "our_ref": rng.choice((f"{rng.choice(('mk', 'BT', 'hs'))}/{digits(rng, 3)}", f"AU-{digits(rng, 6)}")),
        "your_ref": rng.choice(("KST 4120", f"EK/{digits(rng, 3)}", f"REF-{digits(rng, 5)}")),
        "contract": f"V-{digits(rng, 6)}",
        "project": rng.choice(("Nordhafen", "Halle 7", "Aurora II", "Villa Sole")),
        "delivery_note": rng.choice((f"LS{digits(rng, 6)}", digits(rng, 7), f"80{digits(rng, 6)}")),
        "quotation": f"Q-{digits(rng, 5)}",
        "tracking": f"{rng.choice(('JD', 'CP', '1Z'))}{digits(rng, 12)}",
        "clerk": seller.person,
        "payment_reference": _payment_reference(seller.country, rng),
    }  # fmt: skip
    return {key: value for key, value in made.items() if rng.random() < likely[key] or layout.has(key)}


def _payment_reference(country: str, rng: Random) -> str:
    match country:
        case "BE":
            return identifiers.structured_communication(rng)
        case "SE" | "DK":
            return identifiers.ocr_number(rng)
        case "CZ":
            return digits(rng, 10)
        case _:
            return identifiers.creditor_reference(rng)


def invent_facts(layout: Layout, language: str, words: Words, rng: Random, kind: str = "") -> Facts:
    """The facts of one document of a layout."""
    country = _country(layout, language, rng)
    abroad = layout.has("abroad")
    if country == "US":
        abroad = False
    seller = invent(country, rng, abroad=abroad or rng.random() < 0.2)
    fits = [code for code in countries() if code not in (country, "US", "CH", "GB")]
    buyer_country = rng.choice(fits) if abroad else country
    buyer = invent(buyer_country, rng, abroad=bool(seller.country_name))
    while buyer.name.split()[0] == seller.name.split()[0]:
        buyer = invent(buyer_country, rng, abroad=bool(seller.country_name))
    ship_to = _ship_to(layout, buyer, rng)
    issued = FIRST + timedelta(days=rng.randint(0, (LAST - FIRST).days))
    lines = _lines(layout, words, country, issued, rng)
    lines += _charges(lines, layout, words, rng)
    facts = Facts(
        kind=kind or layout.kind, language=language, number=_fill(rng.choice(NUMBERS), issued, rng), issued=issued,
        seller=seller, buyer=buyer, currency=_currency(country, layout, rng), lines=tuple(lines), ship_to=ship_to,
        with_tax=layout.with_tax and country != "US",
        untaxed=abroad and seller.country != buyer.country, refs=_references(layout, seller, issued, rng),
    )  # fmt: skip
    facts = _with_order(facts, layout, rng)
    return _with_totals(_with_terms(facts, layout, rng), layout, rng)


def _ship_to(layout: Layout, buyer: Firm, rng: Random) -> Firm | None:
    if "ship" not in layout.parties:
        return None
    other = invent(buyer.country, rng, abroad=bool(buyer.country_name))
    return replace(other, name=buyer.name) if rng.random() < 0.4 else other


def _currency(country: str, layout: Layout, rng: Random) -> str:
    home = countries()[country]["currency"]
    return "EUR" if layout.has("abroad") and rng.random() < 0.5 and home != "USD" else home


def _with_order(facts: Facts, layout: Layout, rng: Random) -> Facts:
    day = facts.issued - timedelta(days=rng.randint(4, 70))
    shown = any(line.order for line in facts.lines)
    order = facts.lines[0].order if shown else ""
    if not shown and (rng.random() < 0.7 or layout.has("order")):
        order = _fill(rng.choice(ORDERS), day, rng)
    dates = {"order_date": facts.lines[0].ordered or day} if order and rng.random() < 0.35 else {}
    delivered = None
    if layout.goods == "things" and not layout.has("line_dates") and rng.random() < 0.4:
        delivered = facts.issued - timedelta(days=rng.randint(0, 9))
    if layout.has("delivered"):
        delivered = facts.issued - timedelta(days=rng.randint(1, 9))
    if "delivery_note" in facts.refs and rng.random() < 0.4:
        dates["delivery_note_date"] = facts.issued - timedelta(days=rng.randint(1, 12))
    period = None
    if layout.goods != "things" and (layout.has("period") or rng.random() < 0.5):
        first = facts.issued.replace(day=1) - timedelta(days=1)
        period = (first.replace(day=1), first)
    refs = dict(facts.refs)
    if facts.kind == "credit_note":
        refs["preceding"] = _fill(rng.choice(NUMBERS), day, rng)
    return replace(facts, order=order, ordered=day, delivered=delivered, period=period, dates=dates, refs=refs)


def _with_terms(facts: Facts, layout: Layout, rng: Random) -> Facts:
    if facts.kind not in ("invoice", "statement", "reminder"):
        return facts
    days = rng.choice((7, 10, 14, 20, 30, 30, 30, 45, 60))
    due = facts.issued + timedelta(days=days)
    if rng.random() < 0.12 and not layout.has("terms"):
        return facts
    cash = None
    if (layout.has("cash") or rng.random() < 0.2) and days >= 14:
        cash = (Decimal(rng.choice(("2", "3", "1.5"))), 7 if days == 14 else rng.choice((8, 10)))
    shown = rng.random()
    if shown < 0.4 or cash or layout.has("terms"):
        return replace(facts, terms_days=days, cash=cash, due=due if rng.random() < 0.5 else None)
    return replace(facts, due=due)


def _with_totals(facts: Facts, layout: Layout, rng: Random) -> Facts:
    single = len({line.rate for line in facts.lines}) == 1
    if layout.has("shipping") or (layout.goods == "things" and not layout.has("freight_line") and rng.random() < 0.2):
        facts = replace(facts, shipping=Decimal(rng.choice((490, 695, 850, 1250, 1990, 4500))) / 100)
    if layout.has("surcharge"):
        facts = replace(facts, surcharge=Decimal(rng.randint(150, 1900)) / 100)
    if single and (layout.has("discount_total") or rng.random() < 0.08):
        facts = replace(facts, discount=Decimal(rng.choice((2, 3, 5, 10))))
    if facts.kind == "invoice" and (layout.has("prepaid") or rng.random() < 0.07):
        facts = replace(facts, prepaid=money(facts.gross * Decimal(rng.choice((20, 30, 50))) / 100))
    steps = {"CHF": Decimal("0.05"), "SEK": Decimal(1), "CZK": Decimal(1), "DKK": Decimal("0.50")}
    if layout.has("rounding") and facts.currency in steps:
        facts = replace(facts, round_to=steps[facts.currency])
        if not facts.rounding:
            facts = replace(facts, round_to=ZERO)
    return facts
