"""Behind a web server of one's own: who really asks, and whether over HTTPS, as far as that server is trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(trusted: Iterable[str]) -> tuple[Network, ...]:
    """The addresses (`10.0.0.7`) and networks (`10.0.0.0/24`) of the settings; ValueError where one is neither."""
    return tuple(ipaddress.ip_network(one.strip()) for one in trusted)


class TrustedProxies:
    """Takes `X-Forwarded-For` and `-Proto` from trusted addresses only; what anybody else claims changes nothing."""

    def __init__(self, app: WSGIApplication, trusted: tuple[Network, ...]) -> None:
        self.app = app
        self.trusted = trusted
        # so many steps back in the list of addresses, as so many proxies at its end are trusted
        self._fixed: Callable[[int], WSGIApplication] = cache(lambda steps: ProxyFix(app, x_for=steps, x_proto=1))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request as its real sender's."""
        if not self._trusts(environ.get("REMOTE_ADDR", "")):
            return self.app(environ, start_response)
        passed_by = [one.strip() for one in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        steps = 1
        while steps < len(passed_by) and self._trusts(passed_by[-steps]):
            steps += 1
        return self._fixed(steps)(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self.trusted)
