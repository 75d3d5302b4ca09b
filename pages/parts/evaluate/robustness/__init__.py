"""Corrupted pictures and declared groups."""
