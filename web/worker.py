"""The worker: takes waiting documents through reading, in parallel, and deciding, one after the other."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import psutil

from ingest.audit import record
from ingest.database import DatabaseUnavailable, transaction
from ingest.document import State
from ingest.errors import UnreadableFile
from ingest.extract import EXTRACTOR_VERSION
from ingest.part_store import PartStore
from ingest.reading import PartlyRead, Reading, ReadingCancelled, read_in_child
from ingest.scratch import sweep
from ingest.store import DocumentRecord, DocumentStore
from ingest.zygote import Zygotes
from matching.deciding import decide_document, recheck_outdated
from matching.store import MatchStore
from matching.waking import due, wake
from web.assigning import assign_by_rule
from web.services import Services

log = logging.getLogger(__name__)

TRIES = 3
IDLE_SECONDS = 0.2
ZYGOTE_SECONDS = 120
"""For which a process that starts readers is kept after the last one."""
LEASE_MARGIN = timedelta(seconds=60)


class Worker:
    """Threads that read and one that decides; `stop` hands back what is not finished."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.name = _reader_name()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._faults: Counter[int] = Counter()
        self._all_checked_under = ""
        self._woken_at: tuple[date, str] | None = None
        self._zygotes = Zygotes()

    def start(self) -> None:
        """Take up what dead readers left behind, sweep their scratch folders and start the threads."""
        release_dead_readers(self.services)
        sweep()
        jobs = [self.read_next] * self.services.settings.server.workers + [self.decide_next]
        for number, job in enumerate(jobs):
            thread = threading.Thread(target=self._loop, args=(job,), name=f"worker-{number}")
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Break off what is being read, hand it back, and end."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._zygotes.close()

    def _loop(self, job: Callable[[], bool]) -> None:
        try:
            while not self._stop.is_set():
                if not self._guarded(job):
                    self._stop.wait(IDLE_SECONDS)
        finally:
            self.services.close()

    def _guarded(self, job: Callable[[], bool]) -> bool:
        try:
            return job()
        except (DatabaseUnavailable, OSError) as error:
            log.warning("the disk or the database is busy or full (%s); trying again", error)
        except Exception:  # the worker's last handler: one document's fault must not stop the others
            log.exception("a step failed")
        self._stop.wait(1)
        return False

    def read_next(self) -> bool:
        """Read one waiting document; answers whether there was one."""
        services, store = self.services, DocumentStore(self.services.db)
        lease = timedelta(seconds=services.settings.reading.seconds) + LEASE_MARGIN
        with transaction(services.db):
            document = store.claim_next(self.name, services.now(), lease)
        if document is None:
            self._zygotes.own().rest(ZYGOTE_SECONDS)
            return False
        if document.attempts > TRIES:
            self._fail(document, "died", "Reading this file broke off again and again. Ask the sender for another one.")
            return True
        try:
            self._read(document)
        except ReadingCancelled:
            with transaction(services.db):
                store.release(self.name, services.now())
        return True

    def _read(self, document: DocumentRecord) -> None:
        services, store = self.services, DocumentStore(self.services.db)
        pictures = services.files.picture(document.sha256, 1).parent
        original = services.files.original(document.sha256)
        if not original.exists():
            self._fail(document, "missing", "The original is no longer here. Ask for the file and upload it again.")
            return
        try:
            reading = read_in_child(
                original,
                document.sha256,
                services.settings.reading,
                pictures,
                cancelled=self._stop.is_set,
                part=(document.part, *document.page_range) if document.page_range else None,
                password=services.passwords.pop(document.id, ""),
                zygote=self._zygotes.own(),
            )
        except UnreadableFile as error:
            if error.retryable and document.attempts < TRIES:
                with transaction(services.db):
                    store.hand_back(document.id, services.now())
                return
            self._fail(document, error.code, error.message, error.reading if isinstance(error, PartlyRead) else None)
            return
        with transaction(services.db):
            if store.get(document.id).version != document.version:
                # another reader took it over when our lease had run out
                return
            PartStore(services.db).save(
                document.id, reading.document, reading.extractions, EXTRACTOR_VERSION, services.now()
            )

    def decide_next(self) -> bool:
        """Decide the oldest document that is read; answers whether there was one."""
        services = self.services
        self._wake_due()
        document = None
        try:
            # found and decided under one lock: another process may be deciding on the same folder
            with transaction(services.db):
                document = DocumentStore(services.db).next_to_decide()
                if document is None:
                    return self._recheck_next()
                today = services.settings.current_day()
                decide_document(services.db, document.id, services.policy, today, services.now())
                self._assign(document.id)
        except DatabaseUnavailable:
            raise
        except Exception:
            if document is not None:
                self._give_up_after_tries(document)
            raise
        return True

    def _wake_due(self) -> None:
        """Bring held documents back whose day or goods have come; looked for once a day and after each import."""
        services = self.services
        today = services.settings.current_day()
        moment = (today, MatchStore(services.db).made_under(""))
        if moment == self._woken_at:
            return
        for document_id, why in due(services.db, today):
            try:
                wake(services.db, document_id, why, services.policy, today, services.now())
            except DatabaseUnavailable:
                raise
            except Exception:  # one document's fault must not keep the others asleep
                log.exception("a held document could not be brought back")
        self._woken_at = moment

    def _assign(self, document_id: int) -> None:
        """Give what needs a person to whom the rules name; where that fails, the document waits for anybody."""
        try:
            assign_by_rule(self.services.db, document_id, self.services.settings.assign, self.services.now())
        except DatabaseUnavailable:
            raise
        except Exception:  # the decision stands, whoever has it
            log.exception("a document could not be given to anybody")

    def _recheck_next(self) -> bool:
        """Check a waiting document again whose policy or records have changed; answers whether there was one."""
        services, policy = self.services, self.services.policy
        made_under = MatchStore(services.db).made_under(policy.version)
        if made_under == self._all_checked_under:
            return False
        try:
            found = recheck_outdated(services.db, policy, services.settings.current_day(), services.now())
        except DatabaseUnavailable:
            raise
        except Exception:  # a document that cannot be checked again keeps what was found before
            log.exception("a waiting document could not be checked again")
            found = None
        if found is None:
            self._all_checked_under = made_under
        return found is not None

    def _give_up_after_tries(self, document: DocumentRecord) -> None:
        """A fault of ours must not hold up every later document."""
        self._faults[document.id] += 1
        with transaction(self.services.db):
            waiting = DocumentStore(self.services.db).get(document.id).state is State.READ
            if waiting and self._faults[document.id] >= TRIES:
                self._fail(
                    document,
                    "internal",
                    "Something went wrong while this document was matched; the log has the details. "
                    "Tell your administrator, then have it read again.",
                )

    def _fail(self, document: DocumentRecord, code: str, message: str, kept: Reading | None = None) -> None:
        services = self.services
        with transaction(services.db):
            store = DocumentStore(services.db)
            if kept is not None:
                # to look at; a document that was not read to its end is never decided
                store.save_reading(document.id, kept.document, kept.extraction, EXTRACTOR_VERSION, services.now())
            store.fail(document.id, code, message, services.now())
            record(services.db, "could_not_be_read", document_id=document.id, code=code, message=message)


def release_dead_readers(services: Services) -> None:
    """Hand back what is held by readers whose process is gone (kill -9, power cut)."""
    store = DocumentStore(services.db)
    with transaction(services.db):
        for name in store.readers():
            if not _is_alive(name):
                store.release(name, services.now())


def _reader_name() -> str:
    process = psutil.Process()
    return f"{os.getpid()}:{process.create_time():.2f}:{uuid.uuid4().hex[:6]}"


def _is_alive(name: str) -> bool:
    pid, created, _ = name.split(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == created
    except psutil.Error:
        return False
