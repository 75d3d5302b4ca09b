"""Parts of Live: the camera and its results."""
