"""The steps of a calibration: what counts, what is left out, and what is done again."""

from __future__ import annotations

import pytest

from core.domain import FER7, AnalysedFrame, RejectReason
from core.live.calibration_run import (
    ANOTHER_AFTER_S,
    SETTLE_S,
    STEP_S,
    CalibrationRun,
    CalibrationStep,
)
from tests.make import make_moment, make_observation

FIRST, SECOND = list(STEP_S)[:2]
FPS = 10


class Walk:
    """A run, and the moments of a camera that it is given.

    Args:
        fps: of the camera.
    """

    def __init__(self, *, fps: int = FPS) -> None:
        self.run = CalibrationRun()
        self.fps = fps
        self.frames = 0

    def watch(
        self,
        seconds: float,
        *,
        faces: int = 1,
        reason: RejectReason | None = None,
        first_id: int = 1,
    ) -> None:
        for _ in range(round(seconds * self.fps)):
            at_s = self.frames / self.fps
            self.run.add(moment(at_s, faces=faces, reason=reason, first_id=first_id))
            self.frames += 1

    def until_over(self) -> float:
        began = self.frames
        while not self.run.is_over:
            self.watch(1 / self.fps)
            assert self.frames - began < 60 * self.fps
        return (self.frames - began) / self.fps


def moment(
    time_s: float, *, faces: int = 1, reason: RejectReason | None = None, first_id: int = 1
) -> AnalysedFrame:
    numbers = range(first_id, first_id + faces)
    seen = (make_observation(time_s, track_id=one, reason=reason) for one in numbers)
    return make_moment(time_s, *seen)


def test_a_calibration_takes_twenty_seconds_and_gives_the_rows_of_each_step() -> None:
    walk = Walk()
    assert walk.until_over() == pytest.approx(20.0, abs=len(STEP_S) / FPS)
    rows = walk.run.rows(FER7)
    assert list(rows) == list(STEP_S)
    for step, seconds in STEP_S.items():
        assert len(rows[step]) == pytest.approx(seconds * FPS, abs=1)
    progress = walk.run.progress()
    assert (progress.step, progress.share, progress.number) == (None, 1.0, 6)
    assert progress.measured == tuple(STEP_S)


def test_a_step_says_how_many_of_its_seconds_were_counted() -> None:
    walk = Walk()
    walk.watch(SETTLE_S)
    assert walk.run.progress().counted_s == 0.0
    walk.watch(1.0)
    progress = walk.run.progress()
    assert progress.step == FIRST
    assert progress.counted_s == pytest.approx(1.0, abs=2 / FPS)
    assert progress.share == pytest.approx(progress.counted_s / 2.0)


@pytest.mark.parametrize("reason", RejectReason)
def test_a_step_waits_while_the_face_is_unusable_and_says_why(reason: RejectReason) -> None:
    walk = Walk()
    walk.watch(1.0)
    before = walk.run.progress().counted_s
    nobody = reason is RejectReason.NO_FACE
    walk.watch(5.0, faces=0 if nobody else 1, reason=None if nobody else reason)
    progress = walk.run.progress()
    assert (progress.step, progress.waits_for) == (FIRST, reason)
    assert progress.counted_s == pytest.approx(before, abs=1.5 / FPS)
    walk.watch(0.1)
    assert walk.run.progress().waits_for is None


def test_a_short_gap_is_not_worth_a_word() -> None:
    walk = Walk()
    walk.watch(1.0)
    walk.watch(0.3, reason=RejectReason.BLURRED)
    assert walk.run.progress().waits_for is None


def test_with_several_faces_it_waits_although_each_is_usable() -> None:
    walk = Walk()
    walk.watch(30.0, faces=2)
    progress = walk.run.progress()
    assert (progress.step, progress.counted_s) == (FIRST, 0.0)
    assert (progress.several_faces, progress.waits_for) == (True, None)


def test_rows_of_unusable_moments_are_left_out() -> None:
    walk = Walk()
    walk.watch(1.0)
    walk.watch(1.0, reason=RejectReason.TOO_DARK)
    walk.until_over()
    assert walk.run.rows(FER7)[FIRST].usable.all()


def test_a_skipped_step_gives_nothing_and_the_others_go_on() -> None:
    walk = Walk()
    walk.watch(1.0)
    walk.run.skip()
    assert walk.run.progress().step == SECOND
    walk.until_over()
    assert FIRST not in walk.run.rows(FER7)
    assert walk.run.progress().skipped == (FIRST,)


def test_who_skips_everything_is_through_at_once() -> None:
    run = CalibrationRun()
    for _ in STEP_S:
        run.skip()
    assert run.is_over
    assert run.rows(FER7) == {}
    run.skip()
    run.redo()
    assert run.is_over


def test_the_current_step_can_begin_again() -> None:
    walk = Walk()
    walk.watch(1.5)
    walk.run.redo()
    assert (walk.run.progress().step, walk.run.progress().counted_s) == (FIRST, 0.0)


def test_a_step_that_was_done_or_skipped_can_be_done_again_when_all_is_over() -> None:
    walk = Walk()
    walk.run.skip()
    walk.until_over()
    walk.run.redo(FIRST, CalibrationStep.CLOSED)
    assert walk.run.progress().step == FIRST
    assert walk.until_over() == pytest.approx(2 * (2.0 + SETTLE_S), abs=4 / FPS)
    assert walk.run.progress().measured == tuple(STEP_S)
    assert walk.run.progress().skipped == ()


def test_a_clock_that_stands_still_fills_no_memory() -> None:
    walk = Walk()
    walk.watch(1.0)
    for _ in range(3000):
        walk.run.add(moment(1.0))
    assert walk.run.progress().step == FIRST
    walk.frames = 3 * FPS
    walk.watch(3.0)
    assert len(walk.run.rows(FER7)[FIRST]) == 1000


def test_for_another_face_the_steps_begin_again_and_no_row_of_the_first_is_left() -> None:
    walk = Walk()
    walk.watch(6.0)
    assert walk.run.progress().measured
    walk.watch(ANOTHER_AFTER_S + 0.2, first_id=2)
    progress = walk.run.progress()
    assert (walk.run.face_id, progress.step, progress.began_again) == (2, FIRST, True)
    assert (progress.measured, progress.counted_s) == ((), 0.0)
    while not walk.run.is_over:
        walk.watch(0.1, first_id=2)
    assert all(set(rows.face_id) == {2} for rows in walk.run.rows(FER7).values())


def test_who_only_passes_by_costs_the_person_who_calibrates_nothing() -> None:
    walk = Walk()
    walk.watch(1.5)
    before = walk.run.progress().counted_s
    for _ in range(5):
        walk.watch(ANOTHER_AFTER_S - 0.3, first_id=2)
        walk.watch(0.2, reason=RejectReason.BLURRED)
    progress = walk.run.progress()
    assert (walk.run.face_id, progress.step, progress.began_again) == (1, FIRST, False)
    assert progress.counted_s == pytest.approx(before, abs=1.5 / FPS)
    walk.until_over()
    assert all(set(rows.face_id) == {1} for rows in walk.run.rows(FER7).values())


def test_a_face_that_comes_before_anything_was_measured_begins_nothing_again() -> None:
    walk = Walk()
    walk.run.skip()
    walk.watch(0.1)
    walk.watch(3.0, first_id=2)
    progress = walk.run.progress()
    assert (walk.run.face_id, progress.skipped) == (2, (FIRST,))
    assert progress.step == SECOND


def test_a_step_done_again_by_another_face_makes_it_do_all_of_them() -> None:
    walk = Walk()
    walk.until_over()
    walk.run.redo(CalibrationStep.CLOSED)
    walk.watch(2.0, first_id=2)
    assert walk.run.progress().step == FIRST
    assert walk.run.progress().measured == ()
