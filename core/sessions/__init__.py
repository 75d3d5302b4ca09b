"""Observations on disk: append, read back, export, delete."""

from core.sessions.store import SessionEntry, SessionStore

__all__ = ["SessionEntry", "SessionStore"]
