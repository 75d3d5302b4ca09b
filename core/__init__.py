"""Everything Mien knows and does; no module below imports the screen.

Load-bearing: `pylibsrtp` must be imported before TensorFlow in any process that ends up with both.
TensorFlow 2.19 to 2.21 export a BoringSSL symbol that pylibsrtp would then pick up, and the process
dies with a segmentation fault. Imported first, it is safe (tests/contracts/test_imports.py).
"""

import contextlib

with contextlib.suppress(ImportError):  # absent in a training-only installation
    import pylibsrtp  # noqa: F401
