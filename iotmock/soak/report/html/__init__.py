"""The report as a page: verdict, tables, and charts over time.

Read `page.py` first. Knows measures and verdict, and how a history is drawn; `report.py` knows it.
"""
