from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import tarfile
from dataclasses import replace
from importlib.metadata import packages_distributions

import nbformat
import pytest
from packaging.utils import canonicalize_name

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.catalogue.request import open_requested_dataset
from core.domain.errors import PlanError
from core.settings import PROJECT_DIR
from core.training import RECIPES, TrainingPlan
from core.training.remote import bundle
from core.training.remote.bundled_code import code_files
from core.training.remote.notebook import NEEDED, build_notebook, file_name
from tests.datasets_on_disk import make_pictures, write_csv

LARGEST_KB = 300


@pytest.fixture
def plan(settings, tmp_path):
    path = write_csv(tmp_path / "private folder" / "fer2013.csv", make_pictures(size_px=12))
    add(settings.datasets_dir, "faces", DatasetSource(str(path)), settings.datasets_cache_dir)
    return TrainingPlan(recipe="compact-residual", dataset="faces", epochs=2, seed=11)


def read(plan, settings):
    content = build_notebook(plan, settings, open_requested_dataset(plan, settings))
    return nbformat.reads(content.decode(), as_version=4), content


def carried(plan, settings):
    packed = bundle.pack(plan, settings, open_requested_dataset(plan, settings))
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:bz2") as archive:
        return {one.name: archive.extractfile(one).read() for one in archive.getmembers()}


def test_it_is_a_valid_notebook_that_names_its_plan(plan, settings):
    notebook, content = read(plan, settings)
    nbformat.validate(notebook)
    said = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for word in ("compact-residual", "**faces**", "2 epochs", "seed 11", "`/content/fer2013.csv`"):
        assert word in said
    assert "<" not in said
    assert len(content) < LARGEST_KB * 1000
    assert file_name(plan) == "train-compact-residual.ipynb"


def test_what_is_changed_in_the_recipe_is_said_as_a_card_would(plan, settings):
    asked = {"teachers": ["one", "other"], "teaching": 0.7, "dropout": RECIPES[plan.recipe].dropout}
    notebook, _ = read(replace(plan, options=asked), settings)
    said = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "seed 11, changed: teachers one and other, teaching 0.7\n" in said


def test_names_of_strangers_are_words_and_neither_markup_nor_cells(settings, tmp_path):
    evil = "![x](http:h.example) <archive> <b>`c`"
    path = write_csv(tmp_path / f"{evil}.csv", make_pictures(size_px=12))
    add(settings.datasets_dir, "faces", DatasetSource(str(path)), settings.datasets_cache_dir)
    plan = TrainingPlan(recipe="compact-residual", dataset="faces", epochs=2)
    notebook, content = read(replace(plan, options={"teachers": [evil], "teaching": 0.7}), settings)
    assert len(content) < LARGEST_KB * 1000
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    said = re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", "\n".join(cells))
    assert "\\[x\\](http:h.example) &lt;archive&gt;" in said
    assert not re.search(r"(?<!\\)\]\(|<b>|(?<!\\)`c", said)


def test_equal_requests_make_equal_files(plan, settings):
    assert read(plan, settings)[1] == read(plan, settings)[1]


def test_its_code_is_python_and_names_no_address(plan, settings):
    notebook, content = read(plan, settings)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)
    for word in (b"http:", b"https:", b"index-url", b"private folder"):
        assert word not in content


def test_only_tracked_code_travels_and_nothing_of_this_machine(plan, settings):
    files = carried(plan, settings)
    tracked = subprocess.run(
        ["git", "ls-files", "core"], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout.split()
    code = {name for name in files if name.startswith("core/")}
    assert code <= set(tracked)
    assert {name.rsplit(".")[-1] for name in code} == {"py", "toml"}
    assert "private folder" not in str(list(files.values()))
    assert sorted(files.keys() - code) == [
        "data/datasets/faces/source.json",
        "plan.json",
    ]
    errand = json.loads(files["plan.json"])
    assert errand["content_hash"] == open_requested_dataset(plan, settings).content_hash
    assert errand["file"] == "fer2013.csv"


def test_a_split_that_was_made_here_travels_along(settings, tmp_path):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=12), header="emotion,pixels")
    add(settings.datasets_dir, "a", DatasetSource(str(path)), settings.datasets_cache_dir)
    plan = TrainingPlan(recipe="compact-residual", dataset="a")
    assert "data/datasets/a/split.json" in carried(plan, settings)


def test_every_package_that_travelling_code_imports_is_installed_over_there():
    owners = packages_distributions()
    installed = {*map(canonicalize_name, NEEDED), "tensorflow", "tensorflow-cpu"}
    ours = {name.split("/")[0] for name, _ in code_files()}
    for name, path in code_files():
        for top, module in _imported_first(ast.parse(path.read_text(encoding="utf-8"))):
            if top == "core":
                assert module in ours or f"{module}.py" in ours, name
            elif top in owners and top != "pylibsrtp":
                assert installed & set(map(canonicalize_name, owners[top])), f"{name}: {top}"


def test_every_module_that_travelling_code_imports_travels_too():
    ours = {name for name, _ in code_files()}
    for name, path in code_files():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core."):
                imported = node.module.removeprefix("core.").replace(".", "/")
                assert {f"{imported}.py", f"{imported}/__init__.py"} & ours, f"{name}: {imported}"


def _imported_first(tree):
    """Packages, and rooms of ours, that are imported as soon as a module is."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
            if node.module == "core":
                names = [f"core.{one.name}" for one in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            yield top, rest.split(".")[0]


def test_files_that_have_to_be_copied_are_listed(plan, settings):
    options = {"teachers": ["wise"], "votes": 0.5, "begins_with": "elder"}
    asked = TrainingPlan(recipe=plan.recipe, dataset="faces", options=options)
    (settings.models_dir / "backbones").mkdir(parents=True)
    (settings.models_dir / "backbones" / "compact_residual.weights.h5").touch()
    said = read(asked, settings)[0].cells[0].source
    assert "`models/wise`" in said
    assert "`models/elder`" in said
    assert "<" not in said
    assert "ferplus_votes.csv" in said
    assert "compact_residual.weights.h5" in said


@pytest.mark.parametrize("part", [{"folds": 5}, {"trial_of": "x", "trial": 1}])
def test_a_fold_or_a_trial_cannot_be_exported(plan, settings, part):
    asked = TrainingPlan(recipe=plan.recipe, dataset="faces", **part)
    with pytest.raises(PlanError, match="makes a model"):
        build_notebook(asked, settings, open_requested_dataset(plan, settings))


def test_a_dataset_with_faces_cropped_here_cannot_be_exported(plan, settings):
    dataset = open_requested_dataset(plan, settings)
    source = settings.datasets_dir / "faces" / "source.json"
    source.write_text(json.dumps({**json.loads(source.read_text()), "align": True}))
    with pytest.raises(PlanError, match="cut out"):
        build_notebook(plan, settings, dataset)
