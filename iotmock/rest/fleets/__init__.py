"""Fleets, for clients: made, scaled and taken down in the background. Read routes first."""
