"""The naming rule: one name in Python, TypeScript and on the wire.

``remember_me`` (Python) is ``rememberMe`` (wire and TypeScript), ``RememberMe`` (class) and ``REMEMBER_ME`` (code).
``url`` as the last of several words becomes ``URL``. Names that break the rule say so where they are declared.

Source: contract; proven against every name in it by the tests.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ("camel", "code", "pascal", "snake")

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def camel(name: str) -> str:
    """``callback_url`` becomes ``callbackURL``, ``remember_me`` becomes ``rememberMe``."""
    head, *rest = name.split("_")
    if not rest:
        return head
    *middle, last = rest
    return head + "".join(map(_capital, middle)) + ("URL" if last == "url" else _capital(last))


@cache
def snake(name: str) -> str:
    """``callbackURL`` becomes ``callback_url``, ``SignInEmail`` becomes ``sign_in_email``; ``OAuth`` is one word."""
    return _BOUNDARY.sub("_", name.replace("OAuth", "Oauth")).lower()


def pascal(name: str) -> str:
    """``sign_in_email`` becomes ``SignInEmail``."""
    return "".join(map(_capital, name.split("_")))


@cache
def code(name: str) -> str:
    """``InvalidEmailOrPassword`` becomes ``INVALID_EMAIL_OR_PASSWORD``."""
    return snake(name).upper()


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
