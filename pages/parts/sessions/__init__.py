"""Parts of Sessions."""
