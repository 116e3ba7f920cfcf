"""What Sparkplug demands of an edge node, assertion by assertion, and where it is shown."""
