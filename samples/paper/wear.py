"""What scanners, faxes and cameras make of a clean page; seeded, so that a seed gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from samples.degrade import faxed, image_pdf, jpeg, pictures, png, tiff
from samples.pen import FONTS

Grey = Image.Image
Grain = np.random.Generator


@dataclass(frozen=True, slots=True)
class Worn:
    """A degraded file."""

    data: bytes
    ending: str
    kind: str
    wear: str


def _array(page: Grey) -> np.ndarray[tuple[int, ...], np.dtype[Any]]:
    return np.asarray(page, dtype=np.float32)


def _picture(values: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> Grey:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def clean(page: Grey, rng: Random, grain: Grain) -> Grey:
    """A good flatbed scan."""
    soft = page.filter(ImageFilter.GaussianBlur(0.4))
    return _picture(_array(soft) * 0.96 + 8 + grain.normal(0, 2.5, (page.height, page.width)).astype(np.float32))


def skewed(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Laid down at an angle."""
    angle = rng.choice((-1, 1)) * rng.uniform(0.3, 3.0)
    return clean(page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255), rng, grain)


def grey(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Recycled paper, unevenly lit."""
    slope = np.linspace(rng.uniform(150, 200), rng.uniform(205, 240), page.width, dtype=np.float32)[None, :]
    ink = _array(page) / 255
    return _picture(ink * slope + grain.normal(0, 7, ink.shape).astype(np.float32) + 10)


def faint(page: Grey, rng: Random, grain: Grain) -> Grey:
    """A printer at the end of its toner."""
    strength = rng.uniform(0.35, 0.55)
    return _picture(
        255 - (255 - _array(page)) * strength + grain.normal(0, 3, (page.height, page.width)).astype(np.float32)
    )


def stamped(page: Grey, rng: Random, grain: Grain) -> Grey:
    """A stamp of receipt, half over the text."""
    size = page.width // 22
    stamp = Image.new("L", (page.width // 3, size * 3), 255)
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((3, 3, stamp.width - 4, stamp.height - 4), outline=110, width=4)
    words = rng.choice(("EINGEGANGEN", "RECEIVED", "PAYÉ", "REGISTRATO", "GEBUCHT"))
    font = ImageFont.truetype(str(FONTS / "DejaVuSans-Bold.ttf"), int(size * 0.75))
    pen.text((size // 2, size), words, fill=110, font=font)
    stamp = stamp.rotate(rng.uniform(-14, 14), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    sheet = Image.new("L", page.size, 255)
    sheet.paste(stamp, (int(page.width * rng.uniform(0.3, 0.6)), int(page.height * rng.uniform(0.1, 0.45))))
    return clean(_picture(np.minimum(_array(page), _array(sheet))), rng, grain)


def folded(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Came in an envelope: two folds with their shadows."""
    values = _array(clean(page, rng, grain)).copy()
    for part in (1 / 3, 2 / 3):
        y = int(page.height * part + rng.randint(-12, 12))
        for offset in range(-9, 10):
            values[y + offset] -= 34 * (1 - abs(offset) / 10)
    return _picture(values)


def on_its_side(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Fed in sideways."""
    return clean(page, rng, grain).rotate(rng.choice((90, 270)), expand=True)


def upside_down(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Fed in upside down."""
    return clean(page, rng, grain).rotate(180)


def copied(page: Grey, rng: Random, grain: Grain) -> Grey:
    """The copy of a copy: letters broken or run together, specks all over."""
    soft = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 1.2)))
    noise = grain.normal(0, 28, (page.height, page.width)).astype(np.float32)
    black = _array(soft) + noise < rng.uniform(120, 190)
    specks = grain.random((page.height, page.width)) < 0.0008
    return _picture(np.where(black | specks, 25, 245).astype(np.float32)).filter(ImageFilter.GaussianBlur(0.6))


def out_of_focus(page: Grey, rng: Random, grain: Grain) -> Grey:
    """Taken by a hand that moved."""
    return clean(page.filter(ImageFilter.GaussianBlur(rng.uniform(1.2, 1.7))), rng, grain)


SCANS: dict[str, tuple[Callable[[Grey, Random, Grain], Grey], int, int, str]] = {
    # name: what happens, dpi, JPEG quality, container
    "clean_300": (clean, 300, 80, "pdf"),
    "clean_200": (clean, 200, 75, "pdf"),
    "skew": (skewed, 200, 70, "pdf"),
    "skew_png": (skewed, 200, 0, "png"),
    "noisy_jpeg": (clean, 150, 32, "jpg"),
    "grey": (grey, 200, 60, "pdf"),
    "faint": (faint, 200, 70, "jpg"),
    "stamp": (stamped, 200, 75, "pdf"),
    "folds": (folded, 200, 70, "pdf"),
    "fax": (clean, 204, 0, "fax"),
    "fax_coarse": (clean, 204, 0, "coarse"),
    "sideways": (on_its_side, 200, 70, "pdf"),
    "upside_down": (upside_down, 200, 70, "pdf"),
    "low_resolution": (clean, 110, 60, "pdf"),
    "screen": (clean, 90, 45, "jpg"),
    "copy": (copied, 200, 60, "pdf"),
    "blurred": (out_of_focus, 170, 45, "jpg"),
}


def scan(pdf: bytes, rng: Random) -> Worn:
    """One of the ways in which paper comes back."""
    name = rng.choice(sorted(SCANS))
    act, dpi, quality, container = SCANS[name]
    grain = np.random.default_rng(rng.randint(0, 2**31))
    pages = [act(page, rng, grain) for page in pictures(pdf, dpi)]
    if container in ("jpg", "png") and len(pages) > 1:
        container = "pdf"
    match container:
        case "jpg":
            return Worn(jpeg(pages[0], quality), "jpg", "image", name)
        case "png":
            return Worn(png(pages[0], dpi), "png", "image", name)
        case "fax":
            return Worn(tiff([faxed(page) for page in pages], dpi), "tif", "scan", name)
        case "coarse":
            return Worn(coarse_fax(pages), "tif", "scan", name)
        case _:
            return Worn(image_pdf(pages, dpi), "pdf", "scan", name)


def coarse_fax(pages: list[Grey]) -> bytes:
    """A fax in standard resolution: its points are twice as high as wide."""
    flat = [faxed(page.resize((page.width, page.height * 98 // 204), Image.Resampling.BOX)) for page in pages]
    stream = io.BytesIO()
    flat[0].save(stream, "TIFF", compression="group4", dpi=(204, 98), save_all=True, append_images=flat[1:])
    return stream.getvalue()


def photo(pdf: bytes, rng: Random) -> Worn:
    """The first page on a darker table, seen from the side, with a shadow."""
    grain = np.random.default_rng(rng.randint(0, 2**31))
    page = pictures(pdf, rng.choice((150, 170, 200)))[0]
    width, height = int(page.width * 1.2), int(page.height * 1.16)
    table = Image.new("L", (width, height), rng.randint(50, 105))
    table.paste(page, ((width - page.width) // 2, (height - page.height) // 2))

    def lean(size: int) -> float:
        return rng.uniform(-0.035, 0.035) * size

    corners = (
        lean(width), lean(height), lean(width), height + lean(height), width + lean(width), height + lean(height),
        width + lean(width), lean(height),
    )  # fmt: skip
    bent = _array(table.transform((width, height), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC))
    light = np.linspace(rng.uniform(0.72, 1.0), rng.uniform(0.72, 1.0), width, dtype=np.float32)[None, :]
    edge = rng.uniform(0.3, 0.9)
    across = (
        np.linspace(0, 1, width, dtype=np.float32)[None, :] + np.linspace(0, 0.4, height, dtype=np.float32)[:, None]
    )
    shadow = 1 - 0.3 / (1 + np.exp(-(across - edge) * 25))
    noise = grain.normal(0, 3.5, bent.shape).astype(np.float32)
    picture = _picture(bent * light * shadow + noise).filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.8)))
    tint = Image.merge(
        "RGB", (picture, picture.point(lambda v: int(v * 0.985)), picture.point(lambda v: int(v * 0.94)))
    )
    return Worn(jpeg(tint, rng.choice((60, 75, 85))), "jpg", "image", "photo")
