"""Measures compared with outside judgements of a dataset that somebody has."""

from core.validation.run import REPORT_FILES, ClipReader, accept_licence, validate_measures

__all__ = ["REPORT_FILES", "ClipReader", "accept_licence", "validate_measures"]
