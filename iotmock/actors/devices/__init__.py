"""The devices that live: a task around each model, and the supervisor that is the way in to them.

Read `device.py` first (what it does beside ticks is in `sides/`), then `supervisor.py`; behind it
are `children.py` (beginning, restart, end), `membership.py` (who is there for good) and
`counters.py` (what a meter may show). Knows time, records and the outbox; routers, fleets, links
and the assembly know it.
"""
