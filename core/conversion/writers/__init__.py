"""Writers of formats; with Keras, in workers only."""
