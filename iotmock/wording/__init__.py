"""What is wrong with a value, in words for people and never Python's. Read words first."""
