"""Parts of Publish: formats, and models from elsewhere."""
