"""A real IMAP server (Dovecot) on a free port, with a certificate of its own, thrown away afterwards."""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "anna", "geheim"

CONFIGURATION = """
base_dir = {dir}/run
state_dir = {dir}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{dir}/mail/%u
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Archive {{
    auto = create
  }}
}}
passdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={dir}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    port: int
    ca_file: str


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    # short, and open to the mail user: its sockets have 108 bytes for their names, pytest's folders are closed
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    port = _free_port()
    _configure(folder, port)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([_program(), "-F", "-c", str(folder / "dovecot.conf")], stderr=log)
        try:
            _wait(port, process, folder / "log")
            yield ImapServer(port, str(folder / "cert.pem"))
        finally:
            process.terminate()
            process.wait(10)
            shutil.rmtree(folder)


def _program() -> str:
    return shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/opt/homebrew/sbin") or "dovecot"


def _configure(folder: Path, port: int) -> None:
    (folder / "run").mkdir()
    (folder / "mail").mkdir()
    me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    names = {
        "internal": me, "internal_group": group, "login": me, "mail_user": me, "mail_group": group,
    }  # fmt: skip
    if os.getuid() == 0:  # dovecot refuses root for the log-in process and for mail
        names = {
            "internal": "dovecot", "internal_group": "dovecot", "login": "dovenull",
            "mail_user": "nobody", "mail_group": "nogroup",
        }  # fmt: skip
        shutil.chown(folder / "mail", "nobody", "nogroup")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )  # fmt: skip
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n")
    (folder / "users").chmod(0o644)
    (folder / "dovecot.conf").write_text(CONFIGURATION.format(dir=folder, port=port, **names))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError(f"dovecot did not start: {log.read_text()}")
