"""README and licence texts for the archive of a published model."""

from __future__ import annotations

from collections.abc import Mapping

from core.conversion.formats import FORMATS, Runtime
from core.conversion.package.browser_example import BROWSER_EXAMPLE_FILE, LITERT_JS
from core.domain import ModelCard
from core.domain.counted import hundredths
from core.domain.markdown import code, escaped
from core.domain.wording import points, size
from core.models import BROWSER_FORMAT, ConvertedFormat

_RUNTIME_LICENCES: Mapping[Runtime, tuple[str, ...]] = {
    Runtime.LITERT: ("LiteRT (ai-edge-litert): Apache License 2.0",),
    Runtime.ONNX: ("ONNX Runtime: MIT",),
    Runtime.KERAS: ("Keras: Apache License 2.0", "TensorFlow: Apache License 2.0"),
    Runtime.SAVED_MODEL: ("TensorFlow: Apache License 2.0",),
}
_BROWSER_LINES = (
    "In a browser, with LiteRT.js (Apache License 2.0), which runs the model there; the picture is "
    "not uploaded:",
    "",
    "```",
    f"npm install {LITERT_JS}",
    "python -m http.server --bind 127.0.0.1 8000",
    "```",
    "",
    f"Then open `http://localhost:8000/{BROWSER_EXAMPLE_FILE}`.",
    "",
)
_LIBRARY_LICENCES = ("NumPy: BSD 3-Clause", "Pillow: MIT-CMU")


def readme_text(card: ModelCard, row: ConvertedFormat, file: str) -> str:
    """The README: what the model is, how to run it, how it was tested."""
    known = FORMATS.get(row.name)
    title = known.title if known else row.name
    return "\n".join(
        (
            f"# {escaped(card.name)}, {escaped(title)}",
            "",
            "Classifies the expression shown by a face: "
            f"{escaped(', '.join(card.scheme.labels))}. It does not tell what somebody feels.",
            "",
            "## Try it",
            "",
            "```",
            "python -m venv venv && . venv/bin/activate",
            "pip install -r requirements.txt",
            "python example.py FACE.png",
            "```",
            "",
            "On Windows the second half of the first line is `venv\\Scripts\\activate`.",
            "",
            *(_BROWSER_LINES if row.name == BROWSER_FORMAT else ()),
            "## Contents",
            "",
            f"- {code(file)}: the model ({size(row.size_bytes)})",
            "- `example.py`, `requirements.txt`: example: a picture in, calibrated scores out",
            "- `preprocessing.json`: exact preprocessing and postprocessing",
            "- `labels.txt`: classes in the order of the outputs",
            "- `CARD.md`, `card.json`: model card: training, evaluation, limits",
            "- `format.json`: how this format was tested and measured",
            "- `LICENCE-AND-LIMITS.txt`: what it may be used for",
            "- `SHA256SUMS`: check with `sha256sum -c SHA256SUMS`",
            "",
            "## Tests",
            "",
            *_tests(row),
            "",
        )
    )


def licence_text(card: ModelCard, runtime: Runtime) -> str:
    """Licences as far as known, limits, and excluded uses."""
    parts = (
        "Rights",
        f"Training data: {card.trained_on}.",
        "The licence of the training data may forbid commercial use, which may apply to the "
        "model too. Check it before you distribute or sell the model or a product with it. "
        "example.py may be used and changed freely.",
        *((f"Where it came from: {card.origin}",) if card.origin else ()),
        "What the example installs, each under its own licence:",
        *(f"- {one}" for one in (*_RUNTIME_LICENCES[runtime], *_LIBRARY_LICENCES)),
        "",
        "Limits",
        *(f"- {one}" for one in card.all_limits),
        "",
        "Not for",
        *(f"- {one}" for one in card.not_for),
    )
    return "\n".join(parts) + "\n"


def _tests(row: ConvertedFormat) -> list[str]:
    lines = []
    if row.parity is not None:
        found = row.parity
        lines.append(
            f"Its predictions were compared with the network's on {escaped(row.faces)} Scores "
            f"differ by {found.max_difference:.2g} at most and {found.mean_difference:.2g} on "
            f"average; {hundredths(found.changed_labels)} of the top-1 predictions differ."
        )
        if found.accuracy_change is not None:
            change = points(found.accuracy_change)
            lines.append(f"Accuracy changed by {change} points (95 % CI in brackets).")
    if row.speed is not None:
        lines.append(
            f"Latency on one core: {row.speed.one.median_ms:.2f} ms for one picture, "
            f"{row.speed.many.median_ms:.1f} ms for a batch of 32, on "
            f"{escaped(row.speed.machine)}."
        )
    return [*lines, *map(escaped, row.notes)]
