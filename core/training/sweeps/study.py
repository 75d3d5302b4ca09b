"""The memory of a sweep: which trials there were, and what to try next. Optuna decides."""

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
from optuna.trial import TrialState as Theirs

from core.domain.errors import PlanError
from core.training.sweeps.optuna_storage import (
    GIVEN_UP_AFTER_S,
    open_storage,
    quietly,
    study_explained,
)
from core.training.sweeps.plan import SweepPlan
from core.training.sweeps.search_space import Between, Range, Value
from core.training.sweeps.study_view import (
    FACTS,
    JUDGED_FROM,
    RUN,
    WANTED,
    WHY,
    importance_of,
    summarise,
)
from core.training.sweeps.summary import SweepSummary

DRAWN_FIRST = 8  # at random, before the sampler learns from them; of twenty trials, 10 are too many
_CONTENT, _SWEEP = "content_hash", "sweep"


@dataclass(frozen=True)
class Suggestion:
    """Values to try.

    Attributes:
        number: of the trial, from 1.
        values: by name.
        run: id of the run that tries them; empty before it is begun.
    """

    number: int
    values: Mapping[str, Value]
    run: str = ""


class Study:
    """Asks what to try next and remembers what came of it; many processes may hold the same one.

    Args:
        theirs: Optuna's.
        storage: where it lies.
        plan: what is searched.
    """

    def __init__(self, theirs: optuna.Study, storage: RDBStorage, plan: SweepPlan) -> None:
        self._theirs, self._storage, self._plan = theirs, storage, plan

    @classmethod
    @contextmanager
    def open(cls, database_url: str, plan: SweepPlan) -> Iterator[Self]:
        """Open the sweep of the plan's name, or begin it.

        Raises:
            PlanError: a sweep of that name searches something else.
            StoreError: the database cannot be reached or written.
        """
        with ExitStack() as stack:
            with study_explained("opened"):
                storage = stack.enter_context(open_storage(database_url))
                theirs = _begun(storage, plan)
            yield cls(theirs, storage, plan)

    def begun(self) -> int:
        """Trials so far, on all machines, whatever became of them."""
        with study_explained("read"):
            return len(self._theirs.get_trials(deepcopy=False))

    def ask(self, sweep: str) -> Suggestion:
        """Begin another trial.

        Args:
            sweep: id of the run that asks.
        """
        with study_explained("written"):
            with quietly():
                optuna.storages.fail_stale_trials(self._theirs)
                trial = self._theirs.ask()
            self._storage.record_heartbeat(trial._trial_id)
            trial.set_user_attr(_SWEEP, sweep)
            return self._values(trial)

    def begin(self, asked: Suggestion, run: str) -> Suggestion:
        """Remember which run tries it, so that another process can take the trial up."""
        with study_explained("written"):
            self._trial(asked).set_user_attr(RUN, run)
        return Suggestion(asked.number, asked.values, run)

    def left_over(self, sweep: str, now: datetime) -> list[Suggestion]:
        """Trials that this sweep's run began and did not end: it was cut off or cancelled.

        Args:
            now: aware; a trial that nobody signed for a while ago is given up.
        """
        found = []
        with study_explained("read"):
            for one in self._theirs.get_trials(deepcopy=False, states=(Theirs.RUNNING,)):
                if one.user_attrs.get(_SWEEP) == sweep:
                    self._storage.record_heartbeat(one._trial_id)  # or it counts as given up
                    asked = self._values(Trial(self._theirs, one._trial_id))
                    found.append(
                        Suggestion(asked.number, asked.values, one.user_attrs.get(RUN, ""))
                    )
                elif _SWEEP not in one.user_attrs and _is_old(one, now):
                    self._theirs.tell(one.number, state=Theirs.FAIL, skip_if_finished=True)
        return found

    def sign(self, asked: Suggestion) -> None:
        """Say that this trial is alive; call it every `ALIVE_EVERY_S`."""
        with study_explained("written"):
            self._storage.record_heartbeat(self._frozen(asked)._trial_id)

    def report(self, asked: Suggestion, epoch: int, accuracy: float) -> bool:
        """Remember one epoch's accuracy; whether the trial had better end here.

        It had where this machine slept: another one gave the trial up meanwhile.
        """
        with study_explained("written"):
            known = self._frozen(asked)
            if known.state.is_finished():
                return True
            if epoch in known.intermediate_values:  # repeated after a resume
                return False
            trial = self._trial(asked)
            trial.report(accuracy, epoch)
            return bool(trial.should_prune())

    def complete(self, asked: Suggestion, accuracy: float, content_hash: str) -> None:
        """Remember how good the trial was.

        Args:
            content_hash: of the dataset: accuracies on other pictures cannot be compared.
        Raises:
            PlanError: earlier trials saw other pictures.
        """
        with study_explained("written"):
            known = self._theirs.user_attrs.get(_CONTENT, content_hash)
            if known != content_hash:
                raise PlanError(
                    f"Other trials of {self._plan.name} were trained on other pictures.",
                    advice="Give this sweep another name, or the same dataset on every machine.",
                )
            self._theirs.set_user_attr(_CONTENT, content_hash)
            self._theirs.tell(asked.number - 1, accuracy, skip_if_finished=True)

    def prune(self, asked: Suggestion) -> None:
        """Remember that the trial was ended early; its last accuracy counts."""
        with study_explained("written"):
            self._theirs.tell(asked.number - 1, state=Theirs.PRUNED, skip_if_finished=True)

    def fail(self, asked: Suggestion, why: str) -> None:
        """Remember that the trial went wrong."""
        with study_explained("written"):
            if not self._frozen(asked).state.is_finished():
                self._trial(asked).set_user_attr(WHY, why)
            self._theirs.tell(asked.number - 1, state=Theirs.FAIL, skip_if_finished=True)

    def seen(self, importance: Mapping[str, float] | None = None) -> SweepSummary:
        """Everything so far, as plain values.

        Args:
            importance: as measured before; None measures it again, which takes a second.
        """
        with study_explained("read"):
            if importance is None:
                importance = importance_of(self._theirs)
            return summarise(self._theirs, importance)

    def _values(self, trial: Trial) -> Suggestion:
        """Draw what is not drawn yet. Each trial has dice of its own, so machines differ."""
        dice = np.random.SeedSequence([self._plan.seed, trial.number]).generate_state(1)
        with quietly():
            self._theirs.sampler = optuna.samplers.TPESampler(
                seed=int(dice[0]), n_startup_trials=DRAWN_FIRST, constant_liar=True
            )
        values = {name: _drawn(trial, name, one) for name, one in self._plan.ranges.items()}
        return Suggestion(trial.number + 1, values)

    def _frozen(self, asked: Suggestion) -> FrozenTrial:
        return self._theirs.get_trials(deepcopy=False)[asked.number - 1]

    def _trial(self, asked: Suggestion) -> Trial:
        return Trial(self._theirs, self._frozen(asked)._trial_id)


def _begun(storage: RDBStorage, plan: SweepPlan) -> optuna.Study:
    theirs = optuna.create_study(
        storage=storage,
        study_name=plan.name,
        direction="maximize",
        pruner=_pruner(plan),
        load_if_exists=True,
    )
    facts = json.dumps(plan.facts, sort_keys=True)
    if theirs.user_attrs.get(FACTS, facts) != facts:
        raise PlanError(
            f"There is a sweep {plan.name} already, and it has another search space.",
            advice="Give this one another name, or the same settings as that one.",
        )
    theirs.set_user_attr(FACTS, facts)
    theirs.set_user_attr(WANTED, plan.trials)
    return theirs


def _pruner(plan: SweepPlan) -> optuna.pruners.BasePruner:
    match plan.pruner:
        case "median":
            # The first quarter of the epochs says little: rates are still rising.
            return optuna.pruners.MedianPruner(JUDGED_FROM, plan.base.chosen_epochs // 4)
        case "halving":
            return optuna.pruners.SuccessiveHalvingPruner()
        case _:
            return optuna.pruners.NopPruner()


def _drawn(trial: Trial, name: str, where: Range) -> Value:
    if isinstance(where, Between):
        if where.whole:
            return trial.suggest_int(name, int(where.low), int(where.high), log=where.log)
        return trial.suggest_float(name, where.low, where.high, log=where.log)
    return cast(Value, trial.suggest_categorical(name, where.values))


def _is_old(trial: FrozenTrial, now: datetime) -> bool:
    """By the local time that Optuna notes."""
    began = trial.datetime_start
    return began is not None and now - began.astimezone() > timedelta(seconds=GIVEN_UP_AFTER_S)
