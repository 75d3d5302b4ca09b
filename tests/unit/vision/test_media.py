from __future__ import annotations

import itertools
from contextlib import suppress

import av
import numpy as np
import pytest

from core.domain.errors import MediaError
from core.vision import from_video
from tests.clips import turn_header, write_video

SHADES = [np.full((64, 96, 3), shade, dtype=np.uint8) for shade in (20, 80, 140, 200, 250)]
TIMES_MS = [40, 80, 200, 240, 1000]


@pytest.fixture
def clip(tmp_path):
    return write_video(tmp_path / "clip.mp4", SHADES, TIMES_MS)


def test_frames_come_in_order_with_their_own_times_from_zero(clip):
    frames = list(from_video(clip))
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.04, 0.16, 0.2, 0.96])
    assert [frame.rgb.mean() for frame in frames] == pytest.approx([20, 80, 140, 200, 250], abs=6)


def test_colours_are_red_first(tmp_path):
    red = np.zeros((64, 96, 3), dtype=np.uint8)
    red[..., 0] = 220
    (frame,) = from_video(write_video(tmp_path / "red.mp4", [red], [0]))
    assert frame.rgb[32, 48, 0] > 180
    assert frame.rgb[32, 48, 2] < 60


@pytest.mark.parametrize(
    ("matrix", "red_corner"),
    [
        ((1, 0, 0, 1), (0, 0)),
        ((0, 1, -1, 0), (0, -1)),  # a quarter turn to the right
        ((-1, 0, 0, -1), (-1, -1)),
        ((0, -1, 1, 0), (-1, 0)),
    ],
)
def test_a_portrait_video_has_upright_frames(tmp_path, matrix, red_corner):
    """Phones store such videos lying down, with a note of how to turn them."""
    lying = np.zeros((64, 96, 3), dtype=np.uint8)
    lying[:16, :16, 0] = 220
    clip = write_video(tmp_path / "phone.mp4", [lying], [0])
    turn_header(clip, matrix)
    (frame,) = from_video(clip)
    wide = abs(matrix[0]) == 1
    assert frame.rgb.shape == ((64, 96, 3) if wide else (96, 64, 3))
    row, column = (4 if at == 0 else -5 for at in red_corner)
    assert frame.rgb[row, column, 0] > 150
    assert frame.rgb[-1 - row, -1 - column, 0] < 60


def test_sampling_keeps_times_and_indices(clip):
    frames = list(from_video(clip, every_s=0.2))
    assert [frame.index for frame in frames] == [0, 3, 4]


def test_a_truncated_video_gives_its_frames_and_then_an_error(tmp_path):
    clip = tmp_path / "long.mkv"
    rng = np.random.default_rng(1)
    pictures = [rng.integers(0, 255, (64, 96, 3), dtype=np.uint8) for _ in range(60)]
    write_video(clip, pictures, [number * 33 for number in range(60)])
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    frames = []
    # Whether a torn end is an error or just an end is the container's affair.
    with suppress(MediaError):
        for frame in from_video(clip):
            frames.append(frame)
    assert 5 < len(frames) < 60


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "not a readable video"), (b"\0" * 5000, "not a readable video"), (b"RIFF", "readable")],
)
def test_a_file_that_is_no_video_is_refused(tmp_path, content, said):
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=said) as caught:
        next(from_video(path))
    assert caught.value.advice


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        sound.rate = 8000
        container.mux(stream.encode(sound))
    with pytest.raises(MediaError, match="holds no video"):
        next(from_video(path))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(MediaError, match="no file"):
        next(from_video(tmp_path / "nothing.mp4"))


def test_other_containers_are_read_too(media):
    for name in ("asl_book.mkv", "face_noface.mov"):
        frames = list(itertools.islice(from_video(media(name)), 10))
        assert len(frames) == 10
        times = [frame.time_s for frame in frames]
        assert times == sorted(times)
