"""Room 2: one standard per file, cited in its docstring.

Builds request values and reads response values; only flows give them to an HTTP client. Imports only room 0 and
its neighbours in room 2.
"""
