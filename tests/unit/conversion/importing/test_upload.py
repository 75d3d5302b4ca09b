"""Uploaded models: stored completely or not at all."""

from __future__ import annotations

import io

import pytest

from core.conversion.importing.upload import keep_description, keep_model_upload
from core.domain.errors import PlanError


class TornUpload(io.BytesIO):
    """Breaks off when it is read."""

    def read(self, size=-1):
        raise OSError("No space left on device")


def test_an_unsupported_upload_is_refused_and_not_stored(tmp_path):
    with pytest.raises(PlanError, match="PyTorch"):
        keep_model_upload(tmp_path, io.BytesIO(b"weights"), "C:\\theirs\\model.pth", "one")
    assert list(tmp_path.iterdir()) == []


def test_a_description_is_stored_beside_its_weights(tmp_path):
    weights = keep_model_upload(tmp_path, io.BytesIO(b"weights"), "theirs.h5", "one")
    described = keep_description(weights, io.BytesIO(b"{}"))
    assert described == weights.with_suffix(".json")
    assert described.read_bytes() == b"{}"


def test_an_interrupted_upload_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="No space"):
        keep_model_upload(tmp_path, TornUpload(), "theirs.h5", "one")
    weights = keep_model_upload(tmp_path, io.BytesIO(b"weights"), "theirs.h5", "two")
    with pytest.raises(OSError, match="No space"):
        keep_description(weights, TornUpload())
    assert list(tmp_path.iterdir()) == []
