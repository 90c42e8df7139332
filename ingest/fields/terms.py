"""When to pay: terms, net days, cash discount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from ingest.dates import dates_in
from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.candidates import candidate, settled
from ingest.fields.spots import Spot
from ingest.labels import terms
from ingest.layout import Segment, Sheet

_DAYS = re.compile(r"(\d{1,3})(?:\s*\((?:\w+)\))?[\s-]*([^\W\d_]+)")
_NET = re.compile(r"(?<![^\W\d_])net(?:to)?[ :]*(\d{1,3})\b(?! ?[%.,]\d| ?%)")
_MONTH_END = re.compile(
    r"end of (?:the )?(?:following )?month|\beom\b|fin de mois|fine mese|\bf\.? ?m\.|d\.? ?f\.? ?f\.? ?m|"
    r"monatsende|ultimo|fin de mes|fim do m[eê]s|einde (?:van de )?maand|koniec miesi[aą]ca|"
    r"l[øo]bende m[åa]ned|m[åa]nads? slut|konec m[ěe]s[íi]ce"
)
_WORKING = re.compile(
    r"werktag|arbeitstag|bankarbeitstag|(?:working|business|banking) days?|jours? (?:ouvr|bancaire)|h[áa]biles|"
    r"giorni lavorativi|werkdag|robocz|[úu]teis|arbetsdag|bankdag|hverdag|arbejdsdag|pracovn|virkedag|arkip"
)
"""Days without those when nobody works: which days these are differs from place to place."""
_PAYING = frozenset(
    ("pay", "payable", "payment", "due", "transfer", "virement", "paiement", "transferencia", "pago", "pagar")
    + ("bonifico", "pagamento", "rimessa", "transferência", "betaling", "betalen", "betaaltermijn")
    + ("betalas", "betalning", "betales", "betalt", "przelew", "płatne", "płatność", "zapłata", "termin", "splatnost")
    + ("netos", "netti", "nets", "líquido", "líquidos", "úhrada", "převodem", "überweisung", "zahlung", "zahlbar")
)
"""Words of payment: days beside them are terms."""
_RETURNS = frozenset(
    (
        "return",
        "returns",
        "refund",
        "refunds",
        "exchange",
        "exchanges",
        "rückgabe",
        "rücksendung",
        "widerruf",
        "umtausch",
    )
    + (
        "retour",
        "retours",
        "devoluciones",
        "devolución",
        "reso",
        "resi",
        "retourneren",
        "zwrot",
        "zwroty",
        "devoluções",
    )
    + ("retur", "returer", "byte", "vrácení", "warranty", "garantie", "garantía", "garanzia", "gwarancja", "garanti")
)
"""Words of returns and warranties: days beside them are no terms of payment."""
_SENTENCE = 5
"""Words of a sentence, at least."""
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,4})?)\s*%")


def payment_terms(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[str, FieldValue]]:
    """The terms of payment as printed, net days, and cash discount."""
    found: list[tuple[Segment, str, float]] = []
    for spot in spots:
        weight = spot.meanings.get("payment_terms", 0.0)
        segment = _said(spot) if weight >= 0.7 else None
        if segment is not None and len(segment.text) > 2 and any(sign.isalpha() for sign in segment.text):
            found.append((segment, segment.text.strip(" :"), 0.85 * weight))
    labelled = {spot.segment.box for spot in spots if spot.colon and spot.meanings.get("payment_terms", 0.0) >= 0.7}
    for sheet in sheets:
        for row in sheet.rows:
            for segment in row.segments:
                if segment.box in labelled:
                    continue
                net, percent, _ = read_terms(segment.text, labelled=False)
                if net == "0" and len(segment.text.strip(" .:")) <= len("cod"):
                    # "Cod." is a code as well as cash on delivery
                    continue
                if net or percent:
                    # "in advance", "cash" are said of many things
                    found.append((segment, segment.text, 0.6 if net == "0" else 0.7))
    if not found:
        return
    segment, text, score = max(found, key=lambda item: (item[2], _stated(item[1])))
    yield "payment_terms", settled([candidate("payment_terms", text, score, segment)])
    # the sentence that says most; labelled ones stand first
    segment, text, score = max(found, key=lambda item: _stated(item[1]))
    for name, value in zip(("payment_terms_days", "discount_percent", "discount_days"), read_terms(text), strict=True):
        if value is not None:
            yield name, settled([candidate(name, value, score, segment, text)])


def _stated(text: str) -> int:
    return sum(value is not None for value in read_terms(text))


def _said(spot: Spot) -> Segment | None:
    """What a label of terms is followed by; in a sentence the label is a part of what is said."""
    after = _words_after(spot)
    if spot.colon and after:
        return spot.segment.part(len(spot.segment.words) - after)
    if spot.rest is not None:
        return spot.segment
    return next(iter((*spot.rights, *spot.belows)), None)


def _words_after(spot: Spot) -> int:
    right = spot.label.box.x1
    return sum(word.box.x0 >= right for word in spot.segment.words)


def read_terms(text: str, labelled: bool = True) -> tuple[str | None, str | None, str | None]:
    """Net days, cash discount percent and discount days that a sentence states, as far as it does.

    Where no label names it (`labelled`), days count only beside a word of payment: "4 days" may be a quantity.
    XRechnung's `#SKONTO#TAGE=14#PROZENT=2.00#` is read too.
    """
    coded = re.search(r"#SKONTO#TAGE=(\d+)#PROZENT=([\d.]+)#", text)
    if coded:
        return None, coded[2], coded[1]
    american = re.search(
        r"\b(\d{1,2}(?:[.,]\d+)?)\s*(?:%?\s*/|%)\s*(\d{1,2})(?:\s*days)?\s*[,;]?\s*(?:net|n)\s*/?\s*(\d{1,3})\b",
        text,
        re.IGNORECASE,
    )
    if american:
        return american[3], american[1].replace(",", "."), american[2]
    words = terms()
    lowered = text.casefold()
    present = set(re.findall(r"[^\W\d_]+", lowered))
    if present & _RETURNS and not present & _PAYING:
        return None, None, None
    spans = _spans(lowered)
    percent = _PERCENT.search(lowered)
    discount: tuple[str, str | None] | None = None
    if percent and spans and (present & words.discount or len(spans) > 1):
        # the days of the discount are always fewer than the net days
        near = min(spans, key=int)
        discount = (percent[1].replace(",", "."), str(int(near)))
        spans.remove(near)
    elif percent and not spans and present & words.discount and dates_in(text) and len(lowered.split()) >= _SENTENCE:
        # "2 % discount until 30 November": the day stands in place of the days
        discount = (percent[1].replace(",", "."), None)
    net: str | None = None
    if spans and (discount or present & (words.net | _PAYING) or (labelled and len(lowered) < 60)):
        net = str(int(spans[-1]))
    elif not spans and not discount and len(text) < 60 and _is_immediate(lowered):
        net = "0"
    return net, discount[0] if discount else None, discount[1] if discount else None


def _spans(lowered: str) -> list[str]:
    """The numbers of days in a text, from left to right; "net 45" says days without the word."""
    days = [(m.start(1), m[1]) for m in _DAYS.finditer(lowered) if m[2] in terms().days]
    known = {start for start, _ in days}
    days += [(m.start(1), m[1]) for m in _NET.finditer(lowered) if m.start(1) not in known]
    return [number for _, number in sorted(days) if int(number) <= 365]


def _is_immediate(lowered: str) -> bool:
    said = lowered.strip(" .:")
    # a word alone may begin anything: "direct" means at once in Dutch, and a "direct deposit" does not
    return said in terms().immediate or bool(_at_once().match(said))


@cache
def _at_once() -> re.Pattern[str]:
    """Phrases of several words that say that payment is due at once."""
    phrases = sorted((phrase for phrase in terms().immediate if " " in phrase), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


def due_from_terms(values: dict[str, FieldValue]) -> FieldValue | None:
    """The due date that follows from the date of issue and printed net days (contract: `derived`)."""
    issue, net = values.get("issue_date"), values.get("payment_terms_days")
    if issue is None or net is None or issue.day is None or not net.value.isdigit():
        return None
    said = values.get("payment_terms")
    text = f"{net.raw or ''} {said.value if said else ''}".casefold()
    if _MONTH_END.search(text) or _WORKING.search(text):
        # which month's end is meant differs from country to country
        return None
    due: date = issue.day + timedelta(days=int(net.value))
    sure = min(issue.confidence or 0.5, net.confidence or 0.5) * 0.95
    return FieldValue(due.isoformat(), confidence=round(sure, 3), source=Source.DERIVED)
