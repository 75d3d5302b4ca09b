"""A synthetic face for cameras, where no real one may be used."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

WIDTH_PX, HEIGHT_PX, FPS, SECONDS = 640, 480, 30, 6


def draw_face(*, smile: float = 0.0, shift_px: int = 0) -> np.ndarray:
    """RGB picture, uint8 `(480, 640, 3)`, of a face simple enough to draw and complete enough to
    be taken for one.

    Args:
        smile: -1 (corners down) to 1 (corners up).
        shift_px: to the right.
    """
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), (168, 178, 186), dtype=np.uint8)
    x, y = WIDTH_PX // 2 + shift_px, 240
    skin, shade, dark = (224, 180, 150), (196, 146, 118), (60, 38, 30)
    cv2.ellipse(picture, (x, y + 190), (150, 90), 0, 180, 360, (70, 80, 120), -1, cv2.LINE_AA)
    cv2.rectangle(picture, (x - 38, y + 80), (x + 38, y + 170), shade, -1)
    cv2.ellipse(picture, (x, y - 28), (112, 138), 0, 180, 360, dark, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x, y), (98, 128), 0, 0, 360, skin, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x, y - 88), (84, 42), 0, 180, 360, dark, -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (x + side * 40, y - 22)
        cv2.ellipse(picture, eye, (21, 11), 0, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
        cv2.circle(picture, eye, 9, (80, 60, 40), -1, cv2.LINE_AA)
        cv2.circle(picture, eye, 4, (10, 10, 10), -1, cv2.LINE_AA)
        cv2.ellipse(picture, eye, (22, 12), 0, 190, 350, dark, 3, cv2.LINE_AA)
        brow = (eye[0], eye[1] - 20)
        cv2.ellipse(picture, brow, (26, 9), 0, 200, 340, dark, 6, cv2.LINE_AA)
    nose = np.array([[x - 4, y - 16], [x - 16, y + 30], [x + 16, y + 30], [x + 4, y - 16]])
    cv2.fillPoly(picture, [nose], (212, 164, 134), cv2.LINE_AA)
    for side in (-1, 1):
        cv2.ellipse(picture, (x + side * 9, y + 30), (6, 4), 0, 0, 360, shade, -1, cv2.LINE_AA)
    along = np.arange(-36, 37)
    bend = y + 68 - smile * 14 * (along / 36.0) ** 2
    lips = np.stack([x + along, bend], axis=1).round().astype(np.int32)
    cv2.polylines(picture, [lips], False, (176, 84, 84), 11, cv2.LINE_AA)
    cv2.polylines(picture, [lips], False, (110, 44, 50), 3, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def write_face_clip(path: Path, *, size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)) -> Path:
    """Motion JPEG, as Chromium's fake camera plays it: the face sways and smiles.

    Args:
        size_px: width and height, at least as wide for its height as the synthetic face's picture.
    """
    width, height = size_px
    scale = height / HEIGHT_PX
    side = (width - round(WIDTH_PX * scale)) // 2
    with path.open("wb") as file:
        for number in range(FPS * SECONDS):
            turn = 2 * np.pi * number / (FPS * SECONDS)
            rgb = draw_face(smile=float(np.sin(turn)), shift_px=round(30 * np.sin(turn)))
            rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
            rgb = cv2.copyMakeBorder(rgb, 0, 0, side, side, cv2.BORDER_REPLICATE)
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
            file.write(jpeg.tobytes())
    return path


def write_camera_file(path: Path, clip: Path, *, fps: int, clip_fps: int = FPS) -> Path:
    """A clip as YUV4MPEG2, which Chromium's fake camera plays at the rate that its head names.

    Motion JPEG names no rate: it is played at 30 pictures a second, each decoded again.

    Args:
        clip: Motion JPEG, or another video, of one size.
        fps: pictures a second, a divisor of `clip_fps`.
        clip_fps: pictures a second of the clip.
    """
    kind = "mjpeg" if clip.suffix == ".mjpeg" else None
    with av.open(str(clip), format=kind) as source, path.open("wb") as file:
        for number, picture in enumerate(source.decode(video=0)):
            if number == 0:
                size = f"W{picture.width} H{picture.height}"
                file.write(f"YUV4MPEG2 {size} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
            if number % (clip_fps // fps) == 0:
                planes = picture.reformat(format="yuv420p").to_ndarray()
                file.write(b"FRAME\n" + planes.tobytes())
    return path


def write_empty_camera_file(path: Path, *, fps: int, seconds: int = 10) -> Path:
    """The same of a room without anybody: noise, as a camera gives it."""
    width, height, rng = 640, 480, np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(fps * seconds):
            planes = rng.integers(100, 140, width * height * 3 // 2, dtype=np.uint8)
            file.write(b"FRAME\n" + planes.tobytes())
    return path
