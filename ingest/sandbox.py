"""The cage of a reading process: no network, no file of others, nothing written outside its scratch folder.

Two layers of the Linux kernel, each used where the system has it: Landlock (files) and seccomp (system calls).
They need no privileges, hold for every later child (Tesseract), and cannot be taken off again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/timezone",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/filesystems",
    "/proc/sys/vm",
    "/proc/sys/kernel",
    "/sys/devices",
    "/sys/fs/cgroup",
    "/dev/urandom",
    "/dev/random",
)
"""What programs and libraries read; not all of /proc, where the variables of other processes stand."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
KEPT_VARIABLES = (
    "PATH",
    "LANG",
    "LANGUAGE",
    "TZ",
    "LD_LIBRARY_PATH",
    "TESSDATA_PREFIX",
    "PYTHONPATH",
    "PYTHONHASHSEED",
)
"""Variables that a reader may see, and `LC_*`: passwords of mailboxes may stand in the others."""
DENIED_CALLS = (
    # the network, and what could reach it in another way
    *("socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open", "userfaultfd"),
    *("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal", "process_madvise"),
    # a group or session of its own would outlive the end of the reader
    *("setsid", "setpgid"),
    # the system, should the service run as root
    *("mount", "umount2", "move_mount", "fsopen", "open_tree", "pivot_root", "chroot", "setns", "unshare"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *("bpf", "keyctl", "add_key", "request_key", "open_by_handle_at", "name_to_handle_at", "mknod", "mknodat"),
    *("settimeofday", "clock_settime", "sethostname", "setdomainname", "acct", "quotactl", "iopl", "ioperm"),
)


_CREATE_RULESET, _RESTRICT_SELF = 444, 446
"""Landlock's system calls, the same on every machine."""
SCOPES_SINCE = 6
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2
_NO_NEW_PRIVILEGES = 38
_OWNER_OF_A_FILE = (8, 15)
"""`fcntl` commands by which a process is named that gets a signal when something happens to a file."""

KEPT = "kept-"
"""Begins the names of files in the scratch folder that hold pages, put aside as they are read."""


class Layer(StrEnum):
    """A part of the cage."""

    FILES = "files"
    CALLS = "network"
    SIGNALS = "signals"


def confine(readable: Iterable[Path], writable: Path, protected: Iterable[int] = ()) -> frozenset[Layer]:
    """Lock this process in for good; answers which layers the system has.

    Besides what programs need, only `readable` (files or folders) can be read, and only `writable` be written to. The
    `protected` processes, by their numbers, and the parent get no signal from it.
    """
    if sys.platform != "linux":
        return frozenset()
    layers = set()
    if _confine_files(readable, writable):
        layers.add(Layer.FILES)
    if _confine_signals():
        layers.add(Layer.SIGNALS)
    if _confine_calls({os.getppid(), *protected}):
        layers.add(Layer.CALLS)
    return frozenset(layers)


def clean_environment(environment: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The variables that a reader gets: no secrets, and its scratch folder as home and for temporary files."""
    kept = {name: value for name, value in environment.items() if name in KEPT_VARIABLES or name.startswith("LC_")}
    return {**kept, "HOME": str(scratch), "TMPDIR": str(scratch), "OMP_THREAD_LIMIT": "1"}


def _confine_files(readable: Iterable[Path], writable: Path) -> bool:
    try:
        from landlock import FSAccess, LandlockError, Ruleset
    except ImportError:
        return False
    try:
        rules = Ruleset()
        look = FSAccess.READ_FILE | FSAccess.READ_DIR
        for path in _existing((*map(Path, SYSTEM), *python_paths())):
            allowed = look | FSAccess.EXECUTE if path.is_dir() else FSAccess.READ_FILE
            rules.allow(path, rules=allowed)
        for path in _existing((*readable, Path("/proc/self").resolve())):
            rules.allow(path, rules=look if path.is_dir() else FSAccess.READ_FILE)
        for path in _existing(map(Path, DEVICES)):
            rules.allow(path, rules=FSAccess.READ_FILE | FSAccess.WRITE_FILE)
        for root in _existing(_import_roots()):
            # modules are found by listing the folder; what lies in it is opened by the rules above
            rules.allow(root, rules=FSAccess.READ_DIR)
        # plain files and folders only: a link or a pipe would be a trap for whoever looks at what was left
        traps = FSAccess.MAKE_SYM | FSAccess.MAKE_FIFO | FSAccess.MAKE_SOCK | FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK
        rules.allow(writable, rules=FSAccess.all() & ~FSAccess.EXECUTE & ~traps)
        rules.apply()
    except (LandlockError, OSError):
        return False  # the kernel is too old, or has it switched off
    return True


def _confine_signals() -> bool:
    """Signals reach only what this process started itself (Landlock from its sixth version on)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_CREATE_RULESET, None, 0, 1) < SCOPES_SINCE:
        return False
    scoped = struct.pack("QQQ", 0, 0, _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS)
    handle = libc.syscall(_CREATE_RULESET, scoped, len(scoped), 0)
    if handle < 0:
        return False
    try:
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, handle, 0) == 0)
    finally:
        os.close(handle)


def python_paths() -> tuple[Path, ...]:
    """The interpreter, its libraries, and this room's own modules."""
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values())
    return (*map(Path, prefixes), Path(__file__).resolve().parent)


def _import_roots() -> tuple[Path, ...]:
    return tuple(Path(entry) for entry in sys.path if entry and Path(entry).is_dir())


def _existing(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path for path in dict.fromkeys(paths) if path.exists())


def _confine_calls(protected: Iterable[int]) -> bool:
    try:
        import pyseccomp
    except (ImportError, RuntimeError):  # it raises RuntimeError where libseccomp is not installed
        return False
    try:
        calls = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for name in DENIED_CALLS:
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
            if number >= 0:  # below: unknown on this machine
                calls.add_rule(pyseccomp.ERRNO(errno.EACCES), name)
        _forbid_signals(calls, protected)
        calls.load()
    except (OSError, ValueError):
        return False  # seccomp is not in this kernel, or forbidden by the container
    return True


def _forbid_signals(calls: Any, protected: Iterable[int]) -> None:
    """Where Landlock does not part processes: not to everybody, not to these, not by way of a file's owner."""
    import pyseccomp

    refused = pyseccomp.ERRNO(errno.EACCES)
    for name in ("kill", "tgkill"):
        calls.add_rule(refused, name, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0x80000000, 0x80000000))
        for process in protected:
            calls.add_rule(refused, name, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0xFFFFFFFF, process))
    for command in _OWNER_OF_A_FILE:
        calls.add_rule(refused, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    calls.add_rule(refused, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))


def what_holds() -> frozenset[Layer]:
    """The layers that this system gives to readers, found in a process of its own."""
    import subprocess
    import tempfile

    told = "from pathlib import Path; import sys; from ingest.sandbox import confine; "
    told += "print(' '.join(confine((), Path(sys.argv[1]))))"
    with tempfile.TemporaryDirectory(prefix="coordinator-cage-") as scratch:
        command = [sys.executable, "-P", "-c", told, scratch]
        environment = clean_environment(os.environ, Path(scratch))
        answer = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=30, check=False)
    return frozenset(Layer(word) for word in answer.stdout.split())
