"""What the service said in English and kept, in the reader's language: findings, reasons, failures.

Matching and reading know no languages. What they found is kept as a code with its values, beside an English sentence.
Whoever reads English gets that sentence; everybody else one that is made here from the code and the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel.numbers import get_decimal_symbol

from ingest.document import State
from ingest.errors import CoordinatorError
from ingest.extraction import DocumentType, Finding
from matching.results import CheckResult, Decision, Discrepancy, MatchResult
from matching.review import Step
from web import words
from web.door_phrases import DOOR_PHRASES
from web.languages import SOURCE_LANGUAGE, gettext, spoken
from web.phrases import PHRASES, SENTENCES, STEPS, UNREADABLE
from web.store import Role


def problem(error: CoordinatorError) -> str:
    """A failure in the reader's language: its pattern is translated, its values are filled in."""
    if not error.values:
        return door_phrase(error.pattern)
    return gettext(error.pattern).format_map({name: _value(value) for name, value in error.values.items()})


def failure(code: str | None, message: str | None) -> str:
    """Why a document could not be read, as it is kept."""
    if not message:
        return gettext("The reason is not known.")
    if spoken() == SOURCE_LANGUAGE:
        return message
    known = phrase(message)
    return known if known != message else str(UNREADABLE.get(code or "", message))


def finding(found: Finding) -> str:
    """What reading noticed."""
    return phrase(found.message)


def sentence(found: Discrepancy, sides: dict[str, str]) -> str:
    """A discrepancy as a sentence; `sides` are its values as the reader writes them, empty where it has none."""
    if spoken() == SOURCE_LANGUAGE:
        return found.message
    known = phrase(found.message)
    if known != found.message:
        return known
    for pattern in SENTENCES.get(found.code, ()):
        text = str(pattern)
        if all(sides.get(name) for name in re.findall(r"\{(\w+)\}", text)):
            return text.format_map(sides)
    return words.code_label(found.code) + "."


def evidence(term: str) -> str:
    """One reason for a candidate: `vat_id equal`, `name 0.94`, `account equal +10.0`."""
    said = term.replace("_", " ")
    if spoken() == SOURCE_LANGUAGE:
        return said
    what, _blank, figure = said.rpartition(" ")
    if what and re.fullmatch(r"[+-]?\d+(\.\d+)?", figure):
        return f"{phrase(what)} {figure.replace('.', get_decimal_symbol(spoken()))}"
    return phrase(said)


def decision_reasons(decision: Decision, match: MatchResult | None, told: dict[str, str]) -> tuple[str, ...]:
    """Why it was decided so; `told` are the discrepancies' sentences by what is kept of them."""
    if spoken() == SOURCE_LANGUAGE:
        return decision.reasons
    known = told | dict(_other_reasons(match or MatchResult()))
    return tuple(known.get(reason) or phrase(reason) for reason in decision.reasons)


def _other_reasons(match: MatchResult) -> Iterator[tuple[str, str]]:
    """The reasons that are no discrepancies, as the decision puts them, and as they are told."""
    for check in match.checks:
        if check.result is CheckResult.NOT_CHECKED:
            name, why = check.code.replace("_", " "), check.why
            kept = f"The check '{name}' could not be made: {why}."
            values = {"check": words.code_label(check.code), "why": phrase(why)}
            yield kept, gettext("The check \u201c%(check)s\u201d could not be made: %(why)s.", **values)
    for kind in DocumentType:
        kept = f"A {kind.value.replace('_', ' ')} is always looked at by a person."
        yield kept, gettext("%(kind)s: always looked at by a person.", kind=words.DOCUMENT_TYPES[kind])


def phrase(said: str) -> str:
    """A phrase of matching or reading that is kept in English, where its form is one of PHRASES; else as it is."""
    return _told_in(said, PHRASES)


def door_phrase(said: str) -> str:
    """The same for what imports, folders and mailboxes say."""
    return _told_in(said, DOOR_PHRASES)


def _told_in(said: str, patterns: tuple[str, ...]) -> str:
    if not said or spoken() == SOURCE_LANGUAGE:
        return said
    whole = gettext(said)
    if whole != said:
        return whole
    for pattern, form in _forms(patterns):
        if fits := form.fullmatch(said):
            values = {name: _told_in(value, patterns) for name, value in fits.groupdict().items()}
            return gettext(pattern).format_map(values)
    return said


@lru_cache
def _forms(patterns: tuple[str, ...]) -> Sequence[tuple[str, re.Pattern[str]]]:
    """The phrases that have values, each with what finds the values in it."""
    made = []
    for pattern in patterns:
        parts = re.split(r"\{(\w+)\}", pattern)
        if len(parts) > 1:
            form = "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
            made.append((pattern, re.compile(form)))
    return tuple(made)


def _value(value: object) -> object:
    """A value of a failure's message: states and steps by their names."""
    if isinstance(value, State):
        return f"\u201c{words.STATES[value]}\u201d" if spoken() != SOURCE_LANGUAGE else value.replace("_", " ")
    if isinstance(value, Role):
        return str(words.ROLES[value])
    if isinstance(value, Step):
        return str(STEPS[value]) if spoken() != SOURCE_LANGUAGE else value.replace("_", " ")
    return value
