"""Pixel scaling and class order of a network whose file states neither."""

from __future__ import annotations

import csv
import io
import runpy
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import pytest

from core.conversion.importing.infer_preprocessing import infer_preprocessing
from core.conversion.importing.input_measurement import (
    CandidateResult,
    InputCandidate,
    InputMeasurement,
    LabelledFaces,
    choose_interpolation,
    measure_input,
)
from core.conversion.importing.inspection import InputGuess, guess_input
from core.conversion.importing.label_file import ORDERS
from core.conversion.importing.plan import ImportPlan
from core.domain import FER7, Interpolation, ModelInput, Scaling
from core.domain.errors import PlanError
from core.models import LITERT_FILE
from core.models.runtimes.contract import Signature
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import OPENCV_INTERPOLATION, preprocess
from core.settings import PROJECT_DIR
from tests.conftest import SHARED_MEDIA
from tests.foreign import ALPHABET
from tests.make import make_photo

SHIPPED = PROJECT_DIR / "models" / "compact-2" / LITERT_FILE
PHOTOS = 240


@cache
def shipped():
    return open_engine(SHIPPED)


@dataclass(frozen=True)
class ImportedEngine:
    """The shipped network with another pixel scaling and class order."""

    reads: Scaling = Scaling.UNIT
    labels: tuple[str, ...] = FER7.labels

    @property
    def signature(self) -> Signature:
        return Signature((48, 48, 1), len(self.labels), one_by_one=False)

    def predict(self, batch):
        black, white = preprocess(
            np.array([0.0, 1.0], np.float32).reshape(2, 1, 1, 1), ModelInput(1, scaling=self.reads)
        ).ravel()
        outputs = shipped().predict((batch - black) / (white - black))
        return outputs[:, [FER7.index(label) for label in self.labels]]


@pytest.fixture(scope="module")
def photos() -> LabelledFaces:
    """Photographs, labelled with the network's predictions under the right preprocessing."""
    pixels = np.stack([make_photo(seed) for seed in range(PHOTOS)])
    tops = ImportedEngine().predict(pixels[..., None].astype(np.float32) / 255).argmax(axis=1)
    return LabelledFaces(pixels, tuple(FER7.labels[top] for top in tops), "photographs")


@pytest.fixture(scope="module")
def public_test() -> LabelledFaces:
    """A thousand pictures of FER2013's PublicTest."""
    reader = SHARED_MEDIA.parent / "fer2013" / "load_fer2013.py"
    if not reader.exists():
        pytest.skip("FER2013 is not beside the project (../shared/data/fer2013)")
    found = runpy.run_path(str(reader))["load"](str(reader.with_name("fer2013_png.zip")))
    pixels, outputs, usage = found
    chosen = np.flatnonzero(usage == "PublicTest")[::3][:1000]
    labels = tuple(FER7.labels[number] for number in outputs[chosen])
    return LabelledFaces(pixels[chosen], labels, "PublicTest of fer2013")


def every(labels=FER7.labels):
    return [InputCandidate(scaling, labels) for scaling in Scaling]


def guessed(**given) -> InputGuess:
    return guess_input(ImportedEngine().signature, ImportPlan("m.onnx", FER7.labels, **given))


@pytest.mark.parametrize("reads", Scaling)
def test_the_scaling_that_a_network_was_trained_with_is_found(photos, reads):
    found = measure_input(ImportedEngine(reads), ModelInput(48), every(), photos)
    assert found.best.candidate.scaling is reads
    assert found.best.accuracy == 1.0
    assert found.is_significant


def test_the_class_order_is_found_with_the_scaling(photos):
    candidates = [one for labels in ORDERS.values() for one in every(labels)]
    found = measure_input(
        ImportedEngine(Scaling.BYTES, ALPHABET), ModelInput(48), candidates, photos
    )
    assert found.best.candidate == InputCandidate(Scaling.BYTES, ALPHABET)
    assert found.is_significant


def test_random_labels_determine_nothing(photos):
    rng = np.random.default_rng(3)
    shuffled = LabelledFaces(photos.pixels, tuple(rng.permutation(photos.labels)), "noise")
    found = measure_input(ImportedEngine(), ModelInput(48), every(), shuffled)
    assert not found.is_significant
    assert len(found.not_significantly_worse()) > 1


def test_a_candidate_with_outputs_that_are_not_finite_is_worst(photos):
    class NotFinite(ImportedEngine):
        def predict(self, batch):
            outputs = super().predict(batch)
            return np.full_like(outputs, np.nan) if batch.max() > 2 else outputs

    found = measure_input(NotFinite(), ModelInput(48), every(), photos)
    assert found.best.candidate.scaling is Scaling.UNIT
    assert found.results[-1].accuracy == 0.0


@pytest.mark.parametrize(
    ("reads", "expected"), [(Scaling.UNIT, Scaling.UNIT), (Scaling.BYTES, Scaling.BYTES)]
)
def test_synthetic_faces_distinguish_bytes_from_small_numbers(settings, reads, expected):
    plan = ImportPlan("m.onnx", FER7.labels)
    inferred = infer_preprocessing(
        ImportedEngine(reads), guessed(), plan, settings, check_cancelled=lambda: None
    )
    assert inferred.guess.input.scaling is expected
    note = inferred.guess.scaling_note
    assert note.startswith(
        "Scaling measured as bytes" if expected is Scaling.BYTES else "Scaling gue"
    )


def test_synthetic_faces_do_not_distinguish_scalings_to_small_numbers(settings):
    """A model for [-1, 1] classifies more of them correctly with [0, 1]: the guess is kept."""
    plan = ImportPlan("m.onnx", FER7.labels)
    inferred = infer_preprocessing(
        ImportedEngine(Scaling.SIGNED), guessed(), plan, settings, check_cancelled=lambda: None
    )
    assert inferred.guess == guessed()


def test_a_given_scaling_is_not_measured(settings):
    plan = ImportPlan("m.onnx", FER7.labels, scaling="signed")
    given = guessed(scaling="signed")
    inferred = infer_preprocessing(
        ImportedEngine(Scaling.BYTES), given, plan, settings, check_cancelled=lambda: None
    )
    assert inferred.guess == given


def test_an_unknown_class_order_requires_labelled_pictures(settings):
    plan = ImportPlan("m.onnx", ())
    with pytest.raises(PlanError, match="class order of the model") as refused:
        infer_preprocessing(
            ImportedEngine(), guessed(), plan, settings, check_cancelled=lambda: None
        )
    assert "labelled pictures" in refused.value.advice


def write_csv(path, faces):
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["emotion", "pixels"])
    for pixels, label in zip(faces.pixels, faces.labels, strict=True):
        writer.writerow([FER7.index(label), " ".join(map(str, pixels.ravel()))])
    path.write_text(rows.getvalue())
    return path


def test_a_dataset_determines_scaling_and_class_order_with_a_note(settings, photos, tmp_path):
    path = write_csv(tmp_path / "own.csv", photos)
    plan = ImportPlan("m.onnx", (), data=str(path))
    theirs = ImportedEngine(Scaling.SIGNED, ALPHABET)
    inferred = infer_preprocessing(theirs, guessed(), plan, settings, check_cancelled=lambda: None)
    assert inferred.labels == ALPHABET
    assert inferred.guess.input.scaling is Scaling.SIGNED
    assert inferred.guess.scaling_note.startswith("Scaling measured as signed: 100.0 % of ")
    assert "own" in inferred.order_note


@dataclass(frozen=True)
class Larger(ImportedEngine):
    """The same, trained on pictures enlarged to twice their side with one interpolation."""

    enlarged_by: Interpolation = Interpolation.BILINEAR

    @property
    def signature(self) -> Signature:
        return Signature((96, 96, 1), len(self.labels), one_by_one=False)

    def predict(self, batch):
        """Shrinks with the matching interpolation: others give other pixels."""
        enlarges = cv2.resize(
            np.eye(48), (48, 96), interpolation=OPENCV_INTERPOLATION[self.enlarged_by]
        )
        undone = np.linalg.pinv(enlarges)
        small = undone @ batch[..., 0] @ undone.T
        return super().predict(small[..., None].astype(np.float32))


def larger(enlarged_by: Interpolation) -> Larger:
    return Larger(enlarged_by=enlarged_by)


def inferred_on(engine, settings, photos, tmp_path, **given):
    path = write_csv(tmp_path / "own.csv", photos)
    plan = ImportPlan("m.onnx", FER7.labels, data=str(path), **given)
    guess = guess_input(engine.signature, plan)
    return infer_preprocessing(engine, guess, plan, settings, check_cancelled=lambda: None).guess


def test_without_labelled_pictures_interpolation_is_bilinear_with_a_note(settings):
    plan = ImportPlan("m.onnx", FER7.labels)
    engine = larger(Interpolation.CUBIC)
    guess = infer_preprocessing(
        engine, guess_input(engine.signature, plan), plan, settings, check_cancelled=lambda: None
    )
    assert guess.guess.input.interpolation is Interpolation.BILINEAR
    assert "Interpolation taken as bilinear, the default" in " ".join(guess.guess.sentences)


def test_where_two_interpolations_do_not_differ_significantly_the_usual_is_taken():
    results = [
        CandidateResult(InputCandidate(Scaling.UNIT, FER7.labels, one), 0.7, 0.9, z_behind_best)
        for one, z_behind_best in ((Interpolation.CUBIC, 0.0), (Interpolation.BILINEAR, 2.0))
    ]
    found = InputMeasurement(tuple(results), 100, "pictures")
    assert choose_interpolation(found) is Interpolation.BILINEAR
    clear = replace(found, results=(results[0], replace(results[1], z_behind_best=4.0)))
    assert choose_interpolation(clear) is Interpolation.CUBIC


@pytest.mark.parametrize("enlarged_by", Interpolation)
def test_the_interpolation_that_a_network_was_trained_with_is_found(
    settings, photos, tmp_path, enlarged_by
):
    found = inferred_on(larger(enlarged_by), settings, photos, tmp_path)
    assert found.input.interpolation is enlarged_by
    assert found.interpolation_note.startswith(f"Interpolation measured as {enlarged_by}: ")
    assert found.input.scaling is Scaling.UNIT


def test_pictures_that_are_not_enlarged_determine_no_interpolation(settings, photos, tmp_path):
    found = inferred_on(ImportedEngine(), settings, photos, tmp_path)
    assert found.input.interpolation is Interpolation.BILINEAR
    assert found.interpolation_note.endswith("needed upsampling.")


@pytest.mark.parametrize("scaling", ["", "unit"])
def test_a_given_interpolation_is_not_measured(settings, photos, tmp_path, scaling):
    engine = larger(Interpolation.BILINEAR)
    found = inferred_on(engine, settings, photos, tmp_path, interpolation="cubic", scaling=scaling)
    assert found.input.interpolation is Interpolation.CUBIC
    assert found.interpolation_note == ""


def test_an_unknown_interpolation_is_refused():
    with pytest.raises(PlanError, match="no interpolation 'nearest'"):
        ImportPlan("m.onnx", FER7.labels, interpolation="nearest")


@pytest.mark.data
@pytest.mark.parametrize("reads", [Scaling.UNIT, Scaling.SIGNED, Scaling.BYTES])
def test_on_fer2013_the_right_scaling_is_significantly_better(public_test, reads):
    found = measure_input(ImportedEngine(reads), ModelInput(48), every(), public_test)
    assert found.best.candidate.scaling is reads
    assert found.is_significant
