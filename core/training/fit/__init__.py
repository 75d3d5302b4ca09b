"""The fit itself: batches, optimiser, callbacks, checkpoints. Keras, in workers only."""
