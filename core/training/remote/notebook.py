"""Export of a plan as a self-contained notebook, for example for a machine with a GPU."""

from __future__ import annotations

import base64
import pprint
import re
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any

from core.domain import Dataset
from core.domain.markdown import code, escaped
from core.domain.provenance import changes_text
from core.settings import Settings
from core.training.networks.pretrained import BACKBONES, pretrained_file
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import recipe_named
from core.training.recipes.overrides import changes_of
from core.training.remote import notebook_cells as cells
from core.training.remote.bundle import dataset_path, pack

NEEDED = (
    *("ai-edge-litert", "av", "keras", "msgspec", "numpy", "opencv-contrib-python", "pandas"),
    *("psutil", "scipy", "sqlalchemy", "tensorboard"),
)
"""Packages that training imports besides TensorFlow; the versions are those installed here."""

_CHARACTERS_PER_LINE = 1000  # editors cannot handle one line of 200,000
_HIDDEN = {"jupyter": {"source_hidden": True}, "cellView": "form"}


def build_notebook(plan: TrainingPlan, settings: Settings, dataset: Dataset) -> bytes:
    """The notebook as a file's content; equal requests make equal bytes.

    Args:
        dataset: the plan's (`catalogue.open_requested_dataset`); the notebook checks its content
            hash.
    Raises:
        PlanError: the plan makes no model, or its faces are cropped on this machine.
        UnknownDataset: the catalogue has no such dataset any more.
    """
    # Imported here because it takes 0.2 s.
    import nbformat
    from nbformat import v4

    archive = pack(plan, settings, dataset)
    packed = _archive_values(archive)
    values = {**_cell_values(plan, settings, packed["folder"]), **_versions(), **packed}
    steps = [
        *_step(cells.INTRODUCTION),
        *_step(cells.INSTALL_TEXT, cells.INSTALL),
        *_step(cells.UNPACK_TEXT, cells.UNPACK, _HIDDEN),
        *_step(cells.DATA_TEXT, cells.DATA),
        *_step(cells.TRAIN_TEXT, cells.TRAIN),
        *_step(cells.PACK_TEXT, cells.PACK),
    ]
    notebook = v4.new_notebook(
        cells=[
            (v4.new_code_cell if is_code else v4.new_markdown_cell)(
                _filled(text, values), id=f"step-{number}", metadata=metadata
            )
            for number, (is_code, text, metadata) in enumerate(steps, 1)
        ],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "accelerator": "GPU",
        },
    )
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).encode()


def file_name(plan: TrainingPlan) -> str:
    """File name of the notebook."""
    return f"train-{plan.name or plan.recipe}.ipynb"


_Cell = tuple[bool, str, Mapping[str, Any]]


def _step(text: str, code: str = "", metadata: Mapping[str, Any] | None = None) -> list[_Cell]:
    """A text cell and, with code, a code cell."""
    text_cell: _Cell = (False, text, {})
    return [text_cell, (True, code, metadata or {})] if code else [text_cell]


def _filled(text: str, values: Mapping[str, str]) -> str:
    # In one pass, so that inserted text is not filled in again.
    return re.sub("<(\\w+)>", lambda match: values.get(match[1], match[0]), text)


def _cell_values(plan: TrainingPlan, settings: Settings, folder: str) -> dict[str, str]:
    """Values for the templates; text from outside is escaped for Markdown."""
    recipe, path = plan.chosen_recipe, PurePath(dataset_path(plan, settings))
    changes = changes_text(changes_of(recipe_named(plan.recipe), plan.options))
    return {
        "name": escaped(plan.name or plan.recipe),
        "recipe": escaped(plan.recipe),
        "title": escaped(recipe.title),
        "epochs": str(plan.chosen_epochs),
        "seed": str(plan.seed),
        "changes": f", changed: {escaped(changes)}" if changes else "",
        "dataset": escaped(plan.dataset or path.stem),
        "file": code(path.name),
        "in_colab": code(f"/content/{path.name}"),
        "in_drive": code(f"/content/drive/MyDrive/{path.name}"),
        "classes": f", with the class mapping *{escaped(plan.classes)}*" if plan.classes else "",
        "extras": "".join(f"\n* {sentence}" for sentence in _extras(plan, settings, folder)),
    }


def _extras(plan: TrainingPlan, settings: Settings, folder: str) -> list[str]:
    """Sentences on files that are not in the bundle and have to be copied."""
    recipe, found = plan.chosen_recipe, []
    if recipe.teachers and recipe.teaching:
        named = ", ".join(code(f"models/{name}") for name in recipe.teachers)
        found.append(
            f"It uses distillation from other models. Copy {named} of your Mien into "
            f"`{folder}/models` after step 2."
        )
    if recipe.begins_with:
        found.append(
            "It starts from the weights of another model. Copy "
            f"{code(f'models/{recipe.begins_with}')} of your Mien into `{folder}/models` after "
            "step 2."
        )
    if recipe.votes:
        found.append("It uses FER+ votes. Put `ferplus_votes.csv` beside the dataset's file.")
    weights = pretrained_file(settings.models_dir, recipe.network)
    if weights is not None:
        found.append(
            "It starts from pretrained weights. Copy "
            f"`models/{BACKBONES}/{weights.name}` of your Mien into `{folder}/models/{BACKBONES}` "
            "after step 2."
        )
    return found


def _versions() -> dict[str, str]:
    needed = {name: version(name) for name in NEEDED}
    return {"needed": pprint.pformat(needed), "tensorflow": _tensorflow()}


def _tensorflow() -> str:
    """The installed version, of the build with or without CUDA."""
    try:
        return version("tensorflow-cpu")
    except PackageNotFoundError:
        return version("tensorflow")


def _archive_values(archive: bytes) -> dict[str, str]:
    encoded = base64.b64encode(archive).decode("ascii")
    starts = range(0, len(encoded), _CHARACTERS_PER_LINE)
    return {
        "archive": "\n".join(encoded[start : start + _CHARACTERS_PER_LINE] for start in starts),
        "archive_kb": f"{len(archive) / 1000:.0f}",
        # Two notebooks in one place must not use each other's plan.
        "folder": f"mien-{sha256(archive).hexdigest()[:8]}",
    }
