"""`iotmock demo`: a minute in which everything is real; read `acts.py` first."""
