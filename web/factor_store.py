"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime

import pyotp
from sqlite_utils import Database

from ingest.database import transaction
from ingest.errors import Conflict
from web.store import InvalidInput

ISSUER = "Invoicing Coordinator"
STEP_SECONDS = 30
CLOCKS_DIFFER = (0, -1, 1)
"""Steps by which a telephone's clock may be off."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are taken for one another."""


class FactorStore:
    """One secret a user; each code of it counts once."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def has(self, user_id: int) -> bool:
        """Whether the user logs in with a code, too."""
        return bool(self.db.table("second_factors").count_where("user_id = ? AND confirmed_at <> ''", [user_id]))

    def begin(self, user_id: int) -> None:
        """A new secret, which counts once a code of it was entered."""
        with transaction(self.db):
            if self.has(user_id):
                raise Conflict("There is a second factor already. Remove it first.")
            row = {"user_id": user_id, "secret": pyotp.random_base32(), "confirmed_at": "", "last_step": 0}
            self.db.table("second_factors").upsert(row, pk="user_id")

    def unconfirmed(self, user_id: int) -> str:
        """The secret that waits for its first code; empty where there is none."""
        rows = self.db.query("SELECT secret FROM second_factors WHERE user_id = ? AND confirmed_at = ''", [user_id])
        return next((str(row["secret"]) for row in rows), "")

    def confirm(self, user_id: int, code: str) -> tuple[str, ...]:
        """Put the secret in force; answers the recovery codes, which are shown this once.

        Raises:
            InvalidInput: the code is not one of it.
        """
        with transaction(self.db):
            if not self.unconfirmed(user_id) or not self._is_next_code(user_id, code):
                raise InvalidInput("This code is not right. Enter the one that your app shows now.")
            self.db.execute("UPDATE second_factors SET confirmed_at = ? WHERE user_id = ?", [_now(), user_id])
            return self.renew_codes(user_id)

    def verify(self, user_id: int, code: str) -> bool:
        """Whether it is the app's code of this moment, or a recovery code; neither counts again."""
        with transaction(self.db):
            return self.has(user_id) and (self._is_next_code(user_id, code) or self._is_recovery_code(user_id, code))

    def renew_codes(self, user_id: int) -> tuple[str, ...]:
        """New recovery codes in place of all earlier ones."""
        made = tuple("-".join(_letters(4) for _ in range(4)) for _ in range(RECOVERY_CODES))
        with transaction(self.db):
            self.db.execute("DELETE FROM recovery_codes WHERE user_id = ?", [user_id])
            for code in made:
                salt = secrets.token_hex(8)
                self.db.table("recovery_codes").insert({"user_id": user_id, "salt": salt, "hash": _hash(salt, code)})
        return made

    def codes_left(self, user_id: int) -> int:
        """How many recovery codes were not used yet."""
        return int(self.db.table("recovery_codes").count_where("user_id = ?", [user_id]))

    def remove(self, user_id: int) -> None:
        """Log in by password alone from now on."""
        with transaction(self.db):
            for table in ("recovery_codes", "second_factors"):
                self.db.execute(f"DELETE FROM {table} WHERE user_id = ?", [user_id])

    def _is_next_code(self, user_id: int, code: str) -> bool:
        given = "".join(code.split())
        rows = list(self.db.query("SELECT secret, last_step FROM second_factors WHERE user_id = ?", [user_id]))
        if not rows or not given.isascii() or not given.isdecimal():
            return False
        now, app = int(time.time()) // STEP_SECONDS, pyotp.TOTP(rows[0]["secret"])
        for step in (now + by for by in CLOCKS_DIFFER):
            # a code that somebody has looked at over a shoulder opens nothing after its owner has used it
            if step > rows[0]["last_step"] and hmac.compare_digest(app.generate_otp(step), given):
                self.db.execute("UPDATE second_factors SET last_step = ? WHERE user_id = ?", [step, user_id])
                return True
        return False

    def _is_recovery_code(self, user_id: int, code: str) -> bool:
        given = "-".join(_in_fours("".join(one for one in code.lower() if one.isalnum())))
        for row in self.db.query("SELECT salt, hash FROM recovery_codes WHERE user_id = ?", [user_id]):
            if hmac.compare_digest(_hash(row["salt"], given), row["hash"]):
                self.db.execute("DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?", [user_id, row["hash"]])
                return True
        return False


def address_for_apps(secret: str, name: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


def _in_fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def _hash(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt} {code}".encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat()
