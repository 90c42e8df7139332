"""How well outcomes meet the truth: the table of measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.results import Severity
from samples.scenarios.running import Outcome

STATUSES = ("approved", "needs_review", "duplicate")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.right / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.share:.4f} ({self.right} of {self.of})" if self.of else "none"


@dataclass(frozen=True, slots=True)
class CodeScore:
    """A code's hits, false alarms and misses, counted once a document."""

    hits: int = 0
    alarms: int = 0
    misses: int = 0

    @property
    def precision(self) -> float:
        """Of what was told, how much is true."""
        return self.hits / (self.hits + self.alarms) if self.hits + self.alarms else 1.0

    @property
    def recall(self) -> float:
        """Of what is true, how much was told."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    @property
    def f1(self) -> float:
        """Both in one."""
        total = 2 * self.hits + self.alarms + self.misses
        return 2 * self.hits / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Odd:
    """A case that came out otherwise than it should."""

    id: str
    verdict: str
    missed: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """Of supplier, customer, orders, lines: what is wrong, with what was expected and found."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The issue's table for one world."""

    cases: int
    false_approvals: tuple[str, ...]
    approved: dict[str, Share]
    """Of the clean cases, by quality."""
    codes: dict[str, CodeScore]
    found: dict[str, Share]
    """Supplier, customer, orders: reading right, and `... misread`: with an error of OCR in name or number."""
    lines: CodeScore
    confusion: dict[str, dict[str, int]]
    """Expected status to decided ones."""
    needless: tuple[Odd, ...]
    """Clean cases that were held."""
    odd: tuple[Odd, ...]
    """Every other case with anything wrong."""


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """The table."""
    confusion = {status: dict.fromkeys(STATUSES, 0) for status in STATUSES}
    for outcome in outcomes:
        confusion[outcome.case.truth.status][outcome.verdict] += 1
    odd = [item for outcome in outcomes if (item := _odd(outcome)) is not None]
    held = {o.case.id for o in outcomes if o.case.clean and o.verdict != "approved"}
    return Measures(
        cases=len(outcomes),
        false_approvals=tuple(o.case.id for o in outcomes if o.verdict == "approved" and not o.case.clean),
        approved={
            quality: _share(o.verdict == "approved" for o in outcomes if o.case.clean and o.case.quality == quality)
            for quality in ("vector", "scan")
        },
        codes=_codes(outcomes),
        found=_found(outcomes),
        lines=_lines(outcomes),
        confusion=confusion,
        needless=tuple(item for item in odd if item.id in held),
        odd=tuple(item for item in odd if item.id not in held),
    )


def _share(answers: Iterable[bool]) -> Share:
    told = list(answers)
    return Share(sum(told), len(told))


def _told(outcome: Outcome, *, info: bool) -> set[str]:
    return {item.code for item in outcome.match.discrepancies if (item.severity is Severity.INFO) is info}


def _sides(outcome: Outcome) -> Iterable[tuple[set[str], set[str], str]]:
    truth = outcome.case.truth
    yield set(truth.codes), _told(outcome, info=False) - set(truth.may), ""
    yield set(truth.infos), _told(outcome, info=True) - set(truth.may), " (info)"


def _codes(outcomes: Sequence[Outcome]) -> dict[str, CodeScore]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        for wanted, told, mark in _sides(outcome):
            for code in wanted | told:
                kind = "hits" if code in wanted & told else "alarms" if code in told else "misses"
                counts[code + mark][kind] += 1
    return {code: CodeScore(**counts[code]) for code in sorted(counts)}


def _party(outcome: Outcome, name: str) -> bool:
    found = getattr(outcome.match, name)
    return bool((found.id if found else None) == getattr(outcome.case.truth, name))


def _orders(outcome: Outcome) -> bool:
    return {order.id for order in outcome.match.purchase_orders} == set(outcome.case.truth.orders)


def _pairs(outcome: Outcome) -> set[tuple[int, str, str]]:
    return {(pair.invoice_line, pair.purchase_order, pair.order_line) for pair in outcome.match.line_matches}


def _wanted_pairs(outcome: Outcome) -> set[tuple[int, str, str]]:
    return {(pair.invoice_line, pair.purchase_order, pair.order_line) for pair in outcome.case.truth.lines}


NAMING = frozenset({"seller_name", "buyer_name", "purchase_order"})


def _found(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    shares = {}
    for name in ("supplier", "customer", "orders"):
        for mark, misread in (("", False), (" misread", True)):
            scored = [
                outcome
                for outcome in outcomes
                if name not in outcome.case.truth.unscored
                and bool(NAMING.intersection(outcome.case.misread)) is misread
            ]
            shares[name + mark] = _share(_orders(o) if name == "orders" else _party(o, name) for o in scored)
    return shares


def _lines(outcomes: Sequence[Outcome]) -> CodeScore:
    hits = alarms = misses = 0
    for outcome in outcomes:
        if "lines" in outcome.case.truth.unscored:
            continue
        wanted, got = _wanted_pairs(outcome), _pairs(outcome)
        hits, alarms, misses = hits + len(wanted & got), alarms + len(got - wanted), misses + len(wanted - got)
    return CodeScore(hits, alarms, misses)


def _odd(outcome: Outcome) -> Odd | None:
    truth = outcome.case.truth
    missed = [code + mark for wanted, told, mark in _sides(outcome) for code in sorted(wanted - told)]
    alarms = [code + mark for wanted, told, mark in _sides(outcome) for code in sorted(told - wanted)]
    parts = []
    for name in ("supplier", "customer"):
        if name not in truth.unscored and not _party(outcome, name):
            found = getattr(outcome.match, name)
            parts.append(f"{name} {getattr(truth, name)}: {found.id if found else None}")
    if "orders" not in truth.unscored and not _orders(outcome):
        parts.append(f"orders {list(truth.orders)}: {[order.id for order in outcome.match.purchase_orders]}")
    if "lines" not in truth.unscored and _pairs(outcome) != _wanted_pairs(outcome):
        less, more = _wanted_pairs(outcome) - _pairs(outcome), _pairs(outcome) - _wanted_pairs(outcome)
        parts.append(f"lines missing {sorted(less)} too many {sorted(more)}")
    if outcome.verdict == truth.status and not (missed or alarms or parts):
        return None
    return Odd(outcome.case.id, outcome.verdict, tuple(missed), tuple(alarms), tuple(parts))
