"""From a name to bytes there and back: addresses, sockets, TLS and WebSocket."""
