"""What faces are compared with that are not calibrated."""

from __future__ import annotations

from core.measures import population
from core.measures.calibration import LIVE_BLENDSHAPES
from core.measures.population import resting_of
from core.measures.signals.expressiveness_norm import norm
from core.measures.signals.smile import SMILING_AT
from tests.faces_in_time import OWN


def test_still_faces_have_every_live_shape_and_name_their_source():
    still = population()
    assert [shape.name for shape in still.rest] == list(LIVE_BLENDSHAPES)
    assert still.made_from == norm().made_from
    assert f"{still.faces:,} still faces" in still.made_from
    assert "not a population" in still.made_from


def test_a_still_face_at_rest_is_far_from_smiling():
    rest = resting_of(None)
    for side in ("Left", "Right"):
        smile = rest[f"mouthSmile{side}"]
        assert smile.median + 3 * smile.spread < SMILING_AT


def test_a_persons_own_face_comes_first():
    assert resting_of(OWN) == {shape.name: shape for shape in OWN.rest}
