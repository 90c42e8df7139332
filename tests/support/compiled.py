"""Templates that are compiled once a test process: each test makes an application of its own, all of the same pages."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_KNOWN: dict[tuple[str, str], bytes] = {}


class _Compiled(BytecodeCache):
    """Code by template and by the checksum of its source, in memory."""

    def load_bytecode(self, bucket: Bucket) -> None:
        found = _KNOWN.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        _KNOWN[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def with_compiled_templates(app: Flask) -> Flask:
    """The application, which takes what another test's has compiled."""
    app.jinja_env.bytecode_cache = _Compiled()
    return app
