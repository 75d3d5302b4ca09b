"""Every process that shares the tests out must call each of them the same."""

from __future__ import annotations

import gzip

import pytest


@pytest.mark.parametrize("content", [gzip.compress(b"holds the second it was made in")])
def test_a_test_is_not_named_by_its_bytes(request: pytest.FixtureRequest, content: bytes) -> None:
    assert gzip.decompress(content)
    assert request.node.name == "test_a_test_is_not_named_by_its_bytes[content]"
