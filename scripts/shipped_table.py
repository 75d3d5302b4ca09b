"""The evaluations of the shipped models, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain import Interval
from core.domain.counted import interval_ends
from core.domain.wording import exactly
from core.evaluation.comparison import models_of
from core.evaluation.predictions import Evaluation, list_evaluations, load_predictions
from core.evaluation.scorecard import summary_of
from core.models import list_cards

_HEAD = """## The shipped models

On PrivateTest, with 95 % CI; ECE is the expected calibration error of the scores that are shown.
These evaluations lie in `models/` and open on the page Evaluate a model.

| model | classes | test-time augmentation | accuracy | macro-F1 | ECE | AUC |
|---|---|---|---|---|---|---|
"""
_SEEN = {"one": "none", "flip": "mirror image", "ten-crop": "ten crops"}


def shipped_table(models_dir: Path) -> str:
    """In Markdown: one line an evaluation of PrivateTest, most classes and most accurate first.

    Raises:
        MienError: a model or an evaluation is damaged.
    """
    found = [
        (one, summary_of(one, load_predictions(models_dir, one))["protocols"]["PrivateTest"])
        for card in list_cards(models_dir)
        for one in list_evaluations(models_dir, card.name)
    ]
    found.sort(key=lambda pair: (-len(pair[0].scheme), -pair[1]["accuracy"]["value"]))
    return _HEAD + "".join(_line(one, figures) for one, figures in found)


def _line(evaluation: Evaluation, figures: Mapping[str, Any]) -> str:
    accuracy, macro_f1, ece = (
        exactly(Interval(**figures[name])) for name in ("accuracy", "macro_f1", "ece")
    )
    area, classes = "", len(evaluation.scheme)
    if classes == 2:
        auc = Interval(**figures["per_class"][-1]["auc"])
        area = f"{auc.value:.3f} {interval_ends(auc.low, auc.high, '.3f')}"
    names = " + ".join(models_of(evaluation))
    seen = _SEEN[evaluation.views]
    cells = (names, str(classes), seen, accuracy, macro_f1, ece, area)
    return "| " + " | ".join(cells) + " |\n"
