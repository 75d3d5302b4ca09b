"""Whether another format gives the same answers, and what it costs."""
