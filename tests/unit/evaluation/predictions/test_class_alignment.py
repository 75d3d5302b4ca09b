from __future__ import annotations

import numpy as np
import pytest

from core.datasets.labels.class_mapping import make_map, save_map
from core.domain import CONFIDENT2, FER7, TO_CONFIDENT2, LabelScheme, softmax
from core.domain.errors import LabelSchemeMismatch
from core.domain.merging import EXCLUDED, class_indices, merge_scores
from core.evaluation.predictions.class_alignment import align_classes, as_logits
from tests.make import make_dataset

SEVEN = make_dataset({"Training": range(7), "PublicTest": range(7), "PrivateTest": range(7)})
TWO = make_dataset({"Training": [0, 1], "Validation": [0, 1], "Test": [1, 0]}, scheme=CONFIDENT2)
FEW = LabelScheme("few", ("sad", "happy"))


def test_the_same_classes_meet_as_they_are(tmp_path):
    found = align_classes(SEVEN, {"m": FER7}, tmp_path, "")
    assert found.dataset is SEVEN
    assert found.class_of_output["m"].tolist() == list(range(7))
    assert found.notes == ()


def test_a_mapping_brings_the_pictures_and_the_model_to_its_classes(tmp_path):
    found = align_classes(SEVEN, {"m": FER7}, tmp_path, TO_CONFIDENT2.name)
    assert found.scheme == CONFIDENT2
    assert len(found.dataset["PrivateTest"]) == 5
    # angry, disgust, fear, happy, sad, surprise, neutral
    assert found.class_of_output["m"].tolist() == [1, EXCLUDED, 1, 0, 1, EXCLUDED, 0]
    assert "disgust, surprise" in found.notes[0]


def test_a_model_of_two_classes_is_evaluated_on_pictures_of_seven_with_the_mapping(tmp_path):
    found = align_classes(SEVEN, {"m": CONFIDENT2}, tmp_path, TO_CONFIDENT2.name)
    assert found.class_of_output["m"].tolist() == [0, 1]
    assert found.dataset.scheme == CONFIDENT2


def test_a_model_of_seven_classes_is_evaluated_on_pictures_of_two_with_the_mapping(tmp_path):
    found = align_classes(TWO, {"m": FER7}, tmp_path, TO_CONFIDENT2.name)
    assert found.dataset is TWO
    assert found.scheme == CONFIDENT2


def test_fewer_classes_meet_by_their_names_and_a_note_says_which_are_absent(tmp_path):
    dataset = make_dataset({"Test": [0, 1, 1]}, scheme=FEW)
    found = align_classes(dataset, {"m": FER7}, tmp_path, "")
    assert found.scheme == FER7
    assert found.dataset["Test"].labels.tolist() == [4, 3, 3]
    assert "no picture of angry, disgust, fear, surprise, neutral" in found.notes[-1]


def test_the_same_classes_in_another_order_meet_by_their_names(tmp_path):
    turned = LabelScheme("turned", ("stressed", "confident"))
    found = align_classes(TWO, {"m": turned}, tmp_path, "")
    assert found.scheme == turned
    assert found.dataset["Test"].labels.tolist() == [0, 1]
    assert found.class_of_output["m"].tolist() == [0, 1]


def test_a_mismatch_is_one_sentence_and_names_the_mapping_that_would_do(tmp_path):
    with pytest.raises(LabelSchemeMismatch) as refused:
        align_classes(TWO, {"m": FER7}, tmp_path, "")
    assert refused.value.message == (
        "m predicts angry, disgust, fear, happy, sad, surprise, neutral; faces has confident, "
        "stressed."
    )
    assert refused.value.advice == "Evaluate with a mapping: confident or stressed."


def test_where_no_mapping_would_do_one_has_to_be_made(tmp_path):
    odd = make_dataset({"Test": [0, 1]}, scheme=LabelScheme("odd", ("bored", "contempt")))
    with pytest.raises(LabelSchemeMismatch) as refused:
        align_classes(odd, {"m": FER7}, tmp_path, "")
    assert refused.value.advice == (
        "Make a mapping of faces to classes that m can predict, on the page Explore data."
    )


def test_a_class_that_no_model_names_can_be_left_out_by_an_option_that_is_named(tmp_path):
    scheme = LabelScheme("own-faces", ("contempt", "happy", "sad"))
    more = make_dataset({"Test": [0, 1, 2]}, scheme=scheme)
    with pytest.raises(LabelSchemeMismatch) as refused:
        align_classes(more, {"m": FER7}, tmp_path, "")
    assert "core evaluate ... --map contempt=." in refused.value.advice


def test_a_mapping_of_ones_own_may_leave_labels_out(tmp_path):
    odd = make_dataset({"Test": [0, 1, 2]}, scheme=LabelScheme("odd", ("glad", "grey", "contempt")))
    pairs = {"glad": "happy", "grey": "neutral", "contempt": ""}
    save_map(tmp_path, make_map("Odd ones", pairs))
    found = align_classes(odd, {"m": FER7}, tmp_path, "Odd ones")
    assert found.scheme == FER7
    assert found.dataset["Test"].labels.tolist() == [3, 6]


def test_a_mapping_that_does_not_help_is_named(tmp_path):
    odd = make_dataset({"Test": [0, 1]}, scheme=LabelScheme("odd", ("bored", "contempt")))
    with pytest.raises(LabelSchemeMismatch, match="'confident or stressed' does not bring them"):
        align_classes(odd, {"m": FER7}, tmp_path, TO_CONFIDENT2.name)


def test_an_unknown_mapping_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(LabelSchemeMismatch, match="no mapping 'nothing'") as refused:
        align_classes(SEVEN, {"m": FER7}, tmp_path, "nothing")
    assert "confident or stressed" in refused.value.advice


def test_models_of_different_classes_cannot_answer_as_one(tmp_path):
    with pytest.raises(
        LabelSchemeMismatch, match=r"m predicts angry.*; n predicts confident, stressed"
    ):
        align_classes(SEVEN, {"m": FER7, "n": CONFIDENT2}, tmp_path, "")


def test_under_a_mapping_they_can(tmp_path):
    found = align_classes(SEVEN, {"m": FER7, "n": CONFIDENT2}, tmp_path, TO_CONFIDENT2.name)
    assert set(found.class_of_output) == {"m", "n"}


def test_scores_of_classes_that_become_one_are_summed_and_the_rest_shared():
    places = class_indices(FER7.labels, TO_CONFIDENT2)
    scores = np.array([[0.1, 0.2, 0.1, 0.3, 0.1, 0.1, 0.1]])
    found = merge_scores(scores, places, 2)
    assert found[0].tolist() == pytest.approx([0.4 / 0.7, 0.3 / 0.7])


def test_a_model_that_gives_all_to_what_is_left_out_knows_nothing():
    places = class_indices(FER7.labels, TO_CONFIDENT2)
    assert merge_scores(np.eye(7)[[1]], places, 2)[0].tolist() == pytest.approx([0.5, 0.5])


def test_a_map_that_does_not_know_a_label_says_nothing_of_it():
    assert class_indices(("bored", "happy"), TO_CONFIDENT2) is None


def test_logits_of_scores_give_the_scores_back():
    scores = np.array([[0.7, 0.2, 0.1], [1.0, 0.0, 0.0]])
    assert np.allclose(softmax(as_logits(scores)), scores, atol=1e-8)
