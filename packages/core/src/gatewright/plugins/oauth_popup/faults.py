"""How a sign-in in a popup fails on the page that opened it; no operation raises these. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("PopupBlocked", "PopupClosed", "PopupSignInFailed", "PopupTimeout")


class PopupSignInFailed(Fault):
    """The provider or the instance refuses."""

    message = "Popup sign-in failed"


class PopupBlocked(Fault):
    """The browser does not open the window."""

    message = "Sign-in popup was blocked by the browser"


class PopupClosed(Fault):
    """Somebody has closed the window before the end."""

    message = "Sign-in popup was closed before completing"


class PopupTimeout(Fault):
    """The window stays open for too long."""

    message = "Sign-in popup timed out"
