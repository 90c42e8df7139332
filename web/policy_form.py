"""The policy as a form: what each setting is called and does, and what a person typed, checked field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.errors import SettingsError
from matching.policy import Policy
from matching.policy_values import CODES, as_raw, changed, severities_for
from matching.rules import DEFAULTS, severity_of
from web.languages import SOURCE_LANGUAGE, gettext, spoken
from web.languages import lazy_gettext as _
from web.presenters import Presenter

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
    def unit_shown(self) -> str:
        """What stands behind the value; money has the document's currency."""
        return str({"days": _("days"), "months": _("months"), "money": ""}.get(self.unit, self.unit))

    @property
    def default(self) -> str:
        """What it is where nobody set it, as text."""
        return value_of(Policy(), self.key)

    @property
    def is_choice(self) -> bool:
        """Whether it is yes or no."""
        return self.default in ("yes", "no")


GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        _("Prices"),
        (
            Setting("tolerance.price_percent", _("Dearer by"), _("How much dearer than ordered a line may be."), "%"),
            Setting(
                "tolerance.price_amount",
                _("and by no more than"),
                _("The same as money a line. Both must be set; the smaller of the two counts."),
                "money",
            ),
        ),
    ),
    (
        _("Quantities"),
        (
            Setting(
                "tolerance.quantity_percent",
                _("More by"),
                _("How much more than ordered or received may be billed, of the order line."),
                "%",
            ),
            Setting(
                "tolerance.quantity_amount",
                _("and by no more than"),
                _("What that may cost at the order's price; 0: the per cent alone count."),
                "money",
            ),
            Setting(
                "receipts_required",
                _("Goods receipts needed"),
                _("An order without goods receipts stops its invoices."),
            ),
        ),
    ),
    (
        _("Charges"),
        (
            Setting(
                "tolerance.charge_percent", _("Higher by"), _("How much higher than ordered a charge may be."), "%"
            ),
            Setting(
                "tolerance.charge_amount",
                _("and by no more than"),
                _("The same as money. Both must be set; the smaller of the two counts."),
                "money",
            ),
            Setting(
                "charge_limit",
                _("Not ordered, up to"),
                _("Freight and other charges that the order lacks stand up to this sum a document."),
                "money",
            ),
            Setting(
                "charge_percent",
                _("and up to"),
                _("The same as a share of the document's lines; 0: the sum alone counts."),
                "%",
            ),
        ),
    ),
    (
        _("Totals and tax"),
        (
            Setting(
                "tolerance.total_percent",
                _("Over the order by"),
                _("How much more than is open an invoice may bill, of its orders' net."),
                "%",
            ),
            Setting(
                "tolerance.total_amount",
                _("and by no more than"),
                _("The same as money. Both must be set; the smaller of the two counts."),
                "money",
            ),
            Setting("tolerance.line", _("Rounding of a line"), _("Differences up to this are none."), "money"),
            Setting(
                "tolerance.document", _("Rounding of a document"), _("The same for sums, tax and the total."), "money"
            ),
        ),
    ),
    (
        _("Unusual amounts"),
        (
            Setting(
                "unusual_factor",
                _("Times the largest so far"),
                _(
                    "From how many times a supplier's largest approved invoice on an amount is unusual; "
                    "it is looked for where the severity of \u201cAmount unusual\u201d is not off."
                ),
            ),
        ),
    ),
    (
        _("Orders"),
        (
            Setting("order_required", _("Order needed"), _("An invoice without an order goes to a person.")),
            Setting(
                "no_order_limit",
                _("Without order, up to"),
                _("Net total that needs no order, where the supplier's record names no limit of its own."),
                "money",
            ),
            Setting(
                "accept_content_match",
                _("Order by content"),
                _("Where no number is printed, the one order that explains every line is taken."),
            ),
        ),
    ),
    (
        _("Dates and terms"),
        (
            Setting("max_age_months", _("Oldest invoice"), _("An older issue date goes to a person."), "months"),
            Setting(
                "tolerance.terms_days",
                _("Shorter terms by"),
                _("How many days shorter than agreed terms may be."),
                "days",
            ),
        ),
    ),
    (
        _("Approval"),
        (
            Setting(
                "second_person_over",
                _("Two people above"),
                _(
                    "A person's approval of a larger total, in the document's currency, needs a second person with the "
                    "role approver; 0: never. What passes untouched is not concerned."
                ),
                "money",
            ),
            Setting(
                "coordinator_difference",
                _("Coordinators up to"),
                _(
                    "Most money of differences in spite of which a coordinator approves alone; above it an approver "
                    "does, too. 0: any."
                ),
                "money",
            ),
            Setting(
                "approver_difference",
                _("Approvers up to"),
                _("The same for an approver; above it two people approve, one of them an approver. 0: any."),
                "money",
            ),
        ),
    ),
    (
        _("Confidence"),
        (
            Setting(
                "min_confidence",
                _("Surely read from"),
                _(
                    "A required value that was read less surely than this goes to a person: at 0.95, 95 of "
                    "100 are right."
                ),
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


def shown(policy: Policy, present: Presenter) -> PolicyForm:
    """The form filled with a policy, its numbers as the reader writes them."""
    rows = [
        OverrideRow(", ".join(each.supplier), ", ".join(each.customer), key, present.number(value))
        for each in policy.override
        for key, value in each.changes.items()
    ]
    return PolicyForm(
        {setting.key: present.number(value_of(policy, setting.key)) for setting in SETTINGS},
        {code: severity_of(policy, code).value for code in CODES},
        (*rows, *[OverrideRow()] * NONE_LEFT),
        {},
        policy,
    )


def typed(sent: Mapping[str, str], rows: Iterable[OverrideRow], before: Policy, present: Presenter) -> PolicyForm:
    """The form as a person filled it in: what it says as a policy, or what is wrong, by field."""
    values = {
        setting.key: sent.get(setting.key, present.number(value_of(before, setting.key))).strip()
        for setting in SETTINGS
    }
    severities = {code: sent.get(f"severity.{code}", severity_of(before, code).value) for code in CODES}
    kept = [_checked(row, present) for row in rows if not row.empty]
    faults = {key: fault for key, value in values.items() if (fault := _fault(key, value, present))}
    faults |= {
        f"severity.{code}": fault for code, value in severities.items() if (fault := _severity_fault(code, value))
    }
    policy = None
    if not faults and not any(row.problem for row in kept):
        stays = before.severity.keys()
        policy = changed(
            before,
            {
                **{key: _plain(value, present) for key, value in values.items()},
                "severity": {
                    code: value for code, value in severities.items() if value != DEFAULTS[code] or code in stays
                },
                "override": _tables(kept, present),
            },
            whole=("severity", "override"),
        )
    return PolicyForm(values, severities, (*kept, *[OverrideRow()] * NONE_LEFT), faults, policy)


def _plain(value: str, present: Presenter) -> str:
    """What was typed, as the settings file writes it: the reader's decimal comma becomes a point."""
    return present.typed_number(value) or value


def _fault(key: str, value: str, present: Presenter) -> str:
    example = present.number(value_of(Policy(), key))
    if not value:
        return gettext("A value is needed; the default is %(default)s.", default=example)
    try:
        # a point is no decimal sign for whom the comma is one: "1.5" may mean anything
        if present.decimal_sign != "." and "." in value and present.typed_number(value) is None:
            return gettext("This value cannot be taken. Write it like %(example)s.", example=example)
        changed(Policy(), {key: _plain(value, present)})
    except SettingsError as error:
        if present.decimal_sign == "." and "," in value:
            return gettext("Write it like %(example)s, with a point, not a comma.", example=example)
        if spoken() != SOURCE_LANGUAGE:
            return gettext("This value cannot be taken. Write it like %(example)s.", example=example)
        told = error.message.removesuffix(f" at {key}").removeprefix(f"{key}: ")
        return f"{told[0].upper()}{told[1:]}. Write it like {example}."
    return ""


def _severity_fault(code: str, value: str) -> str:
    known = severities_for(code)
    if value in known:
        return ""
    return gettext("'%(value)s' is none of %(known)s.", value=value, known=", ".join(known))


def _checked(row: OverrideRow, present: Presenter) -> OverrideRow:
    problem = ""
    if not _ids(row.supplier) and not _ids(row.customer):
        problem = gettext("Name the supplier or the customer that this is for, by number.")
    elif not row.key:
        problem = gettext("Choose the setting that differs.")
    elif row.key.startswith("severity."):
        code = row.key.removeprefix("severity.")
        problem = gettext("There is no such code.") if code not in CODES else _severity_fault(code, row.value)
    elif row.key not in {setting.key for setting in SETTINGS}:
        problem = gettext("There is no such setting.")
    else:
        problem = _fault(row.key, row.value, present)
    return OverrideRow(row.supplier, row.customer, row.key, row.value, problem)


def _tables(rows: Iterable[OverrideRow], present: Presenter) -> list[dict[str, Any]]:
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
        table[name] = _plain(row.value, present)
    return tables


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
