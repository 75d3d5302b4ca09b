"""Parts of Explore data."""
