"""One HTTP request to a provider, as a value; it is not a client and sends nothing.

The value carries secrets (client credentials, codes, tokens), so its representation shows the method, host and path only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode, urlsplit

import msgspec

__all__ = ("FORM", "OutboundRequest", "bearer", "form_request", "json_request")

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, repr=False)
class OutboundRequest:
    """A request that a flow hands to the HTTP client.

    Args:
        method: ``GET`` or ``POST``.
        url: Absolute address, query included.
        headers: Lower-case names and their values.
        body: Bytes to send, or ``None``.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None

    def __repr__(self) -> str:
        parts = urlsplit(self.url)
        return f"OutboundRequest({self.method} {parts.scheme}://{parts.netloc}{parts.path})"


def bearer(token: str) -> dict[str, str]:
    """The header that presents an access token (RFC 6750 §2.1)."""
    return {"authorization": f"Bearer {token}"}


def form_request(url: str, pairs: Iterable[tuple[str, str]], *, headers: Mapping[str, str]) -> OutboundRequest:
    """A POST of a form, in the order of ``pairs``."""
    return OutboundRequest("POST", url, {"content-type": FORM, **headers}, urlencode(list(pairs)).encode())


def json_request(url: str, content: Mapping[str, object], *, headers: Mapping[str, str]) -> OutboundRequest:
    """A POST of a JSON object."""
    return OutboundRequest("POST", url, {"content-type": "application/json", **headers}, msgspec.json.encode(content))
