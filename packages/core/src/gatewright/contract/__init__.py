"""Room 1: every core operation with its results and its faults.

An operation is declared here and nowhere else; routing, validation, the server method, the client method and the
documentation are read off it. Imports only ``wire`` and ``model``.
"""
