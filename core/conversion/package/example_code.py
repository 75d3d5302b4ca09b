"""The example program in the archive of a published model: needs one runtime, numpy and Pillow.

It is a text, as it runs where Mien is not installed. It reads what differs between models from
`preprocessing.json`.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.conversion.formats import Runtime

_HEAD = '''"""Score the expression of a face: python example.py FACE.png

FACE.png shows one face, cropped as preprocessing.json says under "face". Any photograph works with
the centres of the left eye, the right eye and the mouth, in pixels from the top left:

    python example.py PHOTO.jpg --points 210 180 290 178 252 260

(the left eye is the one on the left of the picture). --json prints the scores as JSON.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
ABOUT = json.loads((HERE / "preprocessing.json").read_text(encoding="utf-8"))
'''

_BODY = '''

def read_picture(path):
    """A picture as uint8 (height, width, 3), upright."""
    with Image.open(path) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))


def middle_square(rgb, size):
    """The middle square of a picture at the size the model reads."""
    side = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
    square = rgb[top : top + side, left : left + side]
    if side >= size:
        return np.asarray(Image.fromarray(square).resize((size, size), Image.Resampling.BOX))
    ys, xs = np.mgrid[:size, :size]
    return sampled(square, (np.stack([xs, ys], axis=-1) + 0.5) * side / size - 0.5, enlarged=True)


def upright(rgb, points, size):
    """Shift, rotate and scale so that eyes and mouth are where they were in training."""
    face = ABOUT["face"]
    left_eye, right_eye, mouth = np.asarray(points, dtype=np.float64).reshape(3, 2)
    eyes = (left_eye + right_eye) / 2
    across, down = right_eye - left_eye, mouth - eyes
    eyes_at, mouth_at = np.array(face["eyes_middle"]), np.array(face["mouth_middle"])
    target = np.array([face["eyes_apart"], mouth_at[1] - eyes_at[1]]) * size
    found = np.hypot(np.hypot(*across) / target[0], np.hypot(*down) / target[1]) / np.sqrt(2)
    scale, turn = 1.0 / max(found, 1e-6), -np.arctan2(across[1], across[0])
    middle, lands_at = (eyes + mouth) / 2, (eyes_at + mouth_at) / 2 * size
    block, reach = int(1.0 / scale), size / scale
    start = np.maximum(0, (middle - reach).astype(int))
    near = rgb[start[1] : int(middle[1] + reach), start[0] : int(middle[0] + reach)]
    high, wide = near.shape[0] // block if block else 0, near.shape[1] // block if block else 0
    if block >= 2 and min(high, wide) >= 1:  # much larger than needed: average whole blocks first
        rgb = near[: high * block, : wide * block].reshape(high, block, wide, block, 3)
        rgb = np.rint(rgb.mean(axis=(1, 3)))
        middle, scale = (middle - start) / block, scale * block
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    ys, xs = np.mgrid[:size, :size]
    to = np.stack([xs + 0.5, ys + 0.5], axis=-1) - lands_at
    return sampled(rgb, to @ np.linalg.inv(linear).T + middle - 0.5, enlarged=scale > 1)


def sampled(rgb, at, *, enlarged):
    """The picture sampled at fractional positions (x, y), with its edge repeated."""
    low = np.floor(at).astype(int)
    cubic = enlarged and ABOUT["face"]["interpolation"] == "cubic"
    xs, ys = (weights(at[..., axis] - low[..., axis], cubic) for axis in (0, 1))
    total = 0.0
    for dy, wy in ys.items():
        y = np.clip(low[..., 1] + dy, 0, rgb.shape[0] - 1)
        for dx, wx in xs.items():
            x = np.clip(low[..., 0] + dx, 0, rgb.shape[1] - 1)
            total = total + rgb[y, x] * (wx * wy)[..., None]
    return np.rint(np.clip(total, 0, 255)).astype(np.uint8)


def weights(share, cubic):
    """Weights of the neighbouring pixels; share is the fractional part of the position."""
    if not cubic:
        return {0: 1 - share, 1: share}
    sharp = -0.75  # as OpenCV's

    def inner(far):
        return ((sharp + 2) * far - (sharp + 3)) * far**2 + 1

    def outer(far):
        return sharp * (((far - 5) * far + 8) * far - 4)

    return {-1: outer(1 + share), 0: inner(share), 1: inner(1 - share), 2: outer(2 - share)}


def as_input(rgb):
    """A cropped face as the model's input, float32, one picture in a batch."""
    spec = ABOUT["input"]
    if spec["channels"] == 1:
        face = np.asarray(Image.fromarray(rgb).convert("L"))[..., None]
    else:
        face = rgb[..., ::-1] if spec["colour_order"] == "bgr" else rgb
    face = face.astype(np.float32) / 255.0
    face = face * np.float32(spec["factor"]) + np.float32(spec["shift"])
    if spec["layout"] == "nchw":
        face = face.transpose(2, 0, 1)
    return np.ascontiguousarray(face[None], dtype=np.float32)


def scores_of(numbers):
    """Calibrated scores, one for each label, from the model's outputs."""
    spec = ABOUT["output"]
    logits = np.asarray(numbers, dtype=np.float64).reshape(-1)
    if spec["kind"] == "share":
        share = float(np.clip(logits[0], 0, 1))
        logits = np.array([1 - share, share])
    if spec["kind"] == "sigmoids":
        inside = np.clip(logits, 1e-7, 1 - 1e-7)
        logits = np.log(inside / (1 - inside))
    elif spec["kind"] != "logits":
        logits = np.log(np.maximum(logits, 1e-7))
    if spec["columns"]:
        logits = logits[spec["columns"]]
    logits = logits / spec["temperature"]
    raised = np.exp(logits - logits.max())
    return dict(zip(spec["labels"], (raised / raised.sum()).tolist()))


def main():
    parser = argparse.ArgumentParser(description="Score the expression of a face.")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--points", type=float, nargs=6, metavar="PX")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.points and "eyes_apart" not in ABOUT["face"]:
        parser.error("this model was not trained on upright faces: crop the face yourself")
    rgb, size = read_picture(args.picture), ABOUT["face"]["size_px"]
    face = upright(rgb, args.points, size) if args.points else middle_square(rgb, size)
    scores = scores_of(open_model()(as_input(face)))
    if args.json:
        print(json.dumps(scores))
        return
    for label, score in sorted(scores.items(), key=lambda one: -one[1]):
        print(f"{label:12} {score:.4f}")
    if max(scores.values()) < ABOUT["output"]["not_sure_below"]:
        print("not sure: no score is high enough to say one of them")


if __name__ == "__main__":
    main()
'''

_OPENERS: Mapping[Runtime, str] = {
    Runtime.LITERT: '''

def open_model():
    """The model as a function: float32 batch in, outputs out."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(HERE / "{file}"))
    source = interpreter.get_input_details()[0]["index"]
    output = interpreter.get_output_details()[0]["index"]

    def predict(batch):
        interpreter.resize_tensor_input(source, batch.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(source, batch)
        interpreter.invoke()
        return interpreter.get_tensor(output)

    return predict
''',
    Runtime.ONNX: '''

def open_model():
    """The model as a function: float32 batch in, outputs out."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        str(HERE / "{file}"), providers=["CPUExecutionProvider"]
    )
    source = session.get_inputs()[0].name
    return lambda batch: session.run(None, {{source: batch}})[0]
''',
    Runtime.KERAS: '''

def open_model():
    """The model as a function: float32 batch in, outputs out."""
    import keras

    model = keras.saving.load_model(HERE / "{file}", compile=False)
    return lambda batch: np.asarray(model(batch, training=False))
''',
    Runtime.SAVED_MODEL: '''

def open_model():
    """The model as a function: float32 batch in, outputs out."""
    import tensorflow as tf

    model = tf.saved_model.load(str(HERE / "{file}"))
    return lambda batch: model.serve(tf.constant(batch)).numpy()
''',
}


def example_for(runtime: Runtime, file: str) -> str:
    """The source of `example.py`.

    Args:
        file: the model's file beside the example; for a SavedModel its folder.
    """
    return _HEAD + _OPENERS[runtime].format(file=file) + _BODY
