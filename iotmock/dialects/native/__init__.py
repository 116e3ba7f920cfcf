"""The words of iotmock's own: the topics of the contract, and JSON.

Read `dialect.py` first; `topics.py` are names alone. The service and the wire know it, and whoever
reads or writes such topics.
"""
