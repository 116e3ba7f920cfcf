"""The REST face: routes, request and answer types, problems; no logic of its own."""
