"""How often one address may knock at a door that needs no log-in."""

from __future__ import annotations

import threading
import time
from collections import deque

from web.store import TooManyAttempts

MOST_ADDRESSES = 10_000
"""Whose knocks are remembered; beyond, the longest silent ones are forgotten."""


class RateLimit:
    """At most so many knocks of one address in so many seconds; kept in memory, and gone with the process."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._knocks: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def knock(self, address: str) -> None:
        """Count a knock; TooManyAttempts where it is one too many."""
        with self._lock:
            now = time.monotonic()
            times = self._knocks.pop(address, deque())
            while times and now - times[0] > self.seconds:
                times.popleft()
            self._knocks[address] = times  # put last: the first one is the longest silent
            if len(self._knocks) > MOST_ADDRESSES:
                del self._knocks[next(iter(self._knocks))]
            if len(times) >= self.most:
                raise TooManyAttempts("Too many requests from this address. Wait a few minutes and try again.")
            times.append(now)
