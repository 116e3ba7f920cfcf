"""From the settings to how one connects to the broker: whoever does, the service or a tool."""
