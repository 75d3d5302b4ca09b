"""The job of a sweep: runs trials with suggested values until there are enough.

Every trial is a separate run. This process only follows them: if it is killed, its trials continue,
and a resumed sweep follows them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

from core.domain import EpochEnded, LogMessage, PartDone, Run, RunStatus
from core.domain.counted import counted, tenths
from core.domain.errors import PlanError, RunError, UnknownRun
from core.jobs import WORKER_WITHOUT_SLOT, JobContext, RunCancelled
from core.training.recipes.toml_file import recipe_as_toml
from core.training.sweeps.optuna_storage import HEARTBEAT_INTERVAL_S
from core.training.sweeps.plan import SweepPlan
from core.training.sweeps.study import Study, Suggestion
from core.training.sweeps.summary import SweepSummary, TrialSummary, write_summary
from core.training.sweeps.trial_run import TrialRun, trial_result

POLL_INTERVAL_S = 0.5
MAX_FAILURES_IN_A_ROW = 3  # one may be due to its values; three to the data, the disk or the plan


def run(
    plan_values: Mapping[str, Any],
    context: JobContext,
    *,
    command: tuple[str, ...] = WORKER_WITHOUT_SLOT,
) -> dict[str, str]:
    """Search until there are as many trials as planned.

    Args:
        command: of a trial's worker. It does not queue: it would wait for the sweep, and the sweep
            for it.
    Returns:
        `sweep`: its name; and of the best trial `trial`, `val_accuracy` (on the validation
        split) and `recipe_file`.
    Raises:
        RunCancelled: a stop was requested; a resumed sweep continues with the same trials.
        RunError: three trials in a row failed, or none was completed.
        MienError: the plan, the database or the disk does not allow it.
    """
    plan = SweepPlan.from_json(plan_values)
    plan = plan if plan.name else replace(plan, name=context.folder.name)
    with Study.open(context.settings.database_url, plan) as study:
        sweep = _Sweep(plan, study, context, command)
        sweep.resume_trials()
        try:
            while sweep.start_trials():
                if context.stop_requested():
                    sweep.stop()
                    raise RunCancelled
                sweep.poll()
                sleep(POLL_INTERVAL_S)
        finally:
            sweep.write_summary()
        return _result(plan, study.summary(), context)


@dataclass
class _RunningTrial:
    """One running trial.

    Attributes:
        suggestion: its values.
        run: its run.
        epochs: how many have ended.
        heartbeat_at: time of its last heartbeat.
    """

    suggestion: Suggestion
    run: TrialRun
    epochs: int = 0
    heartbeat_at: datetime | None = None


@dataclass
class _Sweep:
    """State of the job while it runs."""

    plan: SweepPlan
    study: Study
    context: JobContext
    command: tuple[str, ...]
    running: list[_RunningTrial] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    importance: Mapping[str, float] | None = None
    reported: tuple[int, float] = (0, -1.0)

    def resume_trials(self) -> None:
        """Follow the trials that an earlier process of this run started."""
        for suggestion in self.study.unfinished(self.context.folder.name, self.context.clock()):
            if not suggestion.run:  # killed before the trial was started
                self._start_trial(suggestion)
                continue
            run = TrialRun(self.context.settings.runs_dir, suggestion.run, clock=self.context.clock)
            try:
                run.resume(self.command)
            except UnknownRun as error:  # it was deleted meanwhile
                self._fail_trial(suggestion, error.message, error.advice)
                continue
            self.running.append(_RunningTrial(suggestion, run))
            self.context.journal.append(LogMessage(f"Resuming trial {suggestion.number}."))

    def start_trials(self) -> bool:
        """Start trials up to the number in parallel; whether any is running."""
        while (
            len(self.running) < self.plan.parallel and self.study.trial_count() < self.plan.trials
        ):
            if self.context.stop_requested():
                break
            self._start_trial(self.study.ask(self.context.folder.name))
            self.write_summary()
        return bool(self.running)

    def poll(self) -> None:
        """Poll every trial once."""
        for trial in tuple(self.running):
            state = trial.run.state()  # before the events: after the end there are no more
            for event in trial.run.new_epochs():
                self._record_epoch(trial, event)
            if state.status.is_over:
                self.running.remove(trial)
                self._finish_trial(trial, state)
            elif trial.run.is_stopping:
                trial.run.stop()
            self._heartbeat(trial)
        self._report_progress()

    def stop(self) -> None:
        """Stop every trial and wait for it; each keeps its checkpoint and its number."""
        while self.running:
            for trial in tuple(self.running):
                trial.run.stop()
                if trial.run.state().status.is_over:
                    self.running.remove(trial)
            sleep(POLL_INTERVAL_S)

    def write_summary(self) -> None:
        """Write the summary that pages read."""
        summary = self.study.summary(self.importance)
        self.importance = summary.importance
        write_summary(self.context.folder, summary)

    def _start_trial(self, suggestion: Suggestion) -> None:
        """Start a trial; values that are invalid together are a failed trial."""
        sweep = self.context.folder.name
        try:
            plan = self.plan.trial_plan(suggestion.values, sweep=sweep, number=suggestion.number)
        except PlanError as error:
            self._fail_trial(suggestion, error.message, error.advice)
            return
        run = TrialRun.start(
            self.context.settings.runs_dir, plan, clock=self.context.clock, command=self.command
        )
        self.running.append(_RunningTrial(self.study.assign_run(suggestion, run.id), run))
        self.context.journal.append(
            LogMessage(f"Trial {suggestion.number}: {format_values(suggestion.values)}.")
        )

    def _record_epoch(self, trial: _RunningTrial, event: EpochEnded) -> None:
        trial.epochs = event.epoch
        accuracy = event.metrics.get("val_accuracy")
        if accuracy is None:
            return
        should_prune = self.study.report(trial.suggestion, event.epoch, accuracy)
        if should_prune and event.epoch < event.epochs:
            trial.run.stop()
        self.write_summary()

    def _finish_trial(self, trial: _RunningTrial, state: Run) -> None:
        suggestion, finished = trial.suggestion, state.finished
        if state.status is RunStatus.COMPLETED and finished is not None:
            accuracy, content_hash = trial_result(finished)
            self.study.complete(suggestion, accuracy, content_hash)
            self.failures.clear()
            self.importance = None
            self.context.journal.append(
                LogMessage(f"Trial {suggestion.number}: {tenths(accuracy)}.")
            )
        elif trial.run.is_stopping:
            self.study.prune(suggestion)
            self.failures.clear()
            note = (
                f"Trial {suggestion.number} was pruned after {counted(trial.epochs, 'epoch')}: "
                "others were better."
            )
            self.context.journal.append(LogMessage(note))
        elif finished is not None and finished.error:
            self._fail_trial(suggestion, finished.error, finished.advice)
        else:
            cancelled = state.status is RunStatus.CANCELLED
            self._fail_trial(
                suggestion,
                "It was cancelled." if cancelled else "Its process ended unexpectedly.",
                "Resume the sweep when the cause is removed.",
            )
        self.write_summary()

    def _fail_trial(self, suggestion: Suggestion, why: str, advice: str) -> None:
        self.study.fail(suggestion, why)
        self.failures.append(why)
        self.context.journal.append(LogMessage(f"Trial {suggestion.number} failed: {why}"))
        if len(self.failures) >= MAX_FAILURES_IN_A_ROW:
            self.stop()
            raise RunError(
                f"{counted(len(self.failures), 'trial')} in a row failed. {why}", advice=advice
            )

    def _heartbeat(self, trial: _RunningTrial) -> None:
        now = self.context.clock()
        if trial.heartbeat_at is None or now - trial.heartbeat_at > timedelta(
            seconds=HEARTBEAT_INTERVAL_S
        ):
            trial.heartbeat_at = now
            self.study.heartbeat(trial.suggestion)

    def _report_progress(self) -> None:
        """Report progress of the whole sweep; trials of other machines count as done."""
        epochs = self.plan.base.chosen_epochs
        ended = min(self.study.trial_count(), self.plan.trials) - len(self.running)
        share = sum(trial.epochs for trial in self.running) / epochs
        now = (min(ended + 1, self.plan.trials), min(share, 1.0) if self.running else 1.0)
        if now != self.reported:
            self.reported = now
            title = f"Trial {now[0]} of {self.plan.trials}"
            self.context.journal.append(PartDone(now[0], self.plan.trials, title, now[1]))


def format_values(values: Mapping[str, Any]) -> str:
    """Values as text: `learning_rate 0.0021, augmentation.flip 0.5`."""
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in values.items()
    )


def _result(plan: SweepPlan, summary: SweepSummary, context: JobContext) -> dict[str, str]:
    best = summary.best
    if best is None:
        raise RunError(
            f"No trial of {plan.name} was completed.",
            advice="See the table of its trials: each gives the reason why it ended.",
        )
    context.journal.append(
        LogMessage(
            f"Best: trial {best.number}, {tenths(best.accuracy or 0.0)} with "
            f"{format_values(best.values)}."
        )
    )
    return {
        "sweep": plan.name,
        "trial": str(best.number),
        "val_accuracy": f"{best.accuracy:.6f}",
        "recipe_file": _write_recipe(plan, best, context),
    }


def _write_recipe(plan: SweepPlan, best: TrialSummary, context: JobContext) -> str:
    """Write the best values as a recipe file for `core/training/recipes/`; its path."""
    recipe = plan.full_plan(best.values).chosen_recipe
    path = context.folder / "result" / f"{plan.name}.toml"
    comes_from = f"Mien's sweep {plan.name}, trial {best.number}, from {plan.base.recipe}"
    path.write_text(recipe_as_toml(recipe, comes_from=comes_from), encoding="utf-8")
    return str(path)
