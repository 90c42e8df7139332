"""Uploads that go on where they broke off, by the tus protocol 1.0 (creation, termination), for browsers and programs.

`POST` announces a file, `PATCH` sends the next piece, `HEAD` asks how far it is, `DELETE` ends it. A whole file is
taken in with its last piece; `POST .../documents` tells what became of it, as often as it is asked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from ingest.errors import CoordinatorError
from ingest.intake import MIB
from web.store import InvalidInput
from web.upload_store import Owner, Taken
from web.uploads import Uploads, plain_name
from web.views.current import services

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
LONGEST_NAME = 500

View = Callable[..., Any]


class WrongVersion(CoordinatorError):
    """A client that speaks another version of the protocol, or another one."""

    code = "wrong_version"


class WrongType(CoordinatorError):
    """A piece that does not say it is one."""

    code = "wrong_type"


def resumable(
    name: str,
    prefix: str,
    guard: Callable[[View], View],
    owner: Callable[[], Owner],
    told: Callable[[Taken], dict[str, object]],
) -> Blueprint:
    """The routes for one kind of senders: `guard` says who may, `owner` who it is, `told` how a document is told."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)

    def begin() -> Response:
        """Announce a file."""
        length, given = _number("Upload-Length"), _metadata(request.headers.get("Upload-Metadata", ""))
        file = plain_name(given.get("filename", ""))[:LONGEST_NAME]
        if not file.strip():
            raise InvalidInput("Name the file: Upload-Metadata needs a filename.")
        upload = Uploads(services()).begin(owner(), file, length, given.get("sha256", ""))
        answer = make_response("", 201)
        answer.headers["Location"] = url_for(f"{name}.tell", number=upload.id)
        return answer

    def tell(number: str) -> Response:
        """How much of it is there."""
        uploads = Uploads(services())
        upload = uploads.find(number, owner())
        answer = make_response("", 200)
        answer.headers["Upload-Offset"] = str(uploads.offset(upload))
        answer.headers["Upload-Length"] = str(upload.length)
        return answer

    def go_on(number: str) -> Response:
        """The next piece."""
        if request.mimetype != PIECE:
            raise WrongType("A piece is sent as {piece}.", piece=PIECE)
        uploads = Uploads(services())
        upload = uploads.find(number, owner())
        there = uploads.append(upload, _number("Upload-Offset"), cast(Any, request.stream), request.content_length)
        answer = make_response("", 204)
        answer.headers["Upload-Offset"] = str(there)
        return answer

    def stop(number: str) -> Response:
        """End it."""
        uploads = Uploads(services())
        uploads.end(uploads.find(number, owner()))
        return make_response("", 204)

    def documents(number: str) -> Response:
        """What became of it; takes it in where that had failed before."""
        uploads = Uploads(services())
        taken = uploads.take(uploads.find(number, owner()))
        return make_response({"documents": [told(one) for one in taken]}, 201)

    for rule, method, view in (
        ("", "POST", begin),
        ("/<number>", "HEAD", tell),
        ("/<number>", "PATCH", go_on),
        ("/<number>", "DELETE", stop),
        ("/<number>/documents", "POST", documents),
    ):
        blueprint.add_url_rule(rule, view.__name__, guard(view), methods=[method])

    @blueprint.before_request
    def demand_version() -> None:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable", VERSION) != VERSION:
            raise WrongVersion("This service speaks tus {version}.", version=VERSION)

    @blueprint.after_request
    def say_version(answer: Response) -> Response:
        answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = VERSION
        answer.headers["Tus-Extension"] = "creation,termination"
        answer.headers["Tus-Max-Size"] = str(services().settings.server.request_mb * MIB)
        return answer

    return blueprint


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise InvalidInput("{header} must be a whole number of bytes.", header=header)
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    """`key base64, key base64`; what is no text in UTF-8 is refused."""
    found = {}
    for pair in filter(str.strip, text.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise InvalidInput("Upload-Metadata: {key!r} must be UTF-8 in base64.", key=key) from None
    return found
