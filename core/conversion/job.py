"""The conversion job: a saved model in, other formats of it out, each tested and measured.

What a format gave is kept in the run's folder as soon as it is done, so a run that was stopped or
lost goes on with the next one. The model's folder is touched once, at the end.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.conversion.faces import Faces, faces_for
from core.conversion.formats import FORMATS, Format, Runtime
from core.conversion.measuring import measure, versions_of
from core.conversion.parity import compare, refusal_of
from core.conversion.plan import ConvertPlan
from core.conversion.publishing import publish
from core.conversion.runtimes import Answering, as_input, logits_about, opened
from core.errors import DamagedModel, ModelError, UnwritableFormat
from core.library import KERAS_FILE, digest, load_card, verified_file
from core.library.formats import LIVE_FORMAT, ConvertedFormat
from core.library.live_file import runtime_of
from core.runs import JobPlace
from core.runs.telling import Teller
from core.vocabulary import ONNX_FILE, ModelCard, Said

Tell = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Bench:
    """What every format is tested with.

    Attributes:
        card: the model's.
        source: its file that others are made from.
        network: that file in memory, a keras.Model; None where it is none.
        faces: to compare on.
        wanted: `(n, k)` logits of the network about them.
        plan: what was asked.
        folder: where files are written until they are published.
    """

    card: ModelCard
    source: Path
    network: Any
    faces: Faces
    wanted: NDArray[np.float64]
    plan: ConvertPlan
    folder: Path

    @property
    def given(self) -> str:
        """The format that the model has already; empty for LiteRT, which may be any of four."""
        return {KERAS_FILE: "keras", ONNX_FILE: "onnx"}.get(self.source.name, "")


@dataclass(frozen=True)
class Candidate:
    """A file to be tested, or still to be written.

    Attributes:
        name: a key of `FORMATS`, or `LIVE_FORMAT`.
        format: says what is tolerated.
        runtime: asks it.
        path: of the file.
        is_there: whether it needs no writing: it is the model's own.
    """

    name: str
    format: Format
    runtime: Runtime
    path: Path
    is_there: bool = False


def run(plan_read: Mapping[str, Any], place: JobPlace) -> dict[str, str]:
    """Convert one model.

    Returns:
        `model`: its name; `passed` and `refused`: names of formats, divided by commas.
    Raises:
        RunCancelled: somebody asked to stop; the formats done are kept for a resumed run.
        MienError: the model or the dataset cannot be used.
        OSError: the disk refused; the model's folder is as it was.
    """
    plan = ConvertPlan.from_json(plan_read)
    models_dir = place.settings.models_dir
    card = load_card(models_dir, plan.model)
    source = _source_of(models_dir, card)
    faces = faces_for(plan, card, place.settings)
    place.journal.append(Said(f"Compared on {faces.words}"))
    chosen = plan.chosen
    teller = Teller(place, len(chosen) + 2)
    bench = _bench(plan, card, source, faces, place.folder, teller.part(1, "The network"))
    candidates = [_candidate(one, bench) for one in chosen]
    candidates.append(_live_candidate(models_dir, card))
    rows = []
    for number, candidate in enumerate(candidates, start=2):
        tell = teller.part(number, candidate.format.title)
        row = _kept(candidate, bench)
        if row is None:
            made_at = place.clock().isoformat(timespec="seconds")
            row = replace(_tested(candidate, bench, tell), made_at=made_at)
            _keep(row, candidate, bench)
        rows.append(row)
        place.journal.append(Said(_told(row, candidate)))
    publish(place.settings, card, rows, bench.folder)
    for one in candidates:
        if not one.is_there:  # it lies beside the model now
            one.path.unlink(missing_ok=True)
    return {
        "model": card.name,
        "passed": ", ".join(row.name for row in rows if row.passed and row.name != LIVE_FORMAT),
        "refused": ", ".join(row.name for row in rows if not row.passed),
    }


def _source_of(models_dir: Path, card: ModelCard) -> Path:
    """The file that others are made from: the network, or what a model was imported as."""
    for file in (KERAS_FILE, ONNX_FILE, card.served_by):
        if file in card.files:
            return verified_file(models_dir, card, file)
    raise ModelError(
        f"{card.name} comes without {KERAS_FILE}, so nothing can be made from it.",
        advice="Restore that file, train again, or import the model as Keras or ONNX.",
    )


def _bench(  # noqa: PLR0913 - the parts of one value
    plan: ConvertPlan, card: ModelCard, source: Path, faces: Faces, folder: Path, tell: Tell
) -> Bench:
    """TensorFlow wakes up here, when everything else is known to be in order."""
    folder = folder / "result"
    folder.mkdir(parents=True, exist_ok=True)
    network: Any = None
    asked: Answering
    if source.name == KERAS_FILE:
        from core.conversion.keras_engines import KerasEngine, load_network, prepare_one_thread

        prepare_one_thread()
        network = load_network(source)
        asked = KerasEngine(network)
    else:
        asked = opened(Runtime(runtime_of(source.name)), source, threads=plan.threads)
    wanted = logits_about(asked, faces.pixels, card, tell=tell)
    if wanted.shape[1] != len(card.scheme) or not np.isfinite(wanted).all():
        raise DamagedModel(
            f"{source.name} of {card.name} answers values that do not fit its card.",
            advice="Restore it from where it came from, or train again.",
        )
    return Bench(card, source, network, faces, wanted, plan, folder)


def _candidate(chosen: Format, bench: Bench) -> Candidate:
    path = bench.folder / f"{bench.card.name}{chosen.suffix}"
    return Candidate(chosen.name, chosen, chosen.runtime, path)


def _live_candidate(models_dir: Path, card: ModelCard) -> Candidate:
    """The file that the model came with for live use, which the others are measured against."""
    path = models_dir / card.name / card.served_by
    runtime = Runtime(runtime_of(card.served_by))
    # It was made with 8-bit weights or better: that is what it has to keep to.
    usual = FORMATS["litert-dynamic-int8" if runtime is Runtime.LITERT else "onnx"]
    live = replace(usual, title=f"The live file ({card.served_by})")
    return Candidate(LIVE_FORMAT, live, runtime, path, is_there=True)


def _tested(candidate: Candidate, bench: Bench, tell: Tell) -> ConvertedFormat:
    """One format written, asked, compared and measured; refused where one of these says no."""
    tell(0, 1)
    row = ConvertedFormat(
        name=candidate.name,
        runtime=candidate.runtime,
        requires=versions_of(candidate.runtime),
        file="",
        sha256="",
        size_bytes=0,
        parity=None,
        speed=None,
        refusal="",
        faces=bench.faces.words,
        made_at="",
        source_sha256=digest(bench.source),
        notes=_notes(candidate, bench),
    )
    try:
        _write(candidate, bench)
        sizes = {"size_bytes": candidate.path.stat().st_size, "sha256": digest(candidate.path)}
        row = replace(row, **sizes)  # type: ignore[arg-type]
        return _asked(row, candidate, bench, tell)
    except (UnwritableFormat, DamagedModel) as error:
        return replace(row, refusal=error.message)


def _write(candidate: Candidate, bench: Bench) -> None:
    if candidate.is_there:
        return
    if candidate.name == bench.given:
        shutil.copyfile(bench.source, candidate.path)
    elif bench.network is not None:
        from core.conversion.keras_writing import write

        samples = as_input(bench.faces.samples, bench.card)
        write(bench.network, candidate.name, candidate.path, samples)
    else:
        raise UnwritableFormat(
            f"{bench.card.name} came without its network, and {candidate.format.title} is made "
            "from a Keras file.",
            advice="Import the model as a Keras file, if there is one.",
        )


def _asked(row: ConvertedFormat, candidate: Candidate, bench: Bench, tell: Tell) -> ConvertedFormat:
    card, faces = bench.card, bench.faces

    def load(threads: int = 1) -> Answering:
        return opened(candidate.runtime, candidate.path, threads=threads)

    logits = logits_about(load(bench.plan.threads), faces.pixels, card, tell=tell)
    found = compare(bench.wanted, logits, faces.labels, card)
    if isinstance(found, str):
        return replace(row, refusal=found)
    return replace(
        row,
        parity=found,
        refusal=refusal_of(found, candidate.format.tolerance),
        speed=measure(load, faces.pixels, card, clock=process_time),
    )


def _notes(candidate: Candidate, bench: Bench) -> tuple[str, ...]:
    if candidate.name != "litert-int8":
        return ()
    return (f"Ranges were measured on {bench.faces.samples_words}.",)


def _told(row: ConvertedFormat, candidate: Candidate) -> str:
    return f"{candidate.format.title}: {'passed' if row.passed else f'refused. {row.refusal}'}"


def _keep(row: ConvertedFormat, candidate: Candidate, bench: Bench) -> None:
    """Written last: without it the format counts as not done."""
    path = _row_file(candidate, bench)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(row.to_json(), allow_nan=False), encoding="utf-8")
    beside.replace(path)


def _kept(candidate: Candidate, bench: Bench) -> ConvertedFormat | None:
    """What an earlier attempt of this run found; None if nothing, or about other files."""
    try:
        read = _row_file(candidate, bench).read_text(encoding="utf-8")
        row = ConvertedFormat.from_json(json.loads(read))
        same = row.source_sha256 == digest(bench.source) and row.faces == bench.faces.words
        if row.passed:
            same = same and digest(candidate.path) == row.sha256
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return row if same else None


def _row_file(candidate: Candidate, bench: Bench) -> Path:
    return bench.folder / f"{candidate.name}.json"
