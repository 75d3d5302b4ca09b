"""ONNX files, run by ONNX Runtime; nothing leaves the process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from core.domain.counted import counted
from core.domain.errors import DamagedModel
from core.models.runtimes.contract import Signature
from core.models.runtimes.onnx_file import inspect_onnx

# They have no common base class but Exception.
_ORT_ERRORS: tuple[type[Exception], ...] = (
    *(
        ort_errors.Fail,
        ort_errors.InvalidArgument,
        ort_errors.InvalidGraph,
        ort_errors.InvalidProtobuf,
    ),
    *(ort_errors.NoModel, ort_errors.NoSuchFile, ort_errors.NotFound, ort_errors.NotImplemented),
    *(ort_errors.RuntimeException, ort_errors.EPFail, ValueError, RuntimeError),
)
_LOG_FATAL_ONLY = 4  # errors are raised, and reported from there
_MAX_MESSAGE_CHARS = 160  # of the runtime's own message


class OnnxEngine:
    """Runs an ONNX file; may be shared by threads.

    Args:
        path: the file; weights in other files beside it are refused.
        threads: CPU threads.
    Raises:
        DamagedModel: it is no model with one batch of pictures as its input.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._name = path.name
        content = path.read_bytes()
        if inspect_onnx(content, path.name).external_data:
            raise DamagedModel(
                f"{path.name} keeps weights in other files, and Mien opens none but itself.",
                advice="Export it with all weights inside (save_as_external_data=False).",
            )
        onnxruntime.disable_telemetry_events()
        try:
            # From memory: without a path there is no folder to load other files from.
            self._session = onnxruntime.InferenceSession(
                content, _options(threads), providers=["CPUExecutionProvider"]
            )
        except _ORT_ERRORS as error:
            raise DamagedModel(
                f"{path.name} cannot be used by ONNX Runtime: {_short(error)}.",
                advice="Export it with the standard operators only, at opset 21 or below.",
            ) from error
        self._signature = self._read_signature()
        self._input = str(self._session.get_inputs()[0].name)

    @property
    def signature(self) -> Signature:
        """Shapes of its input and output."""
        return self._signature

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`; see `Engine`."""
        if not self._signature.one_by_one:
            return self._predict_batch(batch)
        return np.concatenate([self._predict_batch(batch[at : at + 1]) for at in range(len(batch))])

    def _predict_batch(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            (output,) = self._session.run(None, {self._input: batch})
        except _ORT_ERRORS as error:
            shape = " x ".join(map(str, batch.shape[1:]))
            raise DamagedModel(
                f"{self._name} cannot be used with pictures of {shape}: {_short(error)}.",
                advice="Choose the size and the order that it was made for, or another model.",
            ) from error
        count = len(np.atleast_1d(output))
        if not np.ndim(output) or count != len(batch):
            raise DamagedModel(
                f"{self._name} gives {count} outputs for {counted(len(batch), 'picture')}.",
                advice="Export it with a free batch size, or with one of 1.",
            )
        return np.asarray(output, dtype=np.float32).reshape(len(batch), -1)

    def _read_signature(self) -> Signature:
        # Old exporters list weights among the inputs; get_inputs() leaves those out.
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self._expect_one(inputs, "input")
        self._expect_one(outputs, "output")
        # A free dimension is a name or None instead of a number.
        batch, *picture = (_side(side) for side in inputs[0].shape or [None])
        if batch not in {None, 1}:
            raise DamagedModel(
                f"{self._name} has a fixed batch size of {batch}.",
                advice="Export it with a free batch size, or with one of 1.",
            )
        rest = [_side(side) for side in outputs[0].shape[1:]] if outputs[0].shape else [None]
        count = None if None in rest else int(np.prod([side or 0 for side in rest]))
        return Signature(tuple(picture), count, batch == 1)

    def _expect_one(self, found: list[Any], what: str) -> None:
        if len(found) != 1:
            raise DamagedModel(
                f"{self._name} has {len(found)} {what}s.",
                advice=f"Mien supports models with one {what}; export that part alone.",
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
    options.log_severity_level = _LOG_FATAL_ONLY
    # Spinning threads would take CPU time from the camera.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _short(error: Exception) -> str:
    message = " ".join(str(error).split())
    return message[:_MAX_MESSAGE_CHARS].rstrip(" .")
