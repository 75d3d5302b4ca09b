"""Files and database; used by every room."""
