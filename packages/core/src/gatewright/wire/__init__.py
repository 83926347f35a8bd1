"""Room 0: what is true of every message, on either side of the wire.

Here belong names, dates, JSON, the declaration of an operation and the shape of an error. No table, no policy,
no I/O. Imports nothing but msgspec and the standard library (and typing_extensions, where that is too old), because the client needs it.
"""

BASELINE = "1.7.1"
"""The better-auth release whose HTTP contract, tables and cookies this version follows."""
