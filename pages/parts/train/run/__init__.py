"""One run as it goes on, and its result."""
