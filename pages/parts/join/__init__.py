"""The page Join: what a learner of a class sees and shares."""
