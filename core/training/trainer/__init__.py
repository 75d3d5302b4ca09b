"""Training and registering a model, the same here and on a cluster."""
