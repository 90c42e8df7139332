"""Paper that fared badly and till slips: the same for a seed, and what is told stands on them."""

from __future__ import annotations

import io
from random import Random

import numpy as np
import pytest
from PIL import Image

from samples.degrade import image_pdf
from samples.paper import harsh, rolls


@pytest.mark.parametrize("seed", range(6))
def test_a_seed_gives_the_same_bytes_and_a_picture_of_print(seed: int) -> None:
    page = rolls.drawn(rolls.roll(Random(seed))[0], Random(seed))
    first, second = (harsh.harsh(image_pdf([page], 200), 1, Random(seed)) for _ in range(2))
    assert first == second
    if first.ending != "pdf":
        with Image.open(io.BytesIO(first.data)) as picture:
            assert np.ptp(np.asarray(picture.convert("L"))) > 60


@pytest.mark.parametrize("seed", range(12))
def test_a_slip_prints_what_its_truth_tells(seed: int) -> None:
    made, language, layout = rolls.roll(Random(seed))
    printed = [text for _, text in made.lines]
    assert language in ("de", "en", "es", "fr", "it", "nl")
    assert layout.startswith("roll_")
    assert made.truth["seller_name"] in printed
    assert made.truth["seller_address"].rpartition(", ")[2] in " ".join(printed)
    total = made.truth["gross_total"]
    assert any(total in text.replace(",", ".").replace(" ", "") for text in printed) or float(total) >= 1000
