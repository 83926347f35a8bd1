"""Gatewright: authentication for Python backends over the better-auth HTTP contract."""
