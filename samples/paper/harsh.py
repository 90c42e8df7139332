"""A hard life of paper: faded rolls, copies of copies, pens over print, crumpled sheets under a hurried camera.

Every mishap is drawn for itself, so that hardly two documents share their fate; a seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from samples.degrade import image_pdf, jpeg, pictures
from samples.paper.wear import Grain, Grey, Worn, coarse_fax, stamped

Values = np.ndarray[tuple[int, ...], np.dtype[Any]]
QUALITIES = (20, 30, 45, 60)
"""Of the JPEGs that cameras and messengers make."""
Mishap = Callable[[Values, Random, Grain], Values]


def harsh(pdf: bytes, sheets: int, rng: Random) -> Worn:
    """A document of so many sheets that fared badly: on a scanner, through a fax or, a single one, under a camera."""
    grain = np.random.default_rng(rng.randint(0, 2**31))
    way = rng.choice(("scanner", "scanner", "fax", *(("camera", "camera") if sheets == 1 else ())))
    dpi = 204 if way == "fax" else rng.choice((100, 120, 150, 150, 200))
    # what is faint is gone once a fax makes it black or white
    inks = _BLACK if way == "fax" else _INKS
    pages = [_lived(page, inks, rng, grain) for page in pictures(pdf, dpi)]
    if way == "fax":
        return Worn(coarse_fax([_picture(page) for page in pages]), "tif", "scan", "harsh_fax")
    if way == "camera":
        return Worn(_photo(pages[0], dpi, rng, grain), "jpg", "image", "harsh_photo")
    blur, noise = rng.uniform(0.3, 1.0) * dpi / 150, rng.uniform(2, 9)
    seen = [_softened(_lit(_askew(page, rng), rng), blur, noise, rng, grain) for page in pages]
    if len(seen) == 1 and rng.random() < 0.5:
        return Worn(jpeg(seen[0], rng.choice(QUALITIES)), "jpg", "image", "harsh_scan")
    return Worn(image_pdf(seen, dpi), "pdf", "scan", "harsh_scan")


def snapped(page: Grey, dpi: int, rng: Random, grain: Grain) -> bytes:
    """The photo of one sheet or roll that fared badly, as JPEG."""
    return _photo(_lived(page, _INKS, rng, grain), dpi, rng, grain)


def _photo(page: Values, dpi: int, rng: Random, grain: Grain) -> bytes:
    blur, noise = rng.uniform(0.3, 1.0) * dpi / 150, rng.uniform(2, 9)
    return jpeg(_softened(_under_a_camera(page, rng), blur, noise, rng, grain), rng.choice(QUALITIES))


def _picture(values: Values) -> Grey:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _lived(page: Grey, inks: tuple[Mishap, ...], rng: Random, grain: Grain) -> Values:
    """What happens to the sheet itself: its ink, its marks, its creases."""
    if rng.random() < 0.3:
        page = stamped(page, rng, grain)
    values = np.asarray(page, dtype=np.float32)
    values = rng.choice(inks)(values, rng, grain)
    for mishap, chance in ((_written_on, 0.3), (_crumpled, 0.35), (_creased, 0.3)):
        if rng.random() < chance:
            values = mishap(values, rng, grain)
    return values


def _as_it_is(values: Values, rng: Random, grain: Grain) -> Values:
    return values


def _faded(values: Values, rng: Random, grain: Grain) -> Values:
    """Ink with little left of it."""
    return 255 - (255 - values) * rng.uniform(0.2, 0.5)


def _clouds(shape: tuple[int, ...], grain: Grain, cells: int) -> Values:
    """Smooth noise, about -1 to 1, with so many hills across."""
    height, width = shape
    small = grain.normal(0, 0.6, (max(2, round(cells * height / width)), cells)).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _patchy(values: Values, rng: Random, grain: Grain) -> Values:
    """Thermal paper that lay in the sun: here readable, there nearly white."""
    strength = np.clip(0.5 + 0.45 * _clouds(values.shape, grain, rng.randint(2, 4)), 0.2, 0.95)
    return np.asarray(255 - (255 - values) * strength)


def _heavy(values: Values, rng: Random, grain: Grain) -> Values:
    """Too much ink: letters run together."""
    return np.asarray(cv2.GaussianBlur(cv2.erode(values, np.ones((2, 2), np.uint8)), (0, 0), 0.7))


def _broken(values: Values, rng: Random, grain: Grain) -> Values:
    """The copy of a copy: black or white, thin strokes gone, specks."""
    soft = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.7, 1.1))
    black = soft + grain.normal(0, 25, values.shape) < rng.uniform(110, 190)
    specks = grain.random(values.shape) < 0.0008
    return np.where(black | specks, 25, 245).astype(np.float32)


def _written_on(values: Values, rng: Random, grain: Grain) -> Values:
    """Pen strokes over the print: ticks, rings, a signature."""
    height, width = values.shape
    sheet = _picture(values)
    pen = ImageDraw.Draw(sheet)
    for _ in range(rng.randint(1, 4)):
        x, y, size = rng.uniform(0.1, 0.8) * width, rng.uniform(0.1, 0.9) * height, rng.uniform(0.02, 0.14) * width
        points = [(x, y)]
        for _ in range(rng.randint(2, 9)):
            points.append((points[-1][0] + rng.uniform(-0.3, 0.7) * size, y + rng.uniform(-0.4, 0.4) * size))
        pen.line(points, fill=rng.randint(40, 130), width=max(1, width // rng.randint(400, 700)), joint="curve")
    return np.asarray(sheet, dtype=np.float32)


def _crumpled(values: Values, rng: Random, grain: Grain) -> Values:
    """A sheet that was in a pocket: rows wave, light and dark change."""
    height, width = values.shape
    swing = rng.uniform(0.0015, 0.004) * width
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    hills = _clouds(values.shape, grain, rng.randint(3, 7))
    bent = cv2.remap(
        values, x + swing * _clouds(values.shape, grain, 4), y + swing * hills, cv2.INTER_LINEAR, borderValue=255.0
    )
    return np.asarray(bent * (1 - 0.09 * np.clip(hills, -1, 1)) - 6)


def _creased(values: Values, rng: Random, grain: Grain) -> Values:
    """Folds across and down, each with its shadow and with ink rubbed off on it."""
    height, width = values.shape
    for _ in range(rng.randint(1, 3)):
        along = rng.random() < 0.6
        at = (np.arange(height)[:, None] if along else np.arange(width)[None, :]).astype(np.float32)
        from_fold = np.abs(at - rng.uniform(0.15, 0.85) * (height if along else width))
        values = np.where(from_fold < 1.5, np.maximum(values, 190), values) - 45 * np.exp(-from_fold / 5)
    return values.astype(np.float32)


def _askew(values: Values, rng: Random) -> Values:
    height, width = values.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-2.5, 2.5), 1.0)
    return np.asarray(cv2.warpAffine(values, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(245.0,)))


def _lit(values: Values, rng: Random) -> Values:
    """Grey or coloured paper under uneven light; ink on it is never quite black."""
    height, width = values.shape
    across = np.linspace(rng.uniform(0.6, 1.0), rng.uniform(0.75, 1.0), width, dtype=np.float32)[None, :]
    down = np.linspace(rng.uniform(0.8, 1.0), rng.uniform(0.8, 1.0), height, dtype=np.float32)[:, None]
    return np.asarray((25 + values * 0.88) * across * down)


def _under_a_camera(values: Values, rng: Random) -> Values:
    """On a table, seen from a side, with the shadow of who holds the camera."""
    height, width = values.shape
    margin = rng.uniform(0.02, 0.12) * width
    size = (round(width + 2 * margin), round(height + 2 * margin))

    def lean() -> float:
        return rng.uniform(-0.03, 0.03) * width

    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    seen = np.array([(x + margin + lean(), y + margin + lean()) for x, y in flat], dtype=np.float32)
    table = float(rng.randint(40, 150))
    bent = cv2.warpPerspective(
        values, cv2.getPerspectiveTransform(flat, seen), size, flags=cv2.INTER_CUBIC, borderValue=(table,)
    )
    x, y = np.linspace(0, 1, size[0])[None, :], np.linspace(0, 1, size[1])[:, None]
    shadow = 1 - rng.uniform(0.1, 0.4) / (1 + np.exp(-(x * rng.uniform(-1, 1) + y - rng.uniform(0.2, 0.9)) * 20))
    return np.asarray(_lit(np.asarray(bent), rng) * shadow, dtype=np.float32)


def _softened(values: Values, blur: float, noise: float, rng: Random, grain: Grain) -> Grey:
    """What lens, sensor and messenger leave."""
    soft = _picture(values).filter(ImageFilter.GaussianBlur(blur))
    if rng.random() < 0.2:
        length = rng.randint(2, 3)
        soft = Image.fromarray(cv2.blur(np.asarray(soft), (length, 1) if rng.random() < 0.5 else (1, length)))
    return _picture(np.asarray(soft, dtype=np.float32) + grain.normal(0, noise, (soft.height, soft.width)))


_BLACK: tuple[Mishap, ...] = (_heavy, _broken, _as_it_is)
_INKS: tuple[Mishap, ...] = (*_BLACK, _faded, _patchy)
