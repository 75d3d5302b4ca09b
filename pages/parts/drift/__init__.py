"""Parts of Watch drift."""
