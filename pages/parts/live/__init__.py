"""Parts of Live: the camera and what is read from it."""
