"""What every integration translates the same way: lengths, bodies that are too large, header bytes, the base path.

No framework is imported here. Source: RFC 9110 §8.6 (Content-Length), RFC 9112 §6.3 (message bodies).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from gatewright.auth import Auth
from gatewright.contract.faults import BadRequest, PayloadTooLarge
from gatewright.http.headers import Headers
from gatewright.http.response import FixedHeaders, Response
from gatewright.pipeline.program import error_response
from gatewright.wire.faults import ApiError

__all__ = ("Limits", "answer_to", "base_path_of", "header_pairs", "header_value", "is_below")

_MOST_DIGITS = 18  # of a length; more than any body, and few enough for a machine word
_BODILESS = frozenset({204, 304})
_VISIBLE = "!#$%&'()*+,/:;=?@[]~-._"


class Limits:
    """How much of a request is read.

    Attributes:
        body: Largest body in bytes.
        too_large: The answer to a larger one.
        malformed: The answer to a length that is no number, or to several that differ.
        incomplete: The answer to a body that ended before all of it had arrived.
    """

    __slots__ = ("body", "incomplete", "malformed", "too_large")

    def __init__(self, auth: Auth[Any]) -> None:
        self.body = auth.blueprint.settings.advanced.max_body_bytes
        self.too_large = answer_to(auth, PayloadTooLarge())
        self.malformed = answer_to(auth, BadRequest(message="Invalid Content-Length"))
        self.incomplete = answer_to(auth, BadRequest(message="The request body is incomplete"))

    def refusal(self, headers: Headers) -> Response | None:
        """The answer to a request whose declared length says already that its body will not be read."""
        declared = headers.all("content-length")
        if not declared:
            return None
        length = declared[0]
        # RFC 9112 §6.3: lengths that differ are an attempt to smuggle; one that is no number is an error.
        if any(other != length for other in declared[1:]) or not (length.isascii() and length.isdigit()):
            return self.malformed
        digits = length.lstrip("0")
        if len(digits) > _MOST_DIGITS or int(digits or "0") > self.body:
            return self.too_large
        return None


def answer_to(auth: Auth[Any], error: ApiError) -> Response:
    """The answer to an error that arises before the instance sees the request."""
    return error_response(error, fixed=auth.blueprint.fixed_headers)


def base_path_of(auth: Auth[Any]) -> str:
    """The path below which the instance answers, ``/api/auth``; empty when it answers everywhere."""
    plan = auth.blueprint.plan
    return plan.base.base_path if plan.base is not None else plan.dynamic_base.base_path


def is_below(path: str, base: str) -> bool:
    """Whether a raw path is the base path or below it."""
    return path.startswith(base) and (len(path) == len(base) or path[len(base)] == "/" or not base)


def header_pairs(response: Response) -> list[tuple[bytes, bytes]]:
    """The headers of an answer as bytes, its length among them; each ``set-cookie`` is a pair of its own.

    A value with characters that no header can hold, such as a line break or text beyond Latin-1, is percent-encoded as a
    browser writes places; so no value ever ends its header line.
    """
    headers = response.headers
    pairs = list(_fixed_pairs(headers) if headers.__class__ is FixedHeaders else _pairs(headers))
    if response.status not in _BODILESS:
        pairs.append((b"content-length", b"%d" % len(response.body)))
    return pairs


def _pairs(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple([(name.encode("latin-1"), header_value(value)) for name, value in headers])


_fixed_pairs = lru_cache(maxsize=64)(_pairs)


def header_value(value: str) -> bytes:
    """One header value as bytes; see :func:`header_pairs`."""
    if value.isascii() and value.isprintable():
        return value.encode()
    return quote(value, safe=_VISIBLE).encode()
