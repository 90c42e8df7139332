"""The inbox page: what each door brought on which day, what had come before, what could not be read."""

from __future__ import annotations

import re
from collections.abc import Callable

from office import add_document, add_failed, invoice
from visitor import Visitor

from ingest.document import Door, ReceivedFile
from web.services import Services

Visit = Callable[..., Visitor]


def test_each_door_has_its_figures_of_the_day(visit: Visit, services: Services) -> None:
    add_document(services, invoice())
    services.receive(ReceivedFile("again.pdf", b"invoice.pdf HM-1", Door.UPLOAD, "anna"))
    add_failed(services)
    page = visit("viewer").get("/inbox").text
    rows = re.findall(r"<tr><td class=.date.>([^<]+)</td><th scope=.row.>([^<]+)</th>(.*?)</tr>", page)
    told = {door: (day, re.findall(r">([^<>]+)<", cells)) for day, door, cells in rows}
    assert told == {"Folder": ("Today", ["1", "\u2013", "1"]), "Upload": ("Today", ["2", "1", "\u2013"])}
