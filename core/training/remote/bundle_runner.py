"""Commands of an exported notebook: check the pictures, train, zip the model.

`python -m core.training.remote.bundle_runner check PATH | train | pack`, in the folder that the
archive of `core.training.remote.bundle` was unpacked to. It needs only the packages for training.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import make_archive

import numpy as np

from core.datasets.catalogue import SOURCE_FILE, open_requested_dataset
from core.domain import Run, RunStatus
from core.domain.counted import counted
from core.domain.errors import MienError, RunError
from core.domain.plain_values import parse_json
from core.jobs import all_runs, find, resume, start, terminal
from core.settings import PROJECT_DIR, Settings
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock
from core.training.plan import TrainingPlan
from core.training.remote.bundle import PLAN_FILE, BundleManifest, split_hashes

Say = Callable[[str], None]


def main(arguments: Sequence[str], *, home: Path, say: Say) -> int:
    """Run one command; the exit code.

    Args:
        arguments: of the command line.
        home: folder that the archive was unpacked to.
        say: receives output line by line.
    """
    settings = Settings.from_environment(os.environ)
    try:
        match arguments:
            case ["check", path]:
                check(Path(path), home, settings, say)
            case ["train"]:
                train(home, settings, say)
            case ["pack"]:
                pack(home, settings, say)
            case _:
                raise RunError("Nothing to do.", advice="Use check PATH, train or pack.")
    except MienError as error:
        say(str(error))
        return 2
    return 0


def check(path: Path, home: Path, settings: Settings, say: Say) -> None:
    """Store the dataset's path, and report whether it is the dataset the plan was made for.

    Raises:
        DatasetError: they cannot be read.
        PlanError: there is nothing at this path.
    """
    manifest = BundleManifest.read(home / PLAN_FILE)
    plan = dict(manifest.plan)
    if plan["dataset"]:
        source = settings.datasets_dir / plan["dataset"] / SOURCE_FILE
        with file_lock(source):
            source_values = {**parse_json(source.read_text(encoding="utf-8")), "path": str(path)}
            write_atomic(source, json.dumps(source_values))
    else:
        plan["data"] = str(path)
    found = open_requested_dataset(TrainingPlan.from_json(plan), settings)
    replace(manifest, plan=plan).write(home / PLAN_FILE)
    sizes = ", ".join(f"{count:,} {name}" for name, count in found.sizes.items())
    say(f"{found.name}: {counted(len(found), 'picture')}: {sizes}.")
    if found.content_hash != manifest.content_hash:
        say(
            "WARNING: these are not the pictures that the plan was made for (sha256 "
            f"{found.content_hash[:12]}, expected {manifest.content_hash[:12]}). Training works, "
            "but its metrics cannot be compared with those of the plan."
        )
    elif split_hashes(found) != manifest.splits:
        # Mien's own splits list pictures by name, and they are named after their file.
        raise RunError(
            "These are the pictures that the plan was made for, but their splits differ.",
            advice=f"Give them the name they had, {manifest.file}, and run this cell again.",
        )
    else:
        say("These are exactly the pictures that the plan was made for, with the same splits.")


def train(home: Path, settings: Settings, say: Say) -> None:
    """Train and report; if the run was interrupted, resume it.

    Raises:
        RunError: it failed; or as the job.
    """
    plan = TrainingPlan.from_json(BundleManifest.read(home / PLAN_FILE).plan)
    latest = _latest(settings)
    if latest is not None and latest.status is RunStatus.COMPLETED:
        say(f"Trained already: {_model_of(latest)}.")
        return
    since = 0
    if latest is None:
        threads = os.cpu_count() or plan.threads  # this machine only trains
        plan_values = replace(plan, threads=threads, cluster="").to_json()
        rng = np.random.default_rng()
        run_id = start(settings.runs_dir, "train", plan_values, now=terminal.now(), rng=rng)
    else:
        run_id, since = latest.id, terminal.end_of(settings.runs_dir, latest.id)
        if latest.status.is_over:
            say("Resuming from the last checkpoint.")
            find(settings.runs_dir, run_id).amend_plan(data=plan.data)  # it may lie elsewhere now
            resume(settings.runs_dir, run_id)
    finished = terminal.follow_to_the_end(settings.runs_dir, run_id, since=since, say=say)
    if finished is None or finished.error:
        raise RunError(
            finished.error if finished else "The training was interrupted.",
            advice=finished.advice if finished else "Run this cell again to resume it.",
        )


def pack(home: Path, settings: Settings, say: Say) -> None:
    """Zip the finished model's folder; its path is the last line.

    Raises:
        RunError: there is no finished model.
    """
    latest = _latest(settings)
    if latest is None or latest.status is not RunStatus.COMPLETED:
        raise RunError(
            "There is no finished model yet.", advice="Wait until the training has finished."
        )
    name = _model_of(latest)
    path = make_archive(str(home / name), "zip", root_dir=settings.models_dir, base_dir=name)
    say(path)


def _latest(settings: Settings) -> Run | None:
    return next(iter(all_runs(settings.runs_dir, now=terminal.now())), None)


def _model_of(run: Run) -> str:
    return run.finished.result.get("model", "") if run.finished else ""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], home=PROJECT_DIR, say=_say))
