"""Checkpoints: what a run resumes from after an interruption."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core.domain.errors import DatasetError, PlanError
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.storage.atomic import UNFINISHED, atomic_file
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.training.fit.epoch_control import EpochControl

_STATES_KEPT = 2
_DAMAGED_PREFIX = "damaged-"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Restored:
    """The state that a run starts from.

    Attributes:
        epochs_done: 0 without a checkpoint.
        control: learning-rate and early-stopping state at that epoch.
        messages: for the run's log.
    """

    epochs_done: int = 0
    control: EpochControl = field(default_factory=EpochControl)
    messages: tuple[str, ...] = ()


class Checkpoint:
    """A run's last two states (weights, optimiser, moving averages, control) and best weights.

    Each state is one file, written atomically, so that a power cut or a full disk leaves the
    earlier ones. The files are NumPy's, not Keras' HDF5: on a full disk the HDF5 library fails
    once more when it is closed, and takes the process with it.

    Args:
        folder: of the run; made when first needed.
        data_fingerprint: hash of everything that is trained on.
        initial_weights: pretrained weights by name and digest; empty for random ones. They decide
            which layers are frozen for how long.
    """

    def __init__(
        self, folder: Path, *, data_fingerprint: str = "", initial_weights: str = ""
    ) -> None:
        self._folder = folder
        self._data_fingerprint = data_fingerprint
        self._initial_weights = initial_weights
        self._best = folder / "best.npz"

    def save(self, model: keras.Model, *, epochs_done: int, control: EpochControl) -> None:
        """Save this state, and delete all but the one before it.

        Raises:
            OSError: it could not be written; earlier states are intact.
        """
        metadata = {
            "epochs_done": epochs_done,
            "control": to_plain(control),
            "learns_from": self._data_fingerprint,
            "weights": self._initial_weights,
        }
        _write(self._folder / f"epoch-{epochs_done:05}.npz", _state(model), metadata)
        for old in self._states()[_STATES_KEPT:]:
            old.unlink(missing_ok=True)

    def save_best(self, model: keras.Model) -> None:
        """Save these weights as the best so far.

        Raises:
            OSError: they could not be written; the earlier ones are intact.
        """
        _write(self._best, model.weights, {})

    def restore_best(self, model: keras.Model) -> bool:
        """Load the best weights into a model; False, with the model unchanged, if damaged."""
        try:
            _, values = _read(self._best, model.weights)
        except DAMAGED_CONTENT as error:
            _log.warning("%s cannot be read: %s", self._best.name, error)
            return False
        _assign(model.weights, values)
        return True

    def restore(self, model: keras.Model) -> Restored:
        """Restore a compiled model to the newest readable state.

        Damaged states are renamed, because their epochs are trained again under the same names.

        Raises:
            DatasetError: the run was started on other data.
            PlanError: it was started from other weights.
        """
        for leftover in self._folder.glob(f".*{UNFINISHED}"):  # by a worker that was killed
            leftover.unlink(missing_ok=True)
        model.optimizer.build(model.trainable_variables)
        variables, damaged = _state(model), list[str]()
        for path in self._states():
            try:
                metadata, values = _read(path, variables)
                done = int(metadata["epochs_done"])
                control = from_plain(EpochControl, metadata["control"])
                self._expect_same_data(str(metadata["learns_from"]))
                # States of earlier versions lack this entry.
                self._expect_same_weights(str(metadata.get("weights", self._initial_weights)))
            except DAMAGED_CONTENT as error:
                _log.warning("%s cannot be read: %s", path.name, error)
                damaged.append(path.name)
                path.replace(path.with_name(f"{_DAMAGED_PREFIX}{path.name}"))
                continue
            _assign(variables, values)
            _log.info("resuming after %d epochs", done)
            return Restored(done, control, _damage_messages(damaged, done))
        return Restored(messages=_damage_messages(damaged, 0))

    def _expect_same_data(self, stored: str) -> None:
        if stored != self._data_fingerprint:
            raise DatasetError(
                "The dataset has changed since this run started: its pictures, labels or splits "
                "differ.",
                advice="Restore the dataset and resume, or start a new run.",
            )

    def _expect_same_weights(self, stored: str) -> None:
        if stored != self._initial_weights:
            raise PlanError(
                f"The run started from {stored or 'random weights'}, but would resume with "
                f"{self._initial_weights or 'random weights'}.",
                advice="Restore the weights and resume, or start a new run.",
            )

    def _states(self) -> list[Path]:
        """Newest first."""
        return sorted(self._folder.glob("epoch-*.npz"), reverse=True)


def _damage_messages(damaged: Sequence[str], epochs_done: int) -> tuple[str, ...]:
    if not damaged:
        return ()
    from_where = f"resumes after epoch {epochs_done}" if epochs_done else "starts again"
    return (f"The checkpoint is damaged ({', '.join(damaged)}): training {from_where}.",)


def _state(model: keras.Model) -> list[Any]:
    """Every variable that the next epoch depends on, in the network's order."""
    return [*model.weights, *model.optimizer.variables]


def _write(path: Path, variables: Sequence[Any], metadata: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {f"value_{at}": np.asarray(one) for at, one in enumerate(variables)}
    values["about"] = np.array(json.dumps(metadata, allow_nan=False))
    with atomic_file(path) as file:
        np.savez(file, **values)


def _read(path: Path, variables: Sequence[Any]) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Metadata and values of a file; NumPy verifies checksums, this verifies the shapes."""
    # Opened here: np.load leaves a damaged file open.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
        metadata: dict[str, Any] = parse_json(str(read["about"]))
        values: list[NDArray[Any]] = [read[f"value_{at}"] for at in range(len(read.files) - 1)]
    shapes = [tuple(one.shape) for one in variables]
    if [value.shape for value in values] != shapes:
        raise ValueError(f"{len(values)} values do not fit {len(shapes)} variables")
    return metadata, values


def _assign(variables: Sequence[Any], values: Sequence[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
