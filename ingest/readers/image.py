"""Pictures of documents: PNG, JPEG, TIFF of several pages, WebP, HEIC, AVIF, JPEG 2000, BMP, GIF."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ingest.document import Document, Page
from ingest.errors import UnreadableFile
from ingest.readers.limits import Keep, PictureBudget, drop, left_out, pages_to_read

PIXEL_LIMIT = 120_000_000
"""Pixels of one page; A3 at 600 dpi has 70 million."""
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
}
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""What the first box of a HEIF file may call itself (ISO/IEC 23008-12): the photos of telephones."""
JPEG_2000 = b"\0\0\0\x0cjP  \r\n\x87\n"
"""How a JPEG 2000 file begins (ISO/IEC 15444-1, I.5.1): what archives of scans hold."""
DEEP = ("I", "I;16", "I;16B", "I;16L", "F")
"""Pillow's modes for more than eight bits of grey."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's picture as the file holds it, with its resolution where the file states a plausible one."""

    picture: Image.Image
    points_per_pixel: float | None


def is_image(content: bytes) -> bool:
    """Whether the bytes begin like one of the picture formats that we read."""
    return (
        content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8", JPEG_2000))
        or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
        or (content[4:8] == b"ftyp" and content[8:12] in (*HEIF_BRANDS, b"avif"))
    )


def read_image(content: bytes, sha256: str, keep: Keep = drop) -> Document:
    """The words of every page of a picture file, by OCR; each page is handed to `keep` once it is read.

    Raises:
        UnreadableFile: `damaged` or `too_large`.
    """
    # what reads pictures takes longer to import than a page with a text layer to read
    from ingest.readers.ocr import page_of, read_page

    pages: list[Page] = []
    language: str | None = None
    count, media_type = describe(content)
    numbers = pages_to_read(count)
    budget = PictureBudget(numbers)
    for number in numbers:
        if not budget.allows(number):
            continue
        sheet = sheet_at(content, number)
        reading = read_page(sheet.picture, language, photo=True)
        language = reading.language if reading.words else language
        pages.append(page_of(reading, number, sheet.points_per_pixel))
        keep(pages[-1], count)
    notes = left_out([page.number for page in pages], count)
    return Document(sha256=sha256, media_type=media_type, pages=tuple(pages), page_count=count, notes=notes)


def describe(content: bytes) -> tuple[int, str]:
    """Number of pages and media type."""
    with _opened(content) as image:
        count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        return count, MEDIA_TYPES.get(image.format or "", "application/octet-stream")


def sheet_at(content: bytes, number: int) -> Sheet:
    """The picture of a page, from 1, held as the file says.

    Raises:
        UnreadableFile: `damaged` or `too_large`.
    """
    with _opened(content) as image:
        try:
            image.seek(number - 1)
            if image.width * image.height > PIXEL_LIMIT:
                raise UnreadableFile("too_large", "The picture has too many pixels: scan it at 300 dpi.")
            return _sheet(image)
        except (OSError, SyntaxError, ValueError, EOFError) as fault:
            raise UnreadableFile("damaged", "The picture is damaged: scan or send it again.") from fault


def _sheet(image: Image.Image) -> Sheet:
    stated = image.info.get("dpi")
    if image.mode in DEEP:
        image = _shallow(image)
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
    return Sheet(_square(held, stated), _points_per_pixel(stated, held.size))


def _shallow(image: Image.Image) -> Image.Image:
    """Eight bits of grey of more: Pillow itself cuts what is brighter than its 256 steps."""
    deep = np.asarray(image, dtype=np.float32)
    darkest, brightest = float(deep.min()), float(deep.max())
    return Image.fromarray(((deep - darkest) * (255 / max(brightest - darkest, 1.0))).astype(np.uint8))


def _square(picture: Image.Image, stated: object) -> Image.Image:
    """The picture with square pixels: a fax has about half as many lines as dots."""
    across, down = _resolution(stated)
    if not across or not down or not 1.3 <= max(across, down) / min(across, down) <= 4:
        return picture
    width, height = round(picture.width * max(1.0, down / across)), round(picture.height * max(1.0, across / down))
    return picture.convert("L").resize((width, height), Image.Resampling.BICUBIC)


def _resolution(stated: object) -> tuple[float, float]:
    """Dots an inch across and down, 0 where the file states none."""
    if not isinstance(stated, tuple) or len(stated) < 2:
        return 0.0, 0.0
    return float(stated[0]), float(stated[1])


def _points_per_pixel(stated: object, size: tuple[int, int]) -> float | None:
    """72 / dpi where the file states a resolution that gives a sheet of paper's size; of square pixels."""
    across, down = _resolution(stated)
    dpi = max(across, down)
    if not 90 <= dpi <= 1300 or min(across, down) < 45:
        return None
    if not 2.0 <= size[0] / across <= 18.0 or not 2.0 <= size[1] / down <= 60.0:
        return None
    return 72.0 / dpi


def _opened(content: bytes) -> Image.Image:
    if content[8:12] in HEIF_BRANDS:
        # loaded only for the few that need it
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            # Pillow warns of big pictures and odd metadata; the limit above is ours
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content))
    except Image.DecompressionBombError as fault:
        raise UnreadableFile("too_large", "The picture has too many pixels: scan it at 300 dpi.") from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise UnreadableFile("damaged", "The picture is damaged: scan or send it again.") from fault
