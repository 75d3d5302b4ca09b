"""Classes, their learners and what these shared, in the database of sessions."""
