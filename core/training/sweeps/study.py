"""A sweep as an Optuna study: its trials, suggested values, and pruning."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, cast

import numpy as np
import optuna
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, Trial
from optuna.trial import TrialState as OptunaState

from core.domain.errors import PlanError
from core.domain.plain_values import parse_json
from core.training.sweeps.optuna_storage import (
    HEARTBEAT_GRACE_S,
    open_storage,
    study_errors,
    warnings_suppressed,
)
from core.training.sweeps.plan import SweepPlan
from core.training.sweeps.search_space import Between, Range, Value
from core.training.sweeps.study_view import (
    FACTS,
    MIN_COMPLETE_TRIALS,
    REASON,
    RUN,
    TRIALS,
    hyperparameter_importance,
    summarise,
)
from core.training.sweeps.summary import SweepSummary

STARTUP_TRIALS = 8  # random ones before TPE; Optuna's default of 10 is too many of twenty
_CONTENT, _SWEEP = "content_hash", "sweep"


@dataclass(frozen=True)
class Suggestion:
    """Suggested values of a trial.

    Attributes:
        number: of the trial, from 1.
        values: by name.
        run: id of its run; empty before it is started.
    """

    number: int
    values: Mapping[str, Value]
    run: str = ""


class Study:
    """Suggests trials and stores their results; several processes may open the same study.

    Args:
        study: Optuna's.
        storage: its database.
        plan: of the sweep.
    """

    def __init__(self, study: optuna.Study, storage: RDBStorage, plan: SweepPlan) -> None:
        self._study, self._storage, self._plan = study, storage, plan

    @classmethod
    @contextmanager
    def open(cls, database_url: str, plan: SweepPlan) -> Iterator[Self]:
        """Open the sweep of the plan's name, or create it.

        Raises:
            PlanError: a sweep of that name has another search space.
            StoreError: the database cannot be reached or written.
        """
        with ExitStack() as stack:
            with study_errors("opened"):
                storage = stack.enter_context(open_storage(database_url))
                study = _open_study(storage, plan)
            yield cls(study, storage, plan)

    def trial_count(self) -> int:
        """Number of trials so far, on all machines, in any state."""
        with study_errors("read"):
            return len(self._study.get_trials(deepcopy=False))

    def ask(self, sweep: str) -> Suggestion:
        """Create another trial.

        Args:
            sweep: id of the sweep's run.
        """
        with study_errors("written"):
            with warnings_suppressed():
                optuna.storages.fail_stale_trials(self._study)
                trial = self._study.ask()
            self._storage.record_heartbeat(trial._trial_id)
            trial.set_user_attr(_SWEEP, sweep)
            return self._suggest_values(trial)

    def assign_run(self, suggestion: Suggestion, run: str) -> Suggestion:
        """Store the trial's run, so that another process can resume the trial."""
        with study_errors("written"):
            self._trial(suggestion).set_user_attr(RUN, run)
        return Suggestion(suggestion.number, suggestion.values, run)

    def unfinished(self, sweep: str, now: datetime) -> list[Suggestion]:
        """Trials that this sweep's run started and did not finish: it was interrupted or cancelled.

        Args:
            now: aware; old trials without an owner are marked as failed.
        """
        found = []
        with study_errors("read"):
            for one in self._study.get_trials(deepcopy=False, states=(OptunaState.RUNNING,)):
                if one.user_attrs.get(_SWEEP) == sweep:
                    self._storage.record_heartbeat(one._trial_id)  # or it counts as failed
                    suggestion = self._suggest_values(Trial(self._study, one._trial_id))
                    found.append(
                        Suggestion(
                            suggestion.number, suggestion.values, one.user_attrs.get(RUN, "")
                        )
                    )
                elif _SWEEP not in one.user_attrs and _is_old(one, now):
                    self._study.tell(one.number, state=OptunaState.FAIL, skip_if_finished=True)
        return found

    def heartbeat(self, suggestion: Suggestion) -> None:
        """Store that this trial is running; call it every `HEARTBEAT_INTERVAL_S`."""
        with study_errors("written"):
            self._storage.record_heartbeat(self._frozen(suggestion)._trial_id)

    def report(self, suggestion: Suggestion, epoch: int, accuracy: float) -> bool:
        """Store one epoch's accuracy; whether the trial should be pruned.

        It should, too, if it was marked as failed by another machine because this one slept.
        """
        with study_errors("written"):
            stored = self._frozen(suggestion)
            if stored.state.is_finished():
                return True
            if epoch in stored.intermediate_values:  # repeated after a resume
                return False
            trial = self._trial(suggestion)
            trial.report(accuracy, epoch)
            return bool(trial.should_prune())

    def complete(self, suggestion: Suggestion, accuracy: float, content_hash: str) -> None:
        """Store the trial's result.

        Args:
            content_hash: of the dataset: accuracies on other pictures cannot be compared.
        Raises:
            PlanError: earlier trials were trained on other pictures.
        """
        with study_errors("written"):
            stored = self._study.user_attrs.get(_CONTENT, content_hash)
            if stored != content_hash:
                raise PlanError(
                    f"Other trials of {self._plan.name} were trained on other pictures.",
                    advice="Give this sweep another name, or the same dataset on every machine.",
                )
            self._study.set_user_attr(_CONTENT, content_hash)
            self._study.tell(suggestion.number - 1, accuracy, skip_if_finished=True)

    def prune(self, suggestion: Suggestion) -> None:
        """Mark the trial as pruned; its last accuracy counts."""
        with study_errors("written"):
            self._study.tell(suggestion.number - 1, state=OptunaState.PRUNED, skip_if_finished=True)

    def fail(self, suggestion: Suggestion, why: str) -> None:
        """Mark the trial as failed."""
        with study_errors("written"):
            if not self._frozen(suggestion).state.is_finished():
                self._trial(suggestion).set_user_attr(REASON, why)
            self._study.tell(suggestion.number - 1, state=OptunaState.FAIL, skip_if_finished=True)

    def summary(self, importance: Mapping[str, float] | None = None) -> SweepSummary:
        """Summary of the sweep so far.

        Args:
            importance: from before; None computes it again, which takes a second.
        """
        with study_errors("read"):
            if importance is None:
                importance = hyperparameter_importance(self._study)
            return summarise(self._study, importance)

    def _suggest_values(self, trial: Trial) -> Suggestion:
        """Sample values, unless sampled before. The seed depends on the trial's number."""
        seed = np.random.SeedSequence([self._plan.seed, trial.number]).generate_state(1)
        with warnings_suppressed():
            self._study.sampler = optuna.samplers.TPESampler(
                seed=int(seed[0]), n_startup_trials=STARTUP_TRIALS, constant_liar=True
            )
        values = {name: _suggest(trial, name, one) for name, one in self._plan.ranges.items()}
        return Suggestion(trial.number + 1, values)

    def _frozen(self, suggestion: Suggestion) -> FrozenTrial:
        return self._study.get_trials(deepcopy=False)[suggestion.number - 1]

    def _trial(self, suggestion: Suggestion) -> Trial:
        return Trial(self._study, self._frozen(suggestion)._trial_id)


def _open_study(storage: RDBStorage, plan: SweepPlan) -> optuna.Study:
    study = optuna.create_study(
        storage=storage,
        study_name=plan.name,
        direction="maximize",
        pruner=_pruner(plan),
        load_if_exists=True,
    )
    facts = study.user_attrs.get(FACTS)
    if facts is not None and not plan.continues(parse_json(facts)):
        raise PlanError(
            f"There is a sweep {plan.name} already, and it has another search space.",
            advice="Give this one another name, or the same settings as that one.",
        )
    study.set_user_attr(FACTS, json.dumps(plan.facts, sort_keys=True))
    study.set_user_attr(TRIALS, plan.trials)
    return study


def _pruner(plan: SweepPlan) -> optuna.pruners.BasePruner:
    match plan.pruner:
        case "median":
            # No pruning in the first quarter of the epochs, while learning rates rise.
            return optuna.pruners.MedianPruner(MIN_COMPLETE_TRIALS, plan.base.chosen_epochs // 4)
        case "halving":
            return optuna.pruners.SuccessiveHalvingPruner()
        case _:
            return optuna.pruners.NopPruner()


def _suggest(trial: Trial, name: str, search_range: Range) -> Value:
    if isinstance(search_range, Between):
        if search_range.whole:
            return trial.suggest_int(
                name, int(search_range.low), int(search_range.high), log=search_range.log
            )
        return trial.suggest_float(name, search_range.low, search_range.high, log=search_range.log)
    return cast(Value, trial.suggest_categorical(name, search_range.values))


def _is_old(trial: FrozenTrial, now: datetime) -> bool:
    """Whether it started longer ago than the grace period; Optuna stores local time."""
    started = trial.datetime_start
    return started is not None and now - started.astimezone() > timedelta(seconds=HEARTBEAT_GRACE_S)
