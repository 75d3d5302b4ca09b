"""What tests are made of, tested where it went wrong."""

import sys
from types import ModuleType

from tests.memory import with_peak


def _as_given(subject: int) -> int:
    return subject


def test_a_process_begins_whatever_page_was_drawn_before(monkeypatch, tmp_path):
    page = ModuleType("__main__")
    page.__file__ = str(tmp_path / "page.py")
    (tmp_path / "page.py").write_text("raise SystemExit('a page was run as the main of a child')\n")
    monkeypatch.setitem(sys.modules, "__main__", page)
    answer, peak = with_peak(_as_given, int, 7)
    assert answer == 7
    assert peak >= 0
