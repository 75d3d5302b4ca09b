"""The light of an answer changes after two seconds, and not by one frame."""

from __future__ import annotations

from dataclasses import replace

from core.domain import Box, RejectReason
from core.practice import Light, light_of
from tests.make import make_moment, make_observation


def seen(*parts):
    """Moments, ten a second: (seconds, reason or None for a readable face) one after the other."""
    moments = []
    for seconds, reason in parts:
        for _ in range(round(seconds * 10)):
            time_s = len(moments) / 10
            faces = (
                [] if reason is RejectReason.NO_FACE else [make_observation(time_s, reason=reason)]
            )
            moments.append(make_moment(time_s, *faces))
    return moments


def test_nothing_is_shown_before_the_first_frame_and_the_first_one_decides():
    assert light_of([], None) is None
    assert light_of(seen((0.1, None)), None) == Light()
    dark = light_of(seen((0.1, RejectReason.TOO_DARK)), None)
    assert dark == Light(RejectReason.TOO_DARK)


def test_a_face_that_is_lost_for_less_than_two_seconds_changes_nothing():
    moments = seen((5.0, None), (1.9, RejectReason.NO_FACE))
    assert light_of(moments, Light()) == Light()
    assert light_of(seen((5.0, None), (2.1, RejectReason.NO_FACE)), Light()) == Light(
        RejectReason.NO_FACE
    )


def test_a_light_that_warned_warns_until_two_seconds_were_readable():
    warned = Light(RejectReason.TOO_DARK)
    assert light_of(seen((5.0, RejectReason.TOO_DARK), (1.5, None)), warned) == warned
    assert light_of(seen((5.0, RejectReason.TOO_DARK), (2.2, None)), warned) == Light()


def test_the_reason_is_the_most_frequent_one():
    moments = seen((5.0, None), (0.5, RejectReason.BLURRED), (1.6, RejectReason.TOO_DARK))
    assert light_of(moments, Light()) == Light(RejectReason.TOO_DARK)


def test_of_several_faces_the_largest_decides_and_the_light_says_so():
    large = replace(make_observation(0.0), box=Box(0, 0, 200, 200))
    far = make_observation(0.0, track_id=2, reason=RejectReason.TOO_SMALL)
    small = replace(far, box=Box(0, 0, 20, 20))
    moments = [make_moment(number / 10, small, large) for number in range(40)]
    assert light_of(moments, Light()) == Light(None, several=True)
