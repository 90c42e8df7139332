"""What paper and cameras do to a page: scans, a fax and a photo made of a clean PDF; seeded, so always the same."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from pypdf import PdfReader, PdfWriter

SEED = 20261123


def pictures(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as greyscale pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def scanned(page: Image.Image, *, skew: float = 0.4, noise: float = 6.0) -> Image.Image:
    """A flatbed scan: slightly turned, slightly soft, grey paper with grain."""
    turned = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float32)
    grain = np.random.default_rng(SEED).normal(0, noise, soft.shape)
    return Image.fromarray(np.clip(soft * 0.93 + 12 + grain, 0, 255).astype(np.uint8))


def faxed(page: Image.Image) -> Image.Image:
    """A fax: black or white, with specks."""
    grey = np.asarray(page, dtype=np.float32)
    specks = np.random.default_rng(SEED).random(grey.shape)
    grey = np.where(specks < 0.0004, 0, np.where(specks > 0.9996, 255, grey))
    return Image.fromarray((grey > 150).astype(np.uint8) * 255).convert("1")


def photographed(page: Image.Image) -> Image.Image:
    """A phone photo: paper on a desk, seen a little from the side, lit from one corner."""
    width, height = page.size
    desk = Image.new("L", (int(width * 1.14), int(height * 1.1)), 96)
    desk.paste(page, (int(width * 0.07), int(height * 0.05)))
    w, h = desk.size
    corners = (0.02 * w, 0.01 * h, -0.01 * w, 1.0 * h, 1.02 * w, 0.985 * h, 0.985 * w, 0.015 * h)
    bent = np.asarray(
        desk.transform(desk.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC), dtype=np.float32
    )
    light = np.linspace(1.0, 0.72, w)[None, :] * np.linspace(1.02, 0.88, h)[:, None]
    grain = np.random.default_rng(SEED).normal(0, 4, bent.shape)
    picture = Image.fromarray(np.clip(bent * light + grain, 0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB")


def image_pdf(pages: list[Image.Image], dpi: int) -> bytes:
    """Pictures as a PDF without any text."""
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=70)
    return undated(stream.getvalue())


def jpeg(page: Image.Image, quality: int = 72) -> bytes:
    """A picture as JPEG."""
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def png(page: Image.Image, dpi: int) -> bytes:
    """A picture as PNG that states its resolution."""
    stream = io.BytesIO()
    page.quantize(16).save(stream, "PNG", dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def tiff(pages: list[Image.Image], dpi: int) -> bytes:
    """Black and white pictures as a TIFF of several pages, compressed as faxes are."""
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", compression="group4", dpi=(dpi, dpi), save_all=True, append_images=pages[1:])
    return stream.getvalue()


def joined(first: bytes, second: bytes) -> bytes:
    """Two PDFs as one."""
    writer = PdfWriter()
    for part in (first, second):
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    return _written(writer)


def undated(pdf: bytes) -> bytes:
    """The PDF without the moment of its making, so that making it again gives the same bytes."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        writer.add_page(page)
    return _written(writer)


def locked(pdf: bytes, password: str) -> bytes:
    """The PDF, readable only with the password."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        writer.add_page(page)
    writer.encrypt(password, algorithm="AES-128")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
