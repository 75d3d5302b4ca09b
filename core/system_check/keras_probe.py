"""Checks whether TensorFlow works, and prints JSON: run as a separate process, never imported."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Compute something small, and print version and devices."""
    import tensorflow as tf

    gpus = [device.name for device in tf.config.list_physical_devices("GPU")]
    added = float(tf.reduce_sum(tf.ones((8, 8))).numpy())
    sys.stdout.write(json.dumps({"version": tf.__version__, "gpus": gpus, "works": added == 64.0}))


if __name__ == "__main__":
    main()
