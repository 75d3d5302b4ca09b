from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.errors import DamagedModel, UnknownModel
from core.library import LITERT_FILE, digest, load_card
from core.perception import ModelRecognizer
from core.settings import PROJECT_DIR
from core.watching import load_judge

SHIPPED = PROJECT_DIR / "models"


@pytest.fixture
def models_dir(tmp_path):
    """A copy of the shipped models that may be damaged."""
    return shutil.copytree(SHIPPED, tmp_path / "models")


def test_the_shipped_model_loads_and_answers():
    judge = load_judge(SHIPPED)
    assert judge.card.weights <= 2_000_000
    faces = np.random.default_rng(1).random((70, 48, 48, 1), dtype=np.float32)
    together = judge.recognizer.recognize(faces)
    assert len(together) == 70
    assert judge.recognizer.recognize(faces[:0]) == []
    for place in (0, 33, 69):
        (alone,) = judge.recognizer.recognize(faces[place : place + 1])
        assert np.allclose(alone.values, together[place].values, atol=0.02)


def test_the_shipped_card_keeps_what_was_promised():
    card = load_card(SHIPPED, load_judge(SHIPPED).card.name)
    private = card.report("PrivateTest")
    assert private.pictures == 3589
    assert private.accuracy.value >= 0.66
    assert card.report("PublicTest").pictures == 3589
    assert card.report("PublicTest + PrivateTest").pictures == 7178


def test_no_model_at_all_is_said(tmp_path):
    with pytest.raises(UnknownModel, match="no model"):
        load_judge(tmp_path)


def test_a_damaged_model_is_refused(models_dir):
    name = load_judge(models_dir).card.name
    path = models_dir / name / LITERT_FILE
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DamagedModel, match="sha256 differs"):
        load_judge(models_dir)


def test_a_file_that_fits_its_sum_but_is_no_model_is_refused(tmp_path):
    path = tmp_path / LITERT_FILE
    path.write_bytes(b"nothing of the kind")
    card = load_card(SHIPPED, load_judge(SHIPPED).card.name)
    card = replace(card, files={LITERT_FILE: digest(path)})
    with pytest.raises(DamagedModel, match="cannot be used"):
        ModelRecognizer(path, card)


def test_a_model_for_another_picture_size_is_refused():
    card = load_card(SHIPPED, load_judge(SHIPPED).card.name)
    other = replace(card, input=replace(card.input, size_px=47))
    with pytest.raises(DamagedModel):
        ModelRecognizer(SHIPPED / card.name / LITERT_FILE, other)
