"""However learners come, go and withdraw: nobody can be subtracted from what a board showed."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from core.classroom.board.class_figures import ClassFigures
from core.classroom.board.shown_here import ShownHere
from core.classroom.board.view import INDEX, PART_FIGURES, PRESENT, WINDOW_S
from core.classroom.store.losses import Loss
from core.domain.classroom import ClassSeconds, Shared
from tests.examples import examples

SMALLEST, LEARNERS = 5, 8
SHARED = (Shared.PRESENT, Shared.ENGAGEMENT)
SHOWN = ShownHere(SHARED, {PRESENT: SMALLEST, INDEX: SMALLEST}, frozenset(), ())
members = st.frozensets(st.integers(1, LEARNERS), min_size=3)


def rows(window, learners):
    """Ten seconds of these learners; their expressions are powers of two, so that a sum of them
    tells the group.
    """
    pairs = [(window * WINDOW_S + at, one) for at in range(WINDOW_S) for one in learners]
    second, learner = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    ones, expression = np.ones(len(pairs), np.float32), (0.5**learner).astype(np.float32)
    shares = (ones, ones, ones, ones, ones, expression)
    return ClassSeconds(second, learner, *shares, np.zeros((len(pairs), 0), np.float32))


def shown_groups(figures):
    """Window -> learners of whom its figures are, as bits, where they are shown."""
    series = figures.series()[0]
    of, present = series[PART_FIGURES["expression"]], series[PRESENT]
    groups = {
        window: round(float(of.value[window]) * int(of.n[window]) * 2**LEARNERS)
        for window, why in enumerate(of.withheld)
        if why is None
    }
    for window, group in groups.items():
        assert present.withheld[window] is None
        assert group.bit_count() == present.n[window] == of.n[window]
    return groups


@examples(30)
@given(
    st.lists(members, min_size=1, max_size=9),
    st.lists(st.tuples(st.integers(1, LEARNERS), st.booleans()), max_size=5),
)
@example([frozenset(range(1, 8))] * 3, [(1, False), (2, True), (3, False)])
def test_no_window_is_ever_shown_with_one_learner_less(lesson, withdrawals):
    """Each withdrawal is seen by the same board, or by one that starts only now."""
    figures = _begun(lesson, frozenset(), {})
    gone, lost = frozenset(), {}
    ever = {window: {group} for window, group in shown_groups(figures).items()}
    for who, starts_again in withdrawals:
        if who in gone:
            continue
        gone |= {who}
        for window, there in enumerate(lesson):
            before = lost.get(window, Loss(0, 0))
            lost[window] = Loss(before.measured + (who in there), before.usable + (who in there))
        if starts_again:
            figures = _begun(lesson, gone, lost)
        else:
            figures.drop({who})
            figures.lose(dict(lost))
            figures.advance(len(lesson) * WINDOW_S, is_over=True)
        for window, group in shown_groups(figures).items():
            there = ever.setdefault(window, set())
            assert group.bit_count() >= SMALLEST
            assert not any((group ^ one).bit_count() == 1 for one in there)
            there.add(group)


def _begun(lesson, gone, lost):
    figures = ClassFigures(SHOWN, not_sure_below=0.0)
    figures.lose(dict(lost))
    for window, there in enumerate(lesson):
        figures.add(rows(window, sorted(there - gone)))
    figures.advance(len(lesson) * WINDOW_S, is_over=True)
    return figures
