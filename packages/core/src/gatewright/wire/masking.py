"""How requests and results are printed: what may be a secret is masked, so that no log learns it by accident."""

from __future__ import annotations

import re

import msgspec

__all__ = ("masked",)

_SECRET = re.compile(
    r"(password|token|secret|code|codes|otp|key|cookie|hash|verifier|assertion|challenge|nonce|signature|state|profile"
    r"|response|url|totp_uri|location|extra)$"
)


def masked(struct: msgspec.Struct) -> str:
    """``struct`` as text, like its own ``repr``, with the values of members that may be secret left out."""
    shown: list[str] = []
    for name in struct.__struct_fields__:
        value: object = getattr(struct, name)
        hidden = value and not isinstance(value, bool) and _SECRET.search(name) is not None
        shown.append(f"{name}={'***' if hidden else repr(value)}")
    return f"{type(struct).__name__}({', '.join(shown)})"
