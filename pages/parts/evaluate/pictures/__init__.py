"""Pictures of an evaluation, and one of one's own."""
