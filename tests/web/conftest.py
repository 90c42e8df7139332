from __future__ import annotations

from collections.abc import Callable

import pytest
from compiled import with_compiled_templates
from flask import Flask
from office import add_records, add_users
from visitor import Visitor

from web.app import create_app
from web.services import Services


@pytest.fixture
def app(services: Services) -> Flask:
    """The pages over a small company with one user of each role."""
    add_users(services)
    add_records(services)
    return with_compiled_templates(create_app(services))


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Open a browser; with a name, logged in."""

    def open_browser(name: str | None = None) -> Visitor:
        visitor = Visitor(app)
        if name:
            assert visitor.log_in(name).status_code == 303
        return visitor

    return open_browser
