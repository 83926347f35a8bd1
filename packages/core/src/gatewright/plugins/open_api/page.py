"""The reference page: the document as HTML, made on the server. No script, no external host.

Each operation is a ``details`` element, so that the page works with a keyboard and without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

__all__ = ("policy", "reference_page")

_ACCENTS: Mapping[str, tuple[str, str]] = {
    "alternate": ("#1d6b4f", "#6fd3ae"),
    "bluePlanet": ("#1450c8", "#8fb4ff"),
    "deepSpace": ("#3b3fa3", "#a9adff"),
    "kepler": ("#6130b8", "#c3a5ff"),
    "laserwave": ("#a01d72", "#ff8fd2"),
    "mars": ("#a33417", "#ff9f80"),
    "moon": ("#5c5a1e", "#d8d38a"),
    "none": ("#1c2430", "#e6eaf0"),
    "purple": ("#6c2bb0", "#cfa4ff"),
    "saturn": ("#7a5312", "#e6bd75"),
    "solarized": ("#18679c", "#7cc0ee"),
}
"""Colours of links for light and dark pages, by theme; each has a contrast of at least 4.5 to what is behind it."""

_STYLE = """
:root{color-scheme:light dark;--line:#d8dee6;--soft:#f3f5f8;--ink:#1c2430;--faint:#566274;--accent:#0b5cad}
@media(prefers-color-scheme:dark){:root{--line:#313b48;--soft:#1b212a;--ink:#e6eaf0;--faint:#9aa7b8;--accent:#7ab7ff}}
*{box-sizing:border-box}body{font:1rem/1.55 system-ui,sans-serif;color:var(--ink);max-width:60rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--line)}
p{margin:.4rem 0}small,.faint{color:var(--faint)}a{color:var(--accent)}
details{border:1px solid var(--line);border-radius:.5rem;margin:.4rem 0}summary{padding:.5rem .75rem;cursor:pointer}
details[open]>summary{border-bottom:1px solid var(--line)}.inside{padding:.5rem .9rem 1rem}
.verb{display:inline-block;min-width:4rem;font-weight:600;color:var(--accent)}
code{font-family:ui-monospace,monospace;font-size:.92em}
table{border-collapse:collapse;width:100%;margin:.3rem 0 .8rem;display:block;overflow-x:auto}
th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
"""


def policy(nonce: str | None = None) -> str:
    """The page's ``Content-Security-Policy``."""
    style = "'unsafe-inline'" if nonce is None else f"'nonce-{nonce}'"
    return f"default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def reference_page(document: Mapping[str, Any], *, theme: str = "default", nonce: str | None = None) -> str:
    """The page of a document.

    Args:
        document: An OpenAPI document.
        theme: A name of a theme of the contract.
        nonce: Of the style, where the policy names one.
    """
    style = f"<style>{_STYLE}" if nonce is None else f'<style nonce="{escape(nonce)}">{_STYLE}'
    if theme in _ACCENTS:
        light, dark = _ACCENTS[theme]
        style += f":root{{--accent:{light}}}@media(prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}"
    info = document["info"]
    groups: dict[str, list[str]] = {}
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            tag = str((operation.get("tags") or ["other"])[0])
            groups.setdefault(tag, []).append(_operation(path, method, operation))
    contents = "".join(
        f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(entries)}' for tag, entries in sorted(groups.items())
    )
    links = " · ".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in sorted(groups))
    server = str(document["servers"][0]["url"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])} API reference</title>{style}</style></head><body><header>"
        f"<h1>{escape(info['title'])} API reference</h1>"
        f'<p class="faint">Base address <code>{escape(server)}</code>, version {escape(info["version"])}, '
        '<a href="openapi.json">OpenAPI document</a></p>'
        f'<nav aria-label="Groups">{links}</nav></header><main>{contents}</main></body></html>'
    )


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = [f"<p>{escape(str(operation.get('description') or operation.get('summary') or ''))}</p>"]
    rows: list[tuple[str, str, str, bool]] = [
        (each["name"], each["in"], _kind(each["schema"]), bool(each.get("required")))
        for each in operation.get("parameters", ())
    ]
    content: Mapping[str, Any] = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        schema = media["schema"]
        needed = set(schema.get("required", ()))
        rows += [(name, "body", _kind(each), name in needed) for name, each in schema.get("properties", {}).items()]
        break
    if rows:
        cells = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(place)}</td><td>{escape(kind)}</td>"
            f"<td>{'required' if required else 'optional'}</td></tr>"
            for name, place, kind, required in rows
        )
        parts.append(
            f"<table><thead><tr><th>Input</th><th>In</th><th>Type</th><th></th></tr></thead><tbody>{cells}</tbody></table>"
        )
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(str(answer.get('description', '')))}</td></tr>"
        for status, answer in operation.get("responses", {}).items()
    )
    parts.append(f"<table><thead><tr><th>Status</th><th>Meaning</th></tr></thead><tbody>{answers}</tbody></table>")
    return (
        f'<details><summary><span class="verb">{escape(method.upper())}</span> <code>{escape(path)}</code> '
        f"<small>{escape(str(operation.get('summary', '')))}</small></summary>"
        f'<div class="inside">{"".join(parts)}</div></details>'
    )


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(map(str, kind))  # pyright: ignore[reportUnknownArgumentType]
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(kind or "any")
