from __future__ import annotations

import pytest

from web.export.table import safe_text


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("-12.50", "-12.50"),
        ("+49 711 5550", "+49 711 5550"),
        ("Kessler GmbH", "Kessler GmbH"),
        ("", ""),
    ],
)
def test_no_text_is_taken_for_a_formula(printed: str, written: str) -> None:
    assert safe_text(printed) == written
