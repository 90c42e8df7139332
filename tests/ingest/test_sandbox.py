"""The cage of a reading process, tried from inside: each attempt is made by a caged process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.sandbox import Layer, clean_environment, what_holds

ATTEMPTS = """
import json, os, socket, subprocess, sys
from pathlib import Path
from ingest.sandbox import confine
allowed, other, scratch, port = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
layers = confine((allowed,), scratch)
def told(attempt):
    try:
        return str(attempt())
    except OSError as fault:
        return type(fault).__name__
def run_own_program():
    program = scratch / "program"
    program.write_text("#!/bin/sh")
    program.chmod(0o755)
    return subprocess.run([program], check=False).returncode
print(json.dumps({
    "layers": sorted(layers),
    "read the original": told(allowed.read_text),
    "read another": told(other.read_text),
    "write beside it": told(lambda: other.with_name("new").write_text("x")),
    "change the original": told(lambda: allowed.write_text("x")),
    "remove another": told(other.unlink),
    "write scratch": told(lambda: (scratch / "mine").write_text("x")),
    "connect": told(lambda: socket.create_connection(("127.0.0.1", port), 2)),
    "send a datagram": told(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53))),
    "the variables of its parent": told(Path(f"/proc/{os.getppid()}/environ").read_bytes),
    "run what it wrote": told(run_own_program),
    "Tesseract": told(lambda: subprocess.run(["tesseract", "--version"], capture_output=True, check=True).returncode),
    "connect from a child": told(lambda: subprocess.run(
        [sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"],
        capture_output=True).returncode),
    "secret": os.environ.get("COORDINATOR_MAILBOX_PASSWORD", "unseen"),
}))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


@pytest.fixture
def answers(tmp_path: Path) -> dict[str, str]:
    allowed, other, scratch = tmp_path / "original", tmp_path / "other", tmp_path / "scratch"
    allowed.write_text("the invoice")
    other.write_text("another invoice")
    scratch.mkdir()
    variables = {**os.environ, "COORDINATOR_MAILBOX_PASSWORD": "secret"}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-c", ATTEMPTS, str(allowed), str(other), str(scratch)]
        command.append(str(listening.getsockname()[1]))
        environment = clean_environment({**variables, "PYTHONPATH": str(Path(__file__).parents[2])}, scratch)
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert other.read_text() == "another invoice"
    found: dict[str, str] = json.loads(told.stdout)
    return found


def test_a_reader_sees_its_original_and_its_scratch_folder_and_nothing_else(answers: dict[str, str]) -> None:
    if Layer.FILES not in answers["layers"]:
        pytest.skip("this kernel has no Landlock")
    assert answers["read the original"] == "the invoice"
    assert answers["write scratch"] == "1"
    for attempt in ("read another", "write beside it", "change the original", "remove another", "run what it wrote"):
        assert answers[attempt] == "PermissionError", attempt
    assert answers["the variables of its parent"] == "PermissionError"


def test_a_reader_has_no_network_and_neither_have_its_children(answers: dict[str, str]) -> None:
    if Layer.CALLS not in answers["layers"]:
        pytest.skip("this system has no seccomp")
    assert answers["connect"] == answers["send a datagram"] == "PermissionError"
    assert answers["connect from a child"] == "1"


def test_a_reader_can_do_its_work_and_sees_no_secrets(answers: dict[str, str]) -> None:
    assert answers["Tesseract"] == "0"
    assert answers["secret"] == "unseen"


def test_the_doctor_is_told_what_the_system_gives(answers: dict[str, str]) -> None:
    assert sorted(what_holds()) == answers["layers"]
