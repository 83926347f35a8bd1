"""Which operation a method and a path mean. Built once; static paths are one dictionary look-up.

Source: contract, endpoints.json ``conventions.http_rules``: an unknown path or method is a bare 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from gatewright.wire.faults import ConfigError

__all__ = ("Router",)

T = TypeVar("T")
_NO_PARAMETERS: Mapping[str, str] = {}


class Router(Generic[T]):
    """Finds what was registered for a method and a path.

    A template's ``{name}`` stands for one segment that is not empty. Where a static path and a template both match, the
    static path wins; of two templates the one with more static segments.
    """

    __slots__ = ("_static", "_templates")

    def __init__(self) -> None:
        self._static: dict[tuple[str, str], T] = {}
        self._templates: dict[tuple[str, int], list[tuple[tuple[str | None, ...], tuple[str, ...], T]]] = {}

    def add(self, method: str, path: str, target: T) -> None:
        """Register ``target``.

        Raises:
            ConfigError: The method and path are taken.
        """
        segments = path.split("/")
        if "{" not in path:
            if (method, path) in self._static:
                raise ConfigError(f"two operations are served at {method} {path}")
            self._static[method, path] = target
            return
        pattern = tuple(None if segment.startswith("{") else segment for segment in segments)
        names = tuple(segment[1:-1] for segment in segments if segment.startswith("{"))
        known = self._templates.setdefault((method, len(segments)), [])
        if any(other == pattern for other, _, _ in known):
            raise ConfigError(f"two operations are served at {method} {path}")
        known.append((pattern, names, target))
        known.sort(key=lambda entry: sum(part is None for part in entry[0]))

    def find(self, method: str, path: str) -> tuple[T, Mapping[str, str]] | None:
        """What is registered, with the raw values of the template's parameters."""
        target = self._static.get((method, path))
        if target is not None:
            return target, _NO_PARAMETERS
        if not self._templates:
            return None
        segments = path.split("/")
        for pattern, names, found in self._templates.get((method, len(segments)), ()):
            values: list[str] = []
            for expected, segment in zip(pattern, segments, strict=True):
                if expected is None:
                    if not segment:
                        break
                    values.append(segment)
                elif expected != segment:
                    break
            else:
                return found, dict(zip(names, values, strict=True))
        return None

    def paths(self, method: str) -> list[str]:
        """Every static path of a method, for diagnostics."""
        return sorted(path for known, path in self._static if known == method)
