"""References from columns."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.domain.errors import PlanError
from core.drift import ClassMix, columns_of_pictures, columns_of_timeline, reference_from_columns
from core.drift.quantity import NUMBERS, Quantity
from tests.drift_columns import make_columns, make_reference
from tests.make import BEGAN_AT, make_timeline


def of_brightness(values):
    return make_reference(columns_of_pictures({"brightness": np.array(values, float)}))


def test_many_pictures_make_ten_even_bins_of_every_number():
    reference = make_reference()
    assert [one.quantity for one in reference.numbers] == list(NUMBERS)
    for one in reference.numbers:
        assert len(one.shares) == 10
        assert one.shares == pytest.approx([0.1] * 10, abs=0.001)


def test_few_pictures_make_few_bins():
    rng = np.random.default_rng(1)
    bins = [len(of_brightness(rng.uniform(size=rows)).numbers[0].shares) for rows in (10, 25, 200)]
    assert bins == [2, 5, 10]


def test_equal_values_share_a_bin_and_the_shares_say_so():
    one = of_brightness([0.2] * 60 + [0.5] * 20 + [0.8] * 20).numbers[0]
    assert one.shares == (0.6, 0.2, 0.2)


@pytest.mark.parametrize("values", [[0.5] * 100, np.linspace(0, 1, 9)])
def test_what_never_varies_or_is_too_few_makes_no_reference(values):
    with pytest.raises(PlanError, match="too few, or too correlated"):
        of_brightness(values)


def test_a_minute_of_a_face_that_never_changes_is_refused():
    with pytest.raises(PlanError, match="60 rows"):
        reference_from_columns(
            "still", columns_of_timeline(make_timeline(60)), source="", made_at=BEGAN_AT
        )


def test_missing_values_are_left_out():
    values = np.linspace(0, 1, 100)
    values[::2] = np.nan
    assert of_brightness(values).numbers[0].rows == 50


def test_a_mix_needs_five_faces_a_label():
    tops = np.arange(7 * 5) % 7
    whole = make_reference(columns_of_pictures({}, ClassMix(FER7, tops)))
    assert whole.mix is not None
    assert whole.mix.shares == pytest.approx([1 / 7] * 7)
    with pytest.raises(PlanError):
        make_reference(columns_of_pictures({}, ClassMix(FER7, tops[1:])))


def test_a_name_that_is_no_file_name_is_refused():
    with pytest.raises(ValueError, match="not a name"):
        make_reference(make_columns(np.random.default_rng(1), 50), name="../outside")


def test_its_quantiles_are_those_of_the_pictures():
    values = np.random.default_rng(2).normal(size=999)
    one = make_reference(columns_of_pictures({"yaw": values})).number(Quantity.YAW)
    assert one is not None
    assert one.quantile(0.5) == pytest.approx(np.median(values), abs=0.02)
    assert one.quantile(1) == values.max()
