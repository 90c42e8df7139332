"""Till slips with their truth: `python -m samples.paper.rolls OUT --count N --seed S`.

A roll is a column of lines in one pitch; what heads it, how goods are printed and how it ends are drawn apart.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples.degrade import jpeg
from samples.model import money
from samples.paper import harsh, wear
from samples.paper.firms import Firm, countries, invent, rates
from samples.paper.form import Form, notation
from samples.paper.vocabulary import HERE, Good, choose, goods
from samples.pen import FONTS

HEADS, GOODS, ENDS = ("plain", "owner", "branch", "title_first", "small"), ("row", "under", "coded"), ("cash", "card")
MONO = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSansCondensed.ttf")
Print = tuple[str, str]
"""How a line is set (`centre`, `left`, `large`) and its text; a tab parts what stands at the right edge."""


@dataclass(slots=True)
class Roll:
    """A slip's lines and what they say."""

    lines: list[Print] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    def put(self, *texts: str, how: str = "left") -> None:
        """Print lines one under another."""
        self.lines += [(how, text) for text in texts]


@cache
def _tables() -> dict[str, dict[str, str]]:
    with (HERE / "rolls.toml").open("rb") as file:
        return tomllib.load(file)


def roll(rng: Random) -> tuple[Roll, str, str]:
    """A slip, its language, and the name of its layout."""
    language = rng.choice(sorted(_tables()))
    able = [code for code, facts in countries().items() if language in facts["languages"].split()]
    seller = invent(rng.choice(able), rng)
    words = {key: rng.choice(variants.split("|")) for key, variants in _tables()[language].items()}
    form = notation(language, seller.country, countries()[seller.country]["currency"], rng)
    head, sold, end = rng.choice(HEADS), rng.choice(GOODS), rng.choice(ENDS)
    made = Roll()
    _head(made, seller, head, words, choose(language, rng)("titles", "receipt"), rng)
    _facts(made, form, words, rng)
    total = _goods(made, goods(language, "things"), sold, form, rng)
    _end(made, total, end, Decimal(rates(seller.country)[0]), form, words, rng)
    return made, language, f"roll_{head}_{sold}_{end}"


def _head(made: Roll, seller: Firm, head: str, words: dict[str, str], title: str, rng: Random) -> None:
    capitals = rng.random() < 0.5
    name = seller.name if rng.random() < 0.5 or head == "owner" else f"{seller.brand} {words['shops']}"
    lines = [seller.name if head == "owner" else name]
    if head == "title_first":
        made.put(title.upper(), how="centre")
    if head == "owner" and rng.random() < 0.5:
        made.put(seller.registration or seller.vat_printed, how="centre")
    street, place = seller.street, seller.place
    if capitals:
        lines, street, place = [line.upper() for line in lines], street.upper(), place.upper()
    made.put(*lines, how="centre" if head == "small" else "large")
    if head == "branch":
        made.put(f"{words['shops']} {seller.place.split()[-1]}", how="centre")
    made.put(*((f"{street}, {place}",) if rng.random() < 0.25 else (street, place)), how="centre")
    made.truth |= {"seller_name": lines[0], "seller_address": f"{street}, {place}"}
    if rng.random() < 0.7:
        made.put(f"Tel. {seller.phone}", how="centre")
    if seller.vat and rng.random() < 0.7:
        made.put(f"{choose_vat(seller)} {seller.vat_printed}", how="centre")
    if head not in ("title_first", "small"):
        made.put("", title, how="centre")


def choose_vat(seller: Firm) -> str:
    """What the seller's country calls its VAT number on a slip."""
    names = {"DE": "USt-IdNr.", "FR": "TVA", "ES": "CIF", "IT": "P.IVA", "NL": "BTW", "GB": "VAT No"}
    return names.get(seller.country, "VAT")


def _facts(made: Roll, form: Form, words: dict[str, str], rng: Random) -> None:
    issued = date(2026, 10, 1) - timedelta(days=rng.randint(0, 900))
    number, clock = str(rng.randint(1000, 9999999)), f"{rng.randint(8, 21):02}:{rng.randint(0, 59):02}"
    label = f"{words['date']}: " if words["date"] else ""
    served = f"\t{words['served']} {rng.randint(1, 12)}" if rng.random() < 0.5 else ""
    made.put("", f"{words['number']} {number}{served}")
    made.put(f"{label}{form.day(issued)}" + rng.choice((f"  {clock}", f"\t{clock}", "")))
    made.truth |= {"issue_date": issued.isoformat()}


def _goods(made: Roll, stock: Sequence[Good], sold: str, form: Form, rng: Random) -> Decimal:
    total = Decimal(0)
    made.put("-" * 60)
    for _ in range(rng.randint(1, 8)):
        name = rng.choice(stock).description[:22]
        count, price = rng.choice((1, 1, 1, 2, 3)), Decimal(rng.randint(60, 4900)) / 100
        amount = count * price
        total += amount
        match sold:
            case "row":
                made.put(f"{count} {name}\t{form.number(amount)}")
            case "under":
                made.put(f"{name}\t{form.number(amount)}" if count == 1 else name)
                if count > 1:
                    made.put(f"  {count} x {form.number(price)}\t{form.number(amount)}")
            case _:
                code = rng.randint(10**12, 10**13 - 1)
                made.put(name, f"{code}  {count} x {form.number(price)}\t{form.number(amount)}")
    made.put("-" * 60)
    return money(total)


def _end(made: Roll, total: Decimal, end: str, rate: Decimal, form: Form, words: dict[str, str], rng: Random) -> None:
    tax = money(total * rate / (100 + rate))
    if rng.random() < 0.4:
        made.put(f"{words['part']}\t{form.number(total)}")
    made.put(f"{words['total']}\t{form.money(total)}", how=rng.choice(("left", "wide")))
    if end == "cash":
        given = total + Decimal(rng.randint(0, 2000)) / 100 if rng.random() < 0.5 else (total // 10 + 1) * 10
        made.put(f"{words['cash']}\t{form.number(money(given))}")
        made.put(f"{words['change']}\t{form.number(money(given - total))}")
    else:
        made.put(f"{words['card']}\t{form.number(total)}")
    if rng.random() < 0.7 and rate:
        made.put("", f"{form.percent(rate)} %  {form.number(total - tax)}  {form.number(tax)}  {form.number(total)}")
    made.put("", words["thanks"], how="centre")
    made.truth |= {"gross_total": str(total)}


def drawn(made: Roll, rng: Random) -> Image.Image:
    """The roll as a clean picture at 200 dpi."""
    size, width = rng.randint(20, 27), rng.choice((560, 600, 640))
    file = rng.choice(MONO)
    page = Image.new("L", (width, (len(made.lines) + 6) * round(size * 1.5)), 255)
    pen, y = ImageDraw.Draw(page), 40
    for how, text in made.lines:
        scale = {"large": 1.35, "wide": 1.2}.get(how, 1.0)
        font = ImageFont.truetype(str(FONTS / file), round(size * scale))
        left, _, right = text.partition("\t")
        if set(left) == {"-"}:
            left = "-" * int((width - 40) / pen.textlength("-", font))
        while pen.textlength(left, font) > width - 30 - (pen.textlength(right, font) + 15 if right else 0):
            font = ImageFont.truetype(str(FONTS / file), font.size - 1)
        x = (width - pen.textlength(left, font)) / 2 if how in ("centre", "large") else 15
        pen.text((x, y), left, fill=0, font=font)
        pen.text((width - 15 - pen.textlength(right, font), y), right, fill=0, font=font)
        y += round(size * scale * 1.35)
    return page.crop((0, 0, width, y + 50))


def worn(page: Image.Image, rng: Random) -> bytes:
    """The roll's photo or scan, as rolls come in: often faded, seldom flat."""
    grain = np.random.default_rng(rng.randint(0, 2**31))
    if rng.random() < 0.5:
        act = rng.choice((wear.clean, wear.skewed, wear.grey, wear.faint, wear.folded))
        return jpeg(act(page, rng, grain), rng.choice((40, 60, 80)))
    return harsh.snapped(page, 200, rng, grain)


def make(out: Path, count: int, seed: int) -> None:
    """Write slips and `truth.jsonl`."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truths:
        for line, content in _made(count, seed):
            (out / str(line["path"])).write_bytes(content)
            truths.write(json.dumps(line, ensure_ascii=False) + "\n")


def _made(count: int, seed: int) -> Iterator[tuple[dict[str, object], bytes]]:
    for at in range(count):
        rng = Random(f"roll {seed}:{at}")
        made, language, layout = roll(rng)
        name = f"r{seed}-{at:04}"
        yield {
            "id": name, "path": f"{name}.jpg", "set": "generated", "kind": "image", "language": language,
            "layout": layout, "truth": made.truth,
        }, worn(drawn(made, rng), rng)  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    make(**vars(parser.parse_args()))
