from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain import (
    CONFIDENT2,
    ColourOrder,
    Interpolation,
    ModelInput,
    OutputKind,
    RejectReason,
    Scaling,
)
from core.domain.palette import label_styles
from core.measures import MeasuresOnly, MovementView, view_named
from core.models import BROWSER_FORMAT, format_file, load_card, read_formats
from core.settings import PROJECT_DIR
from core.vision import browser_reading, is_read_in_browsers

NOT_SURE = "not sure"


@pytest.fixture
def card():
    return load_card(PROJECT_DIR / "models", "compact-2")


def test_the_shipped_model_is_read_in_browsers_and_models_prepared_otherwise_are_not(card):
    assert is_read_in_browsers(card)
    assert is_read_in_browsers(replace(card, input=ModelInput(96)))
    assert is_read_in_browsers(
        replace(card, input=replace(card.input, interpolation=Interpolation.BILINEAR))
    )
    for other in (
        replace(card.input, channels=3),
        replace(card.input, crop="box"),
        replace(card.input, scaling=Scaling.SIGNED),
        replace(card.input, channels=3, colour_order=ColourOrder.BGR),
    ):
        assert not is_read_in_browsers(replace(card, input=other))
    assert not is_read_in_browsers(replace(card, answers=OutputKind.PROBABILITIES))


def test_the_shipped_model_comes_with_its_tested_file_for_browsers(card):
    models_dir = PROJECT_DIR / "models"
    (row,) = [one for one in read_formats(models_dir, card) if one.name == BROWSER_FORMAT]
    assert format_file(models_dir, card, row).stat().st_size == row.size_bytes
    assert row.source_sha256 == card.files["model.keras"]


def test_a_models_own_classes_are_shown_in_their_order_with_its_limits(card):
    reading = browser_reading(card, view_named(card.scheme, ""), not_sure=NOT_SURE)
    assert reading.labels[0] == "Angry"
    assert reading.outputs == reading.merged_into == tuple(range(7))
    assert (reading.temperature, reading.not_sure_below) == (card.temperature, card.not_sure_below)
    assert reading.not_sure == "Not sure"
    assert reading.reasons.keys() == {reason.value for reason in RejectReason}


def test_outputs_in_another_order_and_merged_classes_are_said(card):
    shuffled = replace(card, outputs=(6, 5, 4, 3, 2, 1, 0))
    merged = view_named(card.scheme, CONFIDENT2.name)
    reading = browser_reading(shuffled, merged, not_sure=NOT_SURE)
    assert reading.outputs == (6, 5, 4, 3, 2, 1, 0)
    assert reading.labels == ("Confident", "Stressed")
    assert set(reading.merged_into) <= {-1, 0, 1}
    assert len(reading.merged_into) == 7


def test_levels_of_movement_do_not_follow_from_one_frame_and_have_labels(card):
    reading = browser_reading(card, MovementView(), not_sure=NOT_SURE)
    assert reading.merged_into is None
    assert reading.labels == ("Reserved", "Balanced", "Expressive")


def test_where_measures_alone_are_shown_there_is_no_label(card):
    reading = browser_reading(card, MeasuresOnly(card.scheme), not_sure=NOT_SURE)
    assert reading.labels == reading.colours == ()


def test_labels_have_their_colours_of_every_chart(card):
    reading = browser_reading(card, view_named(card.scheme, ""), not_sure=NOT_SURE)
    styles = label_styles(card.scheme.labels)
    assert reading.colours == tuple(styles[label].colour for label in card.scheme.labels)
