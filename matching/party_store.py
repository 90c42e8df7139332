"""Suppliers and customers in the database, found by exact keys and by the trigrams of their names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from matching import name_index
from matching.blocking import party_keys, place_keys, postal_codes
from matching.references import PartyClues

SHARING = 5_000
"""How many records that share one key are looked at."""
COMPARED = 50
"""How many records that share a key are compared in full; of more, those that more speaks for."""
NAMES = 12
"""How many records of a similar name are compared in full."""
WORTH = 0.25
"""Likeness of two names below which they are no candidates."""
PLACED = 0.1
"""What the record's postal code, printed in the address, adds to the likeness of a name."""


class PartyStore:
    """Finds the records of one kind of party, `supplier` or `customer`."""

    def __init__(self, db: Database, party: str) -> None:
        self.db = db
        self.party = party

    def candidates(self, clues: PartyClues) -> tuple[str, ...]:
        """Ids of the records worth comparing: those that share a key, then those of a similar name."""
        places = postal_codes(clues.address)
        hits = self._sharing(clues, places)
        if len(hits) > COMPARED:
            hits = self._narrowed(hits, clues, places)
        found = dict.fromkeys(hits)
        if clues.name:
            found.update(dict.fromkeys(self.named(clues.name, places)))
        return tuple(found)

    def named(self, name: str, places: frozenset[str] = frozenset(), limit: int = NAMES) -> list[str]:
        """Ids of the records of a similar name, best first; `places` decide between names that are equally alike."""
        printed = name_index.form(name)
        grams = name_index.grams(printed)
        counts = self._counts((*grams, ""))
        total = counts.pop("", 0)
        weights = {gram: name_index.weight(counts.get(gram, 1), total) for gram in grams}
        lists = self._lists(name_index.chosen(counts))
        shares = name_index.shortlist(lists, weights, self._placed(places))
        if not shares:
            return []
        known = self.db.execute(
            "SELECT n.row, n.id, n.form, n.postal_code FROM json_each(?) k CROSS JOIN party_names n "
            "WHERE n.row = k.value AND n.party = ?",
            [json.dumps(list(shares)), self.party],
        ).fetchall()
        scores: dict[str, float] = {}
        by_letters = name_index.letters(printed, [form for _, _, form, _ in known])
        for (row, party_id, _, code), letters in zip(known, by_letters, strict=True):
            score = name_index.likeness(shares[row], letters)
            if score >= WORTH:
                scores[party_id] = max(scores.get(party_id, 0.0), score + (PLACED if code in places else 0.0))
        return list(name_index.order_by_likeness(scores)[:limit])

    def _sharing(self, clues: PartyClues, places: frozenset[str]) -> dict[str, set[str]]:
        """The records that share a key, with the kinds of key that they share."""
        hits: dict[str, set[str]] = defaultdict(set)
        for kind, key in (*party_keys(clues), *place_keys(clues.name, places)):
            rows = self.db.execute(
                "SELECT id FROM party_keys WHERE party = ? AND kind = ? AND key = ? LIMIT ?",
                [self.party, kind, key, SHARING],
            )
            for (party_id,) in rows.fetchall():
                hits[party_id].add(kind)
        return hits

    def _narrowed(self, hits: dict[str, set[str]], clues: PartyClues, places: frozenset[str]) -> dict[str, set[str]]:
        """Those that share more kinds of key, have the printed postal code, or the name that is more alike."""
        printed = name_index.form(clues.name or "")
        rows = self.db.execute(
            "SELECT n.id, n.form, n.postal_code FROM json_each(?) k CROSS JOIN party_names n "
            "WHERE n.party = ? AND n.id = k.value",
            [json.dumps(list(hits)), self.party],
        )
        claims = dict.fromkeys(hits, (0, 0.0))
        known = rows.fetchall()
        alike = name_index.letters(printed, [form for _, form, _ in known])
        for (party_id, _, code), letters in zip(known, alike, strict=True):
            claims[party_id] = max(claims[party_id], (int(code in places), letters))
        best = sorted(hits, key=lambda each: (-len(hits[each]), -claims[each][0], -claims[each][1], each))
        return {each: hits[each] for each in best[:COMPARED]}

    def _placed(self, places: frozenset[str]) -> list[int]:
        """The rows of the names whose records have one of these postal codes."""
        rows = self.db.execute(
            "SELECT n.row FROM json_each(?) k CROSS JOIN party_names n "
            "WHERE n.party = ? AND n.postal_code = k.value LIMIT ?",
            [json.dumps(sorted(places)), self.party, SHARING],
        )
        return [row[0] for row in rows.fetchall()] if places else []

    def _counts(self, grams: Iterable[str]) -> dict[str, int]:
        rows = self.db.execute(
            "SELECT p.gram, p.names FROM json_each(?) k CROSS JOIN name_postings p "
            "WHERE p.party = ? AND p.gram = k.value",
            [json.dumps(sorted(grams)), self.party],
        )
        return dict(rows.fetchall())

    def _lists(self, grams: Sequence[str]) -> dict[str, bytes]:
        rows = self.db.execute(
            "SELECT p.gram, p.rows FROM json_each(?) k CROSS JOIN name_postings p "
            "WHERE p.party = ? AND p.gram = k.value",
            [json.dumps(list(grams)), self.party],
        )
        return dict(rows.fetchall())
