"""Finding a name among many: trigrams of a form that forgives misread letters, weighed by how rare they are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from matching import normalise

POSTINGS = 20_000
"""How many entries of posting lists are added up for one name; the rarest trigrams come first."""
SHORTLIST = 50
"""How many names are compared letter by letter; and as many of those whose postal code is printed."""
TIES = 100
"""How many there may be where several weigh the same as the last one."""

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


def weight(count: int, total: int) -> float:
    """What sharing a trigram says that `count` of `total` names have: the more, the rarer it is."""
    return float(math.log(1 + max(total, 1) / max(count, 1)) ** 1.5)


def shortlist(
    lists: Mapping[str, bytes], weights: Mapping[str, float], favoured: Sequence[int] = ()
) -> dict[int, float]:
    """The rows that share most, with the weighed share of trigrams, 0 to about 1.

    `weights` are those of every trigram of the printed name, `lists` the postings of those that were read. Of the
    `favoured` rows as many are listed beside the best of all: thousands may have one name, few of them one place.
    """
    if not lists:
        return {}
    entries = [np.frombuffer(content, dtype="<u4") for content in lists.values()]
    packed = np.concatenate(entries)
    rows = packed >> _ROW_BITS
    shared = np.bincount(rows, weights=np.repeat([weights[gram] for gram in lists], [len(each) for each in entries]))
    lengths = np.zeros(len(shared), dtype="u1")
    lengths[rows] = packed & _LONGEST
    found = np.flatnonzero(lengths > 0)
    # a long name shares more by chance: the cosine without weighing every trigram of every name
    share = shared[found] / np.sqrt(lengths[found]) * (math.sqrt(len(weights)) / sum(weights.values()))
    share = np.round(share, 6)
    best = _best(share)
    if favoured:
        near = np.flatnonzero(np.isin(found, np.array(favoured)))
        best = np.concatenate([best, near[_best(share[near])]])
    return dict(zip(found[best].tolist(), share[best].tolist(), strict=True))


def _best(share: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where the highest shares are; some that are equal to the last one are not cut off."""
    least = np.partition(share, -SHORTLIST)[-SHORTLIST] if len(share) > SHORTLIST else 0.0
    best = np.flatnonzero(share >= least)
    return best[np.argsort(-share[best], kind="stable")][:TIES]


def letters(printed: str, known: Sequence[str]) -> list[float]:
    """How alike forms are letter by letter, words in whatever order, 0 to 1."""
    straight = process.cdist([printed], known, scorer=fuzz.ratio)
    anyhow = process.cdist([printed], known, scorer=fuzz.token_sort_ratio)
    return [float(score) for score in np.maximum(straight, anyhow)[0] / 100]


def likeness(share: float, by_letters: float) -> float:
    """How alike two names are: by letters alone a short word in common would outweigh a rare one."""
    return 0.6 * share + 0.4 * by_letters


def order_by_likeness(scores: Mapping[str, float]) -> Sequence[str]:
    """Ids by their score, best first; equal ones by id, so that the order never depends on the day of import."""
    return sorted(scores, key=lambda party_id: (-scores[party_id], party_id))
