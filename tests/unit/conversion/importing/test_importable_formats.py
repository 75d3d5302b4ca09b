from __future__ import annotations

from importlib import import_module

import pytest

from core.conversion.importing.importable_formats import (
    IMPORTED_FORMATS,
    IMPORTED_SUFFIXES,
    IMPORTERS,
    WEIGHTS_ENDINGS,
)


@pytest.mark.parametrize("named", sorted({one.function for one in IMPORTERS.values()}))
def test_the_importer_of_every_format_exists(named):
    module, function = named.split(":")
    assert callable(getattr(import_module(module), function))


def test_a_format_is_named_once_and_each_of_its_suffixes_too():
    assert IMPORTED_FORMATS == "Keras, ONNX or LiteRT"
    assert IMPORTED_SUFFIXES == ".keras, .h5, .hdf5, .onnx or .tflite"


def test_files_of_weights_alone_are_files_of_keras():
    assert {IMPORTERS[suffix].title for suffix in WEIGHTS_ENDINGS} == {"Keras"}
