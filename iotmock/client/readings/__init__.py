"""What `iotmock watch` shows: readings as they come, over REST or from the broker."""
