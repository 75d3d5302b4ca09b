"""One module a version, in order; what is released is not changed any more."""
