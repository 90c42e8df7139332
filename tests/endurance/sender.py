"""Uploads as a browser makes them, without one: whole with a form, or in pieces."""

from __future__ import annotations

import base64
import http.client
import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message


class Sender:
    """A browser's log-in, taken again after each restart."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.address = f"http://127.0.0.1:{port}"
        self._opener: urllib.request.OpenerDirector | None = None
        self._token = ""
        self._begun: dict[str, str] = {}
        """Addresses of unfinished uploads, by the file's name."""

    def send(self, name: str, content: bytes) -> None:
        """The whole file with one form."""
        with self._fresh_after_trouble():
            self._send(name, content)

    def send_in_pieces(self, name: str, content: bytes) -> None:
        """Half the file, then the rest; what a restart broke off goes on where it was."""
        with self._fresh_after_trouble():
            try:
                self._go_on(name, content)
            except urllib.error.HTTPError as refused:
                if refused.code == 404:
                    del self._begun[name]
                raise

    @contextmanager
    def _fresh_after_trouble(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._opener = None
            raise

    def _go_on(self, name: str, content: bytes) -> None:
        if name not in self._begun:
            metadata = f"filename {base64.b64encode(name.encode()).decode()}"
            told = self._ask("POST", "/uploads", Upload_Length=str(len(content)), Upload_Metadata=metadata)
            self._begun[name] = told["Location"]
        address = self._begun[name]
        while (offset := int(self._ask("HEAD", address)["Upload-Offset"])) < len(content):
            piece = content[offset : offset + len(content) // 2 + 1]
            kind = "application/offset+octet-stream"
            self._ask("PATCH", address, piece, Upload_Offset=str(offset), Content_Type=kind)
        self._ask("POST", f"{address}/documents")

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Message:
        opener = self._opener or self._log_in()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"X-CSRF-Token": self._token, "Accept": "application/json", "Tus-Resumable": "1.0.0"}
        request = urllib.request.Request(f"{self.address}{path}", body, named, method=method)
        with opener.open(request, timeout=30) as answer:
            headers_told: Message = answer.headers
            return headers_told

    def _send(self, name: str, content: bytes) -> None:
        opener = self._opener or self._log_in()
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "Accept": "application/json"}
        headers["X-CSRF-Token"] = self._token
        request = urllib.request.Request(f"{self.address}/upload", body, headers)
        with opener.open(request, timeout=30) as answer:
            if answer.status != 201 or not json.load(answer)["documents"]:
                raise OSError(f"not taken: {answer.status}")

    def _log_in(self) -> urllib.request.OpenerDirector:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = {"name": self.user, "password": self.password, "csrf": _token_in(opener, f"{self.address}/login")}
        with opener.open(f"{self.address}/login", urllib.parse.urlencode(form).encode(), timeout=30):
            pass
        self._token = _token_in(opener, f"{self.address}/upload")
        self._opener = opener
        return opener


def _token_in(opener: urllib.request.OpenerDirector, address: str) -> str:
    with opener.open(address, timeout=30) as answer:
        page = answer.read().decode()
    return str(page.partition('name="csrf" value="')[2].partition('"')[0])
