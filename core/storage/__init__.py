"""Files, folders and tables, and where they lie: the ground under every room."""
