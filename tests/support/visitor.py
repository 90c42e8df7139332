"""A browser without a screen: Flask's client, with the token that forms carry."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from office import PASSWORD
from werkzeug.test import TestResponse

PUBLIC = {
    "login.show", "login.log_in", "login.set_up", "login.make_first_user", "health.check", "health.metrics", "static",
    "inquiry.show", "inquiry.answer", "inquiry.picture", "users.link", "users.use_link", "api.description",
    "factor.ask", "factor.check",
}  # fmt: skip
"""The only routes that are open without log-in."""


class Visitor:
    """One browser: it keeps its cookies and sends the token of the last page it saw."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.token = ""

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open a page."""
        response = self.client.get(address, buffered=True, **options)
        if response.mimetype == "text/html":
            found = re.search(r'name="csrf-token" content="([^"]+)"', response.text)
            self.token = found[1] if found else self.token
        return response

    def post(
        self, address: str, htmx: bool = False, headers: dict[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """Send a form, as the browser or as htmx does."""
        extra = {"HX-Request": "true"} if htmx else {}
        fields = {"csrf": self.token, **fields}
        return self.client.post(address, data=fields, headers={**extra, **(headers or {})})

    def ask(self, method: str, address: str) -> TestResponse:
        """Any request, as a script of our pages makes it: with the token in a header where that is asked for."""
        if method == "GET":
            return self.get(address)
        return self.client.open(address, method=method, headers={"X-CSRF-Token": self.token})

    def log_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Fill in the log-in page."""
        self.get("/login")
        response = self.post("/login", name=name, password=password)
        if response.status_code == 303:
            self.get("/queue")
        return response
