"""What people have instead of the file they meant."""

from __future__ import annotations

import pytest

from core.datasets.readers.archive import open_tree
from core.domain.errors import UnreadableDataset
from core.storage.placeholder_file import find_placeholder

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0a1b\nsize 5888412\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (POINTER, "Git LFS pointer"),
        (b"<!DOCTYPE html>\n<html><body>404</body>", "web page"),
        (b"\n  <html lang='en'>", "web page"),
    ],
)
def test_a_file_that_stands_for_another_is_named(tmp_path, content, found):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    assert found in find_placeholder(path).what
    assert find_placeholder(path).advice


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n", b"emotion,pixels\n"])
def test_anything_else_may_be_what_was_meant(tmp_path, content):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    assert find_placeholder(path) is None


@pytest.mark.parametrize("content", [POINTER, b"<html>"])
def test_datasets_and_models_report_placeholders_alike(tmp_path, content):
    (tmp_path / "faces.csv").write_bytes(content)
    with pytest.raises(UnreadableDataset) as refused:
        open_tree(tmp_path / "faces.csv")
    found = find_placeholder(tmp_path / "faces.csv")
    assert refused.value.message == f"faces.csv is {found.what}."
    assert refused.value.advice == found.advice
