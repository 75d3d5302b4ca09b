"""Runs an iterator on a thread of its own, a few items ahead of whoever takes them."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterable[Item], most: int, *, name: str) -> Generator[Item]:
    """The same items in the same order, made on a thread while the caller is at work.

    Close it when it is not read to its end: that ends the thread, and closes `items` there.

    Args:
        items: read on the thread only, from the first request on.
        most: items made and not yet taken, at most; one or more. With pictures it bounds memory.
        name: of the thread.
    Raises:
        whatever `items` raises, after the items before it.
    """
    made: SimpleQueue[tuple[Item] | BaseException | None] = SimpleQueue()
    free, is_over = Semaphore(most), Event()

    def work() -> None:
        error: BaseException | None = None
        source = iter(items)
        try:
            while free.acquire() and not is_over.is_set():
                made.put((next(source),))
        except StopIteration:
            pass
        except BaseException as raised:  # noqa: BLE001 - whoever takes the items raises it
            error = raised
        _close(source)
        made.put(error)

    thread = Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        while isinstance(item := made.get(), tuple):
            yield item[0]
            free.release()
        if item is not None:
            raise item
    finally:
        is_over.set()
        free.release()
        thread.join()


def _close(source: object) -> None:
    if isinstance(source, Generator):
        with suppress(Exception):  # what closes a file may fail; its items are not wanted any more
            source.close()
