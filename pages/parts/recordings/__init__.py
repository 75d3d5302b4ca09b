"""Parts of recordings."""
