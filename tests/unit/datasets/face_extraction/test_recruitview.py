"""RecruitView's records, intact and damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.datasets.face_extraction.recruitview import check_metadata, read_clips
from core.domain.errors import UnknownDataset, UnreadableDataset
from tests.memory import with_peak


def _record(number=1, **changed):
    record = {
        "id": f"{number:04}",
        "file_name": f"videos/vid_{number:04}.mp4",
        "duration": "short",
        "question_id": "3",
        "question": "Why us?",
        "video_quality": "High",
        "user_no": str(number % 2),
        "openness": 0.1,
        "facial_expression": -0.25,
        "transcript": "[00:00 - 00:03] Well …",
    } | changed
    return {field: value for field, value in record.items() if value is not ...}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "videos").mkdir()
    return tmp_path


@pytest.fixture
def write(folder):
    """Write these records, or lines as they are, and empty videos for all of them."""

    def fill(*rows, videos=True, encoding="utf-8"):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / "metadata.jsonl").write_bytes("\n".join(lines).encode(encoding))
        for row in rows:
            if videos and isinstance(row, dict):
                (folder / row["file_name"]).touch()
        return folder

    return fill


def test_a_record_becomes_a_clip(write, folder):
    (clip,) = read_clips(write(_record(7)))
    assert (clip.id, clip.subject, clip.score) == ("0007", "1", -0.25)
    assert clip.path == folder / "videos" / "vid_0007.mp4"
    assert (clip.duration, clip.question) == ("short", "Why us?")
    assert clip.transcript.endswith("…")


def test_what_nobody_needs_may_be_missing_and_numbers_may_be_numbers(write):
    record = _record(1, question=..., transcript=None, duration=..., user_no=12, id=3)
    (clip,) = read_clips(write(record))
    assert (clip.id, clip.subject, clip.question) == ("3", "12", "")


def test_the_metadata_check_counts_records_people_and_missing_videos(write, folder):
    write(*(_record(number) for number in range(1, 11)))
    for number in range(1, 8):
        (folder / f"videos/vid_{number:04}.mp4").unlink()
    found = check_metadata(folder)
    assert (found.clips, found.people, found.missing) == (10, 2, 7)
    assert found.missing_named == ("0001", "0002", "0003", "0004", "0005")
    assert found.sentences == (
        "10 records of 2 people; the published file has 2,011.",
        "Missing videos: 0001, 0002, 0003, 0004, 0005 and 2 more.",
    )


def test_a_complete_file_is_read_in_little_memory(write):
    folder = write(*(_record(n, transcript="word " * 2000) for n in range(1, 2012)), videos=False)
    count, most = with_peak(_count, Path, folder)
    assert count == 2011
    assert most < 4e6  # the file has 20 MB


def _count(folder):
    return sum(1 for _ in read_clips(folder))


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_are_no_damage(write):
    folder = write("", json.dumps(_record(1)) + "\r", "", encoding="utf-8-sig")
    assert [clip.id for clip in read_clips(folder)] == ["0001"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"id": "0002", "file_name": "vid', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1, 2]", "no JSON object"),
        (_record(2, id=...), "no usable id"),
        (_record(2, id=" "), "no usable id"),
        (_record(2, user_no=...), "no usable user_no"),
        (_record(2, user_no=True), "no usable user_no"),
        (_record(2, user_no=["1"]), "no usable user_no"),
        (_record(2, user_no="a\nb"), "unprintable"),
        (_record(2, id="\ud800"), "unprintable"),
        (_record(2, question=1.5), "no usable question"),
        (_record(2, facial_expression=...), "no number for facial_expression"),
        (_record(2, facial_expression=None), "no number for facial_expression"),
        (_record(2, facial_expression=True), "no number for facial_expression"),
        (_record(2, facial_expression="0.3"), "no number for facial_expression"),
        (_record(2, facial_expression=float("nan")), "no finite number"),
        (_record(2, facial_expression=float("-inf")), "no finite number"),
        (_record(2, facial_expression=10**400), "no finite number"),
        (_record(2, id="0001"), "the same id as row 1"),
        (_record(2, file_name="videos/vid_0001.mp4"), "the same file_name as row 1"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 50 else "row",
)
def test_a_damaged_row_is_refused_by_its_number_with_advice(write, row, message):
    folder = write(_record(1), row, videos=False)
    with pytest.raises(UnreadableDataset, match=message) as caught:
        list(read_clips(folder))
    assert "row 2" in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize(
    "name",
    [
        "../secret.mp4",
        "videos/../../secret.mp4",
        "/etc/passwd",
        "..\\secret.mp4",
        "C:/secret.mp4",
        "C:secret.mp4",
        "\\\\server\\share\\x.mp4",
    ],
)
def test_no_row_reaches_outside_the_folder(write, name):
    with pytest.raises(UnreadableDataset, match="outside the folder"):
        list(read_clips(write(_record(1, file_name=name), videos=False)))


def test_a_video_that_a_download_cache_links_elsewhere_is_there(write, folder, tmp_path_factory):
    blob = tmp_path_factory.mktemp("blobs") / "sha"
    blob.touch()
    write(_record(1), videos=False)
    (folder / "videos" / "vid_0001.mp4").symlink_to(blob)
    assert check_metadata(folder).missing == 0


def test_what_is_no_text_is_refused(folder):
    (folder / "metadata.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(UnreadableDataset, match="row 1, is not UTF-8"):
        list(read_clips(folder))
    (folder / "metadata.jsonl").write_bytes(b"x" * (2 << 20))
    with pytest.raises(UnreadableDataset, match="longer than"):
        list(read_clips(folder))


def test_nothing_there_is_reported_with_advice(folder, write):
    with pytest.raises(UnknownDataset, match=r"metadata\.jsonl") as caught:
        check_metadata(folder)
    assert "videos/" in caught.value.advice
    (folder / "metadata.jsonl").touch()
    with pytest.raises(UnreadableDataset, match="no records"):
        check_metadata(folder)
    with pytest.raises(UnreadableDataset, match="None of the 2 videos"):
        check_metadata(write(_record(1), _record(2), videos=False))


def test_a_video_whose_name_the_file_system_refuses_is_missing(write, folder):
    write(_record(1), json.dumps(_record(2, file_name="x" * 5000)))
    assert check_metadata(folder).missing == 1
