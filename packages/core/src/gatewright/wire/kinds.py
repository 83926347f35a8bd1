"""Results that are not JSON: a redirect, a page, raw bytes, nothing."""

from __future__ import annotations

import msgspec

from gatewright.wire.masking import masked

__all__ = ("Empty", "Html", "Raw", "Redirect")


class Redirect(msgspec.Struct, frozen=True):
    """A ``302`` to ``location``. Without a browser the location is the result."""

    location: str
    status: int = 302

    def __repr__(self) -> str:
        return masked(self)


class Html(msgspec.Struct, frozen=True):
    """A page; ``policy`` is its ``Content-Security-Policy``. One that holds a secret is never kept: ``no_store``."""

    text: str
    status: int = 200
    policy: str = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    no_store: bool = False


class Raw(msgspec.Struct, frozen=True):
    """Bytes of a stated media type."""

    body: bytes
    media_type: str
    status: int = 200


class Empty(msgspec.Struct, frozen=True):
    """An answer without a body."""

    status: int = 200
