"""What a trial could have seen: the smallest effect that it finds four times out of five."""

from __future__ import annotations

import numpy as np

from otklik.evidence.slope import Slope

POWER = 0.8
ALPHA = 0.05


def detectable(found: Slope) -> float:
    """The minimum detectable effect on the log scale, ``(t_0.975 + t_0.8) * se`` at the slope's degrees of freedom.

    >>> round(detectable(Slope(0.0, 0.04, 0, 0, 1.0, 6000, 200, 180.0)), 3)
    0.113
    """
    from scipy import stats

    return float((stats.t.ppf(1 - ALPHA / 2, found.df) + stats.t.ppf(POWER, found.df)) * found.se)


def posts_needed(found: Slope, effect: float) -> int | None:
    """Posts of the same kind that would show an effect of a size (a share: 0.1 is ten per cent), all else equal.

    The error shrinks with the root of the number of posts: enough for a plan, no more.

    Returns:
        ``None`` when nothing can be said (no finite error).

    >>> posts_needed(Slope(0.0, 0.04, 0, 0, 1.0, 6000, 200, 180.0), 0.1)
    8386
    """
    now, wanted = detectable(found), float(np.log1p(effect))
    if not np.isfinite(now) or wanted == 0:
        return None
    return int(np.ceil(found.n_posts * (now / wanted) ** 2))
