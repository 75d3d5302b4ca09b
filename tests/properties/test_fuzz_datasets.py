"""Damaged files by the thousand: each ends in a result or in a sentence with advice."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.audit.audit_store import Audit, load_audit, save_audit
from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.catalogue.catalogue import add, entries, open_entry
from core.datasets.catalogue.decoded_cache import open_cached
from core.datasets.face_extraction.recruitview import check_metadata, read_clips
from core.datasets.labels.class_mapping import make_map, maps_for, save_map
from core.datasets.labels.corrections import (
    Corrections,
    Exclude,
    Merge,
    Relabel,
    apply_corrections,
    load_corrections,
    save_corrections,
)
from core.datasets.labels.ferplus_votes import read_votes
from core.datasets.readers.csv_pixels import ColumnNames
from core.datasets.readers.face_folder import (
    ABOUT_FILE,
    COLUMNS,
    FORMAT,
    PIXELS_FILE,
    TABLE_FILE,
    read_faces,
)
from core.datasets.report import PreparationReport, write_report
from core.datasets.report.report_folder import read_report
from core.datasets.summary.summary import describe
from core.domain import FER7, Dataset
from core.domain.errors import MienError
from core.models.out_of_fold import out_of_fold_table, read_table, write_out_of_fold
from tests.datasets_on_disk import make_pictures, write_csv, write_folders, write_trio, write_zip
from tests.fuzzing import Fuzz
from tests.make import BEGAN_AT
from tests.mutations import spoil_bytes, spoil_json

SIZE_PX = 8


@pytest.fixture
def fuzz(tmp_path):
    return Fuzz(tmp_path)


@pytest.fixture(scope="module")
def pictures():
    return make_pictures(size_px=SIZE_PX)


def _open(path: Path, folder: Path, **how: object) -> Dataset:
    source = DatasetSource(str(path), **how)
    return open_dataset(source, folder / "cache")


def test_csv_files(fuzz, tmp_path, pictures):
    good = write_csv(tmp_path / "good.csv", pictures[::3]).read_bytes()

    def case(folder, rng):
        path = folder / rng.choice(["fer2013.csv", "x.csv", "train.csv", "test.csv"])
        path.write_bytes(spoil_bytes(good, rng))
        return _open(path, folder, scheme=rng.choice(["", "own", "fer7"]))

    fuzz.run(450, 1, case)
    assert fuzz.results > 4
    assert len(fuzz.advice) > 4


def test_csv_headers_and_cells(fuzz, pictures):
    words = [
        *("emotion", "label", "pixels", " Pixels", "Usage", "usage", "subject", "", '"', "é", "1"),
        *("emotion;pixels", "pixels\n", "\ufeffemotion", "x" * 300, "=pixels", "split", "set"),
    ]
    cells = [
        *("3", "happy", "", "Training", "PublicTest", " ".join(["7"] * 64), " ".join(["7"] * 63)),
        *(
            "256 " * 64,
            "-1 " * 64,
            "1.0 " * 64,
            "a",
            "NaN",
            '"',
            "\0",
            "\uff19 " * 64,
            "s1",
            "1e9 " * 64,
        ),
    ]

    def case(folder, rng):
        header = [*rng.choice(words, rng.integers(0, 5)), *["emotion", "pixels"][rng.integers(3) :]]
        rng.shuffle(header)
        rows = [header]
        good = {"pixels": " ".join(["9"] * 64), "emotion": "3", "usage": "Training"}
        for _ in range(rng.integers(0, 30)):
            row = [good.get(name.strip().lower(), "") for name in header]
            if row and rng.random() < 0.1:
                row[rng.integers(len(row))] = rng.choice(cells)
            rows.append(row)
        path = folder / "x.csv"
        end = rng.choice(["\n", "\r\n", "\n\n", "\r"])
        path.write_text(end.join(",".join(row) for row in rows), encoding="utf-8")
        chosen = ColumnNames(label=rng.choice(["", "", "label", "x"]), pixels=rng.choice(["", "1"]))
        return _open(path, folder, columns=chosen, size_px=int(rng.choice([0, 8, 16])))

    fuzz.run(300, 2, case)
    assert fuzz.results > 4


ODD_MEMBERS = [
    *("../x.png", "/x.png", "a\\b.png", "C:/x.png", ".", "", "a/../../b.png", "\0", "é/x.png"),
    *("happy/a.png", "happy/a.png", "train/happy/\ud7ff.png", "x" * 500, "a/" * 200 + "b.png"),
]
WAYS_OF_PACKING = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
LINK, FILE = 0o120777 << 16, 0o644 << 16


def _odd_names(png: bytes, rng: np.random.Generator) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", WAYS_OF_PACKING[rng.integers(4)]) as archive:
        for label in FER7.labels:
            archive.writestr(f"{label}/1.png", png)
        for name in rng.choice(ODD_MEMBERS, rng.integers(1, 4)):
            member = zipfile.ZipInfo(str(name))
            member.external_attr = int(rng.choice([0, LINK, FILE]))
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Duplicate name")  # that is the point
                archive.writestr(member, png if rng.random() < 0.7 else b"no picture")
    return made.getvalue()


def _wrong_sizes(content: bytes, rng: np.random.Generator) -> bytes:
    """What the archive's directory says of its members is not so."""
    changed = bytearray(content)
    places = [one.start() for one in re.finditer(b"PK\x01\x02", content)]
    for place in rng.choice(places, rng.integers(1, 4)):
        offset, width = [(8, 2), (10, 2), (20, 4), (24, 4), (28, 2), (42, 4)][rng.integers(6)]
        wrong = int(rng.choice([0, 1, 99, 0x7FFFFFFF, 0xFFFFFFF0])).to_bytes(8, "little")
        changed[place + offset : place + offset + width] = wrong[:width]
    return bytes(changed)


def _nested(content: bytes, rng: np.random.Generator) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.zip", content)
        archive.writestr("zeros.csv", b"0" * int(rng.choice([10, 3_000_000])))
    return made.getvalue()


def test_archives(fuzz, tmp_path, pictures):
    folders = write_folders(tmp_path / "fer", pictures[::4], named=True)
    trio = write_trio(tmp_path / "trio", pictures[::4])
    good = [write_zip(tmp_path / f"{one.name}.zip", one).read_bytes() for one in (folders, trio)]
    png = next(folders.rglob("*.png")).read_bytes()

    def case(folder, rng):
        content = good[rng.integers(2)]
        ways = (spoil_bytes, spoil_bytes, spoil_bytes, _wrong_sizes, _nested)
        way = rng.integers(6)
        spoilt = _odd_names(png, rng) if way == 5 else ways[way](content, rng)
        (folder / "x.zip").write_bytes(spoilt)
        return _open(folder / "x.zip", folder, size_px=SIZE_PX, scheme=rng.choice(["", "own"]))

    fuzz.run(450, 3, case)
    assert fuzz.results > 20
    assert len(fuzz.advice) > 4


ODD_FOLDERS = [b"happy", b"sad", b"0", b"7", "été".encode(), b"\xff\xfe", b"a'b", b"train", b" "]
ODD_FILES = [
    *(b"1.png", b"2.jpg", b"\xff.png", b"a\nb.png", b"x.csv", b"metadata.jsonl", b"faces.json"),
    *(b".hidden.png", b"Thumbs.db", b"n" * 200 + b".png", b"train.csv", b"x.PNG", b"x.tiff"),
]


def _put(path: Path, picture: bytes, rng: np.random.Generator) -> None:
    """A picture there, or something else of that name."""
    way = rng.random()
    if os.path.lexists(path):
        return
    if way < 0.1:
        path.symlink_to("nowhere" if way < 0.05 else "/etc/hostname")
    elif way < 0.15:
        os.mkfifo(path)
    elif way < 0.2:
        path.mkdir()
    elif way < 0.95:
        path.write_bytes(picture if way < 0.7 else spoil_bytes(picture, rng))
    else:
        path.write_bytes(b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_folders(fuzz, pictures):
    encoded = [
        cv2.imencode(ending, one.pixels)[1].tobytes()
        for one in pictures[:4]
        for ending in (".png", ".png", ".jpg", ".bmp", ".webp", ".tiff", ".pgm")
    ]

    def case(folder, rng):
        for _ in range(rng.integers(1, 12)):
            parts = [ODD_FOLDERS[rng.integers(len(ODD_FOLDERS))] for _ in range(rng.integers(3))]
            place = folder.joinpath("data", *map(os.fsdecode, parts))
            place.mkdir(parents=True, exist_ok=True)
            name = os.fsdecode(ODD_FILES[rng.integers(len(ODD_FILES))])
            _put(place / name, encoded[rng.integers(len(encoded))], rng)
        return _open(folder / "data", folder, scheme=rng.choice(["", "own"]))

    fuzz.run(250, 4, case)
    assert fuzz.results > 20


def test_records_of_videos(fuzz):
    record = {
        **{"id": "vid_0001", "file_name": "videos/vid_0001.mp4", "user_no": "12"},
        **{"facial_expression": -0.3, "duration": "short", "question": "Why?", "transcript": "So."},
    }
    rows = [{**record, "id": f"v{n}", "file_name": f"videos/v{n}.mp4"} for n in range(5)]

    def case(folder, rng):
        (folder / "videos").mkdir()
        (folder / "videos" / "v1.mp4").write_bytes(b"x")
        lines = [json.dumps(row).encode() for row in rows]
        at = rng.integers(5)
        lines[at] = spoil_json(rows[at], rng).replace(b"\n", b" ")
        content = b"\n".join(lines)
        (folder / "metadata.jsonl").write_bytes(
            content if rng.random() < 0.7 else spoil_bytes(content, rng)
        )
        list(read_clips(folder))
        return check_metadata(folder)

    fuzz.run(400, 5, case)
    assert fuzz.results > 4
    assert len(fuzz.advice) >= 2


def test_votes(fuzz):
    header = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear"
    rows = ["Training,fer1.png,4,0,0,1,3,2,0,0,0,0", "PublicTest,,0,10,0,0,0,0,0,0,0,0"] * 3
    good = "\n".join([f"{header},contempt,unknown,NF", *rows]).encode()

    def case(folder, rng):
        (folder / "votes.csv").write_bytes(spoil_bytes(good, rng))
        return read_votes(folder / "votes.csv")

    fuzz.run(300, 6, case)
    assert fuzz.results > 4


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory, pictures):
    """A catalogue with everything in it that this room writes."""
    root = tmp_path_factory.mktemp("catalogue")
    path = write_csv(root / "faces.csv", pictures[::2], header="emotion,pixels")
    dataset = add(root / "datasets", "faces", DatasetSource(str(path)), root / "cache")
    folder = root / "datasets" / "faces"
    names = tuple(dataset.pictures.names[:3].tolist())
    steps = (Exclude(names, "x"), Relabel(names, "sad", "y"), Merge("fear", "sad", "z"))
    save_corrections(folder, Corrections(steps))
    scores = np.linspace(0, 1, len(dataset), dtype=np.float32)
    problem = Problem(ProblemKind.BLURRED, scores, scores > 0.5, "Is it?")
    save_audit(folder, Audit(dataset.content_hash, "now", "small", (problem,), ("A note.",)))
    save_map(root / "schemes", make_map("two", dict.fromkeys(FER7.labels, "a") | {"sad": "b"}))
    report = PreparationReport(describe(dataset), made_at=BEGAN_AT)
    write_report(folder / "report" / "as-in-the-files", report)
    write_out_of_fold(
        root / "table.npz",
        out_of_fold_table(
            dataset.pictures.pixels, np.eye(7)[:1].repeat(len(dataset), axis=0).astype(np.float32)
        ),
    )
    return root


WRITTEN = [
    *("source.json", "split.json", "corrections.json", "audit/audit.json", "audit/problems.npz"),
    "report/as-in-the-files/summary.json",
]


def _spoil(path: Path, rng: np.random.Generator) -> None:
    content = path.read_bytes()
    if path.suffix == ".json":
        path.write_bytes(spoil_json(json.loads(content), rng))
    else:
        path.write_bytes(spoil_bytes(content, rng))


def _look_at_everything(root: Path) -> Dataset:
    """Whatever one part says, the others are looked at too."""
    folder, told = root / "datasets" / "faces", []
    entries(root / "datasets")
    for look in (load_audit, read_report, load_corrections):
        try:
            look(folder if look is not read_report else folder / "report" / "as-in-the-files")
        except MienError as error:
            told.append(error)
    assert len(maps_for(root / "schemes", FER7)) >= 1
    dataset = open_entry(root / "datasets", "faces", root / "cache")
    if told:
        raise told[0]
    return apply_corrections(dataset, load_corrections(folder))


@pytest.mark.parametrize("file", WRITTEN)
def test_what_the_catalogue_holds(fuzz, catalogue, file):
    def case(folder, rng):
        for name in ("datasets", "cache", "schemes"):
            shutil.copytree(catalogue / name, folder / name)
        _spoil(folder / "datasets" / "faces" / file, rng)
        if rng.random() < 0.2:
            _spoil(folder / "schemes" / "two.json", rng)
        return _look_at_everything(folder)

    fuzz.run(110, 10 + WRITTEN.index(file), case)
    assert len(fuzz.advice) > 0


def test_what_the_cache_holds(fuzz, catalogue):
    """A damaged cache is never an error: it is made again, and says the same."""
    source = DatasetSource.from_json(
        json.loads((catalogue / "datasets" / "faces" / "source.json").read_text())
    )
    good = open_dataset(source, catalogue / "cache")
    names = sorted(path.name for path in next((catalogue / "cache").iterdir()).iterdir())

    def case(folder, rng):
        shutil.copytree(catalogue / "cache", folder / "cache")
        (kept,) = (folder / "cache").iterdir()
        name = names[rng.integers(len(names))]
        _spoil(kept / name, rng)
        whole = open_cached(folder / "cache", kept.name)
        found = open_dataset(source, folder / "cache")
        assert len(found) == len(good)
        if whole is None:
            assert found.content_hash == good.content_hash
            assert found.pictures.names.tolist() == good.pictures.names.tolist()
        return found

    fuzz.run(200, 7, case)
    assert fuzz.results == 200


def test_folders_of_faces(fuzz):
    """Also where somebody mended the checksums: nothing is believed because a hash fits."""
    row = {"clip": "v1", "subject": "12", "score": "0.5", "time_s": "1.0", "frame": "30"}
    rest = {name: "0.5" for name in COLUMNS if name not in row}
    rows = [{**row, **rest, "time_s": f"{n}.0", "clip": f"v{n % 5}"} for n in range(40)]
    for number, one in enumerate(rows):
        one |= {"subject": str(number % 10), "score": f"{number / 20 - 1}"}
    lines = [",".join(COLUMNS), *(",".join(one[name] for name in COLUMNS) for one in rows)]
    table = "\r\n".join(lines).encode()
    made = io.BytesIO()
    np.save(made, np.zeros((40, SIZE_PX, SIZE_PX), dtype=np.uint8))

    def case(folder, rng):
        root = folder / "faces"
        root.mkdir()
        contents = {PIXELS_FILE: made.getvalue(), TABLE_FILE: table}
        which = (PIXELS_FILE, TABLE_FILE, ABOUT_FILE)[rng.integers(3)]
        if which in contents:
            contents[which] = spoil_bytes(contents[which], rng)
        for name, content in contents.items():
            (root / name).write_bytes(content)
        files = {name: hashlib.sha256(one).hexdigest() for name, one in contents.items()}
        about = {"format": FORMAT, "files": files, "counts": {"faces": 40}}
        text = json.dumps(about).encode() if which != ABOUT_FILE else spoil_json(about, rng)
        (root / ABOUT_FILE).write_bytes(text)
        read_faces(root)
        return _open(root, folder, levels=rng.choice(["published", "tertiles"]))

    fuzz.run(250, 8, case)
    assert fuzz.results > 4


def test_tables_of_scores(fuzz, catalogue):
    good = (catalogue / "table.npz").read_bytes()

    def case(folder, rng):
        (folder / "table.npz").write_bytes(spoil_bytes(good, rng))
        return read_table(folder / "table.npz")

    fuzz.run(100, 9, case)
