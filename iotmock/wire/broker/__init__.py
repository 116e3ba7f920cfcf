"""What a broker allows, and what is done where it allows less; read `terms.py` first."""
