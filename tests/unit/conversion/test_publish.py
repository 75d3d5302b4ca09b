"""Formats that are published at the same time, and again."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

from core.conversion.formats import FORMATS
from core.conversion.publish import publish
from core.domain import ONNX_FILE
from core.models import digest
from core.models.converted_formats import FORMATS_FOLDER, read_formats
from tests.convertible import make_row


def _written(card, folder, name):
    """A format as a run leaves it: its file, and the row about it."""
    folder.mkdir()
    path = folder / f"{card.name}{FORMATS[name].suffix}"
    path.write_bytes(name.encode() * 1000)
    source = card.files[ONNX_FILE]
    return make_row(name, file="", sha256=digest(path), source_sha256=source)


def test_concurrent_publishing_loses_no_format(settings, card, tmp_path):
    rows = {name: _written(card, tmp_path / name, name) for name in FORMATS}
    together, results = Barrier(len(rows)), []

    def one(name):
        together.wait()
        results.append(publish(settings, card, [rows[name]], tmp_path / name))

    threads = [Thread(target=one, args=(name,)) for name in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == len(rows)
    rows_now = read_formats(settings.models_dir, card)
    assert [row.name for row in rows_now] == list(FORMATS)
    for row in rows_now:
        assert row.file.startswith(f"{FORMATS_FOLDER}/")
        assert digest(settings.models_dir / card.name / row.file) == row.sha256


def test_a_format_that_is_refused_now_loses_its_file(settings, card, tmp_path):
    row = _written(card, tmp_path / "one", "litert-float16")
    publish(settings, card, [row], tmp_path / "one")
    (rows_now,) = read_formats(settings.models_dir, card)
    assert (settings.models_dir / card.name / rows_now.file).is_file()
    publish(settings, card, [replace(row, refusal="Too far.", file="")], tmp_path / "one")
    assert not read_formats(settings.models_dir, card)[0].passed
    assert not (settings.models_dir / card.name / rows_now.file).exists()


def test_rows_of_missing_files_stay(settings, card, tmp_path):
    """As in a model shipped with its results and without the larger files."""
    row = _written(card, tmp_path / "one", "litert-float16")
    (rows_now,) = publish(settings, card, [row], tmp_path / "one")
    (settings.models_dir / card.name / rows_now.file).unlink()
    publish(settings, card, [_written(card, tmp_path / "two", "onnx")], tmp_path / "two")
    assert [one.name for one in read_formats(settings.models_dir, card)] == [
        "litert-float16",
        "onnx",
    ]
