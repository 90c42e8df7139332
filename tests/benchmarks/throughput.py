"""How much gets through on this machine: `python -m tests.benchmarks.throughput [--each N]`, from the root folder.

Starts the real service (`coordinator serve`) on a throw-away folder with the samples' records, drops N copies of a
vector PDF, a scan and an XML into the watched folder (each copy with bytes of its own), one kind after the other, and
prints documents an hour for each; then all three mixed, while a second process asks for the queue and a document's page
all the time: documents an hour, and median and p95 of these answers in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from argon2 import PasswordHasher

import samples
from ingest.document import IN_WORK
from ingest.store import DocumentStore
from matching.load_records import import_records
from matching.records import RecordKind
from web.services import Services, open_services
from web.settings import load_settings
from web.store import Role, UserStore

SAMPLES = Path(samples.__file__).parent
KINDS = {"vector": "01-kessler.pdf", "scan": "07-kessler-scan.pdf", "XML": "05-van-dijk-ubl.xml"}
NAME, PASSWORD = "bench", "four plain words here"


def sample(kind: str) -> Path:
    """The sample of a kind."""
    return SAMPLES / "documents" / KINDS[kind]


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The service as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "coordinator"), "serve", "--data", str(data), "--port", str(port)]
    environment = os.environ | {
        "COORDINATOR_TODAY": samples.TODAY.isoformat(),
        "COORDINATOR_FOLDER__SETTLE_SECONDS": "0",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def copies(kinds: Sequence[str], count: int, salt: str) -> Iterator[tuple[str, bytes]]:
    """Files whose bytes differ and whose pages do not."""
    for number in range(count):
        for kind in kinds:
            path = sample(kind)
            mark = f"{salt}-{number}"
            ending = f"\n<!-- {mark} -->" if path.suffix == ".xml" else f"\n% {mark}\n"
            yield f"{salt}-{kind}-{number:05}{path.suffix}", path.read_bytes() + ending.encode()


def drop(services: Services, files: Iterator[tuple[str, bytes]]) -> int:
    """Put files into the watched folder as a careful program does; answers how many."""
    count = 0
    for name, content in files:
        part = services.settings.data / f"{name}.part"
        part.write_bytes(content)
        part.replace(services.inbox / name)
        count += 1
    return count


def hourly(services: Services, kinds: Sequence[str], each: int) -> float:
    """Documents an hour from the first one dropped until the last is decided."""
    store = DocumentStore(services.db)
    before, begun = sum(store.counts().values()), time.perf_counter()
    dropped = drop(services, copies(kinds, each, f"{time.time_ns()}"))
    while True:
        counts = store.counts()
        if sum(counts.values()) == before + dropped and not any(counts.get(state) for state in IN_WORK):
            return dropped / (time.perf_counter() - begun) * 3600
        time.sleep(0.1)


def ask(address: str, times: dict[str, list[float]], done: threading.Event) -> None:
    """Ask for pages as a person who clicks fast, and note how long each took."""
    visitor = build_opener(HTTPCookieProcessor())
    page = visitor.open(f"{address}/login").read().decode()
    token = re.findall(r'name="csrf-token" content="([^"]+)"', page)[0]
    visitor.open(f"{address}/login", urlencode({"csrf": token, "name": NAME, "password": PASSWORD}).encode()).read()
    while not done.is_set():
        for name, path in (("queue", "/queue"), ("document", "/documents/1")):
            begun = time.perf_counter()
            visitor.open(address + path).read()
            times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
            time.sleep(0.1)


def main() -> None:
    """Serve, drop, count, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=30)
    each = parser.parse_args().each
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(load_settings(Path(folder)))
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        UserStore(services.db, hasher).add(NAME, PASSWORD, Role.ADMIN)
        for kind in RecordKind:
            import_records(services.db, kind, SAMPLES / "records" / f"{kind.value}.csv")
        services.inbox.mkdir(exist_ok=True)
        with serving(Path(folder)) as address:
            hourly(services, list(KINDS), 1)  # everything is loaded once
            for name in KINDS:
                sys.stdout.write(f"{name:8}{hourly(services, [name], each):10.0f} documents an hour\n")
                sys.stdout.flush()
            times: dict[str, list[float]] = {}
            done = threading.Event()
            asking = threading.Thread(target=ask, args=(address, times, done))
            asking.start()
            sys.stdout.write(f"mixed   {hourly(services, list(KINDS), each):10.0f} documents an hour; beside it\n")
            done.set()
            asking.join()
            for name, took in times.items():
                sys.stdout.write(
                    f"  {name:10} median {median(took):4.0f} ms, p95 {quantiles(took, n=20)[-1]:4.0f} ms\n"
                )
        services.close()


if __name__ == "__main__":
    main()
