"""The card of a saved model: what it is, and how it was made."""

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
"""Uses that are out of scope for every model here."""


class Scaling(StrEnum):
    """The range that pixels are scaled to."""

    UNIT = "unit"
    """0 to 1."""
    SIGNED = "signed"
    """-1 to 1: MobileNets of Keras, mini-Xception."""
    BYTES = "bytes"
    """0 to 255: networks with a scaling layer of their own."""
    IMAGENET = "imagenet"
    """0 to 1, minus ImageNet's mean, over its standard deviation: PyTorch's convention."""
    MEAN_BYTES = "mean-bytes"
    """0 to 255, minus ImageNet's mean: Keras' VGG16 and ResNet50."""


class TensorLayout(StrEnum):
    """The order of a batch's dimensions."""

    NHWC = "nhwc"
    """Batch, height, width, channels: TensorFlow's."""
    NCHW = "nchw"
    """Batch, channels, height, width: PyTorch's."""


class ColourOrder(StrEnum):
    """The order of colour channels."""

    RGB = "rgb"
    BGR = "bgr"
    """OpenCV's."""


class Interpolation(StrEnum):
    """How a face smaller than a model's input is enlarged; larger ones are averaged."""

    CUBIC = "cubic"
    """Sharper: used by the recipes here."""
    BILINEAR = "bilinear"
    """The usual default of other libraries."""


class OutputKind(StrEnum):
    """The kind of a model's outputs."""

    LOGITS = "logits"
    """Unnormalised; softmax turns them into scores."""
    PROBABILITIES = "probabilities"
    """One for each label, in [0, 1], summing to 1."""
    SIGMOIDS = "sigmoids"
    """One for each label, in [0, 1], independent: they need not sum to 1."""
    SHARE = "share"
    """A single one in [0, 1]: the probability of the second of two labels."""


@dataclass(frozen=True)
class ModelInput:
    """The picture a model expects; the defaults are those of models trained here.

    Attributes:
        size_px: side of the square.
        crop: name of the way faces are cut out (`vision.faces.crop`); training and use must agree.
        channels: 1 for grey, 3 for colour.
        scaling: of the pixels.
        layout: of a batch.
        colour_order: of three channels.
        interpolation: of smaller faces. Cards of earlier versions without it mean cubic.
    """

    size_px: int
    crop: str = "fer2013"
    channels: int = 1
    scaling: Scaling = Scaling.UNIT
    layout: TensorLayout = TensorLayout.NHWC
    colour_order: ColourOrder = ColourOrder.RGB
    interpolation: Interpolation = Interpolation.CUBIC

    def __post_init__(self) -> None:
        if self.size_px < 1:
            raise ValueError(f"pictures of {self.size_px} px make no sense")
        if self.channels not in {1, COLOURS}:
            raise ValueError(f"a picture has 1 or {COLOURS} channels, not {self.channels}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one input picture."""
        if self.layout is TensorLayout.NCHW:
            return (self.channels, self.size_px, self.size_px)
        return (self.size_px, self.size_px, self.channels)


@dataclass(frozen=True)
class ModelCard:
    """What a saved model is, how it was made, and its metrics.

    The model takes float32 pictures as `input` describes and returns `(n, len(scheme))` outputs of
    kind `answers`: logits, unless it was trained elsewhere. Scores are
    `softmax(logits / temperature)`.

    Attributes:
        name: the folder's name under models/.
        scheme: classes of the outputs, in order.
        input: what it expects.
        temperature: divides the logits; fitted on the validation split, never on the test split.
        not_sure_below: top scores under this are shown as "not sure".
        weights: number of trainable parameters; 0 where unknown.
        mmac: million multiply-accumulates per picture; 0 where unknown.
        files: file name -> sha256, every file the model needs.
        made_at: UTC, ISO 8601.
        run_id: the run that made it.
        recipe: that made it; None where it was trained elsewhere.
        data: what it was trained on; None where that is unknown.
        reports: one for each evaluated split; of its own dataset, the test split comes last. Those
            on other datasets name them.
        limits: limitations in sentences, beside those that follow from other fields; see
            `all_limits`.
        not_for: uses that are out of scope.
        answers: kind of its outputs.
        outputs: index of the output for each label; empty where they are in order.
        served_by: the file that predictions are made with.
        origin: where a model trained elsewhere came from; empty for one that was trained here.
        data_as_told: description of the training data on an old card, where that could not be
            parsed into `data`; empty otherwise.
        calibration: what its temperature was fitted on here, if it was trained elsewhere; None
            where that was not done. A model that was trained here is calibrated by its run.
        input_notes: how the preprocessing was determined, in sentences.
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
            raise ValueError(f"{self.name}: its training data is given twice")

    @property
    def outputs_expected(self) -> int:
        """The least number of outputs per picture."""
        if self.answers is OutputKind.SHARE:
            return 1
        return max(self.outputs) + 1 if self.outputs else len(self.scheme)

    @property
    def recipe_name(self) -> str:
        """Name of its recipe; empty without one."""
        return self.recipe.name if self.recipe is not None else ""

    @property
    def recipe_as_run(self) -> str:
        """Its recipe with its changes, as text."""
        return self.recipe.sentence if self.recipe is not None else "trained elsewhere"

    @property
    def changes_text(self) -> str:
        """Changes to its recipe, in a line; empty for none."""
        return self.recipe.changes_text if self.recipe is not None else ""

    @property
    def trained_on(self) -> str:
        """Its training data, as text."""
        return self.data.sentence if self.data is not None else self.data_as_told or NOT_KNOWN

    @property
    def calibration_note(self) -> str:
        """How its temperature was fitted here, in a sentence; empty for models trained here."""
        if self.calibration is not None:
            return self.calibration.sentence(self.temperature)
        return UNCALIBRATED if self.origin else ""

    @property
    def all_limits(self) -> tuple[str, ...]:
        """Every sentence a user must know."""
        derived = filter(None, [few_pictures_limit(self.few_pictures), self.calibration_note])
        return (*self.limits, *derived, *self.input_notes)

    @property
    def few_pictures(self) -> dict[str, int]:
        """Label -> pictures, of the classes with few pictures in its own test split."""
        return self.test_report.few_pictures if self.test_report is not None else {}

    @property
    def own_reports(self) -> tuple[EvaluationReport, ...]:
        """Reports on its training dataset."""
        return tuple(one for one in self.reports if not one.dataset)

    @property
    def test_report(self) -> EvaluationReport | None:
        """The report on the test split of its own dataset; None without any."""
        return self.own_reports[-1] if self.own_reports else None

    def report(self, split: str) -> EvaluationReport | None:
        """The report on one split of its own dataset; None if that was not evaluated."""
        return next((one for one in self.own_reports if one.split == split), None)

    def to_json(self) -> dict[str, Any]:
        """Values for `json.dumps`; a built-in scheme by its name alone."""
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
