from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, AnalysedFrame, RejectReason, Timeline
from core.measures import (
    FacingCone,
    binned_trend,
    shown_labels,
    summarise,
    with_shown_labels,
)
from core.measures.durations import seconds_of_rows
from core.measures.signals.facing import facing
from tests.make import make_mark, make_moment, make_observation, make_scores, make_timeline


def _shown(label, *, from_s, seconds, face=1, score=0.8):
    scores = make_scores(**{label: score})
    return [
        make_moment(at, make_observation(at, track_id=face, scores=scores))
        for at in np.arange(round(seconds * 10)) / 10 + from_s
    ]


def _timeline(*parts):
    frames = sorted((frame for part in parts for frame in part), key=lambda one: one.time_s)
    return Timeline.from_frames(FER7, frames)


def test_a_row_lasts_until_the_next_frame_but_no_longer_than_a_second():
    timeline = _timeline([make_moment(at, make_observation(at)) for at in (0.0, 0.5, 5.0, 5.2)])
    assert seconds_of_rows(timeline) == pytest.approx([0.5, 1.0, 0.2, 0.5])


def test_two_faces_of_one_frame_last_equally_long():
    both = AnalysedFrame(0.0, 0, (make_observation(0.0), make_observation(0.0, track_id=2)))
    timeline = Timeline.from_frames(FER7, [both, make_moment(0.4, make_observation(0.4))])
    assert seconds_of_rows(timeline) == pytest.approx([0.4, 0.4, 0.4])


def test_shares_are_of_usable_time_and_sum_to_one():
    lost = [
        make_moment(at, make_observation(at, reason=RejectReason.TOO_DARK))
        for at in np.arange(50) / 10 + 10
    ]
    timeline = _timeline(
        _shown("happy", from_s=0, seconds=7.5), _shown("sad", from_s=7.5, seconds=2.5), lost
    )
    summary = summarise(timeline, not_sure_below=0.5)
    assert summary.watched_s == pytest.approx(15.0, abs=0.11)
    assert summary.usable_s == pytest.approx(10.0, abs=0.11)
    assert summary.usable_share == pytest.approx(2 / 3, abs=0.01)
    assert summary.shares["happy"] == pytest.approx(0.75, abs=0.01)
    assert sum(summary.shares.values()) == pytest.approx(1.0)
    assert summary.lost == {"too_dark": pytest.approx(5.0, abs=0.11)}


def test_a_top_score_below_the_threshold_counts_as_not_sure():
    timeline = _timeline(_shown("happy", from_s=0, seconds=3, score=0.45))
    assert summarise(timeline, not_sure_below=0.5).shares == {"not sure": pytest.approx(1.0)}
    assert summarise(timeline, not_sure_below=0.4).shares == {"happy": pytest.approx(1.0)}


def test_two_faces_have_shares_of_their_own():
    both = [
        AnalysedFrame(
            at,
            index,
            (
                make_observation(at, scores=make_scores(happy=0.8)),
                make_observation(at, track_id=2, scores=make_scores(sad=0.8)),
            ),
        )
        for index, at in enumerate(np.arange(30) / 10)
    ]
    summary = summarise(Timeline.from_frames(FER7, both), not_sure_below=0.5)
    assert [face.shares for face in summary.faces] == [{"happy": 1.0}, {"sad": 1.0}]
    assert summary.face_seconds == pytest.approx(2 * summary.seen_s)
    assert summary.shares == {"happy": pytest.approx(0.5), "sad": pytest.approx(0.5)}


def test_a_face_that_is_hardly_usable_is_counted_though_another_makes_every_frame_usable():
    small = RejectReason.TOO_SMALL
    frames = [
        make_moment(
            at,
            make_observation(at),
            make_observation(at, track_id=2, reason=small),
            make_observation(at, track_id=3, reason=small if at < 1.5 else None),
        )
        for at in np.arange(50) / 10
    ]
    summary = summarise(Timeline.from_frames(FER7, frames), not_sure_below=0.5)
    assert summary.usable_share == 1.0
    assert [face.is_hardly_usable for face in summary.faces] == [False, True, False]
    assert summary.hardly_usable_faces == 1


def test_one_face_of_several_is_summed_up_over_the_time_of_all():
    first = make_observation(0.0, scores=make_scores(happy=0.8))
    second = make_observation(0.0, track_id=2, scores=make_scores(sad=0.8))
    frames = [
        AnalysedFrame(frame / 30, frame, (first, second) if frame % 30 == 0 else (first,))
        for frame in range(300)
    ]
    timeline = Timeline.from_frames(FER7, frames)
    summary = summarise(timeline, not_sure_below=0.5, face_id=2)
    assert summary.seen_s == summary.face_seconds == pytest.approx(10 / 30)
    assert summary.watched_s == pytest.approx(10.0)
    assert summary.usable_share == pytest.approx(1 / 30)
    whole = summarise(timeline, not_sure_below=0.5)
    assert (summary.faces[0],) == whole.faces[1:]
    assert summary.shares == {"sad": 1.0}


def test_a_recording_that_is_sampled_every_second_shows_changes():
    step_s = 30 / 29.97  # of video that is not quite as fast as it says
    looks = [
        make_moment(at * step_s, make_observation(at * step_s, scores=make_scores(**{label: 0.8})))
        for at, label in enumerate(["happy"] * 5 + ["sad"] * 5)
    ]
    (change,) = summarise(Timeline.from_frames(FER7, looks), not_sure_below=0.5).changes
    assert (change.before, change.after) == ("happy", "sad")
    assert change.time_s == pytest.approx(5 * step_s)


def test_a_change_counts_only_when_it_stays_for_a_second():
    timeline = _timeline(
        _shown("happy", from_s=0, seconds=3),
        _shown("fear", from_s=3, seconds=0.5),
        _shown("happy", from_s=3.5, seconds=2),
        _shown("sad", from_s=5.5, seconds=2),
    )
    (change,) = summarise(timeline, not_sure_below=0.5).changes
    assert (change.before, change.after) == ("happy", "sad")
    assert change.time_s == pytest.approx(5.5)


def test_marks_are_listed_once_with_their_time():
    both = make_moment(1.0, make_observation(1.0), make_observation(1.0, track_id=2))
    frames = [make_moment(0.0, make_observation()), both]
    timeline = Timeline.from_frames(FER7, frames, [make_mark(0.7, "now"), make_mark(0.2, "so")])
    assert summarise(timeline, not_sure_below=0.5).marks == ((0.2, "so"), (0.7, "now"))


def test_nothing_sums_up_to_nothing():
    summary = summarise(Timeline.from_frames(FER7, ()), not_sure_below=0.5)
    assert (summary.duration_s, summary.usable_share, summary.shares) == (0.0, 0.0, {})


def test_a_trend_averages_within_steps_and_leaves_gaps():
    timeline = _timeline(_shown("happy", from_s=0, seconds=2), _shown("sad", from_s=6, seconds=2))
    trend = binned_trend(timeline, every_s=1.0)
    happy = trend.scores[:, FER7.index("happy")]
    assert happy[:2] == pytest.approx([0.8, 0.8])
    assert happy[2] == pytest.approx(0.8)  # a row lasts a second: until 2.9
    assert np.isnan(happy[3:6]).all()
    assert trend.time_s[0] == pytest.approx(0.5)


def test_a_camera_slower_than_the_bins_of_a_trend_leaves_no_gap_in_usable_time():
    frames = [make_moment(at, make_observation(at)) for at in (0.0, 0.9, 1.7, 2.6)]
    assert summarise(_timeline(frames), not_sure_below=0).usable_share == 1
    trend = binned_trend(_timeline(frames), every_s=0.25)
    assert not np.isnan(trend.scores).any()


def test_a_gap_begins_where_a_face_stops_being_usable_however_wide_the_bins():
    frames = [
        make_moment(0.0, make_observation(0.0)),
        make_moment(0.6),  # no face
        make_moment(1.25, make_observation(1.25)),
    ]
    gaps = np.isnan(binned_trend(_timeline(frames), every_s=0.2).scores[:, 0])
    assert gaps.tolist() == [False, False, False, True, True, True, False]


def test_a_trend_never_has_more_bins_than_requested():
    trend = binned_trend(make_timeline(seconds=200), every_s=0.1, most_steps=50)
    assert len(trend.time_s) <= 51
    assert not np.isnan(trend.scores).any()


def test_a_trend_of_one_face_leaves_the_others_out():
    timeline = _timeline(
        _shown("happy", from_s=0, seconds=2), _shown("sad", from_s=2, seconds=2, face=2)
    )
    trend = binned_trend(timeline, every_s=1.0, face_id=2)
    assert np.isnan(trend.scores[0]).all()
    assert trend.scores[-1, FER7.index("sad")] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll", "inside"),
    [
        (0, 0, 0, 1),
        (24, 0, 0, 1),
        (26, 0, 0, 0),
        (0, -24, 0, 1),
        (0, 26, 0, 0),
        (20, 20, 0, 0),
        (0, 0, 90, 1),
        (180, 0, 0, 0),
        (np.nan, 0, 0, np.nan),
    ],
)
def test_facing_is_a_cone_of_25_degrees_and_roll_does_not_matter(yaw, pitch, roll, inside):
    found = facing(np.array([[yaw, pitch, roll]], dtype=np.float64))
    assert np.array_equal(found, [inside], equal_nan=True)


def test_the_cone_may_point_to_a_persons_own_screen():
    pose = np.array([[30.0, -10.0, 0.0]])
    assert facing(pose) == [0.0]
    assert facing(pose, FacingCone(yaw=28, pitch=-8)) == [1.0]


def test_frames_and_their_mean_rate_are_of_the_session_and_of_watched_time_alone():
    """Ten frames a second for three seconds, then a gap: it counts as one second, not as nine."""
    before = _shown("happy", from_s=0, seconds=3)
    after = _shown("happy", from_s=12, seconds=3, face=2)
    frames = [
        AnalysedFrame(one.time_s, index, one.observations)
        for index, one in enumerate(before + after)
    ]
    timeline = Timeline.from_frames(FER7, frames)
    whole = summarise(timeline, not_sure_below=0.5)
    assert whole.frames == 60
    assert whole.mean_fps == pytest.approx(60 / (2.9 + 1.0 + 3.0), abs=0.01)
    one = summarise(timeline, not_sure_below=0.5, face_id=2)
    assert (one.frames, one.mean_fps) == (whole.frames, whole.mean_fps)
    nothing = summarise(make_timeline(0.0), not_sure_below=0.5)
    assert (nothing.frames, nothing.mean_fps) == (0, 0.0)


def test_a_mark_counts_also_for_a_face_that_was_out_of_view_then():
    frames = [
        AnalysedFrame(0.0, 0, (make_observation(0.0),)),
        AnalysedFrame(0.1, 1, (make_observation(0.1, track_id=2),)),
    ]
    timeline = Timeline.from_frames(FER7, frames, [make_mark(0.1, "question 2")])
    assert summarise(timeline, not_sure_below=0.5, face_id=1).marks == ((0.1, "question 2"),)


@pytest.mark.parametrize("happy", [0.2, 0.49, 0.5, 0.51, 0.9])
@pytest.mark.parametrize("reason", [None, RejectReason.TOO_DARK])
def test_the_label_of_one_face_is_that_of_its_row(happy, reason):
    seen = make_observation(scores=make_scores(happy=happy), reason=reason)
    timeline = _timeline([make_moment(0.0, seen)])
    (wanted,) = shown_labels(timeline, not_sure_below=0.5)
    (found,) = with_shown_labels(make_moment(0.0, seen), [seen], not_sure_below=0.5).observations
    assert found.shown == wanted
    (nobody,) = with_shown_labels(make_moment(0.0, seen), [], not_sure_below=0.5).observations
    assert nobody.shown == ""
