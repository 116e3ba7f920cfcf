"""What racks are made of: the work that is asked of them, and the machines that do it.

Read `machines.py` first, then `workload.py`. Knows site and numbers; families and faults know it.
"""
