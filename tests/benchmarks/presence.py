"""What many open pages cost the others: `python -m tests.benchmarks.presence [--pages N] [--seconds S]`.

So many documents' pages give their signs of life as browsers do, every five seconds, each with a session of its own;
meanwhile the queue is asked one request after the other. Prints its median and p95 in milliseconds, without them and
with them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from argon2 import PasswordHasher
from waitress.server import create_server

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from office import add_document, add_records, invoice

from web.app import create_app
from web.server import WEB_THREADS
from web.services import Services, open_services
from web.settings import ServerSettings, Settings
from web.store import Role, UserStore

PASSWORD = "four plain words here"
EVERY = 5.0


def main() -> None:
    """Measure the queue alone, then beside the open pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coordinator-presence-") as folder:
        services = open_services(Settings(Path(folder), ServerSettings(port=0)))
        users = UserStore(services.db, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        numbers = fill(services, users, options.pages)
        server = create_server(create_app(services), host="127.0.0.1", port=0, threads=WEB_THREADS)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        asker, _ = log_in(address, "user 0")
        say(f"queue alone: {told(ask(asker, f'{address}/queue', options.seconds / 3))}")
        stop, answered = threading.Event(), []
        for place, number in enumerate(numbers):
            opener, token = log_in(address, f"user {place}")
            page = f"{address}/documents/{number}/presence"
            threading.Thread(target=stay, args=(opener, page, token, stop, answered, place), daemon=True).start()
        times = ask(asker, f"{address}/queue", options.seconds)
        stop.set()
        say(f"beside {options.pages} open pages: {told(times)}")
        say(f"signs of life: {len(answered) / options.seconds:.1f} a second, {told(answered)}")


def fill(services: Services, users: UserStore, count: int) -> list[int]:
    """A user and a waiting document for each page."""
    add_records(services)
    made = []
    for place in range(count):
        users.add(f"user {place}", PASSWORD, Role.COORDINATOR)
        day = {"issue_date": replace(invoice().fields["issue_date"], value=f"2026-11-{place % 28 + 1:02}")}
        extraction = invoice(f"HM-{place}")
        made.append(add_document(services, replace(extraction, fields={**extraction.fields, **day}), f"{place}.pdf"))
    return made


def log_in(address: str, name: str) -> tuple[OpenerDirector, str]:
    """A browser's session and the token of its forms."""
    opener = build_opener(HTTPCookieProcessor())
    page = opener.open(f"{address}/login").read().decode()
    form = {"csrf": token_in(page), "name": name, "password": PASSWORD}
    page = opener.open(f"{address}/login", urlencode(form).encode()).read().decode()
    return opener, token_in(page)


def token_in(page: str) -> str:
    """The token that the page's forms carry."""
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def stay(
    opener: OpenerDirector, address: str, token: str, stop: threading.Event, answered: list[float], place: int
) -> None:
    """Give a sign of life every few seconds."""
    form = urlencode({"csrf": token}).encode()
    stop.wait(EVERY * (place % 50) / 50)  # people do not open their pages at the same moment
    while not stop.is_set():
        began = time.perf_counter()
        opener.open(address, form).read()
        answered.append(time.perf_counter() - began)
        stop.wait(EVERY)


def ask(opener: OpenerDirector, address: str, seconds: float) -> list[float]:
    """Ask for a page again and again; the seconds that each answer took."""
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        opener.open(address).read()
        times.append(time.perf_counter() - began)
    return times


def say(line: str) -> None:
    """Show a figure."""
    sys.stdout.write(line + "\n")


def told(times: list[float]) -> str:
    """Median and p95 in milliseconds."""
    return f"{median(times) * 1000:.0f} ms (p95 {quantiles(times, n=20)[-1] * 1000:.0f})"


if __name__ == "__main__":
    main()
