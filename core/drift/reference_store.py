"""References on disk: one JSON file each, with distributions and no rows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.errors import PlanError, StoreError
from core.domain.plain_values import parse_json
from core.domain.wording import cut_with_digest
from core.drift.reference import LONGEST_NAME, NAME_PATTERN, DriftReference
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock

FOLDER = "drift"
"""Its name in the data folder."""

MODEL_FILE = "drift.json"
"""A model's own reference, in the model's folder."""


@dataclass(frozen=True)
class StoredReference:
    """A file of a reference, not read yet.

    Attributes:
        name: of the reference, or of the model it belongs to.
        path: of the file.
        of_model: whether it is a model's own reference.
    """

    name: str
    path: Path
    of_model: bool


def list_references(data_dir: Path, models_dir: Path) -> list[StoredReference]:
    """Models' own references, then saved ones, each sorted by name."""
    of_models = [
        StoredReference(path.parent.name, path, of_model=True)
        for path in sorted(models_dir.glob(f"*/{MODEL_FILE}"))
    ]
    saved = [
        StoredReference(path.stem, path, of_model=False)
        for path in sorted((data_dir / FOLDER).glob("*.json"))
        if NAME_PATTERN.fullmatch(path.stem)
    ]
    return of_models + saved


def load_reference(path: Path) -> DriftReference:
    """Load a reference; one in a model's folder belongs to that model.

    Raises:
        StoreError: it is missing, damaged, or of a newer version.
    """
    try:
        read = DriftReference.from_json(parse_json(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise StoreError(
            f"The reference {path.stem!r} does not exist any more.", advice="Choose another."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"The reference {path.stem!r} cannot be read: {_cause(error)}.",
            advice=f"Delete the file {path.name}, and create the reference again.",
        ) from error
    return replace(read, model=path.parent.name) if path.name == MODEL_FILE else read


def default_reference(
    references: Sequence[StoredReference], model_names: Sequence[str]
) -> StoredReference | None:
    """The default reference: that of the model that classified the sessions.

    Args:
        references: from `list_references`.
        model_names: of the sessions' models, the most relevant first.
    Returns:
        The reference of the first of these models that has one; otherwise a saved reference, then
        another model's. None without references.
    """
    of_models = {one.name: one for one in references if one.of_model}
    fitting = [of_models[name] for name in model_names if name in of_models]
    saved = [one for one in references if not one.of_model]
    return next(iter([*fitting, *saved, *references]), None)


def replace_reference(data_dir: Path, reference: DriftReference) -> Path:
    """Save a reference, replacing one with the same name.

    Raises:
        StoreError: it cannot be written.
    """
    return _store(data_dir, reference, replace_existing=True)


def save_reference(data_dir: Path, reference: DriftReference) -> Path:
    """Save a new reference atomically.

    Raises:
        PlanError: the name is taken.
        StoreError: it cannot be written.
    """
    return _store(data_dir, reference, replace_existing=False)


def _store(data_dir: Path, reference: DriftReference, *, replace_existing: bool) -> Path:
    path = data_dir / FOLDER / f"{reference.name}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(path):
            if path.exists() and not replace_existing:
                raise PlanError(
                    f"A reference {reference.name!r} already exists.",
                    advice="Choose another name.",
                )
            write_atomic(path, json.dumps(reference.to_json(), indent=1, allow_nan=False))
    except OSError as error:
        raise StoreError(
            f"The reference cannot be stored in {path.parent}: {error.strerror}.",
            advice="Make the folder writable for the user that runs Mien.",
        ) from error
    return path


def delete_reference(path: Path) -> None:
    """Delete a saved reference; a missing one is no error.

    Raises:
        StoreError: the file cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The reference {path.stem!r} cannot be deleted: {error.strerror}.",
            advice="Make the folder writable for the user that runs Mien.",
        ) from error


def name_of(text: str) -> str:
    """A valid reference name from any text: "Spring, room 2" becomes "spring-room-2".

    Raises:
        PlanError: no letter or digit is left.
    """
    name = re.sub(r"[\W_]+", "-", text.lower()).strip("-")
    if len(name) > LONGEST_NAME:  # long names with the same beginning stay distinct
        name = cut_with_digest(name, name, most=LONGEST_NAME)
    if not name:
        raise PlanError(
            f"{text!r} holds no letter or digit to name a reference by.",
            advice="Give it a name such as spring.",
        )
    return name


def _cause(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error}"
    return str(error).rstrip(".")
