"""What writes a format. Keras, in workers only."""
