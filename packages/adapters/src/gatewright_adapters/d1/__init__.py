"""Cloudflare D1: the SQLite statements of the SQLAlchemy adapter, sent over D1's HTTP API or a Worker's binding.

Here belong what D1 does differently from SQLite, how statements travel to it, and its errors. Imports the SQLAlchemy
adapter, and ``gatewright``'s ports.
"""

from gatewright_adapters.d1.adapter import D1Adapter

__all__ = ("D1Adapter",)
