"""What feeds in, stores or is charged: panels, batteries, cars, tanks, and what power costs.

Read `panels.py` first; each file is one part, to be read by itself. Knows site and numbers;
families know it.
"""
