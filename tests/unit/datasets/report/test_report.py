"""The preparation report in all its forms."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.report import (
    PreparationReport,
    class_distribution_svg,
    measured_claims,
    report_files,
    sample_sheet,
    to_html,
    to_json,
    to_text,
    write_report,
)
from core.datasets.report.tables import (
    class_distribution_csv,
    class_weights_json,
    class_weights_text,
)
from core.datasets.summary.summary import describe
from core.domain import CONFIDENT2, FER7, UNLABELLED, LabelScheme
from core.domain.errors import DatasetError
from core.storage.csv_injection import neutralise_formula
from tests.make import make_dataset

MADE_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SPLITS = {"Training": np.arange(280) % 7, "PublicTest": [0, 3], "PrivateTest": [1, 6]}
NASTY = LabelScheme("nasty", ("<script>alert(1)</script>", 'a"b&c'))


def _report(dataset, **named):
    return PreparationReport(describe(dataset), MADE_AT, **named)


def _problem(kind, count, flagged):
    flags = np.arange(count) < flagged
    return Problem(kind, flags.astype(np.float32), flags, f"Looked for {kind.value}.")


class _Tags(HTMLParser):
    """Refuses tags that are closed in another order than they were opened."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def _tags(page):
    parser = _Tags()
    parser.feed(page)
    assert parser.open == []
    return parser.seen


DATASETS = {
    "usual": make_dataset(SPLITS),
    "two classes": make_dataset({"All": [0, 1] * 20}, scheme=CONFIDENT2),
    "an empty class": make_dataset({"Training": [0, 0, 3]}),
    "nothing labelled": make_dataset({"All": [UNLABELLED] * 4}),
    "one picture": make_dataset({"All": [3]}),
    "no picture": make_dataset({"All": []}),
    "many splits": make_dataset({f"Part {number}": [number] for number in range(7)}),
    "nasty names": make_dataset({"<b>Split": [0, 1]}, scheme=NASTY, name="<img src=x onerror=y>"),
}


@pytest.fixture(params=DATASETS, ids=str)
def dataset(request):
    return DATASETS[request.param]


def test_every_dataset_gives_a_valid_self_contained_page(dataset):
    page = to_html(_report(dataset), with_pictures=sample_sheet(dataset, seed=1))
    for tag, attributes in _tags(page):
        assert tag not in ("script", "link", "iframe", "object")
        assert not [name for name in attributes if name.startswith("on")]
        for name in {"src", "href"} & set(attributes):
            assert attributes[name].startswith("data:image/png;base64,")
    assert "://" not in page
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_the_summary_file_keeps_the_keys_of_earlier_versions():
    summary = json.loads(to_json(_report(DATASETS["usual"]), with_pictures=True))
    maps = {"mean", "variance", "difference", "effect", "levelled_effect"}
    assert set(summary["faces"][0]["maps"]) == maps
    assert {"raw", "levelled", "reading"} <= set(summary["regions"][0])


def test_every_dataset_gives_finite_numbers_and_aligned_words(dataset):
    report = _report(dataset)
    read = json.loads(to_json(report), parse_constant=pytest.fail)
    assert read["version"] == 1
    assert len(read["regions"]) == 21
    assert to_text(report).startswith(f"Dataset report: {dataset.name}\n=====")
    ElementTree.fromstring(class_distribution_svg(report.summary))


def test_names_are_text_wherever_they_stand():
    page = to_html(_report(DATASETS["nasty names"], notes=("<script>note</script>",)))
    assert "<script" not in page
    assert "<b>Split" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;img src=x onerror=y&gt;" in page
    drawing = class_distribution_svg(describe(DATASETS["nasty names"]))
    assert "<script" not in drawing


def test_nobodys_picture_is_in_a_report_unless_requested(tmp_path):
    dataset = DATASETS["one picture"]  # its mean face is its only face
    report = _report(dataset)
    page = to_html(report)
    assert "data:image" not in page
    assert "it may show a person" in page
    assert json.loads(to_json(report))["faces"][0]["maps"] is None
    shown = to_html(report, with_pictures=sample_sheet(dataset, seed=1))
    assert "Pictures labelled happy" in shown
    assert "it may show a person" not in shown


@pytest.mark.parametrize(
    ("pictures", "shown"),
    [
        ((100, 1), ()),  # the one is what is missing from the difference to the others
        ((100, 90, 1), (0,)),
        ((100, 20, 20), (0,)),
        ((100, 30, 29), (0,)),
        ((100, 30, 0), (0, 1)),
        ((30, 30, 30), (0, 1, 2)),
    ],
)
def test_a_person_cannot_be_reconstructed_from_the_report(pictures, shown):
    labels = tuple(f"label {at}" for at in range(len(pictures)))
    learned = np.repeat(np.arange(len(pictures)), pictures)
    dataset = make_dataset({"Training": learned}, scheme=LabelScheme("own", labels))
    faces = json.loads(to_json(_report(dataset)))["faces"]
    labels_with_maps = {face["label"] for face in faces if face["maps"]}
    assert labels_with_maps == {labels[at] for at in shown}


def test_mean_faces_of_many_pictures_are_shown_without_a_request():
    page = to_html(_report(DATASETS["usual"]))
    assert page.count('alt="Mean: ') == 7
    assert "Pictures labelled" not in page


def test_the_page_has_counts_weights_protocol_and_its_warning():
    dataset = make_dataset({"Training": [0] * 30 + [3] * 10, "Val": [0], "Test": [3]})
    page = to_html(_report(dataset))
    assert "Test is the test split: it is used once, for the final test." in page
    assert "Warning: early stopping" in page
    assert "0.667" in page  # 40 / (2 * 30)
    assert "2.000" in page  # 40 / (2 * 10)


def test_problems_and_claims_stand_with_counts_and_sentences():
    dataset = DATASETS["usual"]
    problems = (_problem(ProblemKind.EXACT_DUPLICATE, 284, 14), _problem(ProblemKind.LABEL, 284, 3))
    report = _report(dataset, problems=problems, claims=measured_claims(problems))
    for written in (to_html(report), to_text(report)):
        assert "Exact duplicate" in written
        assert "4.9 %" in written
        assert "Looked for exact_duplicate." in written
        assert "not measured" in written
        assert "Keep duplicates in one split" in " ".join(written.split())
    claims = {one["what"]: one for one in json.loads(to_json(report))["claims"]}
    assert claims["exact duplicates"] == {
        "what": "exact duplicates",
        "claimed": 0.052,
        "measured": 14 / 284,
        "holds": True,
    }
    assert claims["near duplicates"]["measured"] is None


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("an empty class", "Add pictures of disgust, fear, sad, surprise, neutral"),
        ("nothing labelled", "Add labels: training and evaluation need them"),
        ("one picture", "Add pictures until each class has enough"),
        ("usual", "Run an audit: picture quality"),
    ],
)
def test_what_to_do_next_follows_from_what_was_found(name, step):
    assert step in " ".join(to_text(_report(DATASETS[name])).split())


def test_tables_of_the_text_are_aligned():
    lines = to_text(_report(DATASETS["usual"])).splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Class "))
    table = lines[start : start + 9]
    assert len({len(line) for line in table[:9]}) == 1
    assert table[2].split()[0] == "angry"


def test_the_numbers_can_be_read_back():
    report = _report(DATASETS["usual"], notes=("Mine.",))
    read = json.loads(to_json(report))
    assert read["dataset"]["labels"] == list(FER7.labels)
    assert read["counts"][0]["classes"][0] == {
        "label": "angry",
        "pictures": 40,
        "share": pytest.approx(1 / 7),
        "weight": pytest.approx(1.0),
    }
    mean = np.array(read["faces"][0]["maps"]["mean"])
    assert mean == pytest.approx(report.summary.faces[0].mean, abs=1e-4)
    assert read["notes"] == ["Mine."]


def test_large_maps_are_averaged_down():
    dataset = make_dataset({"All": [0] * 30}, size_px=96)
    maps = json.loads(to_json(_report(dataset)))["faces"][0]["maps"]
    assert np.array(maps["mean"]).shape == (48, 48)


def test_a_sheet_shows_pictures_of_the_training_split_and_the_same_for_the_same_seed():
    dataset = make_dataset({"Training": [0] * 9 + [3], "PublicTest": [1], "PrivateTest": [6]})
    one, two, other = (sample_sheet(dataset, per_class=4, seed=seed) for seed in (1, 1, 2))
    assert list(one.rows) == ["angry", "happy"]
    assert one.rows["angry"].shape == (12, 48)
    assert one.png() == two.png()
    assert not np.array_equal(one.rows["angry"], other.rows["angry"])
    training = {picture.tobytes() for picture in dataset["Training"].pixels}
    assert {part.tobytes() for part in np.split(one.rows["angry"], 4, axis=1)} <= training


def test_a_sheet_is_a_picture_even_of_nothing_and_keeps_faces_clear_of_long_labels():
    empty = sample_sheet(DATASETS["nothing labelled"], seed=1).png()
    assert cv2.imdecode(np.frombuffer(empty, np.uint8), cv2.IMREAD_COLOR) is not None
    white = np.full((2, 12, 12), 255, np.uint8)
    long = LabelScheme("long", ("a label that is longer than its column", "b"))
    sheet = sample_sheet(make_dataset({"All": [0, 1]}, pixels=white, scheme=long), seed=1)
    decoded = cv2.imdecode(np.frombuffer(sheet.png(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert (decoded[:72, 150 : 150 + 72] == 255).all()


def test_all_files_are_written_and_nothing_else_is_left(tmp_path):
    dataset = DATASETS["usual"]
    report = _report(dataset)
    written = write_report(tmp_path / "new", report, with_pictures=sample_sheet(dataset, seed=1))
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {path.name for path in written}
    assert names == {
        "report.html",
        "report.txt",
        "summary.json",
        "class_distribution.svg",
        "class_distribution.csv",
        "class_weights.json",
        "class_weights.txt",
        "sample_sheet.png",
    }
    assert set(report_files(tmp_path / "new")) == names
    # Written again without pictures, the folder shows nobody.
    write_report(tmp_path / "new", report)
    assert not (tmp_path / "new" / "sample_sheet.png").exists()


def test_class_weights_are_files_that_say_the_same_as_the_report(dataset):
    summary = _report(dataset).summary
    read = json.loads(class_weights_json(summary))
    wanted = {
        one.label: one.weight
        for one in summary.counts_for_weights.classes
        if one.weight is not None
    }
    assert read["weights"] == wanted
    labels = summary.scheme.labels
    assert {labels[int(at)]: weight for at, weight in read["by_number"].items()} == wanted
    assert set(read["without_pictures"]) == set(labels) - set(wanted)
    text = class_weights_text(summary)
    assert all(f"{weight:.3f}" in text for weight in wanted.values())


def test_the_class_distribution_is_a_table_that_no_spreadsheet_runs(dataset):
    summary = _report(dataset).summary
    rows = list(csv.DictReader(io.StringIO(class_distribution_csv(summary))))
    found = {(row["split"], row["label"]): int(row["pictures"]) for row in rows if row["label"]}
    assert found == {
        (neutralise_formula(split.split), neutralise_formula(one.label)): one.pictures
        for split in summary.counts
        for one in split.classes
    }
    total = sum(int(row["pictures"]) for row in rows)
    assert total == sum(split.pictures for split in summary.counts)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetError, match="cannot be written") as caught:
        write_report(tmp_path / "file" / "report", _report(DATASETS["one picture"]))
    assert str(tmp_path) in caught.value.advice


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        PreparationReport(describe(DATASETS["one picture"]), datetime(2026, 11, 21, 12, 0))
