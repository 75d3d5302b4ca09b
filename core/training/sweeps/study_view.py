"""A study of Optuna as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import optuna
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as Theirs

from core.domain.errors import StoreError
from core.training.sweeps.optuna_storage import open_storage, study_explained
from core.training.sweeps.summary import SweepSummary, TrialState, TrialSummary

JUDGED_FROM = 4  # complete trials before any is pruned or importance is measured
FACTS, WANTED = "facts", "trials"
"""What is noted of a study."""
RUN, WHY = "run", "why"
"""What is noted of a trial."""

_STATES = {
    Theirs.RUNNING: TrialState.RUNNING,
    Theirs.COMPLETE: TrialState.COMPLETED,
    Theirs.PRUNED: TrialState.PRUNED,
    Theirs.FAIL: TrialState.FAILED,
}


def sweep_summary(database_url: str, name: str) -> SweepSummary:
    """A sweep of any machine, as it stands.

    Raises:
        StoreError: there is none of that name, or the database cannot be read.
    """
    with study_explained("read"), open_storage(database_url) as storage:
        known = optuna.get_all_study_names(storage)
        if name not in known:
            raise StoreError(
                f"There is no sweep {name!r}.",
                advice=f"There are: {', '.join(sorted(known)) or 'none'}.",
            )
        theirs = optuna.load_study(study_name=name, storage=storage)
        return summarise(theirs, importance_of(theirs))


def sweep_names(database_url: str) -> list[str]:
    """Every sweep in this database, by name.

    Raises:
        StoreError: the database cannot be read.
    """
    with study_explained("read"), open_storage(database_url) as storage:
        return sorted(optuna.get_all_study_names(storage))


def importance_of(theirs: optuna.Study) -> dict[str, float]:
    """By how much each value explains the complete trials' accuracies (fANOVA, Hutter 2014)."""
    done = theirs.get_trials(deepcopy=False, states=(Theirs.COMPLETE,))
    if len(done) < JUDGED_FROM or len({one.value for one in done}) < 2:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=1)
    found = optuna.importance.get_param_importances(theirs, evaluator=evaluator)
    return {name: round(float(share), 4) for name, share in found.items()}


def summarise(theirs: optuna.Study, importance: Mapping[str, float]) -> SweepSummary:
    """Everything so far."""
    facts: dict[str, Any] = json.loads(theirs.user_attrs[FACTS])
    return SweepSummary(
        name=theirs.study_name,
        recipe=str(facts["recipe"]["name"]),
        epochs=int(facts["epochs"]),
        wanted=int(theirs.user_attrs[WANTED]),
        search=facts["search"],
        trials=tuple(_trial_summary(one) for one in theirs.get_trials(deepcopy=False)),
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
        why=str(trial.user_attrs.get(WHY, "")),
    )
