"""A network that fails: lets so many bytes of a server's answers through and cuts the connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cutting_proxy(port: int, bytes_let_through: int) -> Iterator[int]:
    """Stands before the local server on `port`; answers the port to connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, port, bytes_let_through), daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _serve(listening: socket.socket, port: int, bytes_let_through: int) -> None:
    try:
        near, _ = listening.accept()
    except OSError:
        return
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        asking = threading.Thread(target=_pass_on, args=(near, far, None), daemon=True)
        asking.start()
        _pass_on(far, near, bytes_let_through)
        for each in (near, far):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        asking.join(10)


def _pass_on(source: socket.socket, target: socket.socket, most: int | None) -> None:
    left = most
    with contextlib.suppress(OSError):
        while chunk := source.recv(1024):
            if left is not None:
                chunk, left = chunk[:left], left - len(chunk)
            target.sendall(chunk)
            if left is not None and left <= 0:
                return
