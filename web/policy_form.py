"""The policy as a form: what each setting is called and does, and what a person typed, checked field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.errors import SettingsError
from matching.policy import Policy
from matching.policy_values import CODES, as_raw, changed, severities_for
from matching.rules import DEFAULTS, severity_of

NONE_LEFT = 2
"""Empty rows for overrides that a form offers."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the page shows it."""

    key: str
    label: str
    help: str
    unit: str = ""
    """`%`, `money`, `days`, `months`; empty: a bare number, or yes and no."""

    @property
    def default(self) -> str:
        """What it is where nobody set it, as text."""
        return value_of(Policy(), self.key)

    @property
    def is_choice(self) -> bool:
        """Whether it is yes or no."""
        return self.default in ("yes", "no")


SMALLER = "Both must be set; the smaller of the two counts."

GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        "Prices",
        (
            Setting("tolerance.price_percent", "Dearer by", "How much dearer than ordered a line may be.", "%"),
            Setting("tolerance.price_amount", "and by no more than", f"The same as money a line. {SMALLER}", "money"),
        ),
    ),
    (
        "Quantities",
        (
            Setting(
                "tolerance.quantity_percent",
                "More by",
                "How much more than ordered or received may be billed, of the order line.",
                "%",
            ),
            Setting(
                "tolerance.quantity_amount",
                "and by no more than",
                "What that may cost at the order's price; 0: the per cent alone count.",
                "money",
            ),
            Setting(
                "receipts_required", "Goods receipts needed", "An order without goods receipts stops its invoices."
            ),
        ),
    ),
    (
        "Charges",
        (
            Setting("tolerance.charge_percent", "Higher by", "How much higher than ordered a charge may be.", "%"),
            Setting("tolerance.charge_amount", "and by no more than", f"The same as money. {SMALLER}", "money"),
            Setting(
                "charge_limit",
                "Not ordered, up to",
                "Freight and other charges that the order lacks stand up to this sum a document.",
                "money",
            ),
            Setting(
                "charge_percent",
                "and up to",
                "The same as a share of the document's lines; 0: the sum alone counts.",
                "%",
            ),
        ),
    ),
    (
        "Totals and tax",
        (
            Setting(
                "tolerance.total_percent",
                "Over the order by",
                "How much more than is open an invoice may bill, of its orders' net.",
                "%",
            ),
            Setting("tolerance.total_amount", "and by no more than", f"The same as money. {SMALLER}", "money"),
            Setting("tolerance.line", "Rounding of a line", "Differences up to this are none.", "money"),
            Setting("tolerance.document", "Rounding of a document", "The same for sums, tax and the total.", "money"),
        ),
    ),
    (
        "Unusual amounts",
        (
            Setting(
                "unusual_factor",
                "Times the largest so far",
                "From how many times a supplier's largest approved invoice on an amount is unusual; "
                "it is looked for where the severity of \u201cAmount unusual\u201d is not off.",
            ),
        ),
    ),
    (
        "Orders",
        (
            Setting("order_required", "Order needed", "An invoice without an order goes to a person."),
            Setting(
                "no_order_limit",
                "Without order, up to",
                "Net total that needs no order, where the supplier's record names no limit of its own.",
                "money",
            ),
            Setting(
                "accept_content_match",
                "Order by content",
                "Where no number is printed, the one order that explains every line is taken.",
            ),
        ),
    ),
    (
        "Dates and terms",
        (
            Setting("max_age_months", "Oldest invoice", "An older issue date goes to a person.", "months"),
            Setting(
                "tolerance.terms_days", "Shorter terms by", "How many days shorter than agreed terms may be.", "days"
            ),
        ),
    ),
    (
        "Approval",
        (
            Setting(
                "second_person_over",
                "Two people above",
                "A person's approval of a larger total, in the document's currency, needs a second person with the "
                "role approver; 0: never. What passes untouched is not concerned.",
                "money",
            ),
            Setting(
                "coordinator_difference",
                "Coordinators up to",
                "Most money of differences in spite of which a coordinator approves alone; above it an approver does, "
                "too. 0: any.",
                "money",
            ),
            Setting(
                "approver_difference",
                "Approvers up to",
                "The same for an approver; above it two people approve, one of them an approver. 0: any.",
                "money",
            ),
        ),
    ),
    (
        "Confidence",
        (
            Setting(
                "min_confidence",
                "Surely read from",
                "A required value that was read less surely than this goes to a person: at 0.95, 95 of 100 are right.",
            ),
        ),
    ),
)

SETTINGS = tuple(setting for _, settings in GROUPS for setting in settings)
PER_PARTY = tuple((setting.key, setting.label, group) for group, settings in GROUPS for setting in settings)
"""What an override can change, besides severities."""


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One line of the table of overrides, as typed."""

    supplier: str = ""
    customer: str = ""
    key: str = ""
    value: str = ""
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it: rows are taken away by clearing or ticking them."""
        return not (self.supplier or self.customer or self.value)


@dataclass(frozen=True, slots=True)
class PolicyForm:
    """What stands in the form, and what is wrong with it."""

    values: Mapping[str, str]
    severities: Mapping[str, str]
    overrides: tuple[OverrideRow, ...]
    problems: Mapping[str, str]
    policy: Policy | None
    """What was typed, where nothing is wrong with it."""


def value_of(policy: Policy, key: str) -> str:
    """A setting as text."""
    found: Any = as_raw(policy)
    for step in key.split("."):
        found = found[step]
    return str(found)


def shown(policy: Policy) -> PolicyForm:
    """The form filled with a policy."""
    rows = [
        OverrideRow(", ".join(each.supplier), ", ".join(each.customer), key, value)
        for each in policy.override
        for key, value in each.changes.items()
    ]
    return PolicyForm(
        {setting.key: value_of(policy, setting.key) for setting in SETTINGS},
        {code: severity_of(policy, code).value for code in CODES},
        (*rows, *[OverrideRow()] * NONE_LEFT),
        {},
        policy,
    )


def typed(sent: Mapping[str, str], rows: Iterable[OverrideRow], present: Policy) -> PolicyForm:
    """The form as a person filled it in: what it says as a policy, or what is wrong, by field."""
    values = {setting.key: sent.get(setting.key, value_of(present, setting.key)).strip() for setting in SETTINGS}
    severities = {code: sent.get(f"severity.{code}", severity_of(present, code).value) for code in CODES}
    kept = [_checked(row) for row in rows if not row.empty]
    faults = {key: fault for key, value in values.items() if (fault := _fault(key, value))}
    faults |= {
        f"severity.{code}": fault for code, value in severities.items() if (fault := _severity_fault(code, value))
    }
    policy = None
    if not faults and not any(row.problem for row in kept):
        stays = present.severity.keys()
        policy = changed(
            present,
            {
                **values,
                "severity": {
                    code: value for code, value in severities.items() if value != DEFAULTS[code] or code in stays
                },
                "override": _tables(kept),
            },
            whole=("severity", "override"),
        )
    return PolicyForm(values, severities, (*kept, *[OverrideRow()] * NONE_LEFT), faults, policy)


def _fault(key: str, value: str) -> str:
    if not value:
        return f"A value is needed; the default is {value_of(Policy(), key)}."
    try:
        changed(Policy(), {key: value})
    except SettingsError as error:
        told = error.message.removesuffix(f" at {key}").removeprefix(f"{key}: ")
        return f"{told[0].upper()}{told[1:]}. Write it like {value_of(Policy(), key)}" + (
            ", with a point, not a comma." if "," in value else "."
        )
    return ""


def _severity_fault(code: str, value: str) -> str:
    known = severities_for(code)
    return "" if value in known else f"'{value}' is none of {', '.join(known)}."


def _checked(row: OverrideRow) -> OverrideRow:
    problem = ""
    if not _ids(row.supplier) and not _ids(row.customer):
        problem = "Name the supplier or the customer that this is for, by number."
    elif not row.key:
        problem = "Choose the setting that differs."
    elif row.key.startswith("severity."):
        code = row.key.removeprefix("severity.")
        problem = "There is no such code." if code not in CODES else _severity_fault(code, row.value)
    elif row.key not in {setting.key for setting in SETTINGS}:
        problem = "There is no such setting."
    else:
        problem = _fault(row.key, row.value)
    return OverrideRow(row.supplier, row.customer, row.key, row.value, problem)


def _tables(rows: Iterable[OverrideRow]) -> list[dict[str, Any]]:
    """Rows that follow each other for the same parties are one override."""
    tables: list[dict[str, Any]] = []
    before: tuple[list[str], list[str]] | None = None
    for row in rows:
        whom = _ids(row.supplier), _ids(row.customer)
        if whom != before:
            tables.append({name: ids for name, ids in zip(("supplier", "customer"), whom, strict=True) if ids})
        before = whom
        *path, name = row.key.split(".")
        table = tables[-1]
        for step in path:
            table = table.setdefault(step, {})
        table[name] = row.value
    return tables


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
