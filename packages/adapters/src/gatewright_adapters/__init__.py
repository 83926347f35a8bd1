"""Databases for Gatewright. Each module implements ``gatewright.ports.adapter.Adapter`` and passes its suite."""
