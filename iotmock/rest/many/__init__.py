"""One request for many devices. Read routes first."""
