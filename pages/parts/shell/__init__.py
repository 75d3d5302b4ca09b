"""Shared by every page: navigation, session state, errors, charts, colours."""
