"""Summary of an Optuna study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import optuna
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from core.domain.errors import StoreError
from core.domain.plain_values import parse_json
from core.training.sweeps.optuna_storage import open_storage, study_errors
from core.training.sweeps.summary import SweepSummary, TrialState, TrialSummary

MIN_COMPLETE_TRIALS = 4  # complete trials before any is pruned or importance is measured
FACTS, TRIALS = "facts", "trials"
"""User attributes of a study."""
RUN, REASON = "run", "why"
"""User attributes of a trial."""

_STATES = {
    OptunaState.RUNNING: TrialState.RUNNING,
    OptunaState.COMPLETE: TrialState.COMPLETED,
    OptunaState.PRUNED: TrialState.PRUNED,
    OptunaState.FAIL: TrialState.FAILED,
}


def sweep_summary(database_url: str, name: str) -> SweepSummary:
    """Summary of a sweep, on any machine.

    Raises:
        StoreError: there is none of that name, or the database cannot be read.
    """
    with study_errors("read"), open_storage(database_url) as storage:
        known = optuna.get_all_study_names(storage)
        if name not in known:
            raise StoreError(
                f"There is no sweep {name!r}.",
                advice=f"There are: {', '.join(sorted(known)) or 'none'}.",
            )
        study = optuna.load_study(study_name=name, storage=storage)
        return summarise(study, hyperparameter_importance(study))


def sweep_names(database_url: str) -> list[str]:
    """Every sweep in this database, by name.

    Raises:
        StoreError: the database cannot be read.
    """
    with study_errors("read"), open_storage(database_url) as storage:
        return sorted(optuna.get_all_study_names(storage))


def hyperparameter_importance(study: optuna.Study) -> dict[str, float]:
    """Share of the variance of accuracy that each hyperparameter explains (fANOVA, Hutter 2014)."""
    done = study.get_trials(deepcopy=False, states=(OptunaState.COMPLETE,))
    if len(done) < MIN_COMPLETE_TRIALS or len({one.value for one in done}) < 2:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=1)
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: round(float(share), 4) for name, share in found.items()}


def summarise(study: optuna.Study, importance: Mapping[str, float]) -> SweepSummary:
    """Summary of a study."""
    facts: dict[str, Any] = parse_json(study.user_attrs[FACTS])
    return SweepSummary(
        name=study.study_name,
        recipe=str(facts["recipe"]["name"]),
        epochs=int(facts["epochs"]),
        wanted=int(study.user_attrs[TRIALS]),
        search=facts["search"],
        trials=tuple(_trial_summary(one) for one in study.get_trials(deepcopy=False)),
        importance=importance,
    )


def _trial_summary(trial: FrozenTrial) -> TrialSummary:
    course = tuple(value for _, value in sorted(trial.intermediate_values.items()))
    accuracy = trial.value if trial.value is not None else (course[-1] if course else None)
    return TrialSummary(
        number=trial.number + 1,
        state=_STATES.get(trial.state, TrialState.RUNNING),
        values=dict(trial.params),
        accuracy=accuracy,
        course=course,
        run=str(trial.user_attrs.get(RUN, "")),
        why=str(trial.user_attrs.get(REASON, "")),
    )
