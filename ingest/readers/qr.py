"""Two-dimensional codes on a page's picture, decoded: payment codes (EPC, Swiss QR-bill) and whatever else is there."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from ingest.document import Box, Code

FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
"""What payment codes are printed as."""
MOST_CODES = 10
LONGEST_TEXT = 4000
"""Signs of one code; a QR code holds 4296 at most, a payment code a few hundred."""


def codes_on(picture: Image.Image, units_per_pixel: float = 1.0) -> tuple[Code, ...]:
    """The codes on a picture, boxes in its pixels times `units_per_pixel`."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=FORMATS)
    return tuple(_code(item, units_per_pixel) for item in found[:MOST_CODES] if item.valid and item.text.strip())


def _code(item: zxingcpp.Barcode, units_per_pixel: float) -> Code:
    corners = [getattr(item.position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    edges = (min(across), min(down), max(across), max(down))
    return Code(item.text[:LONGEST_TEXT], Box(*(edge * units_per_pixel for edge in edges)), item.format.name)
