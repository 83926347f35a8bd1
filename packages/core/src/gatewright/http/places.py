"""Addresses that the browser is sent to: adding parameters, and making a path on this server whole.

Whether an address may be gone to was decided before (``http.origin``). Source: WHATWG URL §6.2, RFC 3986 §3.4.
"""

from __future__ import annotations

from gatewright.http.base_url import BaseURL
from gatewright.http.cookies import encode_uri_component

__all__ = ("whole", "with_query")


def with_query(url: str, **parameters: str) -> str:
    """``url`` with further query parameters, in front of its fragment.

    Args:
        url: A path or a whole address.
        parameters: Names that need no escaping, with any text.
    """
    head, hash_, fragment = url.partition("#")
    joint = "" if head.endswith(("?", "&")) else "&" if "?" in head else "?"
    query = "&".join(f"{name}={encode_uri_component(value)}" for name, value in parameters.items())
    return f"{head}{joint}{query}{hash_}{fragment}"


def whole(url: str, base: BaseURL) -> str:
    """A whole address: a path is one on this server."""
    if url.startswith("/"):
        return base.origin + url
    scheme, colon, rest = url.partition("://")
    bare = colon and scheme.lower() in ("http", "https") and not any(character in rest for character in "/?#")
    return url + "/" if bare else url
