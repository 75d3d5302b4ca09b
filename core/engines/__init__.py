"""What computes a model's answers: its runtime, and how pictures are prepared for it."""

from core.engines.opening import Engine, Signature, open_engine
from core.engines.preparing import logits_from, prepared

__all__ = ["Engine", "Signature", "logits_from", "open_engine", "prepared"]
