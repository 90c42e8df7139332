"""Pictures of documents: PNG, JPEG, TIFF of several pages, WebP, BMP, GIF."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from ingest.document import Document, Page
from ingest.errors import UnreadableFile
from ingest.readers.ocr import page_of, quarter_turns, read_picture, turned

PIXEL_LIMIT = 120_000_000
"""Pixels of one page; A3 at 600 dpi has 70 million."""
PAGE_LIMIT = 50
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's picture, upright, with its resolution where the file states a plausible one."""

    picture: Image.Image
    points_per_pixel: float | None
    turns: int
    """Quarter turns to the left that made it upright."""


def is_image(content: bytes) -> bool:
    """Whether the bytes begin like one of the picture formats that we read."""
    return (
        content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8"))
        or content[:4] == b"RIFF"
        and content[8:12] == b"WEBP"
    )


def read_image(content: bytes, sha256: str) -> Document:
    """The words of every page of a picture file, by OCR.

    Raises:
        UnreadableFile: `damaged` or `too_large`.
    """
    pages: list[Page] = []
    language: str | None = None
    count, media_type = describe(content)
    for number, sheet in enumerate(sheets(content, PAGE_LIMIT), start=1):
        reading = read_picture(sheet.picture, language)
        language = reading.language
        pages.append(page_of(sheet.picture, reading, number, sheet.points_per_pixel, sheet.turns))
    notes = (
        (("pages_left_out", f"Only the first {len(pages)} of {count} pages were read."),) if count > len(pages) else ()
    )
    return Document(sha256=sha256, media_type=media_type, pages=tuple(pages), page_count=count, notes=notes)


def describe(content: bytes) -> tuple[int, str]:
    """Number of pages and media type."""
    with _opened(content) as image:
        count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        return count, MEDIA_TYPES.get(image.format or "", "application/octet-stream")


def sheets(content: bytes, limit: int, turns: Mapping[int, int] | None = None) -> Iterator[Sheet]:
    """The pages' pictures one after the other, turned as a reader would hold them.

    `turns` are quarter turns by page where they are known already: to find them out means to read the page.

    Raises:
        UnreadableFile: `damaged` or `too_large`.
    """
    count, _ = describe(content)
    with _opened(content) as image:
        for index in range(min(count, limit)):
            try:
                image.seek(index)
                if image.width * image.height > PIXEL_LIMIT:
                    raise UnreadableFile("too_large", "The picture has too many pixels: scan it at 300 dpi.")
                yield _sheet(image, turns.get(index + 1, 0) if turns is not None else None)
            except (OSError, SyntaxError, ValueError, EOFError) as fault:
                raise UnreadableFile("damaged", "The picture is damaged: scan or send it again.") from fault


def _sheet(image: Image.Image, turns: int | None) -> Sheet:
    stated = image.info.get("dpi")
    # a transparent page is meant to lie on white paper
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        paper.alpha_composite(rgba)
        flat = paper.convert("RGB")
        flat.info = image.info
    else:
        flat = image.convert("RGB") if image.mode not in {"L", "RGB"} else image.copy()
    held = ImageOps.exif_transpose(flat) if image.format != "TIFF" else flat
    turns = quarter_turns(held) if turns is None else turns
    picture = turned(held, turns)
    return Sheet(picture, _points_per_pixel(stated, picture.size), turns)


def _points_per_pixel(stated: object, size: tuple[int, int]) -> float | None:
    """72 / dpi where the file states a resolution that gives a sheet of paper's size."""
    if not isinstance(stated, tuple) or not stated:
        return None
    dpi = float(stated[0])
    if not 90 <= dpi <= 1300 or not 2.0 <= size[0] / dpi <= 18.0 or not 2.0 <= size[1] / dpi <= 60.0:
        return None
    return 72.0 / dpi


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of big pictures and odd metadata; the limit above is ours
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content))
    except Image.DecompressionBombError as fault:
        raise UnreadableFile("too_large", "The picture has too many pixels: scan it at 300 dpi.") from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise UnreadableFile("damaged", "The picture is damaged: scan or send it again.") from fault
