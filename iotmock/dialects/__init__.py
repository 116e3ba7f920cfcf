"""The words: in which topics and bytes devices speak, and what they understand.

Read `native/dialect.py` first: iotmock's own. Pure: no Trio, no network. It knows the model, and
the actors' messages and ports. The service chooses one, and the wire asks it; they know it.
"""
