"""Consent, region and purpose, and orphaned files."""
