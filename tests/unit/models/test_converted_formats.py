from __future__ import annotations

import json

import pytest

from core.domain import ONNX_FILE, Interval
from core.domain.errors import DamagedModel
from core.domain.plain_values import from_plain, to_plain
from core.domain.wording import size
from core.models import digest, load_card
from core.models.card_page import formats_as_markdown
from core.models.converted_formats import (
    BROWSER_FORMAT,
    FORMATS_FILE,
    LIVE_FORMAT,
    ConvertedFormat,
    formats_as_bytes,
    formats_folder,
    has_file,
    read_formats,
)
from core.models.live_format import best_for_live, format_file, litert_file
from core.models.registry import write_card
from tests.convertible import make_parity, make_row, make_speed, shelve_linear


@pytest.fixture
def card(settings):
    return shelve_linear(settings.models_dir)


@pytest.fixture
def models_dir(settings):
    return settings.models_dir


def _publish(models_dir, card, *rows, own_ms=1.0):
    """Rows with real files, and one about the model's own file."""
    folder = formats_folder(models_dir, card.name)
    folder.mkdir()
    source = card.files[ONNX_FILE]
    written = [
        make_row(LIVE_FORMAT, file=ONNX_FILE, source_sha256=source, speed=make_speed(own_ms))
    ]
    for row in rows:
        path = models_dir / card.name / row.file
        path.write_bytes(row.name.encode())
        written.append(_about(row, source_sha256=source, sha256=digest(path)))
    (folder / FORMATS_FILE).write_bytes(formats_as_bytes(written))


def _about(row, **changes):
    return ConvertedFormat(**{**vars(row), **changes})


def test_rows_come_back_as_they_were_written(models_dir, card):
    parity = make_parity(accuracy_change=Interval(-0.001, -0.004, 0.002), ece_change=0.01)
    row = make_row("litert-int8", parity=parity, notes=("Ranges were measured on faces.",))
    refused = make_row("keras", parity=None, speed=None, refusal="It cannot.", file="", sha256="")
    for one in (row, refused):
        assert from_plain(ConvertedFormat, json.loads(json.dumps(to_plain(one)))) == one


def test_rows_about_another_version_of_the_model_do_not_count(models_dir, card):
    _publish(models_dir, card, make_row("litert-float16"))
    assert len(read_formats(models_dir, card)) == 2
    path = models_dir / card.name / "formats" / FORMATS_FILE
    path.write_bytes(formats_as_bytes([make_row(source_sha256="of another network")]))
    assert read_formats(models_dir, card) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"formats": 3}', '{"formats": [{"name": "x"}]}'])
def test_a_damaged_list_is_reported_and_the_model_is_still_used_live(models_dir, card, text):
    formats_folder(models_dir, card.name).mkdir()
    (formats_folder(models_dir, card.name) / FORMATS_FILE).write_text(text)
    with pytest.raises(DamagedModel, match="list of formats"):
        read_formats(models_dir, card)
    assert best_for_live(models_dir, card).path.name == ONNX_FILE
    write_card(models_dir / card.name, card)  # its page leaves them out
    assert load_card(models_dir, card.name) == card


def test_the_fastest_file_that_passed_is_used_live(models_dir, card):
    quick = make_row("litert-float16", speed=make_speed(0.5))
    _publish(models_dir, card, quick, make_row("litert-float32", speed=make_speed(0.7)))
    chosen = best_for_live(models_dir, card)
    assert (chosen.format, chosen.runtime) == ("litert-float16", "litert")
    assert chosen.path.read_bytes() == b"litert-float16"


@pytest.mark.parametrize(
    "row",
    [
        make_row("litert-float16", speed=make_speed(0.1), refusal="3 % of the labels are others."),
        make_row("litert-float16", speed=make_speed(0.9)),
        make_row("litert-float16", speed=make_speed(0.1, machine="Another machine")),
        make_row("litert-float16", speed=None),
        make_row("keras", speed=make_speed(0.1)),
        make_row(BROWSER_FORMAT, speed=make_speed(0.1)),
    ],
    ids=[
        "refused",
        "hardly quicker",
        "measured elsewhere",
        "not measured",
        "needs TensorFlow",
        "takes one face in each call",
    ],
)
def test_the_model_s_own_file_is_used_live_where_no_other_is_clearly_faster(models_dir, card, row):
    _publish(models_dir, card, row)
    assert best_for_live(models_dir, card).format == LIVE_FORMAT


def test_a_changed_or_missing_file_is_not_used(models_dir, card):
    quick = make_row("litert-float16", speed=make_speed(0.2))
    next_best = make_row("litert-float32", speed=make_speed(0.5))
    _publish(models_dir, card, quick, next_best)
    (models_dir / card.name / quick.file).write_bytes(b"tampered with")
    assert best_for_live(models_dir, card).format == "litert-float32"
    (models_dir / card.name / next_best.file).unlink()
    assert best_for_live(models_dir, card).format == LIVE_FORMAT
    row = read_formats(models_dir, card)[2]
    assert not has_file(models_dir, card, row)
    with pytest.raises(DamagedModel, match="is not here"):
        format_file(models_dir, card, row)


def test_a_refused_format_cannot_be_downloaded(models_dir, card):
    row = make_row(refusal="2.4 % of the labels are others.")
    with pytest.raises(DamagedModel, match=r"2\.4 %"):
        format_file(models_dir, card, row)


def test_a_litert_file_is_found_by_its_content_and_no_other_file(models_dir, card):
    _publish(models_dir, card, make_row("litert-int8"))
    sha256 = next(one.sha256 for one in read_formats(models_dir, card) if one.name == "litert-int8")
    found = litert_file(models_dir, card.name, sha256[:12])
    assert found is not None
    assert found.read_bytes() == b"litert-int8"
    for name, digits in (
        (card.name, "0" * 12),
        (card.name, sha256[:7]),
        (card.name, "../" + sha256),
        ("..", sha256),
        (f"../{models_dir.name}/{card.name}", sha256),
        (card.name, card.files[ONNX_FILE][:12]),
    ):
        assert litert_file(models_dir, name, digits) is None
    found.write_bytes(b"changed since")
    assert litert_file(models_dir, card.name, sha256[:12]) is None


def test_a_model_whose_own_file_was_changed_is_not_used(models_dir, card):
    (models_dir / card.name / ONNX_FILE).write_bytes(b"x")
    with pytest.raises(DamagedModel, match="sha256 differs"):
        best_for_live(models_dir, card)


def test_the_card_s_page_lists_every_format_and_why_one_was_refused(models_dir, card):
    change = Interval(-0.002, -0.006, 0.0021)
    rows = [
        make_row("litert-float16"),
        make_row("litert-int8", refusal="Too far.", parity=make_parity(accuracy_change=change)),
    ]
    _publish(models_dir, card, *rows)
    write_card(models_dir / card.name, card)
    page = (models_dir / card.name / "CARD.md").read_text(encoding="utf-8")
    assert (
        "| litert-float16 | 1.5 MB | 2 ms | 1.00 ms | 20.0 ms | 1e-06 | 0.00 % |  | passed |"
        in page
    )
    assert "-0.20 [-0.60, +0.21] | refused: Too far." in page
    assert "Compared on 700 drawn faces." in page
    assert formats_as_markdown([]) == ""


@pytest.mark.parametrize(
    ("count", "words"), [(999, "999 bytes"), (5_400, "5 kB"), (1_514_448, "1.5 MB")]
)
def test_sizes_are_shown_in_readable_units(count, words):
    assert size(count) == words
