"""What cameras, phones and programs write, made by code: each is read, or refused in a sentence."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from core.domain.errors import MediaError, PlanError
from core.storage.recording_files import TimeRange, videos_in
from core.vision import from_picture, from_video
from core.vision.media import picture_frame
from tests.clips import write_coded_video
from tests.heic import write_heic

CORNER = 32


def marked(high: int = 96, wide: int = 160) -> np.ndarray:
    """Grey, with a red corner on the top left: uint8, `(high, wide, 3)`."""
    picture = np.full((high, wide, 3), 120, dtype=np.uint8)
    picture[:CORNER, :CORNER] = (230, 20, 20)
    return picture


def has_red_corner(rgb: np.ndarray) -> bool:
    inside = rgb[4 : CORNER // 2, 4 : CORNER // 2].astype(int)
    return bool((inside[..., 0] > 150).all() and (inside[..., 2] < 110).all())


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("phone.mp4", "libx265", "yuv420p10le"),
        ("web.mp4", "libsvtav1", "yuv420p"),
        ("web.webm", "libvpx-vp9", "yuv420p"),
        ("camera.mjpeg", "mjpeg", "yuvj420p"),
        ("stream.ts", "libx264", "yuv420p"),
        ("old.avi", "mpeg4", "yuv420p"),
        ("edit.mov", "prores_ks", "yuv422p10le"),
    ],
)
def test_videos_of_every_common_kind_are_read(
    tmp_path: Path, name: str, codec: str, pixels: str
) -> None:
    clip = write_coded_video(tmp_path / name, [marked()] * 8, codec=codec, pixels=pixels)
    frames = list(from_video(clip))
    assert len(frames) == 8
    assert [frame.time_s for frame in frames] == pytest.approx([n / 25 for n in range(8)], abs=0.01)
    assert all(has_red_corner(frame.rgb) for frame in frames)


def test_a_browser_s_recording_without_a_duration_is_read_with_progress(
    tmp_path: Path,
) -> None:
    clip = write_coded_video(
        tmp_path / "browser.webm", [marked()] * 30, codec="libvpx-vp9", options={"live": "1"}
    )
    with av.open(str(clip)) as container:
        assert container.duration is None
    told: list[float] = []
    assert len(list(from_video(clip, on_progress=told.append))) == 30
    assert told == sorted(told)
    assert 0.5 < told[-1] <= 1.0


@pytest.mark.parametrize(
    ("stored", "pixel", "shown"),
    [
        ((480, 480), Fraction(4, 3), (480, 640)),
        ((480, 720), Fraction(8, 9), (480, 640)),
        ((480, 640), Fraction(1, 1), (480, 640)),
        ((480, 640), Fraction(1000, 1), (480, 640)),  # nobody films so
    ],
)
def test_frames_get_square_pixels(
    tmp_path: Path, stored: tuple[int, int], pixel: Fraction, shown: tuple[int, int]
) -> None:
    picture = marked(*stored)
    clip = write_coded_video(tmp_path / "wide.mp4", [picture] * 2, pixel_shape=pixel)
    assert {frame.rgb.shape for frame in from_video(clip)} == {(*shown, 3)}


def test_time_continues_in_concatenated_recordings(tmp_path: Path) -> None:
    one = write_coded_video(tmp_path / "one.ts", [marked()] * 45).read_bytes()
    clip = tmp_path / "two.ts"
    clip.write_bytes(one + one)
    times = [frame.time_s for frame in from_video(clip)]
    assert len(times) == 90
    assert np.diff(times) == pytest.approx(np.full(89, 1 / 25))


def test_frames_without_timestamps_follow_the_frame_rate(tmp_path: Path) -> None:
    clip = write_coded_video(tmp_path / "bare.h264", [marked()] * 10)
    times = [frame.time_s for frame in from_video(clip)]
    assert np.diff(times) == pytest.approx(np.full(9, 1 / 25))


def test_sampled_frames_keep_to_the_interval(tmp_path: Path) -> None:
    clip = write_coded_video(tmp_path / "clip.mp4", [marked()] * 75)
    times = [frame.time_s for frame in from_video(clip, every_s=0.3)]
    assert times == pytest.approx([0.0, 0.32, 0.6, 0.92, 1.2, 1.52, 1.8, 2.12, 2.4, 2.72], abs=1e-3)


def test_a_time_range_starts_at_zero_and_its_frames_keep_their_indices(tmp_path: Path) -> None:
    clip = write_coded_video(tmp_path / "clip.mp4", [marked()] * 50)
    told: list[float] = []
    frames = list(from_video(clip, time_range=TimeRange(0.4, 1.2), on_progress=told.append))
    assert [frame.index for frame in frames] == list(range(10, 30))
    assert [frame.time_s for frame in frames] == pytest.approx([n / 25 for n in range(20)])
    assert told[-1] == pytest.approx(1.0, abs=0.05)
    with pytest.raises(MediaError, match="ends before 9 s"):
        list(from_video(clip, time_range=TimeRange(9.0)))


@pytest.mark.parametrize(("begin", "end"), [(-1.0, 3.0), (3.0, 3.0), (float("nan"), 3.0)])
def test_an_invalid_time_range_is_refused(begin: float, end: float) -> None:
    with pytest.raises(PlanError, match="makes no sense"):
        TimeRange(begin, end)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_rotated_as_their_metadata_says(tmp_path: Path, orientation: int) -> None:
    upright = Image.fromarray(marked())
    # How the picture has to lie in the file, so that the note's turn makes it upright again.
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    frame = from_picture(tmp_path / "photo.jpg")
    assert frame.rgb.shape == (96, 160, 3)
    assert has_red_corner(frame.rgb)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("print.jpg", "CMYK"),
        ("drawn.png", "P"),
        ("drawn.gif", "P"),
        ("cut.png", "RGBA"),
        ("photo.webp", "RGB"),
        ("photo.avif", "RGB"),
        ("scan.tif", "RGB"),
        ("plain.bmp", "RGB"),
    ],
)
def test_pictures_of_every_common_kind_are_read(tmp_path: Path, name: str, mode: str) -> None:
    Image.fromarray(marked()).convert(mode).save(tmp_path / name)
    frame = from_picture(tmp_path / name)
    assert frame.rgb.shape == (96, 160, 3)
    assert has_red_corner(frame.rgb)


def test_grey_pictures_of_sixteen_bits_are_read() -> None:
    written = io.BytesIO()
    Image.fromarray(np.full((40, 60), 40_000, np.uint16)).save(written, "PNG")
    frame = picture_frame(written.getvalue(), "deep.png")
    assert frame.rgb.mean() == pytest.approx(40_000 / 257, abs=2)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_tiled_heic_picture_is_assembled_and_rotated(tmp_path: Path, turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(marked(200, 300), -turns))
    photo = write_heic(tmp_path / "IMG_1.HEIC", picture, tile_px=128, quarter_rotations=turns)
    frame = from_picture(photo)
    assert frame.rgb.shape == (200, 300, 3)
    assert has_red_corner(frame.rgb)
    assert np.abs(frame.rgb.astype(int) - marked(200, 300)).mean() < 4


def test_a_heic_picture_in_one_piece_is_read(tmp_path: Path) -> None:
    photo = write_heic(tmp_path / "one.heic", marked(128, 128), tile_px=128)
    assert has_red_corner(from_picture(photo).rgb)


def test_a_heic_picture_is_no_video(tmp_path: Path) -> None:
    photo = write_heic(tmp_path / "one.heic", marked(128, 128), tile_px=64)
    with pytest.raises(MediaError, match=r"one\.heic is a picture"):
        next(from_video(photo))


def test_a_truncated_heic_picture_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = write_heic(tmp_path / "one.heic", marked(128, 192), tile_px=64).read_bytes()
    for size in range(16, len(whole) - 200, 23):
        with pytest.raises(MediaError, match=r"cut\.heic is a HEIC picture that cannot be put"):
            picture_frame(whole[:size], "cut.heic")


@pytest.mark.parametrize("name", ["cut.jpg", "cut.png", "cut.webp"])
def test_a_truncated_photograph_is_refused_with_a_message(tmp_path: Path, name: str) -> None:
    Image.fromarray(marked(480, 640)).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    with pytest.raises(MediaError, match=f"{name} is not a readable picture"):
        picture_frame(whole[: len(whole) // 2], name)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0", b"Thumbs", b"\0\0\0\x18ftypheic"])
def test_other_content_is_refused_as_a_picture(content: bytes) -> None:
    with pytest.raises(MediaError, match=r"a\.jpg is .*picture") as caught:
        picture_frame(content, "a.jpg")
    assert caught.value.advice


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF])
def test_a_picture_that_claims_gigabytes_is_refused_before_decoding(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*_: object) -> None:
        pytest.fail("OpenCV was asked: 4 GB, and seconds")

    monkeypatch.setattr(cv2, "imdecode", decode)
    written = io.BytesIO()
    Image.fromarray(marked()).save(written, "PNG")
    content = bytearray(written.getvalue())
    at = content.index(b"IDAT") - 4
    content[at : at + 4] = length.to_bytes(4, "big")
    with pytest.raises(MediaError, match="not a readable picture"):
        picture_frame(bytes(content), "claims.png")


def test_the_videos_of_a_folder_are_found_without_hidden_files(tmp_path: Path) -> None:
    wanted = ["a.mp4", "day 2/b.MOV", "day 2/c.webm"]
    left = [
        "Thumbs.db",
        ".DS_Store",
        "__MACOSX/._a.mp4",
        "__MACOSX/x.mp4",
        ".hidden/d.mp4",
        "._a.mp4",
    ]
    for name in [*wanted, *left, "photo.jpg", "notes.txt"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert [one.relative_to(tmp_path).as_posix() for one in videos_in(tmp_path)] == wanted
