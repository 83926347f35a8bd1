"""The one page that the core itself shows: what went wrong, for people. No script, no external resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

__all__ = ("error_page", "is_css_value")

MAX_DESCRIPTION = 500
"""Longest description that is shown, in characters."""

MAX_CSS_VALUE = 200
"""Longest CSS value that a page can be given, in characters."""

_STYLE = (
    "body{font:var(--text-sm,1rem)/1.5 var(--default-family,system-ui,sans-serif);margin:0;min-height:100vh;"
    "display:grid;place-items:center;background-color:var(--background,#f6f7f9);color:var(--foreground,#1c2430)}"
    "body.gridded{background-image:linear-gradient(var(--grid-color,#eceff3) 1px,transparent 1px),"
    "linear-gradient(90deg,var(--grid-color,#eceff3) 1px,transparent 1px);background-size:40px 40px}"
    "main{position:relative;max-width:32rem;padding:2rem;margin:1rem;background:var(--card-background,#fff);"
    "border:1px solid var(--border,#d8dee6);border-radius:var(--radius-lg,.75rem)}"
    ".cornered main{border-radius:0}.cornered main::before,.cornered main::after{content:'';position:absolute;"
    "width:.75rem;height:.75rem;border:2px solid var(--corner-border,#9aa5b3)}"
    ".cornered main::before{top:-2px;left:-2px;border-right:0;border-bottom:0}"
    ".cornered main::after{bottom:-2px;right:-2px;border-left:0;border-top:0}"
    "h1{font-size:var(--text-2xl,1.25rem);margin:0 0 .5rem;color:var(--title-color,inherit)}"
    ".titled h1{padding-bottom:.5rem;border-bottom:2px solid var(--title-border,var(--destructive,#c4314b))}"
    "p{color:var(--muted-foreground,inherit)}code{font-family:var(--mono-family,ui-monospace,monospace);"
    "background:var(--muted,#eef1f5);color:var(--foreground,#1c2430);padding:.1rem .4rem;"
    "border-radius:var(--radius-sm,.3rem)}"
    "a{color:var(--primary,#0b5cad)}"
    "@media(prefers-color-scheme:dark){body{background-color:var(--background,#12161c);"
    "color:var(--foreground,#e6eaf0)}body.gridded{background-image:linear-gradient(var(--grid-color,#1a2029) 1px,"
    "transparent 1px),linear-gradient(90deg,var(--grid-color,#1a2029) 1px,transparent 1px)}"
    "main{background:var(--card-background,#1b212a);border-color:var(--border,#313b48)}"
    "code{background:var(--muted,#28313d);color:var(--foreground,#e6eaf0)}a{color:var(--primary,#7ab7ff)}}"
)

_FUNCTIONS: Final = frozenset(
    [
        "rgb",
        "rgba",
        "hsl",
        "hsla",
        "hwb",
        "lab",
        "lch",
        "oklab",
        "oklch",
        "color",
        "color-mix",
        "light-dark",
        "var",
        "calc",
        "min",
        "max",
        "clamp",
    ]
)
_PLAIN: Final = re.compile(r"[#A-Za-z0-9 .,%()+*/'\"_-]+")
_CALL: Final = re.compile(r"([A-Za-z0-9_-]*)\(")


def is_css_value(text: str) -> bool:
    """Whether ``text`` is one CSS value that cannot end its declaration, open a comment or load anything."""
    if not 0 < len(text) <= MAX_CSS_VALUE or _PLAIN.fullmatch(text) is None or "/*" in text or "*/" in text:
        return False
    if text.count("'") % 2 or text.count('"') % 2 or ("'" in text and '"' in text):
        return False
    if any(name and name.lower() not in _FUNCTIONS for name in _CALL.findall(text)):
        return False
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def error_page(
    app_name: str,
    code: str,
    description: str | None,
    *,
    variables: Mapping[str, str] | None = None,
    decorations: Sequence[str] = (),
) -> str:
    """A page that names an error.

    Args:
        app_name: The application.
        code: What went wrong: letters, digits, ``_`` and ``-``.
        description: In words, as somebody else wrote them; escaped and cut.
        variables: The page's CSS variables that differ, each value one that :func:`is_css_value` accepts.
        decorations: Some of ``titled``, ``cornered`` and ``gridded``.
    """
    told = f"<p>{escape(description[:MAX_DESCRIPTION])}</p>" if description else ""
    name = escape(app_name)
    own = "".join(f"{key}:{value};" for key, value in (variables or {}).items() if is_css_value(value))
    style = f"{_STYLE}:root{{{own}}}" if own else _STYLE
    look = f' class="{escape(" ".join(decorations))}"' if decorations else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>Error - {name}</title><style>{style}</style></head>"
        f"<body{look}><main><h1>Something went wrong</h1>"
        f'{told}<p>Error code: <code>{escape(code)}</code></p><p><a href="/">Back to {name}</a></p></main></body></html>'
    )
