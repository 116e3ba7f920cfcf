"""What happens as it happens: server-sent events, and how the fleet was up to now."""
