"""Checks that formats give the same predictions, and benchmarks them."""
