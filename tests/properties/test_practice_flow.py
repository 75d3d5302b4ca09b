"""The steps of a practice stay consistent, whatever is pressed and whenever."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.practice import Flow, Phase

PRESSES: dict[str, Callable[[Flow, float], Flow]] = {
    "ask": Flow.ask,
    "answer": Flow.answer,
    "finish": Flow.finish,
    "again": Flow.again,
    "next": Flow.next,
    "skip": Flow.skip,
    "pause": Flow.pause,
    "resume": Flow.resume,
    "end": lambda flow, _: flow.end(),
    "tick": Flow.tick,
}
SECONDS = st.floats(0.0, 3600.0)
FLOWS = st.builds(Flow, st.integers(1, 4), st.just(0.0) | SECONDS, st.floats(0.1, 3600.0))
STEPS = st.lists(st.tuples(st.sampled_from(sorted(PRESSES)), SECONDS), max_size=40)


def run(flow: Flow, steps: list[tuple[str, float]]) -> list[tuple[Flow, float]]:
    """Every state with its time."""
    now_s, states = 0.0, [(flow, 0.0)]
    for press, later_s in steps:
        now_s += later_s
        flow = PRESSES[press](flow, now_s)
        states.append((flow, now_s))
    return states


@given(FLOWS, STEPS)
def test_no_question_comes_back_and_no_try_is_counted_twice(
    flow: Flow, steps: list[tuple[str, float]]
) -> None:
    states = [state for state, _ in run(flow, steps)]
    for before, after in pairwise(states):
        assert (after.index, after.number) == (before.index, before.number) or (
            (after.index, after.number)
            in {(before.index, before.number + 1), (before.index + 1, 1)}
        )


@given(FLOWS, STEPS)
def test_a_phase_lasts_no_longer_than_its_limit_and_never_less_than_nothing(
    flow: Flow, steps: list[tuple[str, float]]
) -> None:
    for state, now_s in run(flow, steps):
        remaining_s = state.remaining_s(now_s)
        assert state.elapsed_s(now_s) >= 0
        assert (remaining_s is not None) == (state.step in {Phase.THINKING, Phase.ANSWERING})
        if remaining_s == 0.0 and state.phase is not Phase.PAUSED:
            assert state.tick(now_s).phase is not state.phase


@given(FLOWS, STEPS)
def test_what_is_over_stays_over(flow: Flow, steps: list[tuple[str, float]]) -> None:
    for state, _ in run(flow.end(), steps):
        assert state.phase is Phase.OVER


@given(FLOWS, STEPS, st.floats(0.0, 1e6), SECONDS)
def test_a_pause_does_not_count(
    flow: Flow, steps: list[tuple[str, float]], paused_s: float, later_s: float
) -> None:
    state, now_s = run(flow, steps)[-1]
    state = state.resume(now_s)
    if state.phase is Phase.OVER:
        return
    elapsed_s = state.elapsed_s(now_s)
    again = state.pause(now_s).resume(now_s + paused_s)
    assert again.phase is state.phase
    assert again.elapsed_s(now_s + paused_s) == pytest.approx(elapsed_s, abs=1e-6)
    assert state.pause(now_s).elapsed_s(now_s + later_s) == pytest.approx(elapsed_s, abs=1e-6)
    assert state.pause(now_s).tick(now_s + 1e7) == state.pause(now_s)


@given(st.floats(0.1, 600.0), st.floats(0.1, 600.0), SECONDS)
def test_an_answer_ends_when_its_time_is_up_however_late_anybody_looks(
    think_s: float, answer_s: float, late_s: float
) -> None:
    asked = Flow(2, think_s, answer_s).ask(10.0)
    looked_s = 10.0 + think_s + answer_s + late_s + 1e-6
    answering = asked.tick(looked_s)
    over = answering.tick(looked_s)
    assert (asked.phase, answering.phase, over.phase) == (
        Phase.THINKING,
        Phase.ANSWERING,
        Phase.REVIEW,
    )
    assert over.began_s - answering.began_s == pytest.approx(answer_s)
    assert over.tick(looked_s) is over


def test_without_time_to_think_a_question_is_answered_at_once() -> None:
    assert Flow(1, 0.0, 90.0).ask(3.0).phase is Phase.ANSWERING


@pytest.mark.parametrize(
    "wrong",
    [
        {"questions": 0},
        {"think_s": -1.0},
        {"answer_s": 0.0},
        {"phase": Phase.PAUSED},
        {"stopped_s": 1.0},
        {"index": 3},
        {"index": 2},
        {"number": 0},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_state_that_contradicts_itself_is_refused(wrong: dict[str, float]) -> None:
    values: dict[str, float] = {"questions": 2, "think_s": 0.0, "answer_s": 9.0, **wrong}
    with pytest.raises(ValueError, match=r"practice|pause|question"):
        Flow(**values)  # type: ignore[arg-type]
