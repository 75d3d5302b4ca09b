"""Where a run goes on after the power went."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import keras

from core.training.control import EpochControl

_log = logging.getLogger(__name__)


class Checkpoint:
    """The newest complete state of a run: weights, optimiser, moving averages, decisions.

    Two files take turns, and a small JSON file, replaced in one step, says which one is whole. So a
    power cut while writing leaves the one before.

    Args:
        folder: of the run; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = folder / "state.json"

    @property
    def best_weights(self) -> Path:
        """Weights of the epoch that did best on the choosing split."""
        return self._folder / "best.weights.h5"

    def save(self, model: keras.Model, *, epochs_done: int, control: EpochControl) -> None:
        """Keep this state and forget the one before the last."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{'even' if epochs_done % 2 == 0 else 'odd'}.weights.h5"
        model.save_weights(self._folder / name)
        beside = self._state.with_suffix(".new")
        state = {"file": name, "epochs_done": epochs_done, "control": control.to_json()}
        beside.write_text(json.dumps(state, allow_nan=False))
        beside.replace(self._state)

    def keep_best(self, model: keras.Model) -> None:
        """Keep these weights as the best so far."""
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / "new.weights.h5"
        model.save_weights(beside)
        beside.replace(self.best_weights)

    def restore(self, model: keras.Model) -> tuple[int, EpochControl]:
        """Bring a compiled model back to the newest state.

        Returns:
            Epochs done, and what was decided by then; a new beginning where there is nothing.
        """
        if not self._state.exists():
            return 0, EpochControl()
        state = json.loads(self._state.read_text())
        model.optimizer.build(model.trainable_variables)
        model.load_weights(self._folder / state["file"])
        _log.info("going on after %d epochs", state["epochs_done"])
        return int(state["epochs_done"]), EpochControl(**state["control"])
