"""What the two standards demand of a client, number by number, and where it is shown."""
