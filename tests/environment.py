"""What the processes of tests have in common; imported before anything that reads it.

Compiled files are kept, also where the environment says not to: in hundreds of processes the same
files would be compiled hundreds of times. Linear algebra takes one thread: threads that wait for
each other spin, and several processes share the processors as it is.
"""

from __future__ import annotations

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
for _library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
