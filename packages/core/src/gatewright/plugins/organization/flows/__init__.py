"""Writes of the organization plugin that keep its promises under any interleaving.

Each holds the organization's row while it looks and writes, so that others wait; unique keys stand behind it.
"""
