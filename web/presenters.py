"""Domain values to what a template shows: dates, amounts and ages as the reader is used to, outcomes as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import NumberFormatError, format_decimal, format_percent, get_decimal_symbol, parse_decimal

from ingest.audit import AuditEntry
from ingest.document import Door, State
from ingest.extraction import Extraction
from ingest.store import DocumentRecord
from matching.asking import by_weight
from matching.results import Discrepancy, MatchResult, Severity
from matching.review import Step
from web import words
from web.history_words import ADDED, AUDIT, RECHECKS
from web.languages import gettext
from web.phrases import STEPS
from web.told import failure, phrase

DEFAULT_LOCALE = "en_GB"


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
"""By what a browser names itself: the first sign that is there counts."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """How one reader wants dates and numbers written."""

    locale: str = DEFAULT_LOCALE

    @property
    def language(self) -> str:
        """The reader's language, by which typed dates are read."""
        return "en-US" if self.locale == "en_US" else self.locale.split("_")[0]

    @property
    def decimal_sign(self) -> str:
        """What stands before the decimals."""
        return get_decimal_symbol(self.locale)

    def day(self, value: date | None) -> str:
        """A day: 3 Nov 2026."""
        return _day(value, self.locale) if value else ""

    def moment(self, value: datetime | None) -> str:
        """A moment, in the clock of the machine that serves: 3 Nov 2026, 14:02."""
        if value is None:
            return ""
        local = value.astimezone()
        return f"{self.day(local.date())}, {format_time(local.time(), 'short', locale=self.locale)}"

    def browser(self, agent: str) -> str:
        """A browser as its owner knows it again: Firefox on Windows."""
        program = next((name for sign, name in _BROWSERS if sign in agent), gettext("Some browser"))
        system = next((name for sign, name in _SYSTEMS if sign in agent), "")
        return gettext("%(program)s on %(system)s", program=program, system=system) if system else program

    def number(self, value: Decimal | str | None) -> str:
        """A number with all its digits."""
        number = _decimal(value)
        if number is None:
            return str(value or "")
        return format_decimal(number, locale=self.locale, decimal_quantization=False)

    def amount(self, value: Decimal | str | None, currency: str | None = None) -> str:
        """Money: at least two decimals, none taken away, the currency's code behind it."""
        number = _decimal(value)
        if number is None:
            return str(value or "")
        shown = _money(str(number), self.locale)
        return f"{shown}\u00a0{currency}" if currency else shown

    def percent(self, share: float | Decimal, decimals: int = 0) -> str:
        """A share of one as per cent."""
        pattern = str(Locale.parse(self.locale).percent_formats[None].pattern)
        if decimals:
            pattern = pattern.replace("0", f"0.{'0' * decimals}", 1)
        return format_percent(share, pattern, locale=self.locale)

    def value(self, kind: str, value: str | None) -> str:
        """A field's normalised value, as the reader writes such values."""
        if not value:
            return ""
        if kind == "date":
            try:
                return self.day(date.fromisoformat(value))
            except ValueError:
                return value
        if kind == "amount":
            return self.amount(value)
        if kind in ("number", "percent"):
            return self.number(value)
        return value

    def typed_number(self, text: str) -> str | None:
        """What the reader typed, as a plain decimal string; None where it is no number of theirs."""
        try:
            return format(parse_decimal(text.strip(), locale=self.locale, strict=True), "f")
        except (NumberFormatError, InvalidOperation, ValueError):
            return None

    def expected_or_found(self, discrepancy: Discrepancy, value: str | None) -> str:
        """One side of a discrepancy, written as its field is."""
        if not value:
            return ""
        if discrepancy.field == "document_type":
            return words.within(words.DOCUMENT_TYPES.get(value, value))
        if value in words.STANDINGS:
            return str(words.STANDINGS[value])
        kind = words.kind_of(f"line_items/{discrepancy.line}/{discrepancy.field}" if discrepancy.line else "")
        if discrepancy.line is None:
            kind = words.kind_of(discrepancy.field or "")
        for bound, said in words.BOUNDS.items():
            if value.startswith(bound) and kind in ("date", "amount"):
                return str(said).format(self.value(kind, value.removeprefix(bound)))
        return self.value(kind, value)

    def bytes(self, size: int) -> str:
        """A file's size."""
        if size < 1_000_000:
            return f"{max(1, round(size / 1000))} kB"
        return f"{self.number(Decimal(size / 1_000_000).quantize(Decimal('0.1')))} MB"


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    return format_date(value, "medium", locale=locale)


@lru_cache(maxsize=4096)
def _money(value: str, locale: str) -> str:
    # a string, as 1.5 and 1.50 are one number and two ways of writing it
    return format_decimal(Decimal(value), "#,##0.00", locale=locale, decimal_quantization=False)


def age(since: datetime, now: datetime) -> str:
    """How long something has waited, in one unit."""
    waited = max(now - since, timedelta())
    if waited < timedelta(minutes=1):
        return gettext("under 1 min")
    if waited < timedelta(hours=1):
        return gettext("%(num)s min", num=waited.seconds // 60)
    if waited < timedelta(days=1):
        return gettext("%(num)s h", num=waited.seconds // 3600)
    return words.count(waited.days, "day")


def causes(discrepancies: Iterable[Discrepancy]) -> list[str]:
    """The distinct causes in words, gravest first, notes left out."""
    heavy = (found for found in by_weight(discrepancies) if found.severity is not Severity.INFO)
    return list(dict.fromkeys(words.code_label(found.code) for found in heavy))


def place_in_file(record: DocumentRecord) -> str:
    """Where a document stands in a file of several: `part 2 of 3, pages 3-4`; empty where it is the only one."""
    if record.parts < 2:
        return ""
    first, last = record.page_range or (0, 0)
    place = {"part": record.part, "parts": record.parts, "first": first, "last": last}
    if last > first:
        return gettext("part %(part)s of %(parts)s, pages %(first)s\u2013%(last)s", **place)
    if first:
        return gettext("part %(part)s of %(parts)s, page %(first)s", **place)
    return gettext("part %(part)s of %(parts)s", **place)


def document_title(record: DocumentRecord, match: MatchResult | None, extraction: Extraction | None) -> str:
    """What people call a document: who sent it and its number, else the file's name."""
    sender = match.supplier.name if match and match.supplier else ""
    if extraction:
        sender = sender or extraction.text("seller_name") or ""
        number = extraction.text("invoice_number")
        kind = words.DOCUMENT_TYPES.get(extraction.document_type.value) or gettext("Document")
        if sender and number:
            return f"{sender}, {words.within(kind)} {number}"
        if number:
            return f"{kind} {number}"
        if sender:
            return gettext("%(sender)s, %(kind)s without a number", sender=sender, kind=words.within(kind))
    return record.name


def verdict_sentence(record: DocumentRecord, match: MatchResult | None, extraction: Extraction | None) -> str:
    """What became of a document, as one would say it."""
    title = document_title(record, match, extraction)
    if record.state is State.FAILED:
        name = f"{record.name}, {place_in_file(record)}," if record.parts > 1 else record.name
        why = failure(record.error_code, record.error_message)
        return gettext("%(name)s could not be read: %(why)s", name=name, why=why)
    if record.state is State.NEEDS_REVIEW:
        found = causes(match.discrepancies) if match else []
        if not found:
            return gettext("%(title)s: a person should look at it", title=title)
        detail = ", ".join(words.within(cause) for cause in found[:4])
        return f"{title}: {words.count(len(found), 'open question')}: {detail}"
    return f"{title}: {words.within(words.STATES[record.state])}"


def audit_sentence(entry: AuditEntry, present: Presenter) -> str:
    """A step of the trail in words; details that the sentence does not use follow it."""
    details = {name: value for name, value in entry.details.items() if value}
    shown = dict(details)
    if "door" in shown and shown["door"] in list(Door):
        shown["door"] = words.within(words.DOORS[Door(shown["door"])])
    if "origin" in shown:
        shown["origin"] = f" ({shown['origin']})"
    if shown.get("pages", "").isdecimal():
        shown["pages"] = (
            words.count(int(shown["pages"]), "page") if shown["pages"] != "0" else gettext("no page to show")
        )
    if "field" in shown:
        shown["field"] = words.field_label(details["field"])
        for side in ("from", "to"):
            shown[side] = (
                _quoted(value_of(details["field"], details[side], present)) if side in details else gettext("nothing")
            )
    if "message" in shown:
        shown["message"] = failure(details.get("code"), details["message"])
    if "reason" in shown:
        shown["reason"] = phrase(shown["reason"])
    if details.get("taken_back") in list(Step):
        shown["taken_back"] = str(STEPS[Step(details["taken_back"])])
    if "until" in shown:
        shown["until"] = present.value("date", shown["until"]) + (gettext(" or") if "goods" in shown else "")
    shown |= {name: str(ADDED[name]).format(shown[name]) for name in details if name in ADDED}
    if details.get("kind") in words.IMPORT_KINDS:
        shown["kind"] = str(words.IMPORT_KINDS[details["kind"]])
    verdict = details.get("verdict", "")
    if verdict in list(State):
        shown["verdict"] = words.within(words.STATES[State(verdict)])
        shown["recheck"] = str(RECHECKS.get(verdict, verdict))
    if "codes" in details:
        shown["open"] = f" ({', '.join(words.within(words.code_label(code)) for code in details['codes'].split(', '))})"
    template = AUDIT.get(entry.action)
    if template is None:
        rest = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in shown.items())
        return entry.action.replace("_", " ").capitalize() + (f" ({rest})" if rest else "")
    sentence = str(template).format_map(_Blank(shown))
    reason = shown.get("reason") if "{reason}" not in str(template) else None
    return f"{sentence}: {reason}" if reason else sentence


def value_of(path: str, value: str, present: Presenter) -> str:
    """A corrected value as it is shown: kinds of documents by their names."""
    if path == "document_type":
        return str(words.DOCUMENT_TYPES.get(value, value))
    return present.value(words.kind_of(path), value)


def _quoted(text: str) -> str:
    return gettext("\u201c%(text)s\u201d", text=text)


class _Blank(dict[str, str]):
    """Details of a step; one that is missing is written as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def _decimal(value: Decimal | str | None) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
