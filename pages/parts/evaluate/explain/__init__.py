"""Where a model looks, and how it sees pictures."""
