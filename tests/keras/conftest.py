"""Load-bearing: our package first, because it imports pylibsrtp before TensorFlow may load."""

import core  # noqa: F401
