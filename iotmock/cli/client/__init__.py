"""The commands of the client: their options; what they do is in `iotmock.client`."""
