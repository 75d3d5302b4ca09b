"""What the page Practice draws."""
