"""Parts of Publish: formats, and imported models."""
