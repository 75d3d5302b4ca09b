from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, TrainingData
from core.models import LITERT_FILE, Predictor, list_cards
from core.models.out_of_fold import OUT_OF_FOLD_FILE, out_of_fold_table, write_out_of_fold
from core.models.registry import digest, write_card
from core.vision.recognition import dataset_scores
from core.vision.recognition.dataset_scores import label_noise_model, predict_dataset
from tests.fakes import FakeEngine
from tests.make import make_card, make_dataset

LABELS = {"Training": [3] * 200, "Validation": [0] * 80, "Test": [1] * 20}


@pytest.fixture(scope="module")
def dataset():
    return make_dataset(LABELS, size_px=12)


@pytest.fixture
def judge():
    return Predictor(FakeEngine("sad"), make_card())


def _silent(*_):
    pass


def test_every_picture_is_scored_at_the_model_s_size(dataset, judge, settings):
    told = []
    found = predict_dataset(dataset, judge, settings, lambda *one: told.append(one))
    assert found.scores.shape == (300, 7)
    assert np.allclose(found.scores.sum(axis=1), 1)
    assert (found.scores.argmax(axis=1) == 4).all()
    assert judge.engine.batches == [32] * 9 + [12]
    assert told == [*((done, 300) for done in range(32, 300, 32)), (300, 300)]


def test_the_note_names_a_model_trained_on_another_dataset(dataset, judge, settings):
    note = predict_dataset(dataset, judge, settings, _silent).note
    assert note == "Labels checked with small, which was not trained on this dataset."


def test_the_note_warns_of_a_model_trained_on_these_pictures(dataset, settings):
    card = replace(make_card(), data=TrainingData.of(dataset))
    note = predict_dataset(dataset, Predictor(FakeEngine(), card), settings, _silent).note
    assert "was trained on these pictures" in note


def test_the_training_data_of_an_unreadable_old_card_is_noted_as_unknown(dataset, settings):
    card = replace(make_card(), data=None, data_as_told="some faces")
    note = predict_dataset(dataset, Predictor(FakeEngine(), card), settings, _silent).note
    assert "is not known" in note
    assert "elsewhere" not in note


def test_out_of_fold_scores_replace_the_model_s_own(dataset, settings):
    folder = settings.models_dir / "small"
    folder.mkdir(parents=True)
    learned = dataset["Training"].pixels
    table = out_of_fold_table(learned, np.eye(7, dtype=np.float32)[np.full(200, 2)])
    write_out_of_fold(folder / OUT_OF_FOLD_FILE, table)
    card = make_card(files={OUT_OF_FOLD_FILE: digest(folder / OUT_OF_FOLD_FILE)})
    write_card(folder, card)
    found = predict_dataset(dataset, Predictor(FakeEngine("sad"), card), settings, _silent)
    assert (found.scores.argmax(axis=1) == np.repeat([2, 4], [200, 100])).all()
    assert found.note.startswith("200 of 300 pictures have out-of-fold predictions")


def test_the_progress_callback_may_stop_it(dataset, judge, settings):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict_dataset(dataset, judge, settings, stop)


def test_pictures_reach_the_model_as_fractions(settings):
    seen = []

    class Looks(FakeEngine):
        def predict(self, batch):
            seen.append(batch)
            return super().predict(batch)

    pixels = np.stack([np.zeros((96, 96), np.uint8), np.full((96, 96), 255, np.uint8)])
    dataset = make_dataset({"Training": [0, 1]}, pixels=pixels)
    predict_dataset(dataset, Predictor(Looks(), make_card()), settings, _silent)
    assert (seen[0][0].max(), seen[0][1].min()) == (0.0, 1.0)
    assert seen[0].shape == (2, 48, 48, 1)


def test_the_training_data_of_an_imported_model_is_noted_as_unknown(dataset, settings):
    card = replace(make_card(), origin="theirs.onnx, sha256 5e", data=None)
    note = predict_dataset(dataset, Predictor(FakeEngine(), card), settings, _silent).note
    assert "is not known" in note


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(dataset_scores, "predictor_named", lambda _, name="": name)


def _shelve(settings, name, *, table=None, **changes):
    folder = settings.models_dir / name
    folder.mkdir(parents=True)
    (folder / LITERT_FILE).write_bytes(b"a model")
    files = {LITERT_FILE: digest(folder / LITERT_FILE)}
    if table is not None:
        write_out_of_fold(folder / OUT_OF_FOLD_FILE, table)
        files[OUT_OF_FOLD_FILE] = digest(folder / OUT_OF_FOLD_FILE)
    write_card(folder, replace(make_card(name, files=files), **changes))


def _table(pixels):
    return out_of_fold_table(pixels, np.eye(7, dtype=np.float32)[np.full(len(pixels), 2)])


def test_the_label_noise_model_is_the_one_with_out_of_fold_scores(dataset, settings, asked):
    assert label_noise_model(dataset, settings) == ""
    _shelve(settings, "a-two-class-one", scheme=CONFIDENT2, reports=())
    assert label_noise_model(dataset, settings) == ""  # the usual one, and the audit says why not
    _shelve(settings, "best")
    assert label_noise_model(dataset, settings) == "best"
    _shelve(settings, "elsewhere", table=_table(dataset["Training"].pixels[:9] // 2 + 1))
    assert label_noise_model(dataset, settings) == "best"
    _shelve(settings, "with-folds", table=_table(dataset["Training"].pixels[:9]))
    assert list_cards(settings.models_dir)[0].name != "with-folds"
    assert label_noise_model(dataset, settings) == "with-folds"
    assert label_noise_model(dataset, settings, "best") == "best"
