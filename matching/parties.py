"""Who sent a document and who is billed: the record that identifiers, name and address agree on, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

from ingest.extraction import Extraction
from matching import normalise
from matching.blocking import keys_of
from matching.checksums import vat_valid
from matching.comparisons import (
    Comparison,
    Evidence,
    Level,
    compare_address,
    name_similarity,
    probability,
    summed,
    told,
)
from matching.records import Customer, Supplier
from matching.references import PartyClues
from matching.results import Candidate
from matching.weights import weight

Party = TypeVar("Party", Supplier, Customer)

PRIOR = weight("party", "prior", "any record")
"""log2 of the odds that a record found by blocking is the one."""


class Standing(StrEnum):
    """How it ended."""

    FOUND = "found"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Compared(Generic[Party]):
    """A record with the evidence for and against it, by comparison."""

    record: Party
    evidence: dict[str, Evidence]
    candidate: Candidate

    def level(self, comparison: str) -> str:
        """The label of the level that held."""
        return self.evidence[comparison].label


@dataclass(frozen=True, slots=True)
class PartyFinding(Generic[Party]):
    """The party that was found, or why none was; candidates best first."""

    standing: Standing
    record: Party | None = None
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
    records_exist: bool = True
    printed_name: str = ""


def seller_clues(extraction: Extraction) -> PartyClues:
    """What the document says about its sender."""
    return PartyClues(
        name=extraction.text("seller_name"),
        address=extraction.text("seller_address"),
        vat_ids=_values(extraction, "seller_vat_id"),
        tax_ids=_values(extraction, "seller_tax_id"),
        ibans=_values(extraction, "seller_iban"),
        accounts=_values(extraction, "seller_account"),
        emails=_values(extraction, "seller_email"),
    )


def buyer_clues(extraction: Extraction) -> PartyClues:
    """What the document says about the bill-to party."""
    return PartyClues(
        name=extraction.text("buyer_name"),
        address=extraction.text("buyer_address"),
        vat_ids=_values(extraction, "buyer_vat_id"),
    )


def _values(extraction: Extraction, name: str) -> tuple[str, ...]:
    field = extraction.fields.get(name)
    return (field.value, *field.others) if field else ()


# ---------------------------------------------------------------- comparisons


def _taxes(party: PartyClues | Supplier | Customer) -> set[str]:
    return {key for kind, key in keys_of(party) if kind == "tax"}


def _accounts(party: PartyClues | Supplier | Customer) -> set[str]:
    return {key for kind, key in keys_of(party) if kind == "account"}


def _domains(party: PartyClues | Supplier | Customer) -> set[str]:
    return {key for kind, key in keys_of(party) if kind == "domain"}


def _names(record: Supplier | Customer) -> tuple[str, ...]:
    return (record.name, *record.aliases)


def _tax_misread(clues: PartyClues, _: Supplier | Customer) -> bool:
    """Every printed VAT id fails its check digits: it says nothing about who it is."""
    return bool(clues.vat_ids) and all(vat_valid(vat) is False for vat in clues.vat_ids)


def _similarity(clues: PartyClues, record: Supplier | Customer) -> float:
    return max(name_similarity(clues.name or "", name) for name in _names(record))


def _name_equal(clues: PartyClues, record: Supplier | Customer) -> bool:
    return normalise.company(clues.name or "") in {normalise.company(name) for name in _names(record)}


def _core_equal(clues: PartyClues, record: Supplier | Customer) -> bool:
    return normalise.company_core(clues.name or "") in {normalise.company_core(name) for name in _names(record)}


def _address_equal(clues: PartyClues, record: Supplier | Customer) -> bool:
    return compare_address(clues.address, record.street, record.postal_code, record.city).equal


def _address_open(clues: PartyClues, record: Supplier | Customer) -> bool:
    return not compare_address(clues.address, record.street, record.postal_code, record.city).compared


Test = Callable[[PartyClues, Supplier | Customer], bool]


def _comparison(name: str, levels: dict[str, Test]) -> Comparison[PartyClues, Supplier | Customer]:
    """Levels in order, with their weights from the file."""
    return Comparison(name, tuple(Level(label, weight("party", name, label), test) for label, test in levels.items()))


PARTY_COMPARISONS: tuple[Comparison[PartyClues, Supplier | Customer], ...] = (
    _comparison(
        "vat_id",
        {
            "not stated": lambda clues, record: not _taxes(clues) or not _taxes(record),
            "equal": lambda clues, record: bool(_taxes(clues) & _taxes(record)),
            "misread": _tax_misread,
            "tax number only": lambda clues, record: not clues.vat_ids or not record.vat_id,
            "differs": lambda clues, record: True,
        },
    ),
    _comparison(
        "account",
        {
            "not stated": lambda clues, record: not _accounts(clues) or not _accounts(record),
            "equal": lambda clues, record: bool(_accounts(clues) & _accounts(record)),
            "differs": lambda clues, record: True,
        },
    ),
    _comparison(
        "name",
        {
            "not stated": lambda clues, record: not clues.name,
            "equal": _name_equal,
            "equal but for the legal form": _core_equal,
            "alike": lambda clues, record: _similarity(clues, record) >= 0.9,
            "near": lambda clues, record: _similarity(clues, record) >= 0.8,
            "differs": lambda clues, record: True,
        },
    ),
    _comparison(
        "address",
        {
            "not stated": _address_open,
            "equal": _address_equal,
            "differs": lambda clues, record: True,
        },
    ),
    _comparison(
        "mail domain",
        {
            "equal": lambda clues, record: bool(_domains(clues) & _domains(record)),
            "says nothing": lambda clues, record: True,
        },
    ),
)

ALIKE = frozenset({"equal", "equal but for the legal form", "alike"})


def compare(clues: PartyClues, record: Party, party_id: str) -> Compared[Party]:
    """A record compared with what the document says about the party."""
    evidence = [comparison.compare(clues, record) for comparison in PARTY_COMPARISONS]
    why = told(evidence)
    if clues.name and (similarity := _similarity(clues, record)) < 1:
        why = tuple(f"name {similarity:.2f}" if item.startswith("name ") else item for item in why)
    candidate = Candidate(
        id=party_id,
        score=probability(evidence, PRIOR),
        why=why,
        name=record.name,
        weights=summed(evidence, PRIOR),
    )
    return Compared(record, {item.comparison: item for item in evidence}, candidate)


# ---------------------------------------------------------------- choosing


def find_supplier(clues: PartyClues, records: Sequence[Supplier], *, records_exist: bool) -> PartyFinding[Supplier]:
    """The supplier that the evidence names without contradiction."""
    compared = [compare(clues, record, record.supplier_id) for record in records]
    return _finding(clues, compared, records_exist=records_exist, address_decides=True)


def find_customer(clues: PartyClues, records: Sequence[Customer], *, records_exist: bool) -> PartyFinding[Customer]:
    """The customer that the evidence names without contradiction; an old address does not hide who it is."""
    compared = [compare(clues, record, record.customer_id) for record in records]
    return _finding(clues, compared, records_exist=records_exist, address_decides=False)


def chosen_by_person(finding: PartyFinding[Party], party_id: str, record: Party | None) -> PartyFinding[Party]:
    """The record that a person says is meant; one that is gone meanwhile changes nothing."""
    if record is None:
        return finding
    chosen = Candidate(id=party_id, score=1.0, why=("chosen by a person",), name=record.name)
    listed = (chosen, *(item for item in finding.candidates if item.id != party_id))
    return replace(finding, standing=Standing.FOUND, record=record, chosen=chosen, candidates=listed, why="")


def _finding(
    clues: PartyClues, compared: list[Compared[Party]], *, records_exist: bool, address_decides: bool
) -> PartyFinding[Party]:
    compared = sorted(compared, key=lambda item: (-item.candidate.score, item.candidate.id))
    chosen, standing, why = _choose(compared, address_decides=address_decides)
    candidate = chosen.candidate if chosen else None
    if candidate is not None and candidate.score < 0.9:
        # a clear single identifier is worth more than what the other fields say against it
        candidate = replace(candidate, score=0.9)
    listed = [
        item.candidate
        for item in compared
        # whose account it is matters even where nothing else speaks for the record
        if item is chosen or item.candidate.score >= 0.01 or item.level("account") == "equal"
    ][:8]
    return PartyFinding(
        standing=standing,
        record=chosen.record if chosen else None,
        chosen=candidate,
        candidates=tuple(listed),
        why=why,
        records_exist=records_exist,
        printed_name=clues.name or "",
    )


Choice = tuple[Compared[Party] | None, Standing, str]


def _choose(compared: list[Compared[Party]], *, address_decides: bool) -> Choice[Party]:
    """One step after the other, strongest evidence first; what contradicts is never outvoted."""
    by_tax = [item for item in compared if item.level("vat_id") == "equal"]
    if by_tax:
        return _settle(by_tax, compared, "VAT id")
    against = [item for item in compared if item.level("vat_id") == "differs"]
    free = [item for item in compared if item not in against]
    for item in against:
        if item.level("account") == "equal" or (item.level("name") == "equal" and item.level("address") == "equal"):
            return None, Standing.AMBIGUOUS, f"much points to {item.record.name}, but the VAT id is another one"
    by_account = [item for item in free if item.level("account") == "equal"]
    if by_account:
        return _settle(by_account, compared, "account")
    return _by_name(free, address_decides=address_decides)


def _settle(pool: list[Compared[Party]], compared: list[Compared[Party]], what: str) -> Choice[Party]:
    """One of the records that share a strong identifier, unless another record has a better claim to the name."""
    if len(pool) > 1:
        pool = _narrowed(pool)
    if len(pool) > 1:
        return None, Standing.AMBIGUOUS, f"several records have this {what}"
    chosen = pool[0]
    own = sum((chosen.level("account") == "equal" and what != "account", chosen.level("address") == "equal"))
    for rival in compared:
        claims = 0 if rival is chosen else _claims(rival, chosen, what)
        # a name that is neither's own leaves the rival the benefit of the doubt
        if claims > own or (claims and claims == own and chosen.level("name") not in ALIKE):
            why = f"the {what} is that of {chosen.record.name}, other things point to {rival.record.name}"
            return None, Standing.AMBIGUOUS, why
    if chosen.level("name") not in ALIKE and what == "VAT id" and not _supported(chosen):
        why = f"the VAT id is that of {chosen.record.name}, but neither name, account nor address is"
        return None, Standing.AMBIGUOUS, why
    return chosen, Standing.FOUND, ""


_NAMED = {"equal": 2, "equal but for the legal form": 1}


def _claims(rival: Compared[Party], chosen: Compared[Party], what: str) -> int:
    """How many things point to the rival rather than to the record that the identifier names.

    A sister company has nearly the same name: only the one whose name is printed exactly claims it. Where VAT id and
    exact name agree, another's account is the bank rule's to tell.
    """
    if what == "VAT id" and chosen.level("name") == "equal":
        return 0
    named = _NAMED.get(rival.level("name"), 0) > _NAMED.get(chosen.level("name"), 0)
    placed = rival.level("address") == "equal" and chosen.level("address") != "equal"
    paid = rival.level("account") == "equal" and what != "account" and chosen.level("name") not in ALIKE
    return sum((named, placed, paid))


def _supported(item: Compared[Party]) -> bool:
    """Whether anything beside the VAT id, which everybody can look up, speaks for the record."""
    others = (item.level("account"), item.level("address"), item.level("mail domain"))
    return "equal" in others or item.level("name") in ("not stated", "near")


def _narrowed(pool: list[Compared[Party]]) -> list[Compared[Party]]:
    """Those of a pool that more of the evidence speaks for, where that tells them apart."""
    tests: tuple[Callable[[Compared[Party]], bool], ...] = (
        lambda item: item.level("address") == "equal",
        lambda item: item.level("account") == "equal",
        lambda item: item.level("name") == "equal",
    )
    for test in tests:
        kept = [item for item in pool if test(item)]
        if kept:
            pool = kept
    return pool


def _by_name(pool: list[Compared[Party]], *, address_decides: bool) -> Choice[Party]:
    """By name and address alone."""
    equal = [item for item in pool if item.level("name") == "equal"]
    if len(equal) > 1:
        placed = [item for item in equal if item.level("address") == "equal"]
        if len(placed) != 1:
            return None, Standing.AMBIGUOUS, "several records have this name"
        return placed[0], Standing.FOUND, ""
    if len(equal) == 1 and not (address_decides and equal[0].level("address") == "differs"):
        return equal[0], Standing.FOUND, ""
    alike = [
        item
        for item in pool
        if item.level("name") in ALIKE and "equal" in (item.level("address"), item.level("mail domain"))
    ]
    if len(alike) == 1:
        return alike[0], Standing.FOUND, ""
    if len(alike) > 1:
        return None, Standing.AMBIGUOUS, "several records are alike"
    if equal:
        return None, Standing.UNKNOWN, f"a record has this name ({equal[0].candidate.id}), but another address"
    near = [item.candidate.id for item in pool if item.level("name") in (*ALIKE, "near")]
    why = f"names like it: {', '.join(near[:3])}; nothing else confirms one of them" if near else "no record is like it"
    return None, Standing.UNKNOWN, why
