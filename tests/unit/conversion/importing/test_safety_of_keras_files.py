from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.conversion.importing import safety_of_keras_files
from core.conversion.importing.safety_of_keras_files import expect_safe_file
from core.domain.errors import DamagedModel

DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {
        "units": 7,
        "kernel_initializer": {
            "module": "keras.initializers",
            "class_name": "GlorotUniform",
            "config": {"seed": None},
            "registered_name": None,
        },
    },
    "registered_name": None,
}


def network(*layers: dict) -> dict:
    return {"module": "keras", "class_name": "Sequential", "config": {"layers": list(layers)}}


def weights(write=lambda file: file.create_dataset("w", data=np.zeros(3, np.float32))) -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        write(file)
    return content.getvalue()


def archive(path: Path, config: object, kept: bytes | None = None, **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", json.dumps(config))
        made.writestr("metadata.json", "{}")
        made.writestr("model.weights.h5", weights() if kept is None else kept)
        for name, content in more.items():
            made.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "theirs.keras"


def test_a_network_of_keras_own_layers_is_accepted(path):
    expect_safe_file(archive(path, network(DENSE)))


def test_the_training_configuration_is_ignored(path):
    config = {**network(DENSE), "compile_config": {"loss": {"class_name": "Theirs", "module": "x"}}}
    expect_safe_file(archive(path, config))


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        ({**DENSE, "class_name": "Lambda"}, "Lambda"),
        ({"class_name": "__lambda__", "config": {"value": "4wEA"}}, "__lambda__"),
        ({**DENSE, "module": "os", "class_name": "system"}, "system"),
        ({**DENSE, "module": "keras.utils", "class_name": "get_file"}, "get_file"),
        ({**DENSE, "module": "keras.src.utils.file_utils", "class_name": "get_file"}, "get_file"),
        ({**DENSE, "module": "keras.layers_of_mine"}, "layers_of_mine"),
        ({**DENSE, "class_name": "TFSMLayer"}, "TFSMLayer"),
        ({**DENSE, "class_name": "StringLookup"}, "StringLookup"),
        ({**DENSE, "class_name": "TorchModuleWrapper"}, "TorchModuleWrapper"),
        ({**DENSE, "module": None, "registered_name": "Theirs>Attention"}, "Theirs>Attention"),
    ],
)
def test_code_and_custom_layers_are_refused_at_any_depth(path, layer, named):
    deep = {**DENSE, "config": {"inside": [{"wrapped": layer}]}}
    with pytest.raises(DamagedModel, match=named) as refused:
        expect_safe_file(archive(path, network(DENSE, deep)))
    assert refused.value.advice


def test_an_archive_with_more_than_a_network_is_refused(path):
    with pytest.raises(DamagedModel, match=r"assets/vocabulary\.txt"):
        expect_safe_file(archive(path, network(DENSE), **{"assets/vocabulary.txt": b"x"}))


def _link(file):
    file["w"] = h5py.ExternalLink("/etc/passwd", "/w")


def _soft(file):
    file["w"] = h5py.SoftLink("/elsewhere")


def _outside(file):
    file.create_dataset("w", (3,), "u1", external=[("/etc/passwd", 0, 3)])


def _virtual(file):
    layout = h5py.VirtualLayout((3,), "f4")
    layout[:] = h5py.VirtualSource("/tmp/other.h5", "w", (3,))
    file.create_virtual_dataset("w", layout)


@pytest.mark.parametrize("write", [_link, _soft, _outside, _virtual])
def test_external_weights_are_refused(path, write):
    with pytest.raises(DamagedModel, match="refers to other files"):
        expect_safe_file(archive(path, network(DENSE), weights(write)))


def test_arrays_that_would_fill_the_memory_are_refused(path):
    def huge(file):
        file.create_dataset("w", (2**40,), "f4", chunks=(1024,), compression="gzip")

    kept = weights(huge)
    assert len(kept) < 10_000
    with pytest.raises(DamagedModel, match="GB unpacked"):
        expect_safe_file(archive(path, network(DENSE), kept))


def test_an_archive_that_unpacks_to_far_more_is_refused(path, monkeypatch):
    monkeypatch.setattr(safety_of_keras_files, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(DamagedModel, match="unpacked"):
        expect_safe_file(archive(path, network(DENSE), b"\0" * 2_000_000))


def test_a_group_inside_itself_ends(path):
    def circle(file):
        group = file.create_group("a")
        group["a"] = group

    expect_safe_file(archive(path, network(DENSE), weights(circle)))


def test_a_file_of_keras_2_is_inspected_too(tmp_path):
    path = tmp_path / "theirs.h5"
    for layer, is_fine in (("Dense", True), ("Lambda", False)):
        with h5py.File(path, "w") as file:
            config = {"class_name": "Sequential", "config": [{"class_name": layer, "config": {}}]}
            file.attrs["model_config"] = json.dumps(config)
        if is_fine:
            expect_safe_file(path)
        else:
            with pytest.raises(DamagedModel, match="Lambda"):
                expect_safe_file(path)


@pytest.mark.parametrize(
    "content", [b"", b"nothing of the kind", b"PK\x03\x04 cut", b"\x89HDF\r\n\x1a\n and cut"]
)
def test_arbitrary_bytes_are_no_keras_file(path, content):
    path.write_bytes(content)
    with pytest.raises(DamagedModel, match="no Keras file"):
        expect_safe_file(path)


@pytest.mark.parametrize("config", ["[]]", '{"class_name": 3}', "[" * 100_000])
def test_a_damaged_description_is_an_error(path, config):
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("config.json", config)
    with pytest.raises(DamagedModel):
        expect_safe_file(path)


def test_weights_without_an_architecture_are_refused_with_advice(tmp_path):
    path = tmp_path / "only.weights.h5"
    path.write_bytes(weights())
    with pytest.raises(DamagedModel, match="no Keras file"):
        expect_safe_file(path)
