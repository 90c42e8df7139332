"""Old documents removed: originals, pictures, readings and mails; the trail, the matches and the ledger stay."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.database import transaction
from ingest.retention_store import OldFile, RetentionStore
from web.services import Services


@dataclass(frozen=True, slots=True)
class Removal:
    """What is, or would be, removed."""

    before: datetime
    files: tuple[OldFile, ...]
    mails: int = 0
    """Mails as they came; not counted beforehand."""
    held: int = 0
    """Files that a legal hold keeps."""

    @property
    def size(self) -> int:
        """Bytes of the originals."""
        return sum(file.size for file in self.files)


def years_before(moment: datetime, years: int) -> datetime:
    """The same day so many years ago; of 29 February the 28th."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)


def plan(services: Services, years: int) -> Removal:
    """What would be removed now; nothing is changed."""
    before, store = years_before(services.now(), years), RetentionStore(services.db)
    return Removal(before, store.due(before), held=len(store.holds()))


def carry_out(services: Services, years: int) -> Removal:
    """Remove it, each file in a transaction of its own; what a broken-off run left behind is removed by the next."""
    found, store = plan(services, years), RetentionStore(services.db)
    for file in found.files:
        with transaction(services.db):
            # looked at again under the lock: somebody may have opened or held it meanwhile
            if file in store.due(found.before):
                store.remove(file, services.now())
    mails = store.remove_mails(found.before, services.now())
    _delete_bytes(services)
    return Removal(found.before, found.files, mails, found.held)


def _delete_bytes(services: Services) -> None:
    store, files = RetentionStore(services.db), services.files
    with transaction(services.db):
        # under the lock: the same bytes may be coming in again at this moment
        for sha256 in store.gone():
            files.original(sha256).unlink(missing_ok=True)
            files.mail(sha256).unlink(missing_ok=True)
            shutil.rmtree(files.picture(sha256, 1).parent, ignore_errors=True)
        for origin in store.folder_copies():
            copy = Path(origin)
            if "done" in copy.parts and copy.is_file():
                copy.unlink()
