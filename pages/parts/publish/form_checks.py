"""Checks of the import form before a run starts."""

from __future__ import annotations

from pathlib import PurePath

from core.domain.errors import PlanError


def expect_one(has_file: bool, path: str) -> None:
    """Raises PlanError where neither a file nor a path names a model."""
    if not has_file and not PurePath(path).name:
        raise PlanError("No model was chosen.", advice="Choose a file, or give a path.")


def expect_labels(*, is_known: bool) -> None:
    """Raises PlanError where the classes of the outputs are neither known nor measured."""
    if not is_known:
        raise PlanError(
            "The class order of the model is not known.",
            advice="Choose it under Class order: one of the usual orders, a labels file, labels "
            "that you enter, or detection with labelled pictures.",
        )
