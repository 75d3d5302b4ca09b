"""Files, database and settings; used by every room."""
