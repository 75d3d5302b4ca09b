from __future__ import annotations

import pytest

from core.conversion.importing.importable_formats import IMPORTERS
from core.conversion.importing.refused_files import expect_ending
from core.domain.errors import PlanError


def test_a_file_without_an_importer_is_refused_with_those_that_have_one():
    with pytest.raises(PlanError, match=r"theirs\.mine") as caught:
        expect_ending("theirs.mine")
    assert all(ending in caught.value.advice for ending in IMPORTERS)
