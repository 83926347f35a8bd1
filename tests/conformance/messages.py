"""HTTP messages between the control protocol's JSON and the core's values."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.wire.json import Json

__all__ = ("Pairs", "headers_of", "joined", "pairs_of", "request_of", "response_of")

Pairs: TypeAlias = Iterable[tuple[str, str]]


def pairs_of(value: object) -> list[tuple[str, str]]:
    """``[[name, value], …]`` as pairs."""
    if not isinstance(value, list):
        return []
    return [(str(name), str(each)) for name, each in cast("list[tuple[object, object]]", value)]


def joined(pairs: Pairs) -> dict[str, str]:
    """Header values by name in lower case; those of one name are joined as HTTP allows."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        known = found.get(key)
        found[key] = value if known is None else f"{known}{'; ' if key == 'cookie' else ', '}{value}"
    return found


def headers_of(pairs: Pairs) -> Headers:
    """The core's headers."""
    return Headers.of(joined(pairs))


def _body(value: Json) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else b""


def request_of(given: Mapping[str, Json]) -> Request:
    """The request that ``{"method", "url", "headers", "body"}`` means."""
    return Request.make(
        str(given.get("method") or "GET"),
        str(given.get("url")),
        joined(pairs_of(given.get("headers"))),
        _body(given.get("body")),
    )


def response_of(given: Mapping[str, Json]) -> Response:
    """The response that ``{"status", "headers", "body"}`` means."""
    status = given.get("status")
    headers = tuple(pairs_of(given.get("headers")))
    return Response(status if isinstance(status, int) else 200, headers, _body(given.get("body")))
