"""Gatewright in web frameworks. Each module translates; policy stays in the core."""
