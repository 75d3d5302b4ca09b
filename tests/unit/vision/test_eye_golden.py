from __future__ import annotations

import json

from tests.eye_golden import GOLDEN, computed


def test_python_computes_what_the_eye_in_the_browser_is_tested_with():
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == json.loads(json.dumps(computed()))
