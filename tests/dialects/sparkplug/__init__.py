"""Sparkplug B, from its bytes to a fleet over a real broker."""
