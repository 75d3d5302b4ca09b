"""The import job: a model trained elsewhere in, a model on the shelf out, told as events.

What is guessed is said, on screen and on the card; and a model that was not judged here says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.drawn_faces import drawn_faces, predict_drawn_faces
from core.conversion.importing.inspection import Guess, guess_answers, guess_input, mmac_of_onnx
from core.conversion.importing.kinds import KERAS_ENDINGS, expect_no_pytorch
from core.conversion.importing.label_file import Meaning, meaning_of
from core.conversion.importing.plan import MOST_BYTES, ImportPlan
from core.conversion.importing.settle import settle
from core.domain import NOT_FOR, LogMessage, ModelCard, OutputKind
from core.domain.errors import DamagedModel, ModelError, UnknownModel
from core.jobs import JobContext, RunCancelled
from core.models import KERAS_FILE, LITERT_FILE, ONNX_FILE, digest, list_cards, save
from core.models.runtimes import Engine, look_into, open_engine, preprocess
from core.storage.own_files import discard_ours
from core.storage.placeholder_file import find_placeholder

_LEGACY = (
    "Saved by Keras 2 and kept as LiteRT only: it cannot be fine-tuned, and its saliency is "
    "computed by occlusion only."
)

UNCALIBRATED_NOT_SURE = 0.5
"""Until it is calibrated, a model is taken at its word where it gives one label more than half."""


@dataclass(frozen=True)
class _Taken:
    """A file that can be asked, and what is known of it.

    Attributes:
        files: name on the shelf -> file.
        served_by: which of them is asked.
        guess: how pictures are given to it.
        size: weights, and million multiply-accumulates.
        notes: sentences for the card.
        order_told: how the order of its labels was found out; empty where it was said.
    """

    files: dict[str, Path]
    served_by: str
    guess: Guess
    size: tuple[int, float]
    notes: tuple[str, ...] = ()
    order_told: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said about it, on screen and on the card."""
        return (*self.guess.sentences, *self.file_notes)

    @property
    def file_notes(self) -> tuple[str, ...]:
        """Those of them that say nothing of how pictures are prepared."""
        return tuple(filter(None, (*self.notes, self.order_told)))


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Import one model.

    Returns:
        `model`: its name on the shelf.
    Raises:
        RunCancelled: somebody asked to stop.
        MienError: the file, its labels or the disk does not allow it.
    """
    plan = ImportPlan.from_json(plan_read)
    return {"model": _made_before(place) or _imported(plan, place)}


def _imported(plan: ImportPlan, place: JobContext) -> str:
    path = Path(plan.path)
    _expect_file(path)
    if plan.labels:  # wrong ones are told before anything takes its time
        meaning_of(plan.labels, plan.leave_out)
    name = _free_name(plan, place.settings.models_dir)
    place.journal.append(LogMessage(f"Inspecting {path.name}."))
    result = place.folder / "result"
    discard_ours(result, within=place.folder)
    result.mkdir()
    if path.suffix.lower() in KERAS_ENDINGS:
        taken = _from_keras(path, plan, result)
    else:
        taken = _as_it_is(path, plan)
    _go_on(place)
    engine = open_engine(taken.files[taken.served_by])
    if plan.has_pictures:
        place.journal.append(
            LogMessage("Testing preprocessing and class order on labelled pictures.")
        )
    settled = settle(engine, taken.guess, plan, place.settings, go_on=lambda: _go_on(place))
    taken = replace(taken, guess=settled.guess, order_told=settled.order_told)
    meaning = meaning_of(settled.labels, plan.leave_out)
    answers = _answers(engine, taken, plan, labels=len(settled.labels))
    card = _card(name, taken, meaning, answers, now=place.clock())
    origin = f"{path.name}, sha256 {digest(path)}"
    card = replace(card, origin=origin, run_id=place.folder.name)
    sane = predict_drawn_faces(engine, card)
    for sentence in (*taken.sentences, meaning.sentence, sane.sentence):
        place.journal.append(LogMessage(sentence))
    _go_on(place)
    return save(place.settings.models_dir, card, taken.files).name


def _made_before(place: JobContext) -> str:
    """The model that this very run put on the shelf, before it was killed; empty if none."""
    cards = list_cards(place.settings.models_dir)
    return next((card.name for card in cards if card.run_id == place.folder.name), "")


def _expect_file(path: Path) -> None:
    if not path.is_file():
        raise UnknownModel(
            f"There is no file {path.name} any more.", advice="Give its path, or upload it again."
        )
    if (found := find_placeholder(path)) is not None:
        raise DamagedModel(f"{path.name} is {found.what}.", advice=found.advice)
    expect_no_pytorch(path)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ModelError(
            f"{path.name} has {size / 2**20:,.0f} MB.",
            advice=f"Models of up to {MOST_BYTES / 2**20:,.0f} MB can be imported.",
        )


def _free_name(plan: ImportPlan, models_dir: Path) -> str:
    """The name asked for; one made of the file's name goes on counting where it is taken."""
    name = plan.model_name
    if not (models_dir / name).exists():
        return name
    if plan.name:
        raise ModelError(f"There is a model {name} already.", advice="Choose another name.")
    counted = (f"{name}-{number}" for number in range(2, 10_000))
    return next(one for one in counted if not (models_dir / one).exists())


def _go_on(place: JobContext) -> None:
    if place.stop_requested():
        raise RunCancelled


def _from_keras(path: Path, plan: ImportPlan, result: Path) -> _Taken:
    """TensorFlow wakes up here, in the worker."""
    try:
        from core.conversion.importing.keras_import import load_foreign, write_checked
        from core.conversion.writers.keras_runtimes import prepare_one_thread
    except ModuleNotFoundError as error:
        raise ModelError(
            "Keras files require TensorFlow, which is not installed here.",
            advice="Install requirements.txt, or export the model as ONNX or LiteRT.",
        ) from error
    prepare_one_thread()
    loaded = load_foreign(path, Path(plan.architecture) if plan.architecture else None)
    guess = guess_input(loaded.signature, plan, layers=loaded.layers, scales=loaded.scales)
    parity = write_checked(loaded, result / LITERT_FILE, _faces_for(guess))
    notes = (parity, _LEGACY) if loaded.is_legacy else (parity,)
    files = {LITERT_FILE: result / LITERT_FILE}
    if not loaded.is_legacy:
        loaded.network.save(result / KERAS_FILE)
        files[KERAS_FILE] = result / KERAS_FILE
    return _Taken(files, LITERT_FILE, guess, (loaded.weights, loaded.mmac), notes)


def _as_it_is(path: Path, plan: ImportPlan) -> _Taken:
    guess = guess_input(open_engine(path).signature, plan)
    if path.suffix.lower() != ".onnx":
        return _Taken({LITERT_FILE: path}, LITERT_FILE, guess, (0, 0.0))
    content = path.read_bytes()
    weights = look_into(content, path.name).weights
    size = (weights, mmac_of_onnx(content, guess.input))
    return _Taken({ONNX_FILE: path}, ONNX_FILE, guess, size)


def _faces_for(guess: Guess) -> NDArray[np.float32]:
    return preprocess(drawn_faces().pixels, guess.input)


def _answers(engine: Engine, taken: _Taken, plan: ImportPlan, *, labels: int) -> OutputKind:
    found = guess_answers(engine.answer(_faces_for(taken.guess)), labels)
    if not plan.answers or plan.answers == found:
        return found
    if OutputKind.SHARE in {found, plan.answers}:
        raise ModelError(
            f"The model's outputs are {found.value}, and {plan.answers} were expected.",
            advice="Leave the output type to automatic detection.",
        )
    return OutputKind(plan.answers)


def _card(
    name: str, taken: _Taken, meaning: Meaning, answers: OutputKind, *, now: datetime
) -> ModelCard:
    weights, mmac = taken.size
    return ModelCard(
        name=name,
        scheme=meaning.scheme,
        input=taken.guess.input,
        temperature=1.0,
        not_sure_below=UNCALIBRATED_NOT_SURE,
        weights=weights,
        mmac=mmac,
        files={},
        made_at=now.isoformat(timespec="seconds"),
        run_id="",
        recipe=None,
        data=None,
        limits=(
            "Imported: it was trained elsewhere. Its training data is not known, so test "
            "pictures may be among it.",
            *taken.file_notes,
            meaning.sentence,
            "Accuracy by subgroup was not measured.",
        ),
        not_for=NOT_FOR,
        answers=answers,
        outputs=meaning.outputs,
        served_by=taken.served_by,
        input_notes=taken.guess.sentences,
    )
