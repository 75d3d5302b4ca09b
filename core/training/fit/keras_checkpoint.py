"""Where a run goes on after the power went."""

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
from core.domain.plain_values import from_plain, to_plain
from core.storage.atomic import UNFINISHED, atomic_file
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.training.fit.epoch_control import EpochControl

_KEPT = 2
_ASIDE = "damaged-"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Restored:
    """Where a run begins.

    Attributes:
        epochs_done: 0 for a new beginning.
        control: what was decided by then.
        told: sentences for the person who watches.
    """

    epochs_done: int = 0
    control: EpochControl = field(default_factory=EpochControl)
    told: tuple[str, ...] = ()


class Checkpoint:
    """The last states of a run: weights, optimiser, moving averages, decisions, and its best.

    Each state is one file, written beside and renamed when it is whole and on the disk, so that a
    power cut or a full disk leaves those before. The files are NumPy's, not Keras' HDF5: on a full
    disk the HDF5 library fails once more when it is closed, and takes the process with it.

    Args:
        folder: of the run; made when first needed.
        learns_from: changes when anything that is learned from changes.
        weights: those that a published network begins with, by name and digest; empty for random
            ones. They decide how long which layers learn.
    """

    def __init__(self, folder: Path, *, learns_from: str = "", weights: str = "") -> None:
        self._folder = folder
        self._learns_from = learns_from
        self._weights = weights
        self._best = folder / "best.npz"

    def save(self, model: keras.Model, *, epochs_done: int, control: EpochControl) -> None:
        """Keep this state and the one before it.

        Raises:
            OSError: the disk refused; the states before are whole.
        """
        about = {
            "epochs_done": epochs_done,
            "control": to_plain(control),
            "learns_from": self._learns_from,
            "weights": self._weights,
        }
        _write(self._folder / f"epoch-{epochs_done:05}.npz", _state(model), about)
        for old in self._states()[_KEPT:]:
            old.unlink(missing_ok=True)

    def keep_best(self, model: keras.Model) -> None:
        """Keep these weights as the best so far.

        Raises:
            OSError: the disk refused; the best before are whole.
        """
        _write(self._best, model.weights, {})

    def bring_best(self, model: keras.Model) -> bool:
        """Give a model the best weights; False where they are damaged, and it stays as it is."""
        try:
            _, values = _read(self._best, model.weights)
        except DAMAGED_CONTENT as error:
            _log.warning("%s cannot be read: %s", self._best.name, error)
            return False
        _assign(model.weights, values)
        return True

    def restore(self, model: keras.Model) -> Restored:
        """Bring a compiled model back to the newest state that can be read.

        Those that cannot are put aside: their epochs come again, and states are counted by them.

        Raises:
            DatasetError: the run began on other data.
            PlanError: it began with other weights.
        """
        for left in self._folder.glob(f".*{UNFINISHED}"):  # by a worker that was killed
            left.unlink(missing_ok=True)
        model.optimizer.build(model.trainable_variables)
        variables, damaged = _state(model), list[str]()
        for path in self._states():
            try:
                about, values = _read(path, variables)
                done = int(about["epochs_done"])
                control = from_plain(EpochControl, about["control"])
                self._expect_same_data(str(about["learns_from"]))
                # States of earlier versions do not say it.
                self._expect_same_weights(str(about.get("weights", self._weights)))
            except DAMAGED_CONTENT as error:
                _log.warning("%s cannot be read: %s", path.name, error)
                damaged.append(path.name)
                path.replace(path.with_name(f"{_ASIDE}{path.name}"))
                continue
            _assign(variables, values)
            _log.info("resuming after %d epochs", done)
            return Restored(done, control, _told(damaged, done))
        return Restored(told=_told(damaged, 0))

    def _expect_same_data(self, learned_from: str) -> None:
        if learned_from != self._learns_from:
            raise DatasetError(
                "The dataset has changed since this run started: its pictures, labels or splits "
                "differ.",
                advice="Restore the dataset and resume, or start a new run.",
            )

    def _expect_same_weights(self, began_with: str) -> None:
        if began_with != self._weights:
            raise PlanError(
                f"The run started from {began_with or 'random weights'}, but would resume with "
                f"{self._weights or 'random weights'}.",
                advice="Restore the weights and resume, or start a new run.",
            )

    def _states(self) -> list[Path]:
        """Newest first."""
        return sorted(self._folder.glob("epoch-*.npz"), reverse=True)


def _told(damaged: Sequence[str], epochs_done: int) -> tuple[str, ...]:
    if not damaged:
        return ()
    from_where = f"resumes after epoch {epochs_done}" if epochs_done else "starts again"
    return (f"The checkpoint is damaged ({', '.join(damaged)}): training {from_where}.",)


def _state(model: keras.Model) -> list[Any]:
    """Every number that the next epoch depends on, in an order that the network decides."""
    return [*model.weights, *model.optimizer.variables]


def _write(path: Path, variables: Sequence[Any], about: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {f"value_{at}": np.asarray(one) for at, one in enumerate(variables)}
    values["about"] = np.array(json.dumps(about, allow_nan=False))
    with atomic_file(path) as file:
        np.savez(file, **values)


def _read(path: Path, variables: Sequence[Any]) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """What a file says and holds; NumPy compares checksums, and here shapes are compared."""
    # Opened here: np.load leaves a damaged file open.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
        about: dict[str, Any] = json.loads(str(read["about"]))
        values: list[NDArray[Any]] = [read[f"value_{at}"] for at in range(len(read.files) - 1)]
    shapes = [tuple(one.shape) for one in variables]
    if [value.shape for value in values] != shapes:
        raise ValueError(f"{len(values)} values do not fit {len(shapes)} variables")
    return about, values


def _assign(variables: Sequence[Any], values: Sequence[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
