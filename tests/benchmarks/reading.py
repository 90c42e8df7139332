"""What reading costs: `python tests/benchmarks/reading.py [FILE...]`, ratios within one run, one thread.

Without files, the samples. For each document: our reading and extracting, against what a user would call instead:
pdfplumber's own extract_words on pages with a text layer, one pytesseract call a page (300 dpi) on pictures.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median

os.environ["OMP_THREAD_LIMIT"] = "1"

import pdfplumber
import pypdfium2
import pytesseract
from PIL import Image, ImageSequence

import samples
from ingest.document import Source
from ingest.extract import extract
from ingest.readers import read_document


def main(arguments: list[str]) -> None:
    folder = Path(samples.__file__).parent / "documents"
    names = [Path(name) for name in arguments] or sorted(
        path for path in folder.iterdir() if path.suffix in (".pdf", ".png", ".jpg", ".tif")
    )
    rows: dict[str, list[tuple[float, float]]] = {}
    for path in names:
        content = path.read_bytes()
        try:
            document = read_document(content, sha256(content).hexdigest())
        except Exception as error:  # samples that cannot be read are there on purpose
            sys.stdout.write(f"{path.name:<34}left out: {type(error).__name__}\n")
            continue
        sources = {page.source for page in document.pages}
        if len(sources) != 1 or document.e_invoice:
            continue
        kind = "vector" if sources == {Source.TEXT} else "picture"
        ours = _seconds(lambda content=content: extract(read_document(content, "")), 3) / document.page_count
        theirs = _seconds(lambda content=content, kind=kind: _alternative(content, kind), 3) / document.page_count
        rows.setdefault(kind, []).append((ours, theirs))
        sys.stdout.write(f"{path.name:<34}{kind:<8}{ours:7.3f} s a page, alternative {theirs:7.3f}, "
                         f"ratio {ours / theirs:5.2f}\n")  # fmt: skip
    for kind, pairs in rows.items():
        ratio = median(ours / theirs for ours, theirs in pairs)
        sys.stdout.write(f"{kind}: {median(p[0] for p in pairs):.3f} s a page (median), ratio {ratio:.2f}\n")


def _seconds(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _alternative(content: bytes, kind: str) -> None:
    if kind == "vector":
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            for page in pdf.pages:
                page.extract_words()
        return
    for picture in _pictures(content):
        pytesseract.image_to_data(picture, lang="eng")


def _pictures(content: bytes) -> list[Image.Image]:
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        try:
            return [page.render(scale=300 / 72).to_pil() for page in document]
        finally:
            document.close()
    return [frame.copy() for frame in ImageSequence.Iterator(Image.open(io.BytesIO(content)))]


if __name__ == "__main__":
    main(sys.argv[1:])
