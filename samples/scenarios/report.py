"""The table of measures as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from samples.scenarios.measuring import STATUSES, Measures, Odd


def report(measures: Measures) -> str:
    """The whole table."""
    return "\n".join(_rows(measures))


def _rows(measures: Measures) -> Iterator[str]:
    yield f"cases                          {measures.cases}"
    yield f"false approvals                {len(measures.false_approvals)}"
    yield from (f"    {case}" for case in measures.false_approvals)
    for quality, share in measures.approved.items():
        yield f"clean approved, {quality:<14} {share}"
    for name, share in measures.found.items():
        yield f"right {name:<24} {share}"
    lines = measures.lines
    yield f"line pairs: F1 {lines.f1:.4f}, precision {lines.precision:.4f}, recall {lines.recall:.4f}"
    yield ""
    yield f"{'code':<34} precision  recall  hits alarms misses"
    for code, score in measures.codes.items():
        counts = f"{score.hits:>5} {score.alarms:>6} {score.misses:>6}"
        yield f"{code:<34} {score.precision:>9.3f} {score.recall:>7.3f} {counts}"
    yield ""
    yield "expected / decided   " + "".join(f"{status:>14}" for status in STATUSES)
    for status in STATUSES:
        yield f"{status:<21}" + "".join(f"{measures.confusion[status][other]:>14}" for other in STATUSES)
    yield ""
    yield f"needless reviews: {len(measures.needless)}"
    yield from map(_odd, measures.needless)
    yield f"others with anything wrong: {len(measures.odd)}"
    yield from map(_odd, measures.odd)


def _odd(item: Odd) -> str:
    told = [f"missed {', '.join(item.missed)}"] if item.missed else []
    told += [f"told {', '.join(item.alarms)}"] if item.alarms else []
    return f"    {item.id}: {item.verdict}; " + "; ".join([*told, *item.parts])
