"""What somebody has to know before they look for it: a door that fails or is silent, a disk that fills up.

Shown on every page, and mailed to the administrator once when it begins and once when it is over.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from ingest.database import DatabaseUnavailable
from ingest.intake import MIB
from ingest.sources.door_store import DoorState, DoorStore
from web.languages import gettext, in_language
from web.mailing import MailTrouble, send
from web.services import Services
from web.settings import DiskSettings, Settings
from web.told import door_phrase

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
NAME = "Invoicing Coordinator"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that somebody has to see to."""

    key: str
    """The same as long as it lasts."""
    message: str
    """A sentence or two; the figures in it may change while it lasts."""


def standing(services: Services) -> tuple[Alarm, ...]:
    """Every alarm that stands now."""
    settings = services.settings
    states = {state.name: state for state in DoorStore(services.db).all()}
    found = [
        alarm
        for name, silent_hours, failing_minutes in _limits(settings)
        if name in states and (alarm := _of_door(states[name], silent_hours, failing_minutes, datetime.now(UTC)))
    ]
    disk = of_disk(shutil.disk_usage(settings.data).free, settings.disk)
    return (*found, *([disk] if disk else []))


def _limits(settings: Settings) -> list[tuple[str, float, float]]:
    """(door, hours of silence, minutes of failing) of every door that the settings name now."""
    folders = [one for one in (settings.folder, *settings.folders) if one.enabled]
    found = [(one.door, one.silent_hours, one.failing_minutes) for one in folders]
    return found + [(one.door, one.silent_hours, one.failing_minutes) for one in settings.mailbox]


def _of_door(state: DoorState, silent_hours: float, failing_minutes: float, now: datetime) -> Alarm | None:
    if failing_minutes and state.failing_since and now - state.failing_since >= timedelta(minutes=failing_minutes):
        values = {
            "door": door_phrase(state.name),
            "span": _span(now - state.failing_since),
            "trouble": door_phrase(state.trouble),
        }
        told = gettext("The %(door)s has not worked for %(span)s: %(trouble)s", **values)
        return Alarm(f"failing {state.name}", told)
    last = state.delivered_at or state.watched_since
    if silent_hours and now - last >= timedelta(hours=silent_hours):
        told = gettext(
            "The %(door)s has brought nothing for %(span)s. Is it still in use?",
            door=state.name,
            span=_span(now - last),
        )
        return Alarm(f"silent {state.name}", told)
    return None


def of_disk(free: int, settings: DiskSettings) -> Alarm | None:
    """The alarm of a disk with so many bytes free."""
    left = free // MIB
    if settings.floor_mb and left < settings.floor_mb:
        told = gettext(
            "The disk is nearly full (%(left)s MiB left): nothing is taken in any more. Make room on it.", left=left
        )
        return Alarm("disk full", told)
    if left < settings.warn_mb:
        values = {"left": left, "floor": settings.floor_mb}
        told = gettext(
            "The disk is filling up: %(left)s MiB are left, below %(floor)s MiB nothing is taken in.", **values
        )
        return Alarm("disk low", told)
    return None


def _span(lasts: timedelta) -> str:
    minutes = int(lasts.total_seconds() // 60)
    if minutes < 120:
        return gettext("%(num)s minutes", num=minutes)
    if minutes < 48 * 60:
        return gettext("%(num)s hours", num=minutes // 60)
    return gettext("%(num)s days", num=minutes // (24 * 60))


class Bell:
    """Tells the administrator by mail; what could not be sent is tried again with the next look."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def run(self, stop: Event) -> None:
        """Look again and again until `stop` is set."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except (DatabaseUnavailable, *MailTrouble) as error:
                log.warning("the administrator could not be told of what is wrong: %s; trying again", error)

    def look(self) -> bool:
        """Mail what began and what is over since the last look, in the house's language; answers whether any."""
        with in_language(self.services.settings.language):
            return self._look()

    def _look(self) -> bool:
        settings, store = self.services.settings, DoorStore(self.services.db)
        now = {alarm.key: alarm.message for alarm in standing(self.services)}
        told = store.told()
        began = {key: message for key, message in now.items() if key not in told}
        ended = {key: message for key, message in told.items() if key not in now}
        if not began and not ended:
            return False
        for message in began.values():
            log.warning("alarm: %s", message)
        if settings.smtp.host:
            send(settings.smtp, _subject(began, ended), _text(began, ended, settings.public_url))
        store.note_told(began, tuple(ended), datetime.now(UTC))
        return True


def _subject(began: dict[str, str], ended: dict[str, str]) -> str:
    first = door_phrase(next(iter(began or ended)))
    more = len(began or ended) - 1
    also = gettext(" and %(num)s more", num=more) if more else ""
    return f"{NAME}: {first}{also}" if began else f"{NAME}: {gettext('over')}: {first}{also}"


def _text(began: dict[str, str], ended: dict[str, str], public_url: str) -> str:
    lines = [*began.values(), *(gettext("This is over: %(message)s", message=message) for message in ended.values())]
    if public_url:
        lines.append(gettext("The inbox page says more: %(address)s", address=f"{public_url.rstrip('/')}/inbox"))
    return "\n\n".join(lines) + "\n"
