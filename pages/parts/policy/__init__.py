"""Consent, purpose and what nobody shows any more."""
