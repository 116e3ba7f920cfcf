"""What clients send, read and looked over: all that is wrong is said at once. Read bodies first."""
