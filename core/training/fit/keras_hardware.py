"""Threads and number format for this machine, set before TensorFlow's first tensor."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

from core.domain.counted import counted

CPU_INFO = Path("/proc/cpuinfo")  # Linux only; elsewhere float32 is the safe choice


def configure_hardware(threads: int) -> str:
    """Set threads and number format for this process.

    Call once, before the first tensor. With a GPU the threads are not set.

    Returns:
        Name of the Keras dtype policy.
    """
    if tf.config.list_physical_devices("GPU"):
        policy = "mixed_bfloat16"
    else:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        policy = "mixed_bfloat16" if has_bfloat16(CPU_INFO) else "float32"
    keras.config.set_dtype_policy(policy)
    return policy


def describe_gpus() -> str:
    """Whether TensorFlow finds a GPU here, in one sentence."""
    found = len(tf.config.list_physical_devices("GPU"))
    return f"{counted(found, 'GPU')} found." if found else "No GPU found."


def has_bfloat16(cpu_info: Path) -> bool:
    """Whether the CPU has bfloat16 instructions; without them it is slower than float32."""
    if not cpu_info.exists():
        return False
    flags = set(cpu_info.read_text(encoding="utf-8", errors="replace").split())
    return bool(flags & {"amx_bf16", "avx512_bf16"})
