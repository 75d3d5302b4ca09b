import numpy as np

from core.classroom.board.alerts import Dip, dips_of, flag_alerts
from core.domain.classroom import Flag, FlagKind

LOW, HIGH = 0.4, 0.9


def dips(values, *, half=0.05):
    """Dips of windows of ten seconds with these values and this half width of their intervals."""
    value = np.array(values, dtype=float)
    start_s = np.arange(len(value)) * 10.0
    return dips_of(start_s, value, np.minimum(value + half, 1.0), scale=1.0)


def test_a_dip_begins_once_it_lasted_thirty_seconds():
    assert dips([HIGH] * 12 + [LOW] * 2) == ()
    assert dips([HIGH] * 12 + [LOW] * 3) == (Dip(120.0, None, HIGH, LOW),)


def test_a_dip_ends_where_thirty_seconds_of_usual_values_begin():
    assert dips([HIGH] * 12 + [LOW] * 3 + [HIGH] * 2)[0].ends_s is None
    assert dips([HIGH] * 12 + [LOW] * 3 + [HIGH] * 3) == (Dip(120.0, 150.0, HIGH, LOW),)


def test_one_usual_window_neither_begins_nor_ends_anything():
    assert dips([HIGH] * 12 + [LOW, LOW, HIGH, LOW, LOW]) == ()
    assert len(dips([HIGH] * 12 + [LOW] * 3 + [HIGH] * 2 + [LOW] * 3)) == 1


def test_between_begin_and_end_a_dip_does_not_flicker():
    found = dips([0.8] * 12 + [0.69] * 3 + [0.74] * 6, half=0.01)
    assert found == (Dip(120.0, None, 0.8, 0.69),)
    assert dips([0.8] * 12 + [0.74] * 6, half=0.01) == ()


def test_what_chance_explains_is_no_dip():
    assert dips([HIGH] * 12 + [LOW] * 6, half=0.6) == ()


def test_two_minutes_have_to_be_shown_before_anything_is_usual():
    assert dips([HIGH] * 9 + [LOW] * 5) == ()


def test_seconds_that_are_not_shown_count_for_neither():
    assert dips([HIGH] * 12 + [LOW, LOW, np.nan, LOW, LOW]) == ()
    assert dips([HIGH] * 12 + [np.nan] * 30) == ()


def test_a_dip_ends_where_nothing_is_shown_for_thirty_seconds():
    low = [HIGH] * 12 + [LOW] * 3
    assert dips([*low, np.nan, np.nan])[0].ends_s is None
    assert dips([*low, np.nan, np.nan, LOW]) == (Dip(120.0, None, HIGH, LOW),)
    assert dips([*low, *[np.nan] * 3]) == (Dip(120.0, 150.0, HIGH, LOW),)
    assert dips([*low, *[np.nan] * 90, LOW]) == (Dip(120.0, 150.0, HIGH, LOW),)


def test_what_lasted_ten_minutes_is_usual():
    (first,) = dips([HIGH] * 60 + [LOW] * 120)
    assert first == Dip(600.0, 1200.0, HIGH, LOW)


def test_a_slow_decline_is_compared_with_the_last_ten_minutes_only():
    slow = np.linspace(0.9, 0.3, 720)
    assert dips(slow, half=0.02) == ()


def flags(*presses, kind=FlagKind.LOST):
    return [Flag(who, time_s, kind) for who, time_s in presses]


FIVE = flags((1, 10), (2, 20), (3, 30), (4, 40), (5, 69))


def test_five_learners_with_one_flag_within_a_minute_are_an_alert():
    (alert,) = flag_alerts(FIVE, 69)
    assert (alert.flag, alert.since_s, alert.learners) == (FlagKind.LOST, 69, 5)
    assert flag_alerts(FIVE, 68) == ()
    assert flag_alerts(flags((1, 9), (2, 20), (3, 30), (4, 40), (5, 69)), 69) == ()


def test_one_learner_who_presses_five_times_is_no_alert():
    assert flag_alerts(flags(*((1, at) for at in range(5))), 5) == ()


def test_a_flag_alert_ends_with_fewer_than_three():
    assert flag_alerts(FIVE, 89.9)[0].since_s == 69
    assert flag_alerts(FIVE, 90) == ()  # 40 and 69 are left


def test_an_alert_that_came_again_counts_from_then():
    again = [*FIVE, *flags(*((who, 200 + who) for who in range(1, 6)))]
    assert flag_alerts(again, 210)[0].since_s == 205


def test_fine_is_no_alert():
    assert flag_alerts(flags(*((who, 1) for who in range(9)), kind=FlagKind.FINE), 2) == ()


def test_different_flags_do_not_add_up():
    mixed = [*flags((1, 1), (2, 2), (3, 3)), *flags((4, 4), (5, 5), kind=FlagKind.TOO_FAST)]
    assert flag_alerts(mixed, 6) == ()
