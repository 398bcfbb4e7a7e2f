"""Neon told from photographs, titles read, faces found: both parts of the pictures, in one table each."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from painted import neon_restyled, photos, skyline, titled
from titles import ENGLISH, RUSSIAN, STYLES, distance, in_one_line

from otklik.media.faces import find_faces
from otklik.media.overlay import read_overlay
from otklik.media.style import look_of

pytestmark = pytest.mark.benchmark
NEON_FROM = 0.4
N_TITLES = 90
TEXTS = [text for n in range(24) for text in (RUSSIAN[n], ENGLISH[n % 12])]
SIZES = ((1280, 720), (720, 1280))


@pytest.mark.parametrize("part", ["worked on", "held out"])
def test_neon(part: str):
    mine = [(n, rgb) for n, (_, rgb) in enumerate(photos()) if (n % 3 == 0) == (part == "held out")]
    plain = [look_of(rgb).neon for _, rgb in mine]
    neon = [look_of(neon_restyled(rgb, n)).neon for n, rgb in mine]
    drawn = [look_of(skyline(n)).neon for n in range(30) if (n % 3 == 0) == (part == "held out")]
    told = [f"{sum(one >= NEON_FROM for one in found)} of {len(found)}" for found in (plain, neon, drawn)]
    print(f"\n{part}: called neon: photographs {told[0]}, restyled {told[1]}, drawn skylines {told[2]}")
    assert np.median(neon) > np.median(plain)


@pytest.mark.parametrize("part", ["worked on", "held out"])
def test_photographs_without_people(part: str):
    mine = [rgb for n, (_, rgb) in enumerate(photos()) if (n % 3 == 0) == (part == "held out")]
    n_false = sum(bool(find_faces(one)) for one in mine)
    print(f"\n{part}: photographs without people with a face found: {n_false} of {len(mine)}")
    assert n_false <= len(mine) // 10


@pytest.mark.parametrize("part", ["worked on", "held out"])
def test_titles(part: str):
    """A title of the held-out part lies on a photograph of the held-out part."""
    grounds = photos(1280)
    errors: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for n in range(N_TITLES):
        if (n % 3 == 0) != (part == "held out"):
            continue
        text, style, on_photo = TEXTS[(n * 7) % 48], STYLES[(n * 3 + n // 7) % 7], n % 5 < 3
        k = (n * 4) % len(grounds)
        k = min(k - k % 3 + n % 3, len(grounds) - 1)
        ground = grounds[k][1] if on_photo else skyline(n, SIZES[n % 2])
        share = (0.05, 0.07, 0.035)[(n // 5) % 3] if ground.shape[0] < ground.shape[1] else 0.035
        picture = titled(ground, text, style, y=(0.15, 0.5, 0.82)[(n // 3) % 3], share=share)
        found = read_overlay([0.0], [picture])
        if found.status != "read":
            pytest.skip(found.reason)
        got, wanted = in_one_line(found.text), in_one_line(text)
        wrong = distance(got, wanted)
        for key in ("all", "on photographs" if on_photo else "on neon skylines", style):
            total = errors[key]
            total[0] += 1
            total[1] += wrong
            total[2] += len(wanted)
            total[3] += wrong == 0
    print(f"\n{part}: wrong letters of all, titles read without a fault")
    for key, (n_titles, wrong, letters, exact) in errors.items():
        print(f"  {key:18} {wrong / letters:6.1%}   {exact} of {n_titles}")
