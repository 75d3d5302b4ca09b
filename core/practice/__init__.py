"""Practice: questions, what was measured of each answer, and how answers compare."""
