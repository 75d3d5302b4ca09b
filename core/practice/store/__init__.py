"""Practices, tries and own sets of questions in the database of sessions."""
