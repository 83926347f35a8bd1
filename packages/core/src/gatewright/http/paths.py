"""From a raw request path to the path below the base path, without decoding or resolving anything.

What is not spelled exactly as it is served is not served: no decoding, no dot segments, no doubled slashes, so that
no rule bound to a path can be walked around.
"""

from __future__ import annotations

__all__ = ("strip_base",)


def strip_base(path: str, base_path: str, *, skip_trailing_slashes: bool = False) -> str | None:
    """The part below ``base_path``, with its leading slash, or ``None`` when the path is elsewhere.

    Args:
        path: As received.
        base_path: Where the instance is mounted: ``/api/auth``, or empty for the root.
        skip_trailing_slashes: One trailing slash does not matter.
    """
    if base_path and base_path != "/":
        if not path.startswith(base_path):
            return None
        path = path[len(base_path) :]
    if not path.startswith("/") or "//" in path:
        return None
    if skip_trailing_slashes and len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    return path
