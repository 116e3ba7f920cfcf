"""What lives: devices and their supervisor, time, fleets, what is sent and what is kept.

Read `messages.py` first (what they say), then `devices/`, `time/` and `outbox/`; `system.py` is all
of them together. Knows the model; looks at wire and files through `ports/` alone. REST, metrics,
soak and the service know it.
"""
