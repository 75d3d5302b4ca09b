"""A journal read incrementally gives the same as one read at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from core.jobs.monitor import RunReader
from core.jobs.run_folder.journal import kind_of
from core.jobs.run_state import DownsampledSeries, RunState

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RUN = "2026-11-21-0136-calm-otter"
SMALL = st.integers(0, 6)
FIGURES = st.floats(0, 3)


def _line(kind, **values):
    return st.fixed_dictionaries({"kind": st.just(kind), "at": TIMES, **values}).map(
        lambda values: json.dumps(values).encode()
    )


TIMES = st.integers(0, 10_000).map(lambda s: (NOW + timedelta(seconds=s)).isoformat())
GOOD = st.one_of(
    _line("Started", pid=SMALL, versions=st.just({})),
    _line("Waiting", behind=st.sampled_from(["", "one", "other"])),
    _line("BatchDone", epoch=SMALL, batch=SMALL, batches=SMALL, loss=st.none() | FIGURES),
    _line("PartDone", part=SMALL, parts=SMALL, title=st.just("x"), fraction=FIGURES),
    _line("EpochEnded", epoch=SMALL, epochs=SMALL, metrics=st.just({"loss": 0.5})),
    _line("ResourcesUsed", cores=FIGURES, memory_mb=FIGURES),
    _line("SamplesSeen", epoch=SMALL, positions=st.just([1]), scores=st.just([[1.0]])),
    _line("CheckpointSaved", epoch=SMALL),
    _line("DataReady", counts=st.just({"Training": 3})),
    _line("Said", sentence=st.text(max_size=4)),
    _line("Finished", outcome=st.sampled_from(["completed", "failed", "lost"])),
)
OTHER_ORDER = GOOD.map(lambda line: json.dumps(dict(sorted(json.loads(line).items()))).encode())
CUT = st.tuples(GOOD, st.integers(1, 200)).map(lambda drawn: drawn[0][: -drawn[1]])
STRANGE = st.binary(max_size=20).map(lambda noise: noise.replace(b"\n", b""))
MISTYPED = _line("BatchDone", epoch=st.just("x"), batch=SMALL, batches=SMALL)
JOURNALS = st.lists(st.one_of(GOOD, GOOD, GOOD, OTHER_ORDER, CUT, STRANGE, MISTYPED), max_size=40)


def _whole(runs_dir, *, figures=True):
    return RunReader(runs_dir, RUN, figures=figures).read(now=NOW)


@given(JOURNALS, st.lists(st.integers(0, 4000), max_size=6), st.booleans())
def test_any_division_of_a_journal_reads_as_the_whole_at_every_step(lines, cuts, figures):
    written = b"".join(line + b"\n" for line in lines)
    with TemporaryDirectory() as folder_name:
        runs_dir = Path(folder_name)
        folder = runs_dir / RUN
        folder.mkdir()
        plan = {"kind": "train", "plan": {}, "began_at": NOW.isoformat()}
        (folder / "plan.json").write_text(json.dumps(plan))
        reader = RunReader(runs_dir, RUN, figures=figures)
        with (folder / "events.jsonl").open("wb") as journal:
            before = 0
            for cut in [*sorted(cuts), len(written)]:
                journal.write(written[before:cut])
                journal.flush()
                before = max(before, cut)
                assert reader.read(now=NOW) == _whole(runs_dir, figures=figures)


@given(JOURNALS)
def test_lines_at_once_give_the_same_state_as_one_by_one(lines):
    at_once, one_by_one = RunState(), RunState()
    at_once.update(lines)
    for line in lines:
        one_by_one.update([line])
    for name in ("progress", "started_at", "waiting", "finished", "batch", "samples"):
        assert getattr(at_once, name) == getattr(one_by_one, name), name
    for name in ("epochs", "messages", "batch_losses", "resources"):
        assert getattr(at_once, name) == getattr(one_by_one, name), name


@given(st.one_of(GOOD, OTHER_ORDER))
def test_a_line_has_the_kind_it_was_written_with(line):
    assert kind_of(line) == json.loads(line)["kind"]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(2, 9))
def test_a_thinned_series_is_even_bounded_and_the_same_however_it_came(counts, most):
    total = sum(counts)
    lines = [str(number).encode() for number in range(total)]
    in_parts, one_by_one, at = (
        DownsampledSeries(int, most=most),
        DownsampledSeries(int, most=most),
        0,
    )
    for count in counts:
        in_parts.extend(lines[at : at + count])
        at += count
    for line in lines:
        one_by_one.extend([line])
    points = in_parts.points()
    assert points == one_by_one.points()
    assert len(points) <= most
    if total:
        assert (points[0], points[-1]) == (0, total - 1)
        steps = {b - a for a, b in pairwise(points[:-1])}
        assert len(steps) <= 1
        assert all(step & (step - 1) == 0 for step in steps)
