"""What a service stands on before anything lives: its port, its broker, its connections, its gate.

Read `connections.py` first. Knows settings, wire and the actors' links; `iotmock.service` knows it,
and the doctor asks `local_broker.py` what it would do.
"""
