"""Patterns over texts that slashes cut into pieces: ``*`` and ``?`` within a piece, ``**`` for any number of pieces.

What a pattern stands for is said where it is used. Source: contract, endpoints.json ``trusted_origin_rules`` and
``rate_limit_rules``.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ("Glob", "compile_glob", "glob_matches")

Glob: TypeAlias = "tuple[re.Pattern[str] | None, ...]"
"""One expression for each piece between slashes, ``None`` for ``**``."""


def compile_glob(text: str) -> Glob:
    """The pattern that ``text`` writes, for :func:`glob_matches`."""
    return tuple(None if part == "**" else _piece(part) for part in text.split("/"))


def glob_matches(pattern: Glob, parts: Sequence[str]) -> bool:
    """Whether a text, cut at its slashes, is one that the pattern describes."""
    at, index, star, resume = 0, 0, -1, 0
    while index < len(parts):
        expression = pattern[at] if at < len(pattern) else None
        if at < len(pattern) and expression is None:
            star, resume = at, index
            at += 1
        elif expression is not None and expression.fullmatch(parts[index]) is not None:
            at, index = at + 1, index + 1
        elif star >= 0:
            resume += 1
            at, index = star + 1, resume
        else:
            return False
    return all(rest is None for rest in pattern[at:])


def _piece(glob: str) -> re.Pattern[str]:
    """An expression for one piece that never backtracks over what it has matched.

    Each literal between two stars takes the leftmost place it can, atomically; only the last one must sit at the end.
    """
    first, *others = [
        "".join("." if mark == "?" else re.escape(mark) for mark in part) for part in re.split(r"\*+", glob)
    ]
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)
