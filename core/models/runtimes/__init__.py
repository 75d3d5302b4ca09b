"""What computes a model's answers: its runtime, and how pictures are prepared for it."""

from core.models.runtimes.contract import Engine, Signature
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import logits_from, prepared

__all__ = ["Engine", "Signature", "logits_from", "open_engine", "prepared"]
