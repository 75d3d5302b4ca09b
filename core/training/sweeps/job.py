"""The job of a sweep: ask for values, run a trial with them, remember, until there are enough.

Every trial is a run of its own and stands among all runs. This process only follows them: killed at
any moment, its trials go on, and a resumed sweep takes them up where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

from core.domain import EpochEnded, LogMessage, PartDone, Run, RunStatus
from core.domain.counted import counted
from core.domain.errors import PlanError, RunError, UnknownRun
from core.jobs import WORKER_WITHOUT_TURN, JobContext, RunCancelled
from core.training.recipes.toml_file import recipe_as_toml
from core.training.sweeps.optuna_storage import ALIVE_EVERY_S
from core.training.sweeps.plan import SweepPlan
from core.training.sweeps.study import Study, Suggestion
from core.training.sweeps.summary import SweepSummary, TrialSummary, write_summary
from core.training.sweeps.trial_run import TrialRun, answer_of

LOOK_EVERY_S = 0.5
FAILURES_IN_A_ROW = 3  # one may be bad luck with its values; three are the data, the disk, the plan


def run(
    plan_read: Mapping[str, Any],
    context: JobContext,
    *,
    command: tuple[str, ...] = WORKER_WITHOUT_TURN,
) -> dict[str, str]:
    """Search until there are as many trials as asked for.

    Args:
        command: of a trial's worker. It takes no turn: it would wait for the sweep, and the sweep
            for it.
    Returns:
        `sweep`: its name; and of the best trial `trial`, `accuracy_chooses` and `recipe_file`.
    Raises:
        RunCancelled: somebody asked to stop; resumed, it goes on with the same trials.
        RunError: three trials in a row failed, or none was completed.
        MienError: the plan, the database or the disk does not allow it.
    """
    plan = SweepPlan.from_json(plan_read)
    plan = plan if plan.name else replace(plan, name=context.folder.name)
    with Study.open(context.settings.database_url, plan) as study:
        sweep = _Sweep(plan, study, context, command)
        sweep.take_up()
        try:
            while sweep.goes_on():
                if context.stop_requested():
                    sweep.stop()
                    raise RunCancelled
                sweep.step()
                sleep(LOOK_EVERY_S)
        finally:
            sweep.write()
        return _result(plan, study.seen(), context)


@dataclass
class _Trial:
    """One trial under way.

    Attributes:
        asked: what it tries.
        run: that tries it.
        epochs: ended by now.
        signed_at: when we last said that it lives.
    """

    asked: Suggestion
    run: TrialRun
    epochs: int = 0
    signed_at: datetime | None = None


@dataclass
class _Sweep:
    """What the job holds while it works."""

    plan: SweepPlan
    study: Study
    context: JobContext
    command: tuple[str, ...]
    under_way: list[_Trial] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    importance: Mapping[str, float] | None = None
    told: tuple[int, float] = (0, -1.0)

    def take_up(self) -> None:
        """Follow the trials that an earlier process of this run began."""
        for asked in self.study.left_over(self.context.folder.name, self.context.clock()):
            if not asked.run:  # killed between asking and beginning: its values are tried now
                self._begin(asked)
                continue
            run = TrialRun(self.context.settings.runs_dir, asked.run, clock=self.context.clock)
            try:
                run.take_up(self.command)
            except UnknownRun as error:  # somebody deleted it meanwhile
                self._fail(asked, error.message, error.advice)
                continue
            self.under_way.append(_Trial(asked, run))
            self.context.journal.append(LogMessage(f"Resuming trial {asked.number}."))

    def goes_on(self) -> bool:
        """Begin what there is room for; whether any trial is under way."""
        while len(self.under_way) < self.plan.parallel and self.study.begun() < self.plan.trials:
            if self.context.stop_requested():
                break
            self._begin(self.study.ask(self.context.folder.name))
            self.write()
        return bool(self.under_way)

    def step(self) -> None:
        """Look at every trial once."""
        for trial in tuple(self.under_way):
            state = trial.run.read()  # before the news: nothing comes after the end
            for event in trial.run.news():
                self._hear(trial, event)
            if state.status.is_over:
                self.under_way.remove(trial)
                self._end(trial, state)
            elif trial.run.is_stopping:
                trial.run.stop()
            self._sign(trial)
        self._tell_progress()

    def stop(self) -> None:
        """Ask every trial to stop and wait for it; each keeps its checkpoint and its place."""
        while self.under_way:
            for trial in tuple(self.under_way):
                trial.run.stop()
                if trial.run.read().status.is_over:
                    self.under_way.remove(trial)
            sleep(LOOK_EVERY_S)

    def write(self) -> None:
        """Keep what is seen for whoever looks."""
        seen = self.study.seen(self.importance)
        self.importance = seen.importance
        write_summary(self.context.folder, seen)

    def _begin(self, asked: Suggestion) -> None:
        """Values that make no sense together are a failed trial, not the end of the sweep."""
        sweep = self.context.folder.name
        try:
            plan = self.plan.trial_plan(asked.values, sweep=sweep, number=asked.number)
        except PlanError as error:
            self._fail(asked, error.message, error.advice)
            return
        run = TrialRun.begin(
            self.context.settings.runs_dir, plan, clock=self.context.clock, command=self.command
        )
        self.under_way.append(_Trial(self.study.begin(asked, run.id), run))
        self.context.journal.append(LogMessage(f"Trial {asked.number}: {in_words(asked.values)}."))

    def _hear(self, trial: _Trial, event: EpochEnded) -> None:
        trial.epochs = event.epoch
        accuracy = event.metrics.get("accuracy_chooses")
        if accuracy is None:
            return
        hopeless = self.study.report(trial.asked, event.epoch, accuracy)
        if hopeless and event.epoch < event.epochs:
            trial.run.stop()
        self.write()

    def _end(self, trial: _Trial, state: Run) -> None:
        asked, finished = trial.asked, state.finished
        if state.status is RunStatus.COMPLETED and finished is not None:
            accuracy, content_hash = answer_of(finished)
            self.study.complete(asked, accuracy, content_hash)
            self.failures.clear()
            self.importance = None
            self.context.journal.append(
                LogMessage(f"Trial {asked.number}: {accuracy * 100:.1f} %.")
            )
        elif trial.run.is_stopping:
            self.study.prune(asked)
            self.failures.clear()
            said = (
                f"Trial {asked.number} was pruned after {counted(trial.epochs, 'epoch')}: others "
                "were better."
            )
            self.context.journal.append(LogMessage(said))
        elif finished is not None and finished.error:
            self._fail(asked, finished.error, finished.advice)
        else:
            cancelled = state.status is RunStatus.CANCELLED
            self._fail(
                asked,
                "It was cancelled." if cancelled else "Its process ended unexpectedly.",
                "Resume the sweep when the cause is removed.",
            )
        self.write()

    def _fail(self, asked: Suggestion, why: str, advice: str) -> None:
        self.study.fail(asked, why)
        self.failures.append(why)
        self.context.journal.append(LogMessage(f"Trial {asked.number} failed: {why}"))
        if len(self.failures) >= FAILURES_IN_A_ROW:
            self.stop()
            raise RunError(
                f"{counted(len(self.failures), 'trial')} in a row failed. {why}", advice=advice
            )

    def _sign(self, trial: _Trial) -> None:
        now = self.context.clock()
        if trial.signed_at is None or now - trial.signed_at > timedelta(seconds=ALIVE_EVERY_S):
            trial.signed_at = now
            self.study.sign(trial.asked)

    def _tell_progress(self) -> None:
        """Of the whole sweep, as often as an epoch ends; trials of other machines count as done."""
        epochs = self.plan.base.chosen_epochs
        ended = min(self.study.begun(), self.plan.trials) - len(self.under_way)
        share = sum(trial.epochs for trial in self.under_way) / epochs
        now = (min(ended + 1, self.plan.trials), min(share, 1.0) if self.under_way else 1.0)
        if now != self.told:
            self.told = now
            title = f"Trial {now[0]} of {self.plan.trials}"
            self.context.journal.append(PartDone(now[0], self.plan.trials, title, now[1]))


def in_words(values: Mapping[str, Any]) -> str:
    """Values for people: `learning_rate 0.0021, augmentation.flip 0.5`."""
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in values.items()
    )


def _result(plan: SweepPlan, seen: SweepSummary, context: JobContext) -> dict[str, str]:
    best = seen.best
    if best is None:
        raise RunError(
            f"No trial of {plan.name} was completed.",
            advice="See the table of its trials: each gives the reason why it ended.",
        )
    context.journal.append(
        LogMessage(
            f"Best: trial {best.number}, {(best.accuracy or 0.0) * 100:.1f} % with "
            f"{in_words(best.values)}."
        )
    )
    return {
        "sweep": plan.name,
        "trial": str(best.number),
        "accuracy_chooses": f"{best.accuracy:.6f}",
        "recipe_file": _write_recipe(plan, best, context),
    }


def _write_recipe(plan: SweepPlan, best: TrialSummary, context: JobContext) -> str:
    """The best values as a recipe of their own, to put into `core/training/recipes/`."""
    recipe = plan.full_plan(best.values).chosen_recipe
    path = context.folder / "result" / f"{plan.name}.toml"
    comes_from = f"Mien's sweep {plan.name}, trial {best.number}, from {plan.base.recipe}"
    path.write_text(recipe_as_toml(recipe, comes_from=comes_from), encoding="utf-8")
    return str(path)
