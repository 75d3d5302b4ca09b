"""Scaling and labels' order of a network that says neither: measured, or said to be unknown."""

from __future__ import annotations

import csv
import io
import runpy
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import pytest

from core.conversion.importing.inspection import Guess, guess_input
from core.conversion.importing.label_file import ORDERS
from core.conversion.importing.measure import (
    Candidate,
    InputMeasurement,
    LabelledFaces,
    Trial,
    measure_input,
    settled_interpolation,
)
from core.conversion.importing.plan import ImportPlan
from core.conversion.importing.settle import settle
from core.domain import FER7, Interpolation, ModelInput, Scaling
from core.domain.errors import PlanError
from core.models import LITERT_FILE
from core.models.runtimes.contract import Signature
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import ENLARGED_BY, preprocess
from core.storage.settings import PROJECT_DIR
from tests.conftest import SHARED_MEDIA
from tests.foreign import ALPHABET
from tests.make import make_photo

SHIPPED = PROJECT_DIR / "models" / "compact-2" / LITERT_FILE
PHOTOS = 240


@cache
def shipped():
    return open_engine(SHIPPED)


@dataclass(frozen=True)
class Theirs:
    """The shipped network as somebody else might have trained it: other numbers, another order."""

    reads: Scaling = Scaling.UNIT
    labels: tuple[str, ...] = FER7.labels

    @property
    def signature(self) -> Signature:
        return Signature((48, 48, 1), len(self.labels), one_by_one=False)

    def answer(self, batch):
        black, white = preprocess(
            np.array([0.0, 1.0], np.float32).reshape(2, 1, 1, 1), ModelInput(1, scaling=self.reads)
        ).ravel()
        numbers = shipped().answer((batch - black) / (white - black))
        return numbers[:, [FER7.index(label) for label in self.labels]]


@pytest.fixture(scope="module")
def photos() -> LabelledFaces:
    """Photographs with the labels that the network gives them when it is read rightly."""
    pixels = np.stack([make_photo(seed) for seed in range(PHOTOS)])
    tops = Theirs().answer(pixels[..., None].astype(np.float32) / 255).argmax(axis=1)
    return LabelledFaces(pixels, tuple(FER7.labels[top] for top in tops), "photographs")


@pytest.fixture(scope="module")
def public_test() -> LabelledFaces:
    """A thousand pictures of FER2013's PublicTest."""
    reader = SHARED_MEDIA.parent / "fer2013" / "load_fer2013.py"
    if not reader.exists():
        pytest.skip("FER2013 is not beside the project (../shared/data/fer2013)")
    found = runpy.run_path(str(reader))["load"](str(reader.with_name("fer2013_png.zip")))
    pixels, numbers, usage = found
    chosen = np.flatnonzero(usage == "PublicTest")[::3][:1000]
    labels = tuple(FER7.labels[number] for number in numbers[chosen])
    return LabelledFaces(pixels[chosen], labels, "PublicTest of fer2013")


def every(labels=FER7.labels):
    return [Candidate(scaling, labels) for scaling in Scaling]


def guessed(**asked) -> Guess:
    return guess_input(Theirs().signature, ImportPlan("m.onnx", FER7.labels, **asked))


@pytest.mark.parametrize("reads", Scaling)
def test_the_scaling_that_a_network_was_trained_with_is_found(photos, reads):
    found = measure_input(Theirs(reads), ModelInput(48), every(), photos)
    assert found.best.candidate.scaling is reads
    assert found.best.accuracy == 1.0
    assert found.is_clear


def test_the_order_of_labels_is_found_with_the_scaling(photos):
    candidates = [one for labels in ORDERS.values() for one in every(labels)]
    found = measure_input(Theirs(Scaling.BYTES, ALPHABET), ModelInput(48), candidates, photos)
    assert found.best.candidate == Candidate(Scaling.BYTES, ALPHABET)
    assert found.is_clear


def test_labels_that_mean_nothing_settle_nothing(photos):
    rng = np.random.default_rng(3)
    shuffled = LabelledFaces(photos.pixels, tuple(rng.permutation(photos.labels)), "noise")
    found = measure_input(Theirs(), ModelInput(48), every(), shuffled)
    assert not found.is_clear
    assert len(found.undecided()) > 1


def test_numbers_that_are_none_lose(photos):
    class Bursts(Theirs):
        def answer(self, batch):
            numbers = super().answer(batch)
            return np.full_like(numbers, np.nan) if batch.max() > 2 else numbers

    found = measure_input(Bursts(), ModelInput(48), every(), photos)
    assert found.best.candidate.scaling is Scaling.UNIT
    assert found.trials[-1].accuracy == 0.0


@pytest.mark.parametrize(
    ("reads", "taken"), [(Scaling.UNIT, Scaling.UNIT), (Scaling.BYTES, Scaling.BYTES)]
)
def test_drawn_faces_tell_bytes_from_small_numbers(settings, reads, taken):
    plan = ImportPlan("m.onnx", FER7.labels)
    settled = settle(Theirs(reads), guessed(), plan, settings, go_on=lambda: None)
    assert settled.guess.input.scaling is taken
    told = settled.guess.scaling_told
    assert told.startswith("Scaling measured as bytes" if taken is Scaling.BYTES else "Scaling gue")


def test_drawn_faces_do_not_tell_small_numbers_apart(settings):
    """Of [-1, 1] they would name more with [0, 1]: the guess stays, and is called one."""
    plan = ImportPlan("m.onnx", FER7.labels)
    settled = settle(Theirs(Scaling.SIGNED), guessed(), plan, settings, go_on=lambda: None)
    assert settled.guess == guessed()


def test_what_was_asked_for_is_not_measured(settings):
    plan = ImportPlan("m.onnx", FER7.labels, scaling="signed")
    asked = guessed(scaling="signed")
    settled = settle(Theirs(Scaling.BYTES), asked, plan, settings, go_on=lambda: None)
    assert settled.guess == asked


def test_an_order_that_is_not_known_wants_labelled_pictures(settings):
    plan = ImportPlan("m.onnx", ())
    with pytest.raises(PlanError, match="class order of the model") as refused:
        settle(Theirs(), guessed(), plan, settings, go_on=lambda: None)
    assert "labelled pictures" in refused.value.advice


def write_csv(path, faces):
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["emotion", "pixels"])
    for pixels, label in zip(faces.pixels, faces.labels, strict=True):
        writer.writerow([FER7.index(label), " ".join(map(str, pixels.ravel()))])
    path.write_text(rows.getvalue())
    return path


def test_a_dataset_settles_both_and_the_card_can_say_so(settings, photos, tmp_path):
    path = write_csv(tmp_path / "own.csv", photos)
    plan = ImportPlan("m.onnx", (), data=str(path))
    theirs = Theirs(Scaling.SIGNED, ALPHABET)
    settled = settle(theirs, guessed(), plan, settings, go_on=lambda: None)
    assert settled.labels == ALPHABET
    assert settled.guess.input.scaling is Scaling.SIGNED
    assert settled.guess.scaling_told.startswith("Scaling measured as signed: 100.0 % of ")
    assert "own" in settled.order_told


@dataclass(frozen=True)
class Larger(Theirs):
    """The same, trained on pictures that were enlarged to twice their side in one manner."""

    enlarged_by: Interpolation = Interpolation.BILINEAR

    @property
    def signature(self) -> Signature:
        return Signature((96, 96, 1), len(self.labels), one_by_one=False)

    def answer(self, batch):
        """What it learned undoes that manner: pictures enlarged in another look unfamiliar."""
        enlarges = cv2.resize(np.eye(48), (48, 96), interpolation=ENLARGED_BY[self.enlarged_by])
        undone = np.linalg.pinv(enlarges)
        small = undone @ batch[..., 0] @ undone.T
        return super().answer(small[..., None].astype(np.float32))


def larger(enlarged_by: Interpolation) -> Larger:
    return Larger(enlarged_by=enlarged_by)


def settled_on(engine, settings, photos, tmp_path, **asked):
    path = write_csv(tmp_path / "own.csv", photos)
    plan = ImportPlan("m.onnx", FER7.labels, data=str(path), **asked)
    guess = guess_input(engine.signature, plan)
    return settle(engine, guess, plan, settings, go_on=lambda: None).guess


def test_without_labelled_pictures_small_faces_are_enlarged_bilinearly_and_that_is_said(settings):
    plan = ImportPlan("m.onnx", FER7.labels)
    engine = larger(Interpolation.CUBIC)
    guess = settle(engine, guess_input(engine.signature, plan), plan, settings, go_on=lambda: None)
    assert guess.guess.input.interpolation is Interpolation.BILINEAR
    assert "Interpolation taken as bilinear, the default" in " ".join(guess.guess.sentences)


def test_where_two_interpolations_cannot_be_told_apart_the_usual_is_taken():
    trials = [
        Trial(Candidate(Scaling.UNIT, FER7.labels, one), 0.7, 0.9, behind)
        for one, behind in ((Interpolation.CUBIC, 0.0), (Interpolation.BILINEAR, 2.0))
    ]
    found = InputMeasurement(tuple(trials), 100, "pictures")
    assert settled_interpolation(found) is Interpolation.BILINEAR
    clear = replace(found, trials=(trials[0], replace(trials[1], behind=4.0)))
    assert settled_interpolation(clear) is Interpolation.CUBIC


@pytest.mark.parametrize("enlarged_by", Interpolation)
def test_the_interpolation_that_a_network_was_trained_with_is_found(
    settings, photos, tmp_path, enlarged_by
):
    found = settled_on(larger(enlarged_by), settings, photos, tmp_path)
    assert found.input.interpolation is enlarged_by
    assert found.interpolation_told.startswith(f"Interpolation measured as {enlarged_by}: ")
    assert found.input.scaling is Scaling.UNIT


def test_pictures_that_are_not_enlarged_tell_no_interpolation(settings, photos, tmp_path):
    found = settled_on(Theirs(), settings, photos, tmp_path)
    assert found.input.interpolation is Interpolation.BILINEAR
    assert found.interpolation_told.endswith("needed upsampling.")


@pytest.mark.parametrize("scaling", ["", "unit"])
def test_an_interpolation_that_was_asked_for_is_not_measured(settings, photos, tmp_path, scaling):
    engine = larger(Interpolation.BILINEAR)
    found = settled_on(engine, settings, photos, tmp_path, interpolation="cubic", scaling=scaling)
    assert found.input.interpolation is Interpolation.CUBIC
    assert found.interpolation_told == ""


def test_an_interpolation_nobody_knows_is_refused():
    with pytest.raises(PlanError, match="no interpolation 'nearest'"):
        ImportPlan("m.onnx", FER7.labels, interpolation="nearest")


@pytest.mark.data
@pytest.mark.parametrize("reads", [Scaling.UNIT, Scaling.SIGNED, Scaling.BYTES])
def test_on_fer2013_the_right_scaling_is_ahead_by_more_than_chance(public_test, reads):
    found = measure_input(Theirs(reads), ModelInput(48), every(), public_test)
    assert found.best.candidate.scaling is reads
    assert found.is_clear
