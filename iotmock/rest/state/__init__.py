"""How the service is as a whole: its simulation, its health, its metrics."""
