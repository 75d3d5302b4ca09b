"""The page Class: opening one, and its board."""
