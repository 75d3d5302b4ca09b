from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.domain import ModelCard
from core.domain.errors import UnknownModel
from core.models import add_reports, list_cards, load_card, save
from tests.make import make_card, make_report


def make_other(split="Test", *, dataset="others", accuracy=0.9):
    return replace(make_report(split, accuracy=accuracy), dataset=dataset)


@pytest.fixture
def models_dir(tmp_path):
    folder = tmp_path / "models"
    for name, accuracy in (("good", 0.8), ("fair", 0.6)):
        save(folder, replace(make_card(name), reports=(make_report(accuracy=accuracy),)), {})
    return folder


def test_a_report_on_another_dataset_joins_those_of_the_card(models_dir):
    card = add_reports(models_dir, "fair", [make_other()])
    assert load_card(models_dir, "fair") == card
    assert [one.dataset for one in card.reports] == ["", "others"]


def test_a_report_on_another_dataset_does_not_change_the_ranking_of_models(models_dir):
    before = load_card(models_dir, "fair")
    card = add_reports(models_dir, "fair", [make_other("PrivateTest", accuracy=0.99)])
    assert card.test_report == before.test_report
    assert card.report("PrivateTest") == before.report("PrivateTest")
    assert [one.name for one in list_cards(models_dir)] == ["good", "fair"]


def test_a_second_report_on_the_same_split_replaces_the_first(models_dir):
    add_reports(models_dir, "fair", [make_other("A"), make_other("B")])
    card = add_reports(models_dir, "fair", [make_other("A", accuracy=0.5)])
    accuracies = {one.split: one.accuracy.value for one in card.reports if one.dataset}
    assert accuracies == {"A": 0.5, "B": 0.9}


def test_the_written_card_lists_other_datasets_in_a_table_of_their_own(models_dir):
    add_reports(models_dir, "fair", [make_other()])
    text = (models_dir / "fair" / "CARD.md").read_text(encoding="utf-8")
    assert "| others | Test | 700 | 0.9000 [" in text
    assert "other dataset" not in (models_dir / "good" / "CARD.md").read_text(encoding="utf-8")


def test_a_report_without_a_dataset_is_refused(models_dir):
    with pytest.raises(ValueError, match="own dataset"):
        add_reports(models_dir, "fair", [make_report()])


def test_an_unknown_model_gets_no_report(models_dir):
    with pytest.raises(UnknownModel):
        add_reports(models_dir, "nobody", [make_other()])


def test_a_card_from_before_there_were_other_datasets_is_read():
    read = json.loads(json.dumps(make_card().to_json()))
    for report in read["reports"]:
        del report["dataset"]
    assert ModelCard.from_json(read) == make_card()


def test_a_model_evaluated_on_other_datasets_only_has_no_own_report():
    card = replace(make_card(), reports=(make_other(),))
    assert card.test_report is None
    assert card.own_reports == ()
    assert card.report("Test") is None
