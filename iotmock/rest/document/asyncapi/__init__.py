"""The AsyncAPI document: what goes over MQTT, in the dialect in use.

Read `document.py` first. The routes of the document know it, and what starts them.
"""
