"""How large a distance from the reference raises an alarm, and how many alarms are false."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.drift.drift_statistics import population_stability

FIXED_THRESHOLD = 0.25
"""A PSI above it counts as a major change (Siddiqi 2006; in use since Lewis 1994)."""

FALSE_ALARMS = 0.05
"""Maximum share of unchanged windows that raise any alarm."""

_MIN_LEVEL = 0.99  # even a single quantity is compared with the 99th percentile of chance
_PLANNED_FALSE_ALARMS = 0.03  # below `FALSE_ALARMS`, to allow for the error of the simulation
_SAMPLES = 20_000  # 60 or more lie beyond the quantile
_SEED = 1  # arbitrary; makes results reproducible


def alarm_level(quantities: int) -> float:
    """The quantile level of the threshold when several quantities are compared.

    By Bonferroni's inequality at most `FALSE_ALARMS` of unchanged windows then raise any alarm,
    however the quantities depend on each other.
    """
    return max(_MIN_LEVEL, 1 - _PLANNED_FALSE_ALARMS / max(1, quantities))


@lru_cache(maxsize=256)
def alarm_threshold(
    shares: tuple[float, ...], reference_rows: float, window_rows: int, level: float
) -> float:
    """The alarm threshold of the PSI: 0.25, or more where chance exceeds 0.25.

    An unchanged window of `n` rows, against a reference of `m`, has a PSI of about
    `(1 / m + 1 / n) * chi2(bins - 1)` (Yurdakul 2018): 0.4 and more for 60 rows in ten bins, so a
    fixed threshold of 0.25 would raise false alarms for short windows. With few rows per bin that
    approximation fails, so the null distribution is simulated: true shares are sampled from a
    Dirichlet posterior of the reference (half a row in an empty bin), then windows from them, and
    the quantile of their PSI is taken. The seed is fixed.

    Args:
        shares: of the reference's bins.
        reference_rows, window_rows: independent rows, each 1 or more.
        level: of the quantile; see `alarm_level`.
    """
    rng = np.random.default_rng(_SEED)
    reference_shares = np.array(shares)
    sampled_shares = rng.dirichlet(
        np.maximum(reference_shares * reference_rows, 0.5), size=_SAMPLES
    )
    windows = rng.multinomial(window_rows, sampled_shares) / window_rows
    chance = population_stability(
        reference_shares, windows, reference_rows=reference_rows, window_rows=window_rows
    )
    # With few rows many windows have the same PSI: rounding must not decide.
    return max(FIXED_THRESHOLD, float(np.quantile(chance, level, method="higher")) * (1 + 1e-9))
