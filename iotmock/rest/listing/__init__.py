"""Which devices a list has, in which order, and how much of each. Read query first."""
