"""The only reader of the environment and of `settings.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cattrs import transform_error
from cattrs.errors import ClassValidationError

from ingest.errors import SettingsError
from ingest.reading import ReadingLimits
from ingest.sources.folder import FolderSettings
from ingest.sources.mailbox import MailboxSettings
from matching.policy import Policy
from matching.policy_values import converter, explain
from web.assigning import AssignRule
from web.languages import SOURCE_LANGUAGE, languages
from web.mailing import SmtpSettings
from web.proxies import networks
from web.store import Role

PREFIX = "COORDINATOR_"
NOT_SETTINGS = {"DATA", "TODAY"}
"""Variables with the prefix that are no keys of the settings file."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The web server and its workers."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    """Documents read at the same time."""
    request_mb: int = 200
    """Largest upload request, and largest file that comes in piece by piece."""
    request_files: int = 200
    """Files in one upload request."""
    unfinished_hours: int = 24
    """An upload that broke off can be gone on with for so long."""
    secure_cookies: bool = False
    """True when the service stands behind HTTPS."""
    session_hours: float = 12
    """Whoever logged in so long ago logs in again."""
    idle_minutes: float = 120
    """So does whoever did nothing for so long."""
    second_factor: tuple[str, ...] = ()
    """Roles that log in with an authenticator app besides the password; others may."""
    breached_passwords: str = ""
    """File of SHA-1 hashes of stolen passwords, sorted, one a line, as Have I Been Pwned gives it."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of web servers before this one, whose word counts for who asks and whether over HTTPS."""


@dataclass(frozen=True, slots=True)
class DiskSettings:
    """How full the disk may get."""

    floor_mb: int = 200
    """MiB that stay free: below, every door refuses what comes; 0: no floor."""
    warn_mb: int = 1024
    """MiB below which every page, the administrator's mail and `doctor` warn."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The service's log."""

    format: str = "text"
    """`text`, or `json`: one object a line."""


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """`/metrics`, for Prometheus."""

    token: str = ""
    """Who sends it as a bearer token may read them; empty: programs on this machine only."""


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long documents are kept."""

    years: int = 0
    """Decided documents older than this may be removed by `coordinator retention`; 0: all are kept."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; policy is the first policy until a page changes it."""

    data: Path
    server: ServerSettings = field(default_factory=ServerSettings)
    reading: ReadingLimits = field(default_factory=ReadingLimits)
    folder: FolderSettings = field(default_factory=FolderSettings)
    folders: tuple[FolderSettings, ...] = ()
    """Watched besides `folder`."""
    mailbox: tuple[MailboxSettings, ...] = ()
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    disk: DiskSettings = field(default_factory=DiskSettings)
    log: LogSettings = field(default_factory=LogSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    assign: tuple[AssignRule, ...] = ()
    """To whom documents go that need a person; the first rule that fits counts."""
    question_days: int = 14
    """How long the links of questions to people without an account work."""
    public_url: str = ""
    """Where people reach the pages, for links in mails."""
    language: str = SOURCE_LANGUAGE
    """Of mails to the administrator, and of pages for whom neither user nor browser names one that can be had."""
    policy: Policy = field(default_factory=Policy)
    today: date | None = None
    """Sets the clock's date, for tests and samples."""

    def current_day(self) -> date:
        """The day that dates are judged against."""
        return self.today or datetime.now(UTC).astimezone().date()


def load_settings(data: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read `DIR/settings.toml` and the environment; SettingsError names every wrong key at once."""
    folder = data or Path(environment.get(PREFIX + "DATA") or "data")
    file = folder / "settings.toml"
    raw = _read_file(file) if file.exists() else {}
    for name, value in environment.items():
        if name.startswith(PREFIX) and name[len(PREFIX) :] not in NOT_SETTINGS:
            _put(raw, name[len(PREFIX) :].lower().split("__"), value)
    policy_names = {f.name for f in fields(Policy)}
    policy = {name: raw.pop(name) for name in list(raw) if name in policy_names}
    if isinstance(smtp := raw.get("smtp"), dict) and "from" in smtp:
        smtp["sender"] = smtp.pop("from")  # a word that Python keeps for itself
    for rule in raw.get("assign", ()) if isinstance(raw.get("assign"), list) else ():
        rule |= {name: [rule[name]] for name in ("supplier", "customer") if isinstance(rule.get(name), str)}
    structured = converter()
    faults: list[str] = []
    made: dict[str, Any] = {}
    for cls, source in ((Policy, policy), (_Technical, raw)):
        try:
            made[cls.__name__] = structured.structure(source, cls)
        except ClassValidationError as error:
            faults.extend(
                message.replace("@ $.", "at ").replace("@ $", "") for message in transform_error(error, "$", explain)
            )
        except ValueError as error:
            faults.append(str(error))
    if faults:
        raise SettingsError(f"{file} or a {PREFIX}... variable: " + "; ".join(sorted(faults)))
    technical: _Technical = made["_Technical"]
    _demand_sense(file, technical)
    return Settings(
        data=folder,
        **{each.name: getattr(technical, each.name) for each in fields(_Technical)},
        policy=made["Policy"],
        today=_today(environment.get(PREFIX + "TODAY")),
    )


@dataclass(frozen=True, slots=True)
class _Technical:
    server: ServerSettings = field(default_factory=ServerSettings)
    reading: ReadingLimits = field(default_factory=ReadingLimits)
    folder: FolderSettings = field(default_factory=FolderSettings)
    folders: tuple[FolderSettings, ...] = ()
    mailbox: tuple[MailboxSettings, ...] = ()
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    disk: DiskSettings = field(default_factory=DiskSettings)
    log: LogSettings = field(default_factory=LogSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    assign: tuple[AssignRule, ...] = ()
    question_days: int = 14
    public_url: str = ""
    language: str = SOURCE_LANGUAGE


def _demand_sense(file: Path, technical: _Technical) -> None:
    """What the types alone do not say."""
    faults = [] if technical.log.format in ("text", "json") else ["log.format must be 'text' or 'json'"]
    faults += [message for message in (technical.smtp.fault(),) if message]
    faults += [] if 1 <= technical.question_days <= 90 else ["question_days must be from 1 to 90"]
    faults += ["each [[assign]] needs a user"] if any(not one.user.strip() for one in technical.assign) else []
    faults += ["each [[folders]] needs a path"] if any(not one.path for one in technical.folders) else []
    if technical.language not in languages():
        faults.append(f"language must be one of {', '.join(languages())}")
    doors = [one.door for one in (technical.folder, *technical.folders)] + [one.door for one in technical.mailbox]
    faults += [f"two doors are called '{name}'; give one another name" for name in doors if doors.count(name) > 1][:1]
    try:
        networks(technical.server.trusted_proxies)
    except ValueError as error:
        faults.append(f"server.trusted_proxies: {error}")
    unknown = [one for one in technical.server.second_factor if one not in set(Role)]
    faults += [f"server.second_factor: '{unknown[0]}' is no role"] if unknown else []
    if technical.server.session_hours <= 0 or technical.server.idle_minutes <= 0:
        faults.append("server.session_hours and server.idle_minutes must be more than 0")
    breached = technical.server.breached_passwords
    if breached and not Path(breached).is_file():
        faults.append(f"server.breached_passwords: there is no file {breached}")
    if technical.retention.years < 0 or technical.disk.floor_mb < 0:
        faults.append("retention.years and disk.floor_mb cannot be negative")
    if faults:
        raise SettingsError(f"{file}: " + "; ".join(faults))


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None


def _put(raw: dict[str, Any], path: list[str], value: str) -> None:
    for name in path[:-1]:
        nested = raw.setdefault(name, {})
        if not isinstance(nested, dict):
            raise SettingsError(f"{PREFIX}{'__'.join(path).upper()}: '{name}' is no table of the settings.")
        raw = nested
    raw[path[-1]] = value


def _today(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{PREFIX}TODAY: '{text}' is not a date such as 2026-11-23.") from None
