"""The cage of a reading process, tried from inside: each attempt is made by a caged process of its own."""

from __future__ import annotations

import json
import os
import pwd
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

import samples
from ingest.sandbox import Layer, clean_environment, what_holds
from ingest.scratch import copy_left, names_left, text_left

DOCUMENTS = Path(samples.__file__).parent / "documents"

ATTEMPTS = """
import fcntl, json, os, resource, socket, subprocess, sys
from pathlib import Path
from ingest.sandbox import confine
allowed, other, scratch, port = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
layers = confine((allowed,), scratch)
def told(attempt):
    try:
        return str(attempt())
    except OSError as fault:
        return type(fault).__name__
def end(process):
    process.kill()
    return process.wait()
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
    "signal the service": told(lambda: os.kill(os.getppid(), 0)),
    "signal another process": told(lambda: os.kill(int(sys.argv[5]), 0)),
    "signal everybody": told(lambda: os.kill(-1, 0)),
    "a session of its own": told(os.setsid),
    "limit another": told(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))),
    "be told of a file in another's place": told(lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())),
    "end its own child": told(lambda: end(subprocess.Popen(["sleep", "60"]))),
    "leave a link": told(lambda: (scratch / "link").symlink_to(other)),
    "leave a pipe": told(lambda: os.mkfifo(scratch / "pipe")),
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
    with socket.create_server(("127.0.0.1", 0)) as listening, subprocess.Popen(["sleep", "60"]) as bystander:
        command = [sys.executable, "-c", ATTEMPTS, str(allowed), str(other), str(scratch)]
        command += [str(listening.getsockname()[1]), str(bystander.pid)]
        environment = clean_environment({**variables, "PYTHONPATH": str(Path(__file__).parents[2])}, scratch)
        try:
            told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
        finally:
            bystander.kill()
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


def test_a_reader_reaches_no_process_but_its_own(answers: dict[str, str]) -> None:
    if Layer.CALLS not in answers["layers"]:
        pytest.skip("this system has no seccomp")
    for attempt in ("signal the service", "signal everybody", "a session of its own", "limit another"):
        assert answers[attempt] == "PermissionError", attempt
    assert answers["be told of a file in another's place"] == "PermissionError"
    assert answers["end its own child"] == "-9"
    if Layer.SIGNALS in answers["layers"]:
        assert answers["signal another process"] == "PermissionError"


def test_a_reader_leaves_plain_files_only(answers: dict[str, str]) -> None:
    if Layer.FILES not in answers["layers"]:
        pytest.skip("this kernel has no Landlock")
    assert answers["leave a link"] == answers["leave a pipe"] == "PermissionError"


def test_what_is_left_is_never_followed(tmp_path: Path) -> None:
    scratch, secret, folder = tmp_path / "scratch", tmp_path / "secret", tmp_path / "elsewhere"
    for each in (scratch, folder, scratch / "pages"):
        each.mkdir()
    secret.write_text("of another customer")
    (folder / "1.png").write_text("of another customer")
    (scratch / "plain").write_text("mine")
    (scratch / "link").symlink_to(secret)
    (scratch / "hard").hardlink_to(secret)
    (scratch / "linked").symlink_to(folder)
    os.mkfifo(scratch / "pipe")
    assert text_left(scratch, "plain") == "mine"
    assert [text_left(scratch, name) for name in ("link", "hard", "pipe", "pages", "absent")] == [None] * 5
    assert names_left(scratch, "linked") == names_left(scratch, "plain") == ()
    with pytest.raises(FileNotFoundError):
        copy_left(scratch, ("linked", "1.png"), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


AS_ROOT = """
import sys, threading, time
from pathlib import Path
import psutil
from ingest import reading
seen = set()
def look():
    while True:
        for child in psutil.Process().children():
            try:
                seen.add(child.uids().effective)
            except psutil.Error:
                pass
        time.sleep(0.01)
threading.Thread(target=look, daemon=True).start()
pages = Path(sys.argv[2])
found = reading.read_in_child(Path(sys.argv[1]), "0" * 64, reading.ReadingLimits(), pages)
print(found.extraction.text("invoice_number"), sorted(path.name for path in pages.iterdir()), max(seen))
"""
"""Reads as a service does that root has started."""
POWERS = """
import subprocess
from pathlib import Path
from ingest.privileges import drop
drop(0, 0)
own = Path("/proc/self/status").read_text()
child = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True).stdout
lines = [line for text in (own, child) for line in text.splitlines()]
print([line.split()[1].strip("0") for line in lines if line[:6] in ("CapEff", "CapPrm", "CapBnd")])
"""
SYSTEM_PYTHON = Path("/usr/bin/python3")
root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to drop")


@root_alone
def test_started_by_root_a_reader_is_nobody(tmp_path: Path) -> None:
    libraries = Path("/usr/lib", f"python{sys.version_info.major}.{sys.version_info.minor}")
    if not libraries.is_dir() or not SYSTEM_PYTHON.exists():
        pytest.skip("the system has no interpreter of this version that is open to all")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        made = Path(name, "venv")
        subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--without-pip", made], check=True)
        site = made / "lib" / libraries.name / "site-packages"
        site.rmdir()
        site.symlink_to(sysconfig.get_paths()["purelib"])
        original = tmp_path / "original"  # in a folder that is root's alone
        original.write_bytes((DOCUMENTS / "01-kessler.pdf").read_bytes())
        original.chmod(0o600)
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        command = [made / "bin" / "python", "-c", AS_ROOT, original, tmp_path / "pages"]
        told = [
            subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
                env={**os.environ, "TMPDIR": str(place)},
            ).stdout
            for place in ("/tmp", closed)
        ]
    nobody = pwd.getpwnam("nobody").pw_uid
    # with a scratch folder that nobody can enter a reader stays root, without its powers
    assert told == [f"RE-2026-04417 ['1.png'] {uid}\n" for uid in (nobody, 0)]


@root_alone
def test_a_root_that_nobody_can_stand_in_for_loses_its_powers_and_gets_none_back() -> None:
    told = subprocess.run([sys.executable, "-c", POWERS], capture_output=True, text=True, check=True, timeout=60).stdout
    assert told == f"{[''] * 6}\n"


def test_a_reader_can_do_its_work_and_sees_no_secrets(answers: dict[str, str]) -> None:
    assert answers["Tesseract"] == "0"
    assert answers["secret"] == "unseen"


def test_the_doctor_is_told_what_the_system_gives(answers: dict[str, str]) -> None:
    assert sorted(what_holds()) == answers["layers"]
