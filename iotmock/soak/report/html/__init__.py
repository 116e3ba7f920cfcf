"""The report as a page: verdict, tables, and charts over time.

Read `page.py` first. Knows measures and verdict, and the charts; `report.py` knows it.
"""
