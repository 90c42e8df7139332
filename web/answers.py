"""Answers that one key gives to an open question, and the reasons that one key gives for a decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ingest.extraction import Extraction
from matching.results import Candidate, Discrepancy, MatchResult, Severity
from matching.review import Step, cell_path
from matching.reviewing import DUPLICATE_CODES
from web import words
from web.languages import gettext
from web.presenters import Presenter
from web.reasons import reasons_for

MOST = 4
"""Answers to one question."""
KEYS = 9
"""Digits that can stand for an answer."""
LEAST_RIVAL = 0.05

STEP_KEYS: dict[Step, str] = {
    Step.APPROVE: "a",
    Step.REJECT: "x",
    Step.HOLD: "h",
    Step.DUPLICATE: "d",
    Step.NOT_AN_INVOICE: "i",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A value or record that answers a question; `key` is its digit, empty beyond the ninth."""

    path: str
    """The field of the correction: `purchase_order`, `supplier`."""
    value: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A discrepancy and the answers to it."""

    found: Discrepancy
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """What opens before a decision: reasons (label, reason), one digit each."""

    step: Step
    key: str
    title: str
    entries: tuple[tuple[str, str], ...]


def asked(
    problems: Sequence[Discrepancy], match: MatchResult, extraction: Extraction, present: Presenter
) -> tuple[Asked, ...]:
    """The discrepancies in their order, each with its answers, numbered through."""
    made, number = [], 0
    for found in problems:
        answers = []
        for one in _answers(found, match, extraction, present)[:MOST]:
            number += 1
            answers.append(Answer(one.path, one.value, one.label, str(number) if number <= KEYS else ""))
        made.append(Asked(found, tuple(answers)))
    return tuple(made)


def menus(steps: Collection[Step], problems: Sequence[Discrepancy]) -> tuple[Menu, ...]:
    """A menu for each of these steps that has something to choose."""
    codes = {found.code for found in problems}
    in_spite = any(found.severity is Severity.ERROR for found in problems)
    twins = sorted({found.related_document or "" for found in problems if found.code in DUPLICATE_CODES} - {""})
    made = []
    for step, key in STEP_KEYS.items():
        if step not in steps:
            continue
        entries = [(text, text) for text in reasons_for(step, codes)]
        if step is Step.DUPLICATE:
            repeats = gettext(" and ").join(f"#{twin}" for twin in twins)
            entries = [(gettext("It repeats %(documents)s", documents=repeats), "")] if twins else []
        elif step is Step.APPROVE and not in_spite:
            entries = [(gettext("Approve: nothing is open"), "")]
        made.append(Menu(step, key, str(words.MENUS[step]), tuple(entries)))
    return tuple(menu for menu in made if menu.entries)


def _answers(found: Discrepancy, match: MatchResult, extraction: Extraction, present: Presenter) -> Sequence[Answer]:
    if found.code == "low_confidence":
        return _readings(found, extraction, present)
    if found.code in ("order_missing", "order_ambiguous", "order_not_found"):
        numbers = [order.id for order in match.order_candidates] or ([found.expected] if found.expected else [])
        return [Answer("purchase_order", number, gettext("order %(number)s", number=number)) for number in numbers]
    if found.code in ("supplier_unknown", "supplier_ambiguous"):
        return _records("supplier", match.supplier_candidates)
    if found.code in ("customer_unknown", "customer_ambiguous"):
        return _records("customer", match.customer_candidates)
    return ()


def _readings(found: Discrepancy, extraction: Extraction, present: Presenter) -> Sequence[Answer]:
    """The value that was read, and what else it may be."""
    path = _path_of(found)
    if not path or not found.found:
        return ()
    cell = cell_path(path)
    if cell is not None:
        rows = extraction.line_items
        value = getattr(rows[cell.row - 1], cell.cell, None) if cell.row <= len(rows) else None
    else:
        value = extraction.fields.get(path)
    kind = words.kind_of(path)
    rivals = [rival.value for rival in (value.rivals if value else ()) if rival.confidence >= LEAST_RIVAL]
    first = Answer(path, found.found, present.value(kind, found.found))
    return [first, *(Answer(path, rival, present.value(kind, rival)) for rival in rivals if rival != found.found)]


def _path_of(found: Discrepancy) -> str:
    """The correction's field that a discrepancy is about; empty where it is about none."""
    if found.line and found.field in words.CELLS:
        return f"line_items/{found.line}/{found.field}"
    return found.field or "" if found.line is None and found.field in words.FIELD_LABELS else ""


def _records(party: str, candidates: Iterable[Candidate]) -> Sequence[Answer]:
    return [Answer(party, one.id, f"{one.name or one.id} {one.id if one.name else ''}".strip()) for one in candidates]
