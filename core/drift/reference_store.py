"""References on disk: one JSON file each. They hold distributions, never rows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.errors import PlanError, StoreError
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
    """A reference that is there; whether it can be read is seen when it is.

    Attributes:
        name: of the reference, or of the model it belongs to.
        path: its file.
        of_model: whether it is a model's own.
    """

    name: str
    path: Path
    of_model: bool


def list_references(data_dir: Path, models_dir: Path) -> list[StoredReference]:
    """Models' own references first, then saved ones, each by name."""
    own = [
        StoredReference(path.parent.name, path, of_model=True)
        for path in sorted(models_dir.glob(f"*/{MODEL_FILE}"))
    ]
    saved = [
        StoredReference(path.stem, path, of_model=False)
        for path in sorted((data_dir / FOLDER).glob("*.json"))
        if NAME_PATTERN.fullmatch(path.stem)
    ]
    return own + saved


def load_reference(path: Path) -> DriftReference:
    """A reference as it was saved; one in a model's folder is that model's.

    Raises:
        StoreError: it is gone, damaged, or of a newer Mien.
    """
    try:
        read = DriftReference.from_json(json.loads(path.read_text(encoding="utf-8")))
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
    references: Sequence[StoredReference], read_by: Sequence[str]
) -> StoredReference | None:
    """The reference to propose: of the model that read what is looked at.

    Args:
        references: as `list_references` answers.
        read_by: models by name, the most fitting first.
    Returns:
        The first of these models' own; where none has one, a saved reference before another
        model's: that one's labels and confidence say nothing about these. None without references.
    """
    own = {one.name: one for one in references if one.of_model}
    fitting = [own[name] for name in read_by if name in own]
    saved = [one for one in references if not one.of_model]
    return next(iter([*fitting, *saved, *references]), None)


def replace_reference(data_dir: Path, reference: DriftReference) -> Path:
    """Keep a reference in place of one with the same name.

    Raises:
        StoreError: the disk refused.
    """
    return _kept(data_dir, reference, replaces=True)


def save_reference(data_dir: Path, reference: DriftReference) -> Path:
    """Keep a reference; a crash leaves it there completely or not at all.

    Raises:
        PlanError: there is one of that name.
        StoreError: the folder cannot be written.
    """
    return _kept(data_dir, reference, replaces=False)


def _kept(data_dir: Path, reference: DriftReference, *, replaces: bool) -> Path:
    path = data_dir / FOLDER / f"{reference.name}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(path):
            if path.exists() and not replaces:
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
    """Remove a saved reference for good; one that is gone already is no error.

    Raises:
        StoreError: the file cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The reference {path.stem!r} cannot be deleted: {error.strerror}.",
            advice="Make the folder writable for the user that runs Mien.",
        ) from error


def name_of(text: str) -> str:
    """A reference's name from what a person typed: "Spring, room 2" becomes "spring-room-2".

    Raises:
        PlanError: no letter or digit is left.
    """
    name = re.sub(r"[\W_]+", "-", text.lower()).strip("-")
    if len(name) > LONGEST_NAME:  # two long ones that begin alike stay two
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
