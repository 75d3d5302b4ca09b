from __future__ import annotations

from importlib import import_module

import pytest

from core.conversion.importing.importable_formats import IMPORTERS, expect_ending
from core.domain.errors import PlanError


@pytest.mark.parametrize("named", sorted(set(IMPORTERS.values())))
def test_the_importer_of_every_format_exists(named):
    module, function = named.split(":")
    assert callable(getattr(import_module(module), function))


def test_a_file_without_an_importer_is_refused_with_those_that_have_one():
    with pytest.raises(PlanError, match=r"theirs\.mine") as caught:
        expect_ending("theirs.mine")
    assert all(ending in caught.value.advice for ending in IMPORTERS)
