from __future__ import annotations

import pytest

from core.datasets.readers.batches import in_blocks


@pytest.mark.parametrize("total", [0, 1, 4, 5, 11])
def test_blocks_cover_everything_once(total):
    parts = list(in_blocks(total, at_once=4))
    assert [at for part in parts for at in range(part.start, part.stop)] == list(range(total))
    assert all(part.stop - part.start <= 4 for part in parts)


def test_a_listener_hears_of_every_finished_block():
    calls = []
    for _ in in_blocks(5, at_once=2, on_progress=lambda *progress: calls.append(progress)):
        pass
    assert calls == [(2, 5), (4, 5), (5, 5)]


def test_what_a_listener_raises_ends_the_work():
    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(in_blocks(5, at_once=2, on_progress=stop))
