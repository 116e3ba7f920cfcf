"""The devices that live: a task around each model, and the supervisor that owns them all.

Read `device.py` first, then `supervisor.py`. Routers, fleets and the assembly know it.
"""
