"""Pictures whose labels are other words than a model's are judged as somebody says."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.datasets.catalogue.catalogue import add
from core.datasets.readers.source import DatasetSource
from core.domain import CONFIDENT2, FER7, TO_CONFIDENT2, LabelScheme
from core.domain.dataset import picture_digests
from core.domain.errors import DatasetError, LabelSchemeMismatch, PlanError, UnmappedLabels
from core.evaluation.evaluator.label_mapping import mapping_sentence, open_mapped
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.predictions.picture_lookup import find_pictures
from tests.explanations import answers_about, put_evaluated, put_faces
from tests.make import make_photo

SEVEN = {"seven": FER7}
DOOR = {"door": LabelScheme("own-door", ("open", "closed"))}
OF_EACH = 3


def write(root, *labels):
    for place, label in enumerate(labels):
        (root / label).mkdir(parents=True)
        for number in range(OF_EACH):
            picture = make_photo(10 * place + number)
            cv2.imwrite(str(root / label / f"{number}.png"), picture)
    return root


def plan(data, *pairs, **asked):
    return EvaluationPlan(("seven",), data=str(data), label_map=pairs, **asked)


def counts(dataset):
    found = np.bincount(dataset.pictures.labels, minlength=len(dataset.scheme))
    return {label: int(n) for label, n in zip(dataset.scheme.labels, found, strict=True) if n}


def in_catalogue(settings, root, **how):
    source = DatasetSource(str(root), **how)
    add(settings.datasets_dir, "mine", source, settings.datasets_cache_dir)
    return EvaluationPlan(("seven",), dataset="mine")


def test_files_are_read_with_the_mapping_and_known_labels_without_it(settings, tmp_path):
    root = write(tmp_path / "mine", "smile", "frown", "happiness", "contempt")
    asked = plan(root, ("smile", "happy"), ("frown", "sad"), ("contempt", ""))
    dataset = open_mapped(asked, SEVEN, settings)
    assert dataset.scheme == FER7
    assert counts(dataset) == {"happy": 2 * OF_EACH, "sad": OF_EACH}


@pytest.mark.parametrize("reading", [1, 2])
def test_a_label_is_known_whatever_characters_spell_it(settings, tmp_path, reading):
    one, two = "gl\u00fccklich", "glu\u0308cklich"
    root = write(tmp_path / "mine", two, "sad")
    dataset = open_mapped(plan(root, (one, "happy")), SEVEN, settings)
    assert counts(dataset) == {"happy": OF_EACH, "sad": OF_EACH}
    asked = in_catalogue(settings, root, scheme="own", reading=reading)
    dataset = open_mapped(replace(asked, label_map=((one, "happy"),)), SEVEN, settings)
    assert counts(dataset) == {"happy": OF_EACH, "sad": OF_EACH}


def test_numbers_as_labels_are_evaluated_as_mapped(settings, tmp_path):
    root = write(tmp_path / "mine", "1", "2")
    with pytest.raises(UnmappedLabels) as refused:
        open_mapped(plan(root), SEVEN, settings)
    assert "--map 1=CLASS" in refused.value.advice
    assert "evaluate" in refused.value.advice
    dataset = open_mapped(plan(root, ("1", "surprise"), ("2", "fear")), SEVEN, settings)
    assert counts(dataset) == {"surprise": OF_EACH, "fear": OF_EACH}


def test_labels_of_a_model_s_own_are_taken_as_they_are_written(settings, tmp_path):
    root = write(tmp_path / "mine", "open", "zu")
    dataset = open_mapped(plan(root, ("zu", "closed")), DOOR, settings)
    assert counts(dataset) == {"open": OF_EACH, "closed": OF_EACH}


def test_classes_of_a_dataset_in_the_catalogue_are_evaluated_as_mapped(settings, tmp_path):
    root = write(tmp_path / "mine", "smile", "sad", "contempt")
    asked = in_catalogue(settings, root, scheme="own")
    said = replace(asked, label_map=(("smile", "happy"), ("contempt", "")))
    dataset = open_mapped(said, SEVEN, settings)
    assert dataset.scheme == FER7
    assert counts(dataset) == {"happy": OF_EACH, "sad": OF_EACH}


def test_an_unmapped_class_that_no_model_predicts_is_an_error_with_advice(settings, tmp_path):
    root = write(tmp_path / "mine", "smile", "sad", "contempt")
    asked = replace(in_catalogue(settings, root, scheme="own"), label_map=(("smile", "happy"),))
    with pytest.raises(LabelSchemeMismatch, match="'contempt' of mine is no class") as refused:
        open_mapped(asked, SEVEN, settings)
    assert refused.value.advice.endswith("--map contempt=")


@pytest.mark.parametrize("catalogued", [True, False])
def test_an_unknown_label_is_an_error_that_lists_the_labels(settings, tmp_path, catalogued):
    root = write(tmp_path / "mine", "happy", "sad")
    asked = in_catalogue(settings, root) if catalogued else plan(root)
    with pytest.raises(DatasetError, match="mine has no label 'smile'") as refused:
        open_mapped(replace(asked, label_map=(("smile", "happy"),)), SEVEN, settings)
    assert "happy" in refused.value.advice


def test_a_class_that_no_model_predicts_is_an_error_that_lists_the_classes(settings, tmp_path):
    root = write(tmp_path / "mine", "happy", "sad")
    with pytest.raises(LabelSchemeMismatch, match="'hapy' is no class of seven") as refused:
        open_mapped(plan(root, ("happy", "hapy")), SEVEN, settings)
    assert "angry, disgust" in refused.value.advice


def test_labels_may_lead_to_a_mapping_s_classes(settings, tmp_path):
    root = write(tmp_path / "mine", "smile", "frown")
    asked = plan(root, ("smile", "happy"), ("frown", "sad"), classes=TO_CONFIDENT2.name)
    assert counts(open_mapped(asked, {"two": CONFIDENT2}, settings)) == {
        "happy": OF_EACH,
        "sad": OF_EACH,
    }


def test_a_plan_keeps_the_mapping_and_refuses_an_invalid_one(tmp_path):
    asked = plan(write(tmp_path / "mine", "a"), ("smile", "happy"), ("contempt", ""))
    assert EvaluationPlan.from_json(asked.to_json()) == asked
    before = {name: value for name, value in asked.to_json().items() if name != "label_map"}
    assert EvaluationPlan.from_json(before).label_map == ()
    for wrong in ("smile=happy", [["smile"]], [["smile", 3]], 7):
        with pytest.raises(PlanError, match="no plan of an evaluation: label_map"):
            EvaluationPlan.from_json({**asked.to_json(), "label_map": wrong})
    with pytest.raises(PlanError, match="'smile' is mapped twice"):
        replace(asked, label_map=(("smile", "happy"), ("smile", "sad")))


def test_the_mapping_is_a_note_of_the_evaluation():
    assert mapping_sentence(()) == ""
    told = mapping_sentence((("smile", "happy"), ("contempt", "")))
    assert told == "Label mapping: smile is mapped to happy, contempt is left out."


def test_pictures_that_were_evaluated_with_a_mapping_are_found_again(settings, tmp_path):
    root = write(tmp_path / "mine", "1", "2")
    asked = plan(root, ("1", "happy"), ("2", "sad"))
    pixels = open_mapped(asked, SEVEN, settings).pictures.pixels
    faces = put_faces(settings, tmp_path)
    plain = put_evaluated(settings, answers_about(faces, "PrivateTest"))
    evaluation = replace(plain, source=asked.to_json(), dataset="mine")
    assert find_pictures(evaluation, picture_digests(pixels), settings).here.all()


def test_pictures_with_labels_of_their_own_are_found_again(settings, tmp_path):
    root = write(tmp_path / "mine", "open", "closed")
    pixels = open_mapped(plan(root), DOOR, settings).pictures.pixels
    faces = put_faces(settings, tmp_path)
    plain = put_evaluated(settings, answers_about(faces, "PrivateTest"))
    evaluation = replace(plain, source=plan(root).to_json(), dataset="mine")
    assert find_pictures(evaluation, picture_digests(pixels), settings).here.all()
