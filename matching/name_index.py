"""Finding a name among many: trigrams of a form that forgives misread letters, weighed by how rare they are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz

from matching import normalise

POSTINGS = 60_000
"""How many entries of posting lists are added up for one name; the rarest trigrams come first."""
SHORTLIST = 100
"""How many names are compared letter by letter; those of equal weight with the last one come along."""
TIES = 2_000
"""How many names that weigh the same come along at most."""

_MISREAD = str.maketrans("01i58", "ollsb")
_ROW_BITS = 6
_LONGEST = (1 << _ROW_BITS) - 1


def form(name: str) -> str:
    """A name as the index has it: without legal form, look-alikes made one (0/o, 1/i/l, 5/s, 8/b, rn/m, vv/w)."""
    core = normalise.company_core(name).translate(_MISREAD)
    return core.replace("rn", "m").replace("vv", "w")


def grams(text: str) -> frozenset[str]:
    """The trigrams of a form; the ends of the name and of its words count."""
    return frozenset(normalise.trigrams(f" {text} "))


def postings(names: Iterable[tuple[int, str]]) -> dict[str, bytes]:
    """The posting list of every trigram: for each name (row, form) its row and how many trigrams it has."""
    lists: dict[str, list[int]] = defaultdict(list)
    for row, text in names:
        own = grams(text)
        entry = row << _ROW_BITS | min(len(own), _LONGEST)
        for gram in own:
            lists[gram].append(entry)
    return {gram: np.array(entries, dtype="<u4").tobytes() for gram, entries in lists.items()}


def chosen(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The trigrams worth reading, rarest first: as many as the budget of postings allows, two at least."""
    kept: list[str] = []
    total = 0
    for gram in sorted(counts, key=lambda gram: (counts[gram], gram)):
        total += counts[gram]
        if total > POSTINGS and len(kept) >= 2:
            break
        kept.append(gram)
    return tuple(kept)


def shortlist(lists: Mapping[str, bytes], total: int) -> list[int]:
    """The rows that share most, best first; those that weigh the same as the last one are not cut off."""
    if not lists:
        return []
    entries = [np.frombuffer(content, dtype="<u4") for content in lists.values()]
    weights = np.repeat([rarity(len(each), total) for each in entries], [len(each) for each in entries])
    packed, where = np.unique(np.concatenate(entries), return_inverse=True)
    shared = np.bincount(where, weights=weights)
    score = np.round(shared / np.sqrt((packed & _LONGEST) + 4.0), 6)
    if len(score) > SHORTLIST:
        least = np.partition(score, len(score) - SHORTLIST)[len(score) - SHORTLIST]
        best = np.flatnonzero(score >= least)
    else:
        best = np.arange(len(score))
    best = best[np.argsort(-score[best], kind="stable")][:TIES]
    return [int(row) for row in packed[best] >> _ROW_BITS]


def rarity(count: int, total: int) -> float:
    """What sharing a trigram says that `count` of `total` names have."""
    return math.log(1 + max(total, 1) / max(count, 1))


def likeness(printed: str, known: str, counts: Mapping[str, int], total: int) -> float:
    """How alike two forms are, 0 to 1: the cosine of their weighed trigrams, and their letters."""
    ours, theirs = grams(printed), grams(known)
    weight = {gram: rarity(counts.get(gram, 1), total) ** 2 for gram in ours | theirs}
    both = sum(weight[gram] for gram in ours & theirs)
    norm = math.sqrt(sum(weight[gram] for gram in ours) * sum(weight[gram] for gram in theirs))
    letters = max(fuzz.ratio(printed, known), fuzz.token_sort_ratio(printed, known)) / 100
    return 0.6 * both / norm + 0.4 * letters if norm else 0.0


def order_by_likeness(scores: Mapping[str, float]) -> Sequence[str]:
    """Ids by their score, best first; equal ones by id, so that the order never depends on the day of import."""
    return sorted(scores, key=lambda party_id: (-scores[party_id], party_id))
