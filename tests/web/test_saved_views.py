"""Saved views of the queue: one's own, everybody's, and who may change them."""

from __future__ import annotations

import re
from collections.abc import Callable

from visitor import Visitor

from web.services import Services

Visit = Callable[..., Visitor]


def saved(browser: Visitor) -> list[tuple[str, str]]:
    """Address and name of each view that the queue offers."""
    page = browser.get("/queue").text
    found = re.findall(r'<a href="([^"]+)" data-view[^>]*>(?:<kbd>\d</kbd> )?([^<]+)</a>', page)
    return [(address.replace("&amp;", "&"), name) for address, name in found]


def test_a_view_is_kept_by_its_filters_and_opens_them_again(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    answer = browser.post("/queue/views", name="Due  soon", query="sort=due&code=price_differs&page=3&evil=1")
    assert (answer.status_code, answer.location) == (303, "/queue?code=price_differs&sort=due&page=3")
    assert saved(browser) == [("/queue?code=price_differs&sort=due", "Due soon")]
    assert 'aria-current="true"><kbd>1</kbd> Due soon' in browser.get("/queue?code=price_differs&sort=due").text
    browser.post("/queue/views", name="Due soon", query="sort=due")
    assert saved(browser) == [("/queue?sort=due", "Due soon")]
    assert saved(visit("approver")) == []
    rows = list(services.db.query("SELECT actor, action FROM audit WHERE action LIKE 'view%'"))
    assert [(row["actor"], row["action"]) for row in rows] == [("coordinator", "view_saved")] * 2


def test_an_administrator_shares_a_view_and_others_cannot(visit: Visit, services: Services) -> None:
    admin, viewer = visit("admin"), visit("viewer")
    admin.post("/queue/views", name="Large", query="sort=amount", shared="yes")
    viewer.post("/queue/views", name="Mine", query="tab=hold")
    assert [name for _, name in saved(viewer)] == ["Large", "Mine"]
    assert [name for _, name in saved(admin)] == ["Large"]
    assert viewer.post("/queue/views", name="All", query="", shared="yes").status_code == 403
    number = services.db.execute("SELECT id FROM saved_views WHERE name = 'Large'").fetchone()[0]
    assert viewer.post("/queue/views", query="", remove=str(number)).status_code == 403
    own = services.db.execute("SELECT id FROM saved_views WHERE name = 'Mine'").fetchone()[0]
    assert admin.post("/queue/views", query="", remove=str(own)).status_code == 404
    assert viewer.post("/queue/views", query="", remove=str(own)).status_code == 303
    assert [name for _, name in saved(viewer)] == ["Large"]


def test_a_view_needs_a_name(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    for name in ("", "  ", "x" * 61):
        assert browser.post("/queue/views", name=name, query="").status_code == 422
    assert saved(browser) == []
