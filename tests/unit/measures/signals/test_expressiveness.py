from __future__ import annotations

import numpy as np
import pytest

from core.domain import DEAD_BLENDSHAPES, EXPRESSIVENESS3, FacialMovement
from core.measures.signals.expressiveness_meter import (
    SPEAKS_SPREAD,
    ExpressivenessMeter,
    Second,
    second_of,
)
from core.measures.signals.expressiveness_norm import COUNTED, IS_UPPER, norm

JAW = COUNTED.index("jawOpen")
REST = norm().baseline.medians


def _seconds(meter, shapes, *, count=10, jaw_spread=0.0):
    second = Second(1.0, shapes, float(shapes[JAW] ** 2 + jaw_spread**2))
    for _ in range(count):
        meter.add(second)
    return meter.reading()


def _moved(**shapes):
    moved = REST.copy()
    for name, value in shapes.items():
        moved[COUNTED.index(name)] = value
    return moved


def test_the_norm_counts_32_shapes_and_names_its_source():
    found = norm()
    assert len(COUNTED) == len(found.baseline.medians) == 32
    assert not set(COUNTED) & DEAD_BLENDSHAPES
    assert IS_UPPER.sum() == 9
    assert f"{found.faces:,} still faces" in found.made_from
    assert "not a population" in found.made_from
    assert 0 < found.baseline.cuts.low < found.baseline.cuts.high < 1
    assert not found.baseline.is_own


def test_a_face_at_rest_is_reserved_and_a_broad_smile_is_not():
    smile = {f"{name}{side}": 0.9 for name in ("mouthSmile", "mouthUpperUp") for side in _SIDES}
    smile |= {f"eyeSquint{side}": 0.8 for side in _SIDES}
    smile |= {f"mouthLowerDown{side}": 0.7 for side in _SIDES}
    smile |= {f"mouthPress{side}": 0.3 for side in _SIDES}
    at_rest = _seconds(ExpressivenessMeter(0), REST)
    smiling = _seconds(ExpressivenessMeter(0), _moved(**smile))
    assert at_rest.mean == 0
    assert at_rest.shares == (1, 0, 0)
    assert smiling.shares == (0, 0, 1)
    assert smiling.mean > norm().baseline.cuts.high
    assert smiling.lower > smiling.upper > 0


_SIDES = ("Left", "Right")


def test_while_the_mouth_speaks_only_brows_and_eyes_count():
    raised = _moved(browInnerUp=0.9, jawOpen=0.4)
    silent = _seconds(ExpressivenessMeter(0), raised)
    speaking = _seconds(ExpressivenessMeter(0), raised, jaw_spread=2 * SPEAKS_SPREAD)
    assert silent.lower > 0
    assert speaking.lower is None
    assert speaking.mean == speaking.upper == silent.upper


def test_own_levels_lie_in_the_thirds_of_the_own_history():
    meter = ExpressivenessMeter(0)
    strengths = np.random.default_rng(0).permutation(np.linspace(0, 1, 120))
    for strength in strengths:
        meter.add(_second(np.full(32, strength)))
    assert meter.reading().is_own
    for strength, level in ((0.05, "reserved"), (0.65, "balanced"), (1.0, "expressive")):
        reading = _seconds(meter, np.full(32, strength))
        assert EXPRESSIVENESS3.labels[int(np.argmax(reading.shares))] == level
        for other in strengths:  # back among its own
            meter.add(_second(np.full(32, other)))


def _second(shapes):
    return Second(1.0, shapes, float(shapes[JAW] ** 2))


def test_a_second_is_the_mean_of_its_rows_in_seconds():
    found = second_of(0.5, np.full(32, 0.2), 0.1)
    assert found.usable_s == 0.5
    assert found.shapes == pytest.approx(0.4)
    assert found.jaw_squared == pytest.approx(0.2)
    assert second_of(0.0, np.zeros(32), 0.0).usable_s == 0


@pytest.mark.parametrize(
    "values",
    [
        {"mean": -0.1},
        {"sd": float("nan")},
        {"lower": float("inf")},
        {"shares": (0.5, 0.2, 0.2)},
        {"shares": (1.5, -0.5, 0.0)},
    ],
)
def test_movement_that_makes_no_sense_is_refused(values):
    sound = {"mean": 0.1, "sd": 0.0, "upper": 0.1, "lower": None, "shares": (1.0, 0.0, 0.0)}
    FacialMovement(**sound, is_own=True)
    with pytest.raises(ValueError, match=r"activity|shares"):
        FacialMovement(**{**sound, **values}, is_own=True)
