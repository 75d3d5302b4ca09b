"""Sweeps: form, view and charts."""
