"""Style: neon is told from photographs, measures mean what they say, the palette is what is seen.

Items numbered n % 3 == 0 are held out: no threshold of ``style.py`` was chosen on them.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from media.painted import Picture, neon_restyled, photos, skyline
from otklik.errors import DataError
from otklik.media.style import Style, look_of, palette_of, style_of

NEON = 0.4
"""Where a picture is called neon in these tests."""


def flat(colour: tuple[int, int, int], size: tuple[int, int] = (90, 160)) -> Picture:
    return np.full((*size, 3), colour, np.uint8)


def drawing() -> Picture:
    """A house in black lines of two pixels on white."""
    made = flat((255, 255, 255), (180, 320))
    for a, b, c, d in (
        (60, 62, 80, 240),
        (150, 152, 80, 240),
        (60, 152, 80, 82),
        (60, 152, 238, 240),
        (100, 150, 150, 152),
    ):
        made[a:b, c:d] = 0
    return made


def test_neon_is_told_from_held_out_photographs() -> None:
    kept = [(n, rgb) for n, (_, rgb) in enumerate(photos(320)) if n % 3 == 0]
    plain = [style_of([rgb]).mean.neon >= NEON for _, rgb in kept]
    restyled = [style_of([neon_restyled(rgb, n)]).mean.neon >= NEON for n, rgb in kept]
    assert len(kept) >= 40
    assert np.mean(plain) <= 0.05
    assert np.mean(restyled) >= 0.85


def test_held_out_night_skylines_are_neon_and_futuristic() -> None:
    looks = [style_of([skyline(n)]).mean for n in range(0, 30, 3)]
    assert min(look.neon for look in looks) >= NEON
    assert min(look.futuristic for look in looks) >= 0.5
    assert min(look.bright_edges_on_dark for look in looks) >= 0.5


def test_pure_blue_and_a_black_frame_are_not_neon() -> None:
    for colour in ((0, 0, 255), (0, 0, 0), (255, 255, 255), (128, 128, 128)):
        look = look_of(flat(colour))
        assert look.neon == 0
        assert look.futuristic <= 0.15


def test_a_glowing_light_glows_and_the_same_light_without_halo_does_not() -> None:
    hard = flat((8, 8, 24), (180, 320))
    hard[80:100, 100:220] = (255, 0, 220)
    y, x = np.mgrid[:180, :320]
    far = np.hypot(np.maximum(0, np.maximum(80 - y, y - 99)), np.maximum(0, np.maximum(100 - x, x - 219)))
    halo = np.exp(-far / 12)[..., None] * np.array([200, 0, 180])
    soft = np.maximum(hard, np.clip(hard + halo, 0, 255)).astype(np.uint8)
    assert look_of(hard).glow < 0.1
    assert look_of(soft).glow > look_of(hard).glow + 0.15


def test_a_drawing_in_lines_is_line_art_and_photographs_are_not() -> None:
    assert look_of(drawing()).line_art > 0.8
    assert np.mean([look_of(rgb).line_art for _, rgb in photos(320)[:40]]) < 0.05


def test_noise_and_flat_areas_move_the_look_from_rendered_to_photographic() -> None:
    clean = skyline(1, (180, 320))
    rng = np.random.default_rng(0)
    noisy = np.clip(clean + rng.normal(0, 9, clean.shape), 0, 255).astype(np.uint8)
    assert look_of(noisy).noise > look_of(clean).noise
    assert look_of(noisy).rendered_look < look_of(clean).rendered_look


def test_colourfulness_is_that_of_the_paper_for_a_known_picture() -> None:
    half = flat((255, 0, 0))
    half[:, 80:] = (0, 0, 255)
    # rg = 255 and 0, yb = 127.5 and -255: spreads 127.5 and 191.25, means 127.5 and -63.75
    assert look_of(half).colourfulness == pytest.approx(
        np.hypot(127.5, 191.25) + 0.3 * np.hypot(127.5, 63.75), rel=1e-4
    )
    assert look_of(flat((99, 99, 99))).colourfulness == 0


def test_the_palette_has_the_colours_and_their_shares() -> None:
    made = flat((10, 10, 40), (100, 100))
    made[:30] = (255, 0, 200)
    made[90:] = (0, 240, 255)
    assert [(one.hex, round(one.share, 3)) for one in palette_of([made])] == [
        ("#0a0a28", 0.6),
        ("#ff00c8", 0.3),
        ("#00f0ff", 0.1),
    ]


def test_shares_of_a_palette_sum_to_one_and_come_in_order() -> None:
    for _, rgb in photos(320)[:10]:
        shares = [one.share for one in palette_of([rgb])]
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)
        assert len(shares) <= 5


def test_the_mean_and_the_strongest_of_several_frames_are_told() -> None:
    one, other = style_of([skyline(1)]), style_of([flat((200, 200, 200))])
    both = style_of([skyline(1), flat((200, 200, 200))])
    assert both.n_frames == 2
    assert both.mean.neon == pytest.approx((one.mean.neon + other.mean.neon) / 2)
    assert both.neon_max == one.mean.neon
    assert both.glow_max == one.mean.glow


def test_style_survives_json() -> None:
    style = style_of([skyline(2)])
    assert msgspec.json.decode(msgspec.json.encode(style), type=Style) == style


@pytest.mark.parametrize("size", [(1, 1), (1, 200), (200, 1), (2, 3)])
def test_the_smallest_pictures_have_a_style(size: tuple[int, int]) -> None:
    assert style_of([flat((255, 0, 255), size)]).mean.saturation == pytest.approx(1)


def test_no_picture_and_a_wrong_one_are_told() -> None:
    with pytest.raises(DataError, match="at least one picture"):
        style_of([])
    with pytest.raises(DataError, match="rows x columns x 3 of 8 bits"):
        style_of([np.zeros((4, 4), np.uint8)])
