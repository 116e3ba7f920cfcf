"""The client's commands, a file each."""
