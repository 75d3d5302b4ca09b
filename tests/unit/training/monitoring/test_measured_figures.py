"""What the list of recipes tells a beginner comes from the measured table."""

from __future__ import annotations

import json
import re

from core.training import RECIPES
from core.training.monitoring.measured_figures import (
    TABLE,
    label_of,
    measured_recipes,
    measured_sentence,
)


def test_the_list_tells_accuracy_minutes_and_size_as_they_were_measured():
    row = json.loads(TABLE.read_text(encoding="utf-8"))["trainings"]["compact-residual"]
    found = measured_recipes()["compact-residual"]
    told = (found.figures.accuracy.value, found.minutes)
    assert told == (row["tested"]["value"], row["minutes"])
    said = label_of(RECIPES["compact-residual"], found)
    reached = f"{row['tested']['value'] * 100:.1f} %"
    assert said.startswith(f"{reached} · {row['minutes']:.0f} min · ")
    sentence = measured_sentence(RECIPES["compact-residual"], found)
    assert reached in sentence
    assert f"{row['weights']:,} weights" in sentence


def test_a_narrow_list_shows_the_figures_of_every_recipe():
    for name, found in measured_recipes().items():
        told = label_of(RECIPES[name], found)
        assert len(told.rpartition(" · ")[0]) <= 28, told  # what 390 px leave, and a little more


def test_a_recipe_that_was_never_trained_to_the_end_is_not_measured():
    found = measured_recipes()
    for name in {"efficientnet", "mini-xception", "engagement-cnn"} - set(found):
        assert label_of(RECIPES[name], None).startswith("Not measured")
    assert "engagement-cnn" not in found


def test_a_missing_or_damaged_table_leaves_the_list_without_figures(tmp_path):
    assert measured_recipes(tmp_path / "none.json") == {}
    (tmp_path / "damaged.json").write_text('{"trainings": {"a": {}}}', encoding="utf-8")
    assert measured_recipes(tmp_path / "damaged.json") == {}


def test_no_title_types_a_number_of_weights():
    for recipe in RECIPES.values():
        assert not re.search(r"\d[\d,.]* (million )?weights", recipe.title), recipe.name
