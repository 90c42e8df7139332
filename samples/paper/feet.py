"""How to pay, and the foot of the page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from samples.paper.blocks import Band, Block, Code, Gap, Keep, Part, Rule, Side, Text
from samples.paper.desk import Desk, Entry, nothing, pairs, stack, told_by
from samples.paper.heads import id_lines, seller_told
from samples.paper.setting import FAMILIES, register, text_width


def bank_entries(desk: Desk) -> list[Entry]:
    """The seller's account."""
    firm, label = desk.facts.seller, desk.label
    entries = [Entry("bank", label("bank"), firm.bank)] if desk.chance(0.75) else []
    if desk.chance(0.15):
        entries.insert(0, Entry("payee", label("payee"), firm.name, (("payee_name", firm.name),)))
    if firm.account and (not firm.iban or desk.chance(0.75)):
        entries.append(Entry("routing", label("routing"), firm.routing, (("seller_routing", firm.routing),)))
        entries.append(Entry("account", label("account"), firm.account, (("seller_account", firm.account),)))
    if firm.iban:
        printed = firm.iban if desk.chance(0.25) else firm.iban_printed
        colon = ":" if desk.layout.colon else ""
        entries.append(Entry("iban", f"IBAN{colon}", printed, (("seller_iban", firm.iban),)))
        if desk.chance(0.85):
            name = desk.rng.choice(("BIC", "BIC", "SWIFT", "BIC/SWIFT"))
            entries.append(Entry("bic", f"{name}{colon}", firm.bic, (("seller_bic", firm.bic),)))
    return entries


def _second_bank(desk: Desk) -> tuple[str, ...]:
    firm = desk.facts.seller
    if not desk.layout.has("two_banks") or not firm.second_iban:
        return ()
    grouped = " ".join(firm.second_iban[i : i + 4] for i in range(0, len(firm.second_iban), 4))
    return (firm.second_bank, f"IBAN {grouped}")


def terms(desk: Desk) -> Part:
    """The terms in words, and the due date that follows from them."""
    facts, words, form = desk.facts, desk.words, desk.form
    told: dict[str, str] = {}
    hidden: set[str] = set()
    if facts.terms_days is not None:
        told["payment_terms_days"] = str(facts.terms_days)
        told["due_date"] = (facts.issued + timedelta(days=facts.terms_days)).isoformat()
        if facts.cash:
            pct, days = facts.cash
            text = words("text", "terms_cash", pct=form.percent(pct), ddays=str(days), days=str(facts.terms_days))
            told |= {"discount_percent": str(pct), "discount_days": str(days)}
        else:
            text = words("text", "terms_net", days=str(facts.terms_days))
        told["payment_terms"] = text
    elif facts.due and desk.layout.has("due_sentence"):
        text = words("text", "terms_date", date=form.day(facts.due))
        told["due_date"] = facts.due.isoformat()
        hidden.add("payment_terms")
    else:
        return nothing()
    lines = [f"{desk.label('terms')} {text}" if desk.chance(0.6) else text]
    if facts.cash and desk.layout.has("cash_amount"):
        pct, days = facts.cash
        rest = facts.to_pay * (Decimal(100) - pct) / 100
        by = form.day(facts.issued + timedelta(days=days))
        lines.append(words("text", "cash_amount", date=by, x=form.money(rest)))
    return Part((Text(tuple(lines)),), told, frozenset(hidden))


def _epc(desk: Desk) -> str:
    firm, facts = desk.facts.seller, desk.facts
    lines = (
        "BCD",
        "002",
        "1",
        "SCT",
        firm.bic,
        firm.name[:70],
        firm.iban,
        f"EUR{facts.to_pay:.2f}",
        "",
        "",
        facts.number,
    )
    return "\n".join(lines)


def _swiss(desk: Desk) -> str:
    seller, buyer, facts = desk.facts.seller, desk.facts.buyer, desk.facts
    owed = ["SPC", "0200", "1", seller.iban, "K", seller.name, seller.street, seller.place, "", "", seller.country]
    whom = [""] * 7 + [f"{facts.to_pay:.2f}", facts.currency, "K", buyer.name, buyer.street, buyer.place, "", "", "CH"]
    return "\n".join([*owed, *whom, "NON", "", facts.number, "EPD"])


def _code(desk: Desk) -> Block | None:
    firm = desk.facts.seller
    if not desk.layout.has("qr") or not firm.iban:
        return None
    if firm.country == "CH":
        return Code(_swiss(desk), 110.0)
    return Code(_epc(desk), 74.0) if desk.facts.currency == "EUR" else None


def payment(desk: Desk) -> Part:
    """Terms, account and reference in the body of the page."""
    facts, layout = desk.facts, desk.layout
    part = terms(desk)
    blocks: list[Block] = list(part.blocks)
    told = dict(part.told)
    entries = bank_entries(desk) if layout.pay not in ("foot", "none") else []
    reference = facts.refs.get("payment_reference")
    if reference and entries:
        entries.append(
            Entry("reference", desk.label("payment_reference"), reference, (("payment_reference", reference),))
        )
    told |= told_by(entries)
    if entries:
        blocks.append(Gap(6))
        match layout.pay:
            case "pairs":
                blocks.append(pairs(entries))
            case "box":
                blocks.append(Band((pairs(entries),), frame=desk.look.ink, pad=4))
            case "line":
                blocks.append(Text(("  ".join(f"{entry.label} {entry.value}" for entry in entries),)))
            case "ruled":
                blocks.append(pairs(entries, rules="all"))
            case _:
                blocks.append(stack(entries))
        second = _second_bank(desk)
        if second:
            blocks += [Gap(3), Text(second)]
    code = _code(desk)
    if code:
        words = Text((desk.words("text", "scan_pay"),), 0.85)
        blocks = [Side(((2.2, tuple(blocks)), (1, (code, words))))]
    if layout.has("thanks"):
        blocks += [Gap(8), Text((desk.words("text", "thanks"),))]
    if layout.has("small_print"):
        blocks += [Gap(6), Text((desk.words("text", "title_goods"),), 0.75)]
    return Part((Keep(tuple(blocks)), Gap(6)) if blocks else (), told, part.open)


def _columns(desk: Desk, columns: tuple[tuple[str, ...], ...]) -> Side:
    """Columns as wide as their longest lines, in a print so small that no account number is broken."""
    register()
    look, shown = desk.look, [column for column in columns if column]
    font, gap, size = FAMILIES[look.family][0], 10.0, look.size * 0.72
    longest = [max(text_width(line, font, 1.0, 0.0) for line in column) for column in shown]
    room = look.inner - gap * (len(shown) - 1)
    size = max(4.4, min(size, 0.96 * room / sum(longest)))
    return Side(tuple((share, (Text(column, size),)) for share, column in zip(longest, shown, strict=True)), gap)


def foot(desk: Desk, ids: list[Entry]) -> Part:
    """What stands at the bottom of every page."""
    layout, firm = desk.layout, desk.facts.seller
    if layout.foot == "none":
        return nothing()
    bank = bank_entries(desk) if layout.pay == "foot" else []
    shown = ids if layout.ids == "foot" else []
    told = seller_told(firm) | told_by(bank) | told_by(shown)
    first = (firm.name, *firm.lines)
    numbers, account = id_lines(shown), id_lines(bank)
    match layout.foot:
        case "line":
            text = (" · ".join(first), " · ".join(numbers), " · ".join(account))
            block: Block = Text(tuple(line for line in text if line), 0.72, align="centre")
        case "lines":
            block = Text(
                (", ".join((*first, *numbers)), ", ".join(account)) if account else (", ".join((*first, *numbers)),),
                0.72,
            )
        case "four":
            half = -(-len(numbers) // 2)
            block = _columns(desk, (first, numbers[:half], numbers[half:], account))
        case _:
            block = _columns(desk, (first, numbers, account))
    return Part((Rule(0.5), Gap(2), block), told)
