"""One module per version, in order; a released one is not changed any more."""
