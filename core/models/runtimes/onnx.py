"""ONNX files, by ONNX Runtime on one thread: nothing it does leaves the process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as refusals

from core.domain.counted import counted
from core.domain.errors import DamagedModel
from core.models.runtimes.contract import Signature
from core.models.runtimes.onnx_file import look_into

# Each is an exception of its own, without a common base but Exception.
_REFUSALS: tuple[type[Exception], ...] = (
    *(refusals.Fail, refusals.InvalidArgument, refusals.InvalidGraph, refusals.InvalidProtobuf),
    *(refusals.NoModel, refusals.NoSuchFile, refusals.NotFound, refusals.NotImplemented),
    *(refusals.RuntimeException, refusals.EPFail, ValueError, RuntimeError),
)
_QUIET = 4  # fatal only: whatever goes wrong is raised, and said by us
_MOST_WORDS = 160  # of the runtime's own message


class OnnxEngine:
    """An ONNX file; may be shared by any number of threads.

    Args:
        path: the file; weights in other files beside it are refused.
        threads: of the processor.
    Raises:
        DamagedModel: it is no model that reads one batch of pictures.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._name = path.name
        content = path.read_bytes()
        if look_into(content, path.name).elsewhere:
            raise DamagedModel(
                f"{path.name} keeps weights in other files, and Mien opens none but itself.",
                advice="Export it with all weights inside (save_as_external_data=False).",
            )
        onnxruntime.disable_telemetry_events()
        try:
            # From memory: without a path there is no folder in which it could look for more files.
            self._session = onnxruntime.InferenceSession(
                content, _options(threads), providers=["CPUExecutionProvider"]
            )
        except _REFUSALS as error:
            raise DamagedModel(
                f"{path.name} cannot be used by ONNX Runtime: {_short(error)}.",
                advice="Export it with the standard operators only, at opset 21 or below.",
            ) from error
        self._signature = self._read_signature()
        self._input = str(self._session.get_inputs()[0].name)

    @property
    def signature(self) -> Signature:
        """What it takes and gives."""
        return self._signature

    def answer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`; see `Engine`."""
        if not self._signature.one_by_one:
            return self._some(batch)
        return np.concatenate([self._some(batch[at : at + 1]) for at in range(len(batch))])

    def _some(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            (answer,) = self._session.run(None, {self._input: batch})
        except _REFUSALS as error:
            shape = " x ".join(map(str, batch.shape[1:]))
            raise DamagedModel(
                f"{self._name} cannot be used with pictures of {shape}: {_short(error)}.",
                advice="Choose the size and the order that it was made for, or another model.",
            ) from error
        count = len(np.atleast_1d(answer))
        if not np.ndim(answer) or count != len(batch):
            raise DamagedModel(
                f"{self._name} gives {count} answers about {counted(len(batch), 'picture')}.",
                advice="Export it with a free batch size, or with one of 1.",
            )
        return np.asarray(answer, dtype=np.float32).reshape(len(batch), -1)

    def _read_signature(self) -> Signature:
        # Old exporters list weights among the inputs; the runtime tells those apart.
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self._expect_one(inputs, "input")
        self._expect_one(outputs, "output")
        # A length that is free has a name or nothing where its number would stand.
        batch, *picture = (_side(side) for side in inputs[0].shape or [None])
        if batch not in {None, 1}:
            raise DamagedModel(
                f"{self._name} wants {counted(batch, 'picture')} at a time, never fewer.",
                advice="Export it with a free batch size, or with one of 1.",
            )
        rest = [_side(side) for side in outputs[0].shape[1:]] if outputs[0].shape else [None]
        answers = None if None in rest else int(np.prod([side or 0 for side in rest]))
        return Signature(tuple(picture), answers, batch == 1)

    def _expect_one(self, found: list[Any], what: str) -> None:
        if len(found) != 1:
            raise DamagedModel(
                f"{self._name} has {len(found)} {what}s.",
                advice=f"Mien can ask models with one {what}; export that part alone.",
            )
        if found[0].type != "tensor(float)":
            kind = str(found[0].type).removeprefix("tensor(").rstrip(")")
            raise DamagedModel(
                f"The {what} of {self._name} is {kind}.",
                advice=f"Export it with a float32 {what}.",
            )


def _side(found: object) -> int | None:
    return found if isinstance(found, int) and found > 0 else None


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _QUIET
    # Threads that spin while they wait would take the camera's time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _short(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words[:_MOST_WORDS].rstrip(" .")
