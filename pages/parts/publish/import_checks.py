"""What has to be chosen before a model can be imported."""

from __future__ import annotations

from pathlib import PurePath

from core.domain.errors import PlanError


def expect_one(has_file: bool, path: str) -> None:
    """Raises PlanError where neither a file nor a path names a model."""
    if not has_file and not PurePath(path).name:
        raise PlanError("No model was chosen.", advice="Choose a file, or give a path.")


def expect_labels(*, is_known: bool) -> None:
    """Raises PlanError where nothing says which number stands for which label."""
    if not is_known:
        raise PlanError(
            "The order of the model's labels is not known.",
            advice="Choose an order, give a labels file, type the labels, or choose labelled "
            "pictures to measure it with.",
        )
