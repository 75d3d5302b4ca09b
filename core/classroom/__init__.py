"""A class: who takes part, what they share second by second, and what a teacher sees of it."""
