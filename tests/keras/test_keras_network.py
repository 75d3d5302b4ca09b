from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import keras
import pytest
from keras import layers

from core.conversion.importing.keras_import import load_imported_network
from core.domain.errors import DamagedModel, ModelError
from core.models.runtimes.keras_file import load_network

pytestmark = pytest.mark.keras


def _written(path: Path) -> Path:
    picture = keras.Input((8, 8, 1))
    keras.Model(picture, layers.Dense(3)(layers.Flatten()(picture))).save(path)
    return path


def _where(path: Path, member: str) -> int:
    """The middle of what an archive packs under a name."""
    with ZipFile(path) as archive:
        told = archive.getinfo(member)
    return told.header_offset + 30 + len(member) + told.compress_size // 2


def test_a_network_is_read_as_it_was_written(tmp_path):
    assert load_network(_written(tmp_path / "model.keras")).output_shape == (None, 3)


@pytest.mark.parametrize("content", [b"", b"no network", b"PK\x03\x04 no archive"])
def test_something_else_is_told_from_a_network(tmp_path, content):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    with pytest.raises(DamagedModel, match=r"model\.keras is no Keras file") as caught:
        load_network(path)
    assert caught.value.advice


def test_half_a_network_is_told(tmp_path):
    path = _written(tmp_path / "model.keras")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedModel):
        load_network(path)


@pytest.mark.parametrize("member", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize("load", [load_network, load_imported_network])
def test_one_wrong_byte_is_told(tmp_path, member, load):
    path = _written(tmp_path / "model.keras")
    content = bytearray(path.read_bytes())
    content[_where(path, member)] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedModel, match="no Keras file that can be read"):
        load(path)


def test_a_network_of_two_inputs_is_not_asked(tmp_path):
    one, other = keras.Input((4,)), keras.Input((4,))
    keras.Model([one, other], layers.Add()([one, other])).save(tmp_path / "two.keras")
    with pytest.raises(ModelError, match="2 inputs"):
        load_network(tmp_path / "two.keras")
