"""Exact matching of request paths below the base path.

It decodes nothing and resolves nothing: a path that is not spelt as the router spells it is unknown, so that every rule
keyed on the path (rate limits, disabled paths, captcha) sees one spelling only. Source: contract ``http_rules``.
"""

from typing import Final

__all__ = ("strip_base",)

_DOT_SEGMENTS: Final = frozenset({".", "..", "%2e", ".%2e", "%2e.", "%2e%2e"})


def strip_base(path: str, base_path: str, *, skip_trailing_slashes: bool = False) -> str | None:
    """The path below the base path, or ``None`` when the request is not for this server's routes.

    Args:
        path: Raw request path, percent-escapes intact.
        base_path: Mount path with a leading and without a trailing slash; empty when mounted at the root.
        skip_trailing_slashes: Accept one trailing slash and drop it.

    Returns:
        A path such as ``/sign-in/email``; ``None`` (to be answered 404) for another prefix, the base path itself, doubled
        slashes, dot segments in any spelling and a trailing slash that is not accepted.
    """
    if not path.startswith(base_path):
        return None
    rest = path[len(base_path) :] if base_path else path
    if len(rest) < 2 or rest[0] != "/" or "//" in rest:
        return None
    if rest[-1] == "/":
        if not skip_trailing_slashes:
            return None
        rest = rest[:-1]
    if ("/." in rest or "/%2" in rest) and not _DOT_SEGMENTS.isdisjoint(rest.lower().split("/")):
        return None
    return rest
