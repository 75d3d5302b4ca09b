"""What of a recipe is changed for one run, for a card and for people."""

from __future__ import annotations

from core.domain.provenance import changes_text
from core.training import recipe_named
from core.training.recipes.overrides import changes_of

RECIPE = recipe_named("compact-residual")


def test_only_what_differs_is_a_change():
    options = {
        "dropout": RECIPE.dropout,
        "learning_rate": 0.001,
        "teachers": "wide-11",
        "augmentation": {"flip": RECIPE.augmentation.flip, "erasing": 0.0},
    }
    assert changes_of(RECIPE, options) == {
        "learning_rate": 0.001,
        "teachers": ["wide-11"],
        "augmentation": {"erasing": 0.0},
    }
    assert changes_of(RECIPE, {"dropout": RECIPE.dropout}) == changes_of(RECIPE, {}) == {}


def test_changes_are_written_in_one_line():
    told = changes_text(
        {
            "learning_rate": 0.001,
            "teachers": ["a", "b"],
            "sizes_px": [[32, 0.4], [48, 0.6]],
            "augmentation": {"erasing": 0.0},
        }
    )
    assert told == "learning rate 0.001, teachers a and b, sizes px 32 then 48, erasing 0"
    assert changes_text({"teachers": []}) == "teachers none"
    assert changes_text({}) == ""
