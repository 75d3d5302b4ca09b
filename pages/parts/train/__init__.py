"""Parts of Train a model."""
