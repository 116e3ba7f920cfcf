"""The ways in: from a topic or a request to the inboxes of those that are meant, and back.

Read `command_router.py` first. Knows the supervisor; links and the assembly know it.
"""
