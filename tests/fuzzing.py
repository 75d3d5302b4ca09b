"""Many damaged cases, each watched: how it ends, how long it takes, and what it leaves behind."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.domain import Dataset
from core.domain.errors import MienError

MOST_S = 5.0
LONGEST_SENTENCE = 1500
_MOST_TOLD = 8


class TookTooLong(BaseException):
    """A case that does not end."""


class Fuzz:
    """Runs cases, each in a folder of its own that nothing may leave.

    Args:
        root: of all cases.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._failures: dict[str, int] = {}
        self.results = 0
        self.advice: set[str] = set()

    def run(
        self, count: int, family: int, case: Callable[[Path, np.random.Generator], object]
    ) -> None:
        """So many cases, the same ones every time.

        Args:
            family: seeds them, together with their number.
            case: is given its folder; its answer is looked at where that is a dataset.
        """
        folder = self._root / "cases" / "one"
        folder.parent.mkdir(exist_ok=True)
        outside = _listing(self._root)
        for number in range(count):
            folder.mkdir()
            began_at = time.monotonic()
            try:
                with _in_time():
                    self._result(case(folder, np.random.default_rng([family, number])))
            except MienError as error:
                self._note(number, _flaw(error))
                self.advice.add(error.advice)
            except (Exception, TookTooLong) as error:  # noqa: BLE001 - all of them are told
                self._note(number, f"{type(error).__name__}: {error}"[:300])
            took_s = time.monotonic() - began_at
            self._note(number, f"took {took_s:.1f} s" if took_s > MOST_S else "")
            self._note(number, _ruin(folder / "cache"))
            shutil.rmtree(folder)
            stray = _listing(self._root) ^ outside
            self._note(number, f"changed outside: {sorted(stray)}" if stray else "")
        told = [f"case {number}: {what}" for what, number in list(self._failures.items())]
        assert not told, "\n".join([f"{len(told)} kinds of failures", *told[:_MOST_TOLD]])

    def _note(self, number: int, failure: str) -> None:
        if failure:
            self._failures.setdefault(failure, number)

    def _result(self, found: object) -> None:
        self.results += 1
        if isinstance(found, Dataset):
            assert len(found.split_of) == len(found) == sum(map(len, found.splits.values()))
            assert found.pictures.labels.max(initial=-1) < len(found.scheme)
            assert found.pictures.pixels.sum(dtype=np.int64) >= 0
            words = (*found.notes, *found.split_names, *found.pictures.names.tolist())
            "".join((found.name, *found.scheme.labels, *words)).encode()


def _flaw(error: MienError) -> str:
    """What a sentence lacks; empty for a good one."""
    if not error.message.strip() or not error.advice.strip():
        return f"nothing said or advised: {error!r}"
    if max(len(error.message), len(error.advice)) > LONGEST_SENTENCE:
        return f"no sentence but {len(str(error)):,} characters: {error.message[:200]!r}"
    try:
        str(error).encode()
    except UnicodeError:
        return f"not to be shown: {error!r}"
    return ""


def _ruin(cache: Path) -> str:
    """What is not whole in a cache; empty where all is."""
    for kept in cache.iterdir() if cache.exists() else ():
        if kept.name.startswith(".") or not {"about.json", "pixels"} <= _listing(kept):
            return f"a ruin in the cache: {kept.name[:5]}"
    return ""


def _listing(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@contextmanager
def _in_time() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TookTooLong

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, MOST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
