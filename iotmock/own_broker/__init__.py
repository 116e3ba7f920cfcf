"""A broker of our own on this machine, for as long as a block lasts; read `broker.py` first."""
