"""Readers of datasets with outside judgements."""

from core.validation.readers.open_clips import open_clips

__all__ = ["open_clips"]
