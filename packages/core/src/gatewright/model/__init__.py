"""Room 0: tables and rows, declared once and typed three ways.

Here belong columns, rows, conditions and the core tables. No SQL, no storage. Imports only ``wire``, msgspec and
the standard library.
"""
