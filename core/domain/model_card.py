"""What a saved model is, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.domain.evaluation_report import EvaluationReport, few_pictures_limit
from core.domain.labels import SCHEMES, LabelScheme
from core.domain.old_card import upgraded
from core.domain.plain_values import from_plain, to_plain
from core.domain.provenance import NOT_KNOWN, UNCALIBRATED, Calibration, RecipeUsed, TrainingData

LITERT_FILE = "model.tflite"
ONNX_FILE = "model.onnx"

COLOURS = 3

NOT_FOR = (
    "Deciding about people: hiring, grading, medical or legal use.",
    "Inferring emotions of people at work or in education in the EU (AI Act, Art. 5(1)(f)).",
    "Claims about what somebody feels: it names the expression shown (Barrett et al. 2019).",
)
"""Uses that no model here may be put to."""


class Scaling(StrEnum):
    """Which numbers stand for black and white."""

    UNIT = "unit"
    """0 to 1."""
    SIGNED = "signed"
    """-1 to 1: MobileNets of Keras, mini-Xception."""
    BYTES = "bytes"
    """0 to 255: networks that scale by themselves."""
    IMAGENET = "imagenet"
    """0 to 1, minus ImageNet's mean colour, over its spread: PyTorch's usual."""
    MEAN_BYTES = "mean-bytes"
    """0 to 255, minus ImageNet's mean colour: Keras' VGG16 and ResNet50."""


class Layout(StrEnum):
    """In which order a batch counts."""

    NHWC = "nhwc"
    """Pictures, rows, columns, colours: TensorFlow's."""
    NCHW = "nchw"
    """Pictures, colours, rows, columns: PyTorch's."""


class ColourOrder(StrEnum):
    """Which colour comes first."""

    RGB = "rgb"
    BGR = "bgr"
    """OpenCV's."""


class Interpolation(StrEnum):
    """How a face with fewer pixels than a model reads is enlarged; larger ones are averaged."""

    CUBIC = "cubic"
    """Sharper: what recipes here learn from."""
    BILINEAR = "bilinear"
    """The usual of libraries that train elsewhere."""


class OutputKind(StrEnum):
    """What a model's numbers are."""

    LOGITS = "logits"
    """Any numbers; softmax makes scores of them."""
    PROBABILITIES = "probabilities"
    """One for each label, in [0, 1]."""
    SIGMOIDS = "sigmoids"
    """One for each label, in [0, 1], each by itself: they need not sum to 1."""
    SHARE = "share"
    """A single one in [0, 1]: how much it is the second of two labels."""


@dataclass(frozen=True)
class ModelInput:
    """The picture a model expects; models made here take what the defaults say.

    Attributes:
        size_px: side of the square.
        crop: name of the way faces are cut out (`vision.faces.crop`); training and use must agree.
        channels: 1 for grey, 3 for colour.
        scaling: of the numbers.
        layout: of a batch.
        colour_order: of three channels.
        interpolation: of faces that are smaller. Cards from before it was written mean cubic.
    """

    size_px: int
    crop: str = "fer2013"
    channels: int = 1
    scaling: Scaling = Scaling.UNIT
    layout: Layout = Layout.NHWC
    colour_order: ColourOrder = ColourOrder.RGB
    interpolation: Interpolation = Interpolation.CUBIC

    def __post_init__(self) -> None:
        if self.size_px < 1:
            raise ValueError(f"pictures of {self.size_px} px make no sense")
        if self.channels not in {1, COLOURS}:
            raise ValueError(f"a picture has 1 or {COLOURS} channels, not {self.channels}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one picture, as the model reads it."""
        if self.layout is Layout.NCHW:
            return (self.channels, self.size_px, self.size_px)
        return (self.size_px, self.size_px, self.channels)


@dataclass(frozen=True)
class ModelCard:
    """What a saved model is, how it was made, and how far to trust it.

    The model takes float32 pictures as `input` says and answers `(n, len(scheme))` as `answers`
    says: logits, unless it was trained elsewhere. Scores are `softmax(logits / temperature)`.

    Attributes:
        name: the folder's name under models/.
        scheme: meaning of the outputs, in order.
        input: what it expects.
        temperature: divides the logits; fitted on the split that chose the model, never the test.
        not_sure_below: top scores under this are shown as "not sure".
        weights: trainable numbers; 0 where nobody could count them.
        mmac: million multiply-accumulates for one picture; 0 likewise.
        files: file name -> sha256, every file the model needs.
        made_at: UTC, ISO 8601.
        run_id: the run that made it.
        recipe: that made it; None where it was trained elsewhere.
        data: what it learned from; None where that is not known.
        reports: one for each split judged; of its own dataset, the one read once comes last. Those
            on other datasets say on which.
        limits: sentences a user must know, beside those that follow from other fields; see
            `all_limits`.
        not_for: uses it must not be put to.
        answers: what its numbers are.
        outputs: which of its numbers stands for each label; empty where they come in their order.
        served_by: the file that is asked for answers.
        origin: where a model trained elsewhere came from; empty for one that was trained here.
        data_as_told: what an old card said it learned from, where that could not be read into
            `data`; empty otherwise.
        calibration: what its temperature was fitted on here, if it was trained elsewhere; None
            where that was not done. A model that was trained here is calibrated by its run.
        input_notes: how it is known how pictures are prepared, in sentences.
    """

    name: str
    scheme: LabelScheme
    input: ModelInput
    temperature: float
    not_sure_below: float
    weights: int
    mmac: float
    files: dict[str, str]
    made_at: str
    run_id: str
    recipe: RecipeUsed | None
    data: TrainingData | None
    reports: tuple[EvaluationReport, ...] = ()
    limits: tuple[str, ...] = field(default=())
    not_for: tuple[str, ...] = field(default=())
    answers: OutputKind = OutputKind.LOGITS
    outputs: tuple[int, ...] = ()
    served_by: str = LITERT_FILE
    origin: str = ""
    data_as_told: str = ""
    calibration: Calibration | None = None
    input_notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.temperature <= 0:
            raise ValueError(f"{self.name}: temperature must be positive, got {self.temperature}")
        if not 0 <= self.not_sure_below < 1:
            raise ValueError(f"{self.name}: not_sure_below must lie in [0, 1)")
        if self.answers is OutputKind.SHARE and len(self.scheme) != 2:
            raise ValueError(f"{self.name}: one share answers for two labels, not for all these")
        if self.outputs and (
            len(set(self.outputs)) != len(self.scheme) or min(self.outputs, default=0) < 0
        ):
            raise ValueError(f"{self.name}: {self.outputs} are no outputs for {self.scheme.labels}")
        if self.data is not None and self.data_as_told:
            raise ValueError(f"{self.name}: what it learned from is told twice")

    @property
    def outputs_expected(self) -> int:
        """How many numbers the model has to give for each picture, at least."""
        if self.answers is OutputKind.SHARE:
            return 1
        return max(self.outputs) + 1 if self.outputs else len(self.scheme)

    @property
    def recipe_name(self) -> str:
        """Its recipe's name alone; empty without one."""
        return self.recipe.name if self.recipe is not None else ""

    @property
    def recipe_as_run(self) -> str:
        """Its recipe in words, and what was changed in it."""
        return self.recipe.sentence if self.recipe is not None else "trained elsewhere"

    @property
    def changes_in_words(self) -> str:
        """What was changed in its recipe, in a line; empty for nothing."""
        return self.recipe.changes_in_words if self.recipe is not None else ""

    @property
    def learned_from(self) -> str:
        """What it learned from, in words."""
        return self.data.sentence if self.data is not None else self.data_as_told or NOT_KNOWN

    @property
    def calibration_told(self) -> str:
        """How its temperature was fitted here, in a sentence; empty where its run did that."""
        if self.calibration is not None:
            return self.calibration.sentence(self.temperature)
        return UNCALIBRATED if self.origin else ""

    @property
    def all_limits(self) -> tuple[str, ...]:
        """Every sentence a user must know."""
        derived = filter(None, [few_pictures_limit(self.few_pictures), self.calibration_told])
        return (*self.limits, *derived, *self.input_notes)

    @property
    def few_pictures(self) -> dict[str, int]:
        """Label -> pictures, of the classes with few pictures in its own test split."""
        return self.judged.few_pictures if self.judged is not None else {}

    @property
    def own_reports(self) -> tuple[EvaluationReport, ...]:
        """Reports on the dataset that it learned from."""
        return tuple(one for one in self.reports if not one.dataset)

    @property
    def judged(self) -> EvaluationReport | None:
        """The report on the split of its own dataset that was read once; None without any."""
        return self.own_reports[-1] if self.own_reports else None

    def report(self, split: str) -> EvaluationReport | None:
        """The report on one split of its own dataset; None if that was never judged."""
        return next((one for one in self.own_reports if one.split == split), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`; a scheme that everybody has by its name alone."""
        plain: dict[str, Any] = to_plain(self)
        if SCHEMES.get(self.scheme.name) == self.scheme:
            plain["scheme"] = self.scheme.name
        return plain

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> ModelCard:
        """The inverse of `to_json`; a card from before its facts were fields is upgraded.

        Raises:
            KeyError, TypeError, ValueError: not a card.
        """
        read = upgraded(read)
        scheme = read["scheme"]
        if isinstance(scheme, str):
            read = {**read, "scheme": to_plain(SCHEMES[scheme])}
        return from_plain(cls, read)
