"""From rated clips to a report, with an analyser that gives made rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from core.domain import FER7, Timeline
from core.domain.errors import MediaError, NotAllowedHere, UnreadableDataset
from core.validation import ClipReader, accept_licence, validate_measures
from core.validation.rated_clip import RatedClip, RatedClips
from core.validation.readers import open_clips
from core.validation.report import terminal_lines
from tests.faces_in_time import AT_REST, both, face_with, seconds
from tests.make import make_moment

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
PERSONS, CLIPS = 8, 4


class Analyser:
    """Gives rows of a face whose brows are as low as written in the file; counts what it reads."""

    def __init__(self):
        self.read = []

    def __call__(self, video):
        self.read.append(video.name)
        content = json.loads(video.read_text(encoding="utf-8"))
        if content == "damaged":
            raise MediaError(f"{video.name} is not a readable video.")
        if content == "nobody":
            return Timeline.from_frames(FER7, [make_moment(at / 10) for at in range(50)])
        return face_with(seconds(10.0, fps=5.0), **both("browDown", AT_REST + content))


@pytest.fixture
def dataset(tmp_path):
    """Eight people with four clips; the lower their brows, the less calm they were judged to be."""
    rng = np.random.default_rng(9)
    lines = ["file,person,calm,nothing"]
    for person in range(PERSONS):
        for number in range(CLIPS):
            calm = rng.normal()
            name = f"p{person}-{number}.mp4"
            brows = 0.4 - 0.08 * calm + 0.02 * rng.normal()
            (tmp_path / name).write_text(json.dumps(float(brows)), encoding="utf-8")
            lines.append(f"{name},p{person},{calm:.4f},{rng.normal():.4f}")
    (tmp_path / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "ratings.csv"


def validated(dataset, folder, analyser, **options):
    reader = ClipReader(analyser, "compact-2", "1", 0.0)
    return validate_measures(open_clips(dataset), folder, reader, now=NOW, **options)


def relation(report, rating, measure):
    (found,) = [one for one in report.findings if one.rating == rating]
    return next(one for one in found.relations if one.measure == measure)


def test_the_planted_measure_is_found_and_the_other_rating_is_not(dataset, tmp_path):
    report = validated(dataset, tmp_path / "out", Analyser())
    tension = relation(report, "calm", "tension")
    assert tension.clips == PERSONS * CLIPS
    assert tension.ranks.interval.high < -0.7
    assert tension.adjusted_p < 0.01
    assert relation(report, "nothing", "tension").adjusted_p > 0.05
    assert (report.usable, report.usable_persons) == (PERSONS * CLIPS, PERSONS)
    assert report.usable_share == pytest.approx(1.0)


def test_the_three_files_say_the_same(dataset, tmp_path):
    report = validated(dataset, tmp_path / "out", Analyser())
    tension = relation(report, "calm", "tension")
    written = json.loads((tmp_path / "out" / "validation.json").read_text(encoding="utf-8"))
    found = next(one for one in written["findings"] if one["rating"] == "calm")
    kept = next(one for one in found["relations"] if one["measure"] == "tension")
    assert kept["ranks"]["interval"]["value"] == tension.ranks.interval.value
    assert kept["adjusted_p"] == tension.adjusted_p
    figure = f"{tension.ranks.interval.value:+.2f} [{tension.ranks.interval.low:+.2f}"
    page = (tmp_path / "out" / "validation.html").read_text(encoding="utf-8")
    text = (tmp_path / "out" / "validation.md").read_text(encoding="utf-8")
    assert figure in page
    assert figure in text.replace("\\", "")
    assert figure in "\n".join(terminal_lines(report))
    for one in ("never says that a smile is genuine", "why, and nothing about any one person"):
        assert one in page
        assert one in text
    assert "<script" not in page
    assert "://" not in page


def test_whoever_goes_on_reads_only_what_is_missing(dataset, tmp_path):
    class Interrupted(Exception):
        pass

    def stop_after_seven(number, _clip):
        if number == 7:
            raise Interrupted

    first = Analyser()
    with pytest.raises(Interrupted):
        validated(dataset, tmp_path / "out", first, on_clip=stop_after_seven)
    second = Analyser()
    whole = validated(dataset, tmp_path / "out", second)
    assert len(first.read) == 7
    assert len(second.read) == PERSONS * CLIPS - 7
    assert set(first.read) & set(second.read) == set()
    assert validated(dataset, tmp_path / "elsewhere", Analyser()).findings == whole.findings


@pytest.mark.parametrize("change", ["content", "model", "interval", "damaged figures"])
def test_a_clip_is_read_again_where_its_figures_would_be_others(dataset, tmp_path, change):
    found = open_clips(dataset)
    found = RatedClips(found.title, found.clips[:1])
    out, again = tmp_path / "out", Analyser()
    validate_measures(found, out, ClipReader(Analyser(), "a", "1", 0.0), now=NOW)
    if change == "content":
        found.clips[0].path.write_text("0.1", encoding="utf-8")
    if change == "damaged figures":
        (kept,) = (out / "clips").iterdir()
        kept.write_bytes(b"{")
    version, every_s = ("2" if change == "model" else "1"), (0.5 if change == "interval" else 0.0)
    validate_measures(found, out, ClipReader(again, "a", version, every_s), now=NOW)
    assert len(again.read) == 1


def test_clips_that_cannot_be_used_are_named_with_the_reason(dataset, tmp_path):
    (tmp_path / "p0-0.mp4").write_text('"damaged"', encoding="utf-8")
    (tmp_path / "p0-1.mp4").write_text('"nobody"', encoding="utf-8")
    (tmp_path / "p0-2.mp4").unlink()
    report = validated(dataset, tmp_path / "out", Analyser())
    assert report.left_out == {
        "p0-0.mp4": "p0-0.mp4 is not a readable video.",
        "p0-1.mp4": "No face was found in it.",
        "p0-2.mp4": "p0-2.mp4 cannot be read: No such file or directory.",
    }
    assert report.usable == PERSONS * CLIPS - 3
    page = (tmp_path / "out" / "validation.html").read_text(encoding="utf-8")
    assert "No face was found in it." in page


def test_a_face_that_is_usable_for_half_of_a_clip_is_left_out(tmp_path):
    half = face_with(seconds(20.0))
    half.usable[: len(half) // 2] = False
    (tmp_path / "a.mp4").write_bytes(b"")
    clips = RatedClips("Mine", (RatedClip("a.mp4", tmp_path / "a.mp4", "ann", {"calm": 1.0}),))
    with pytest.raises(UnreadableDataset, match="usable for 50 % of it, under 60 %"):
        validate_measures(
            clips, tmp_path / "out", ClipReader(lambda _: half, "a", "1", 0.0), now=NOW
        )
    assert not list((tmp_path / "out").glob("validation.*"))


def test_one_person_alone_gives_their_own_correlation_and_no_pooled_one(dataset, tmp_path):
    lines = dataset.read_text(encoding="utf-8").splitlines()
    dataset.write_text("\n".join(lines[:5]), encoding="utf-8")
    report = validated(dataset, tmp_path / "out", Analyser())
    tension = relation(report, "calm", "tension")
    assert tension.ranks is None
    assert tension.problem.startswith("too few to say")
    assert list(tension.of_persons) == ["p0"]


def test_names_from_a_dataset_are_escaped_in_its_report(tmp_path):
    (tmp_path / "a.mp4").write_text("0.2", encoding="utf-8")
    table = tmp_path / "ratings.csv"
    table.write_text("file,person,<script>|*calm*\na.mp4,ann,1\n", encoding="utf-8")
    validated(table, tmp_path / "out", Analyser())
    assert "<script>" not in (tmp_path / "out" / "validation.html").read_text(encoding="utf-8")
    text = (tmp_path / "out" / "validation.md").read_text(encoding="utf-8")
    assert r"&lt;script&gt;\|\*calm\*" in text


def test_terms_of_a_dataset_have_to_be_accepted():
    with_terms = RatedClips("RecruitView", (), licence="Non-commercial use only.")
    with pytest.raises(NotAllowedHere, match="Non-commercial use only"):
        accept_licence(with_terms, accepted=False)
    accept_licence(with_terms, accepted=True)
    accept_licence(RatedClips("Mine", ()), accepted=False)
