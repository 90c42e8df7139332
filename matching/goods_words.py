"""How alike two descriptions of goods are: words, abbreviations, compounds, measures and variants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from matching.normalise import plain

EXACT = 0.97
"""From here on two descriptions are the same words, whatever their order and punctuation."""
SIMILAR = 0.85
"""From here on they mean the same goods, even at another price."""
RELATED = 0.55
"""From here on they mean the same goods where the price is equal."""
RUN = 4
"""Words that an article number inside a description may be printed in."""

_STOP = frozenset(
    re.findall(
        r"\S+",
        """
        und and et y e i und mit with avec con med z za fuer for pour per para voor til do de des du d der die das la le
        les l el los il lo o a en un une ein eine the of no nr art artikel article item pos position stk stueck pcs ref
        incl inkl je pro
        """,
    )
)
_COLOURS = {
    "black": "black schwarz noir nero negro zwart czarn preto svart sort cern",
    "white": "white weiss blanc bianco blanco wit bial branc vit hvid bil",
    "red": "red rot rouge rosso rojo rood czerwon vermelh rod cerven",
    "blue": "blue blau bleu blu azul blauw niebiesk bla modr",
    "green": "green gruen vert verde groen zielon gron zelen",
    "yellow": "yellow gelb jaune giallo amarill geel zolt amarel gul zlut",
    "grey": "grey gray grau gris grigio grijs szar cinzent gra sed",
    "brown": "brown braun brun marron marrone bruin brazow castanh hned",
}
_SIDES = {
    "left": "left links linke linker gauche sinistro sinistra izquierda izquierdo lewy lewa esquerda vanster venstre "
    "levy",
    "right": "right rechts rechte rechter droite droit destro destra derecha derecho prawy prawa direita hoger hojre "
    "pravy",
    "inner": "inside innen interieur interno binnen",
    "outer": "outside aussen exterieur esterno externo buiten",
}
_SIZES = frozenset({"xs", "s", "m", "l", "xl", "xxl", "xxxl"})
_ENDING = r"(?:e|er|es|en|em|s|a|o|i|as|os|y|ego|ej|t)?"
_COLOUR_OF = {
    stem: colour for colour, stems in _COLOURS.items() for stem in sorted(stems.split(), key=len, reverse=True)
}
_COLOUR = re.compile(rf"({'|'.join(sorted(_COLOUR_OF, key=len, reverse=True))}){_ENDING}")
_SIDE_OF = {word: side for side, words in _SIDES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Words:
    """A description taken apart."""

    joined: str
    """Its words and numbers, plain, with one blank between."""
    letters: tuple[str, ...]
    """Its words of letters that say something."""
    numbers: tuple[str, ...]
    """Sizes and other numbers, sorted, with a point and without needless zeros; one that stands twice is here twice."""
    variants: tuple[tuple[str, str], ...]
    """What tells two variants of one article apart: colour, side, clothing size."""
    runs: frozenset[str]
    """What may be an article number: neighbouring words without blanks, upper case, with a digit."""


@lru_cache(maxsize=20_000)
def words_of(text: str) -> Words:
    """The parts of a description."""
    low = plain(text)
    tokens = re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)?", low)
    letters = tuple(token for token in tokens if token[0].isalpha() and token not in _STOP and len(token) > 1)
    return Words(
        joined=" ".join(re.findall(r"[^\W_]+", low)),
        letters=letters,
        numbers=tuple(sorted(_number(token) for token in tokens if token[0].isdigit())),
        variants=tuple(dict.fromkeys(_variants(tokens))),
        runs=_runs(low),
    )


def _number(token: str) -> str:
    """A number as it is compared: `0,50` is `0.5`, `1.000` is `1000`."""
    token = token.replace(",", ".")
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", token):
        return token.replace(".", "")
    whole, _, decimals = token.partition(".")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if (decimals := decimals.rstrip("0")) else "")


def _variants(tokens: list[str]) -> list[tuple[str, str]]:
    found = []
    for before, token in zip(["", *tokens], tokens, strict=False):
        if match := _COLOUR.fullmatch(token):
            found.append(("colour", _COLOUR_OF[match.group(1)]))
        elif token in _SIDE_OF:
            found.append(("side", _SIDE_OF[token]))
        elif token in _SIZES and len(before) > 1 and before.isalpha():
            # after a number an l is a litre
            found.append(("size", token))
    return found


def _runs(low: str) -> frozenset[str]:
    tokens = re.findall(r"[0-9a-z]+", low)
    every = (
        "".join(tokens[at : at + count]) for at in range(len(tokens)) for count in range(1, RUN + 1) if len(tokens) < 60
    )
    return frozenset(run.upper() for run in every if len(run) >= 4 and any(char.isdigit() for char in run))


def has(every: tuple[str, ...], some: tuple[str, ...]) -> bool:
    """Whether all of `some` are among `every`, each as often: 50x50x30 is no 50x30x30."""
    return set(some) <= set(every) and all(every.count(number) >= some.count(number) for number in set(some))


def contradict(one: str, other: str) -> bool:
    """Whether sizes or variants tell two descriptions apart: an M10 is no M12, a left door no right one."""
    left, right = words_of(one), words_of(other)
    if left.numbers and right.numbers and not (has(right.numbers, left.numbers) or has(left.numbers, right.numbers)):
        return True
    ours, theirs = left.variants, right.variants
    return any(
        {value for k, value in ours if k == kind}.isdisjoint({value for k, value in theirs if k == kind})
        for kind in {k for k, _ in ours} & {k for k, _ in theirs}
    )


@lru_cache(maxsize=50_000)
def likeness(one: str, other: str) -> float:
    """How alike two descriptions are, 0 to 1; contradicting sizes or variants halve it."""
    left, right = words_of(one), words_of(other)
    if not left.joined or not right.joined:
        return 0.0
    if left.joined == right.joined:
        return 1.0
    text = max(fuzz.token_sort_ratio(left.joined, right.joined), 0.95 * fuzz.token_set_ratio(left.joined, right.joined))
    text = max(text, 0.99 * fuzz.ratio(left.joined.replace(" ", ""), right.joined.replace(" ", ""))) / 100
    ours, theirs = _covered(left.letters, right.letters), _covered(right.letters, left.letters)
    if left.letters and right.letters:
        shared = 2 * ours * theirs / (ours + theirs) if ours + theirs else 0.0
        # where both have words that the other lacks, only the shared ones speak: a heavy hinge is no light one
        text = max(text, 0.97 * shared) if max(ours, theirs) >= 0.85 else min(text, 0.97 * shared)
    return float(text * 0.45 if contradict(one, other) else text)


def _covered(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """How much of `ours`, by letters, is in `theirs`: as a word, a short form, or a part of a compound."""
    total = sum(len(word) for word in ours)
    return sum(len(word) * max((_same(word, other) for other in theirs), default=0.0) for word in ours) / max(total, 1)


def _same(word: str, other: str) -> float:
    if word == other:
        return 1.0
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if len(short) >= 3 and long.startswith(short):
        return 0.9
    if len(short) >= 4 and short in long:
        return 0.9 if word == short else len(short) / len(long)
    if len(short) >= 4 and fuzz.ratio(word, other) >= 78:
        return 0.85
    return 0.0
