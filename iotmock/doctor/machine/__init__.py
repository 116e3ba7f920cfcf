"""Checks of this machine: files, ports, limits, versions, and a service that runs here already."""
