"""Where a model errs."""
