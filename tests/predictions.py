"""The same faces through every path that asks a model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.conversion.checks.format_runtimes import open_in_runtime
from core.conversion.formats import Runtime
from core.domain import softmax
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.explain.occlusion import occlusion
from core.models import load_card, load_predictor, predict
from core.models.runtimes import as_faces, runtime_of
from core.settings import Settings
from core.vision.recognition import load_live_model, predict_dataset, predictor_named
from tests.make import make_dataset


def scores_by_every_path(
    settings: Settings, model: str, pixels: NDArray[np.uint8]
) -> Mapping[str, NDArray[np.float32]]:
    """What each path says, float32 `(n, k)`; one of them of the first two pictures alone.

    Args:
        model: on the shelf of `settings`.
        pixels: grey, uint8 `(n, side, side)`.
    """
    card = load_card(settings.models_dir, model)
    faces = as_faces(pixels, card.input)
    recognizer = load_live_model(settings.models_dir, model).recognizer
    predictor = load_predictor(settings.models_dir, card, threads=2)
    ensemble = Ensemble(
        [EnsembleMember(predictor, np.arange(len(card.scheme)))], "one", len(card.scheme)
    )
    file = settings.models_dir / model / card.served_by
    converted = open_in_runtime(Runtime(runtime_of(card.served_by)), file, threads=1)
    labels = [at % len(card.scheme) for at in range(len(pixels))]
    dataset = make_dataset({"Test": labels}, pixels=pixels, scheme=card.scheme)
    audited = predict_dataset(
        dataset, predictor_named(settings.models_dir, model), settings, lambda *_: None
    )
    logits = {
        "evaluation": ensemble.logits(pixels) / ensemble.temperature,
        "conversion": predict(converted, pixels, card) / card.temperature,
    }
    said = {
        "a stream, one face a frame": np.stack(
            [recognizer.recognize(face[None])[0].values for face in faces]
        ),
        "a stream, all faces at once": np.stack(
            [one.values for one in recognizer.recognize(faces)]
        ),
        "audit": audited.scores,
        "explanation, pictures that are given": predictor.scores(pixels),
        "explanation, one picture covered": np.stack(
            [occlusion(predictor, face[..., 0]).scores for face in faces[:2]]
        ),
        **{path: softmax(one) for path, one in logits.items()},
    }
    return {path: scores.astype(np.float32) for path, scores in said.items()}
