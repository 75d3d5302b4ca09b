"""The archive of a published model does what Mien does, where Mien is not installed."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import distribution

import cv2
import numpy as np
import pytest
from packaging.requirements import Requirement

from core.conversion.checks.benchmark import versions_of
from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.formats import Runtime
from core.conversion.package.archive import package, package_name, preprocessing
from core.conversion.package.browser_example import BROWSER_EXAMPLE_FILE, LITERT_JS
from core.conversion.package.example_code import example_for
from core.domain import (
    CONFIDENT2,
    ONNX_FILE,
    Box,
    ColourOrder,
    Interpolation,
    ModelInput,
    OutputKind,
    Scaling,
    TensorLayout,
    softmax,
)
from core.domain.errors import DamagedModel
from core.models import BROWSER_FORMAT, LITERT_FILE, Predictor, load_card
from core.models.runtimes.preprocessing import logits_from, preprocess
from core.settings import PROJECT_DIR
from core.vision.faces.crop import FaceCrop
from tests.convertible import make_row, shelve_linear
from tests.make import make_card, make_photo

SHIPPED = PROJECT_DIR / "models"


@pytest.fixture
def published(settings):
    """An ONNX model, and the row about it."""
    card = shelve_linear(settings.models_dir)
    sha = card.files[ONNX_FILE]
    requires = versions_of(Runtime.ONNX)
    return card, make_row(file=ONNX_FILE, sha256=sha, source_sha256=sha, requires=requires)


def _unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def _only(requirements, folder):
    """A folder to import from with only these packages and their requirements."""
    waiting, known = [Requirement(line) for line in requirements], set()
    folder.mkdir()
    while waiting:
        requirement = waiting.pop()
        if requirement.name in known or (
            requirement.marker and not requirement.marker.evaluate({"extra": ""})
        ):
            continue
        known.add(requirement.name)
        found = distribution(requirement.name)
        waiting += [Requirement(one) for one in found.requires or ()]
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            target = folder / top
            if not target.exists():
                target.symlink_to(found.locate_file(top))
    return folder


def _run(inside, packages, *arguments):
    """The example in an interpreter that finds these packages only."""
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-B", "-W", "error", "example.py", *arguments],
        cwd=inside,
        env={"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _our_scores(runtime, path, pixels, card):
    return Predictor(open_in_runtime(runtime, path, threads=1), card).scores(pixels)[0]


def test_the_onnx_example_gives_mien_s_scores_with_its_three_packages_alone(
    settings, published, tmp_path
):
    card, row = published
    inside = _unpacked(package(settings.models_dir, card, row), tmp_path / "zip")
    requirements = (inside / "requirements.txt").read_text().splitlines()
    assert [one.split("==")[0] for one in requirements] == ["onnxruntime", "numpy", "pillow"]
    packages = _only(requirements, tmp_path / "packages")
    assert not (packages / "core").exists()
    assert not (packages / "cv2").exists()
    cv2.imwrite(str(inside / "face.png"), make_photo(3))
    scores = json.loads(_run(inside, packages, "face.png", "--json"))
    ours = _our_scores(
        Runtime.ONNX, settings.models_dir / "line" / ONNX_FILE, make_photo(3)[None], card
    )
    assert list(scores) == list(card.scheme.labels)
    assert np.allclose(list(scores.values()), ours, atol=1e-6)


def test_the_shipped_model_s_example_gives_mien_s_scores(tmp_path):
    card = load_card(SHIPPED, "compact-1")
    sha = card.files[LITERT_FILE]
    row = make_row(
        "litert-dynamic-int8",
        file=LITERT_FILE,
        sha256=sha,
        source_sha256=sha,
        requires=versions_of(Runtime.LITERT),
    )
    inside = _unpacked(package(SHIPPED, card, row), tmp_path / "zip")
    requirements = (inside / "requirements.txt").read_text().splitlines()
    packages = _only(requirements, tmp_path / "packages")
    cv2.imwrite(str(inside / "face.png"), make_photo(5))
    scores = json.loads(_run(inside, packages, "face.png", "--json"))
    ours = _our_scores(
        Runtime.LITERT, SHIPPED / "compact-1" / LITERT_FILE, make_photo(5)[None], card
    )
    assert np.allclose(list(scores.values()), ours, atol=1e-6)
    shown = _run(inside, packages, "face.png").splitlines()
    assert len(shown) in {7, 8}
    assert shown[0].split()[0] == max(scores, key=scores.get)
    assert (len(shown) == 8) == (max(scores.values()) < card.not_sure_below)


def test_every_file_is_listed_with_its_checksum(settings, published, tmp_path):
    card, row = published
    inside = _unpacked(package(settings.models_dir, card, row), tmp_path / "zip")
    lines = (inside / "SHA256SUMS").read_text().splitlines()
    sums = {name: found for found, name in (line.split("  ") for line in lines)}
    files = {path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()}
    assert set(sums) == files - {"SHA256SUMS"}
    for name, found in sums.items():
        assert hashlib.sha256((inside / name).read_bytes()).hexdigest() == found


def test_the_archive_holds_labels_card_and_limits(settings, published, tmp_path):
    card, row = published
    inside = _unpacked(package(settings.models_dir, card, row), tmp_path / "zip")
    assert inside.name == package_name(card, row).removesuffix(".zip") == "line-onnx"
    assert (inside / "labels.txt").read_text().split() == list(card.scheme.labels)
    assert json.loads((inside / "card.json").read_text())["name"] == "line"
    assert json.loads((inside / "format.json").read_text())["name"] == "onnx"
    assert card.not_for[0] in (inside / "LICENCE-AND-LIMITS.txt").read_text()
    assert card.limits[0] in (inside / "CARD.md").read_text()
    readme = (inside / "README.md").read_text()
    assert "python example.py FACE.png" in readme
    assert "Latency on one core: 1.00 ms for one picture" in readme


def test_equal_models_make_equal_archives(settings, published):
    card, row = published
    assert package(settings.models_dir, card, row) == package(settings.models_dir, card, row)


def test_a_refused_or_changed_format_is_not_packaged(settings, published):
    card, row = published
    with pytest.raises(DamagedModel, match="Too far"):
        package(settings.models_dir, card, replace(row, refusal="Too far."))
    (settings.models_dir / "line" / ONNX_FILE).write_bytes(b"x")
    with pytest.raises(DamagedModel, match="differs"):
        package(settings.models_dir, card, row)


def _example(tmp_path, card):
    """The example as a module, with this card's preprocessing."""
    (tmp_path / "preprocessing.json").write_text(json.dumps(preprocessing(card)))
    (tmp_path / "example.py").write_text(example_for(Runtime.ONNX, "model.onnx"))
    spec = importlib.util.spec_from_file_location("example", tmp_path / "example.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("runtime", Runtime)
def test_every_example_is_python_that_imports_nothing_of_mien(runtime):
    source = example_for(runtime, "model.bin")
    compile(source, "example.py", "exec")
    assert "core" not in source.replace("scores", "").split()
    assert all(len(line) <= 100 for line in source.splitlines())


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("layout", TensorLayout)
@pytest.mark.parametrize("colours", [1, 3])
def test_the_example_preprocesses_a_grey_picture_as_mien_does(tmp_path, scaling, layout, colours):
    model_input = ModelInput(24, channels=colours, scaling=scaling, layout=layout)
    card = replace(make_card(), input=model_input)
    grey = make_photo(1, size_px=24)
    theirs = _example(tmp_path, card).as_input(np.repeat(grey[..., None], 3, axis=2))
    assert theirs.dtype == np.float32
    assert np.allclose(theirs, preprocess(grey[None], card.input), atol=2e-5)


def test_the_example_reverses_the_colour_order_for_a_bgr_model(tmp_path):
    model_input = ModelInput(4, channels=3, colour_order=ColourOrder.BGR)
    red = np.zeros((4, 4, 3), np.uint8)
    red[..., 0] = 255
    face = _example(tmp_path, replace(make_card(), input=model_input)).as_input(red)
    assert face[0, 0, 0].tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("answers", OutputKind)
def test_the_example_computes_scores_as_mien_does(tmp_path, answers):
    card = replace(make_card(), scheme=CONFIDENT2, answers=answers, temperature=0.7)
    numbers = {
        "logits": [1.5, -0.3],
        "probabilities": [0.8, 0.2],
        "sigmoids": [0.9, 0.3],
        "share": [0.2],
    }[answers]
    theirs = _example(tmp_path, card).scores_of(np.array([numbers]))
    ours = softmax(logits_from(np.array([numbers], np.float32), card).astype(float) / 0.7)
    assert list(theirs) == ["confident", "stressed"]
    assert np.allclose(list(theirs.values()), ours[0], atol=1e-6)


@pytest.mark.parametrize("interpolation", Interpolation)
@pytest.mark.parametrize(
    "points",
    [
        [[320, 280], [480, 290], [400, 400]],
        [[300, 250], [330, 262], [306, 290]],
        [[20, 30], [60, 20], [45, 70]],
        [[300, 280], [317, 280], [308, 298]],
    ],
    ids=["large", "turned", "at the edge", "enlarged"],
)
def test_the_example_crops_a_face_as_live_pages_do(tmp_path, points, interpolation):
    small = np.random.default_rng(8).integers(0, 256, (30, 40, 3), np.uint8)
    photo = cv2.resize(small, (800, 600), interpolation=cv2.INTER_CUBIC)
    card = replace(make_card(), input=ModelInput(48, interpolation=interpolation))
    example = _example(tmp_path, card)
    theirs = example.as_input(example.upright(photo, points, 48))[0]
    ours = FaceCrop(card.input).apply(photo, Box(0, 0, 800, 600), np.array(points, np.float32))
    # OpenCV places pixels to a 32nd; what is between them differs by a few of 255 levels.
    assert np.abs(theirs - ours).mean() < 0.004
    assert np.abs(theirs - ours).max() < 0.05


@pytest.mark.parametrize("interpolation", Interpolation)
@pytest.mark.parametrize("side", [30, 48, 96])
def test_the_example_preprocesses_a_cropped_face_of_any_size_as_mien_does(
    tmp_path, interpolation, side
):
    card = replace(make_card(), input=ModelInput(48, interpolation=interpolation))
    example, grey = _example(tmp_path, card), make_photo(2, size_px=side)
    theirs = example.as_input(example.middle_square(np.repeat(grey[..., None], 3, axis=2), 48))
    assert np.abs(theirs - preprocess(grey[None], card.input)).max() <= 1.01 / 255


def test_a_picture_that_is_not_square_is_cropped_at_its_centre(tmp_path):
    photo = np.zeros((60, 100, 3), np.uint8)
    photo[:, 20:80] = 200
    face = _example(tmp_path, make_card()).middle_square(photo, 48)
    assert face.shape == (48, 48, 3)
    assert (face == 200).all()


def test_a_format_for_browsers_comes_with_a_page_that_names_its_file(settings, published, tmp_path):
    card, row = published
    alone = replace(row, name=BROWSER_FORMAT)
    inside = _unpacked(package(settings.models_dir, card, alone), tmp_path / "zip")
    assert f'loadAndCompile("{card.name}.onnx"' in (inside / BROWSER_EXAMPLE_FILE).read_text()
    assert LITERT_JS in (inside / "README.md").read_text()
    other = _unpacked(package(settings.models_dir, card, row), tmp_path / "other")
    assert not (other / BROWSER_EXAMPLE_FILE).exists()


def test_the_preprocessing_says_how_many_pictures_a_call_takes(settings, published, tmp_path):
    card, row = published
    for name, size in ((row.name, None), (BROWSER_FORMAT, 1)):
        content = package(settings.models_dir, card, replace(row, name=name))
        inside = _unpacked(content, tmp_path / name)
        spec = json.loads((inside / "preprocessing.json").read_text())["input"]
        assert spec["shape"] == [size, 48, 48, 1]


def test_points_are_refused_for_a_model_not_trained_on_upright_faces(settings, tmp_path):
    box = replace(make_card(), input=ModelInput(48, crop="box"))
    assert "eyes_apart" not in preprocessing(box)["face"]
