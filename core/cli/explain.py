"""Commands for explanations: `explain` (saliency maps, projections) and `errors`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import typer

from core.cli.common import exit_on_error, say, settings, start_and_follow
from core.domain.counted import counted
from core.domain.errors import UnknownModel
from core.domain.wording import exactly
from core.evaluation.explain import (
    KIND,
    PERPLEXITY,
    SALIENCY_FILE,
    ExplainPlan,
    SaliencyPart,
    read_saliency,
    region_weights,
)
from core.evaluation.predictions import (
    VOTES_FILE,
    Evaluation,
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
    read_votes_part,
)
from core.evaluation.scorecard import (
    EvaluatedPictures,
    LabelNoise,
    confused_pairs,
    evaluated_pictures,
    summarise,
    suspected_by_model,
    suspected_by_others,
)

Model = Annotated[str, typer.Argument(help="A name under models/.")]
Slug = Annotated[
    str, typer.Option("--evaluation", help="Name of the evaluation; empty takes the newest.")
]
Split = Annotated[str, typer.Option(help="Empty takes the test split.")]


def explain(
    model: Model,
    evaluation: Slug = "",
    split: Split = "",
    pictures: Annotated[int, typer.Option(help="Maximum number of pictures.")] = 4000,
    maps: Annotated[
        int, typer.Option(help="Maximum number of single saliency maps to save; 0: means only.")
    ] = 4000,
    perplexity: Annotated[float, typer.Option(help="Perplexity of t-SNE.")] = PERPLEXITY,
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 2,
) -> None:
    """Compute saliency maps and t-SNE of an evaluation, and save them with it."""
    with exit_on_error():
        chosen = _chosen(model, evaluation)
        plan = ExplainPlan(
            model,
            chosen.slug,
            split,
            pictures=pictures,
            single_maps=maps,
            perplexity=perplexity,
            threads=threads,
        )
        start_and_follow(KIND, plan.to_json())
        models_dir = settings().models_dir
        content = read_part(models_dir, _chosen(model, chosen.slug), SALIENCY_FILE)
        for line in () if content is None else _saliency_lines(read_saliency(content)):
            say(line)


def errors(
    model: Model,
    evaluation: Slug = "",
    split: Split = "",
    top: Annotated[int, typer.Option(help="Maximum number of pairs.")] = 10,
    most: Annotated[int | None, typer.Option("--most", hidden=True)] = None,
) -> None:
    """List the classes that a model confuses, the most frequent first."""
    with exit_on_error():
        chosen = _chosen(model, evaluation)
        answers = load_predictions(settings().models_dir, chosen)
        name = split or chosen.judges
        if name not in answers:
            raise UnknownModel(
                f"{chosen.slug} of {model} has no split {name!r}.",
                advice=f"It has: {', '.join(answers)}.",
            )
        judged = evaluated_pictures(answers[name], temperature=chosen.temperature)
        noisy = _doubtful(chosen, name, judged).flagged
        summary = summarise(judged, noisy)
        if summary is None:
            say(f"{name} has no labels.")
            return
        say(
            f"{name}: {summary.wrong:,} misclassified, {exactly(summary.share)} (95 % CI); "
            f"{summary.noisy:,} of them are likely label errors"
        )
        for pair in confused_pairs(judged, noisy)[: top if most is None else most]:
            say(
                f"{pair.truth} predicted as {pair.predicted}: {pair.pictures:,} of {pair.of:,}, "
                f"{exactly(pair.share)}"
            )


def _chosen(model: str, slug: str) -> Evaluation:
    models_dir = settings().models_dir
    if slug:
        return load_evaluation(models_dir, model, slug)
    found = list_evaluations(models_dir, model)
    if not found:
        raise UnknownModel(
            f"{model} has not been evaluated yet.",
            advice=f"Run: python -m core evaluate {model} --data ...",
        )
    return found[0]


def _doubtful(evaluation: Evaluation, split: str, judged: EvaluatedPictures) -> LabelNoise:
    """Likely label errors: by human votes, where the evaluation has them; else by the model."""
    content = read_part(settings().models_dir, evaluation, VOTES_FILE)
    votes = {} if content is None else read_votes_part(content)
    others = suspected_by_others(judged, None, votes.get(split))
    return suspected_by_model(judged) if others is None else others


def _saliency_lines(part: SaliencyPart) -> Sequence[str]:
    """Mean saliency by region of the face, one line per class."""
    lines = [f"{part.split}, saliency by {part.method}; 1 is the average of the picture:"]
    for number in np.flatnonzero(part.right_counts).tolist():
        weights = region_weights(part.right[number])
        regions = ", ".join(f"{region} {weight:.1f}" for region, weight in weights.items())
        lines.append(f"{part.classes[number]} ({int(part.right_counts[number]):,}): {regions}")
    if part.checks is not None:
        checks = part.checks
        lines.append(
            "Sanity check: covering the most salient fifth lowers the score by "
            f"{checks.named * 100:.0f} points, a random fifth by {checks.elsewhere * 100:.0f} "
            f"({counted(checks.pictures, 'picture')})."
        )
    return lines
