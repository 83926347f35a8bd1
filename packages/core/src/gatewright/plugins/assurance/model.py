"""The columns that the plugin adds to ``session``; the core declares them, because every way of signing in fills them."""

from __future__ import annotations

from gatewright.model.assurance import AssuredSession

__all__ = ("AssuredSession",)
