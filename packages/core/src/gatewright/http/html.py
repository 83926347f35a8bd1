"""The one page that the core itself shows: what went wrong, for people. No script, no external resource."""

from __future__ import annotations

from html import escape

__all__ = ("error_page",)

MAX_DESCRIPTION = 500
"""Longest description that is shown, in characters."""

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;"
    "background:#f6f7f9;color:#1c2430}main{max-width:32rem;padding:2rem;margin:1rem;background:#fff;"
    "border:1px solid #d8dee6;border-radius:.75rem}h1{font-size:1.25rem;margin:0 0 .5rem}"
    "code{background:#eef1f5;padding:.1rem .4rem;border-radius:.3rem}a{color:#0b5cad}"
    "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e6eaf0}main{background:#1b212a;"
    "border-color:#313b48}code{background:#28313d}a{color:#7ab7ff}}"
)


def error_page(app_name: str, code: str, description: str | None) -> str:
    """A page that names an error.

    Args:
        app_name: The application.
        code: What went wrong: letters, digits, ``_`` and ``-``.
        description: In words, as somebody else wrote them; escaped and cut.
    """
    told = f"<p>{escape(description[:MAX_DESCRIPTION])}</p>" if description else ""
    name = escape(app_name)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>Error - {name}</title><style>{_STYLE}</style></head><body><main><h1>Something went wrong</h1>"
        f'{told}<p>Error code: <code>{escape(code)}</code></p><p><a href="/">Back to {name}</a></p></main></body></html>'
    )
