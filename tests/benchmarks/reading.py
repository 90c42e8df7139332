"""What reading costs: `python tests/benchmarks/reading.py [--kind vector] [PDF...]`: ratios of CPU time in one run.

Without files, the samples with a text layer. Each document's first page is read as it is (vector), as a clean scan of
200 and of 300 dpi, and as a poor one (150 dpi, blurred, shaded, noisy). Ours is reading and extracting; the others are
what a user would call instead: pdfplumber's extract_words, one pytesseract call with the same data, language and
picture, and OCRmyPDF where it is installed. CPU time is that of this process and all its children, user and system.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ["OMP_THREAD_LIMIT"] = "1"

import numpy as np
import pdfplumber
import pypdfium2
import pytesseract
from PIL import Image, ImageFilter

import samples
from ingest.document import Source
from ingest.extract import extract
from ingest.fields.names import is_name
from ingest.labels import label_key
from ingest.numbers import number_readings
from ingest.readers import rapid, read_document, tesseract

KINDS = ("vector", "clean scan 200 dpi", "clean scan 300 dpi", "poor scan 150 dpi")
PEAK = """
import sys
from pathlib import Path
from ingest.readers import read_document
read_document(Path(sys.argv[1]).read_bytes(), '')
# what getrusage tells includes the parent's memory at the time of the fork
status = dict(line.split(':', 1) for line in Path('/proc/self/status').read_text().splitlines())
print(int(status['VmHWM'].split()[0]) // 1024)
"""


FASTEST = 0.5
"""Seconds for which a quick piece of work is repeated; its least time is told: a busy machine disturbs some runs."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="PDF")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this one; may be given again")
    given = parser.parse_args()
    kinds = given.kind or KINDS
    files = given.files or sorted((Path(samples.__file__).parent / "documents").glob("*.pdf"))
    rows: dict[str, list[tuple[float, float, float | None]]] = {}
    peaks: dict[str, int] = {}
    if rapid.installed() and kinds != ["vector"]:
        # loading the models is paid once a process; it is told apart
        tell(f"loading the second engine: {_cpu(_load):.2f} s")
    for path in files:
        for kind, content, language, picture in _versions(path):
            if kind not in kinds:
                continue
            ours = _least(lambda content=content: _read(content))
            if picture is None:
                theirs = _least(lambda content=content: _words(content))
            else:
                theirs = _least(lambda picture=picture, language=language: _tesseract(picture, language))
            other = _ocrmypdf(picture, language) if picture is not None else None
            rows.setdefault(kind, []).append((ours, theirs, other))
            peaks[kind] = max(peaks.get(kind, 0), _peak(content))
            tell(f"{path.name:<30}{kind:<20}{ours:7.3f} s, alternative {theirs:7.3f} s, ratio {ours / theirs:5.2f}")
    for kind in KINDS:
        _sum_up(kind, rows.get(kind, []), peaks.get(kind, 0))


def _read(content: bytes) -> None:
    """Reading and extracting as a throw-away process does: nothing is remembered of the run before."""
    for remembered in (label_key, number_readings, is_name):
        remembered.cache_clear()
    extract(read_document(content, ""))


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def _sum_up(kind: str, rows: list[tuple[float, float, float | None]], peak: int) -> None:
    if not rows:
        return
    ratios = sorted(ours / theirs for ours, theirs, _ in rows)
    against = "extract_words" if kind == "vector" else "one pytesseract call"
    tell(
        f"{kind}: {len(rows)} pages, {median(row[0] for row in rows):.3f} s (median), "
        f"{median(ratios):.2f} times {against} (worst {ratios[-1]:.2f}), peak {peak} MB"
    )
    others = [row[0] / row[2] for row in rows if row[2]]
    if others:
        tell(f"{'':<20}{median(others):.2f} times OCRmyPDF")
    elif kind != "vector":
        tell(f"{'':<20}OCRmyPDF is not installed: not compared")


def _versions(path: Path) -> list[tuple[str, bytes, str, Image.Image | None]]:
    """Kind, content, Tesseract's language and picture of a document's first page."""
    try:
        content = _first_page(path.read_bytes())
        document = read_document(content, "")
    except Exception as error:  # samples that cannot be read are there on purpose
        tell(f"{path.name:<30}left out: {type(error).__name__}")
        return []
    if document.e_invoice or {page.source for page in document.pages} != {Source.TEXT}:
        return []
    language = tesseract.NAMES.get(extract(document).language or "en", "eng")
    versions: list[tuple[str, bytes, str, Image.Image | None]] = [(KINDS[0], content, language, None)]
    for kind, dpi in zip(KINDS[1:], (200, 300, 150), strict=True):
        picture = _drawn(content, dpi)
        picture = _worn(picture) if kind.startswith("poor") else picture
        out = io.BytesIO()
        picture.save(out, "PNG", dpi=(dpi, dpi))
        versions.append((kind, out.getvalue(), language, picture))
    return versions


def _first_page(content: bytes) -> bytes:
    document, first = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
    first.import_pages(document, [0])
    out = io.BytesIO()
    first.save(out)
    return out.getvalue()


def _drawn(content: bytes, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        picture: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
        return picture
    finally:
        document.close()


def _worn(picture: Image.Image) -> Image.Image:
    grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.1)), dtype=float)
    grey = grey * np.linspace(0.7, 1.0, grey.shape[0])[:, None]
    grey += np.random.default_rng(1).normal(0, 14, grey.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _load() -> None:
    blank = Image.new("L", (200, 100), 255)
    rapid.read(blank, [rapid.Line(np.array([(5, 5), (190, 5), (190, 40), (5, 40)], dtype=np.float32))])
    rapid.lines_of(blank)


def _words(content: bytes) -> None:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.extract_words()


def _tesseract(picture: Image.Image, language: str) -> None:
    better = tesseract.has_better_data(language)
    config = f"--tessdata-dir {shlex.quote(str(tesseract.better_data()))}" if better else ""
    pytesseract.image_to_data(picture, lang=language, config=config)


def _ocrmypdf(picture: Image.Image, language: str) -> float | None:
    program = shutil.which("ocrmypdf")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.png"
        picture.save(page, dpi=(200, 200))
        command = [program, "-q", "--jobs", "1", "-l", language, "--output-type", "pdf", str(page), f"{folder}/out.pdf"]
        return _cpu(lambda: subprocess.run(command, check=True))


def _least(work: Callable[[], object]) -> float:
    times = [_cpu(work), _cpu(work)]
    while sum(times) < FASTEST:
        times.append(_cpu(work))
    return min(times)


def _cpu(work: Callable[[], object]) -> float:
    start = _spent()
    work()
    return _spent() - start


def _spent() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak(content: bytes) -> int:
    """Megabytes of resident memory of a process that reads it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        done = subprocess.run([sys.executable, "-c", PEAK, file.name], capture_output=True, text=True, check=True)
        return int(done.stdout)


if __name__ == "__main__":
    main()
