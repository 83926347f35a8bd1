"""Where a browser may be sent after a flow, and how results are added to that URL.

It decides and rewrites text; it raises no wire faults (the pipeline gives these errors their codes) and sends nothing.
Source: contract ``csrf_rules.bodyUrls`` and ``trusted_origin_rules``; WHATWG URL §5 (``URLSearchParams``).
"""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, quote_plus

from gatewright.http.cookies import encode_uri_component
from gatewright.http.origin import TrustedOrigins
from gatewright.http.url import parse_url

__all__ = (
    "NotAString",
    "UntrustedRedirect",
    "append_form",
    "append_query",
    "check_redirect",
    "form_encoded",
    "with_query",
)

_FORM_SAFE: Final = "*-._"


class UntrustedRedirect(Exception):
    """A redirect URL outside the trusted origins.

    Attributes:
        label: The parameter that held it.
    """

    def __init__(self, label: str) -> None:
        """Name the parameter; its value is not repeated anywhere."""
        super().__init__(f"Invalid {label}")
        self.label = label


class NotAString(Exception):
    """A redirect URL that is not text.

    Attributes:
        label: The parameter that held it.
    """

    def __init__(self, label: str) -> None:
        """Name the parameter."""
        super().__init__(f"Invalid {label}: expected a string")
        self.label = label


def check_redirect(value: object, label: str, trusted: TrustedOrigins, *, relative: bool = True) -> str:
    """The URL that may be redirected to.

    Args:
        value: What the caller sent, of any JSON type.
        label: Its parameter name, such as ``callbackURL``.
        trusted: Trusted origins of this request.
        relative: Paths on this server are allowed.

    Returns:
        The URL in printable ASCII, fit for a ``Location`` header: as sent, or as a browser would write it where it holds other
        characters. Empty for an absent value (``None``, ``False``, zero, empty text), about which there is nothing to decide.

    Raises:
        NotAString: Anything else that is not text.
        UntrustedRedirect: No trusted origin covers it.
    """
    if value is None or value is False or (isinstance(value, str | int | float) and not value):
        return ""
    if not isinstance(value, str):
        raise NotAString(label)
    if not trusted.allows_url(value, relative=relative):
        raise UntrustedRedirect(label)
    if value.isascii():
        return value.strip(" ")
    url = parse_url(value)
    if url is None:
        raise UntrustedRedirect(label)
    return url.href


def with_query(url: str, params: Mapping[str, str], *, base: str | None = None) -> str:
    """A URL with query parameters set, as ``url.searchParams.set`` does: same names are replaced, the rest re-encoded.

    Args:
        url: Absolute URL of any scheme, or a path.
        params: Names and raw values, set in this order.
        base: Origin that a path is resolved against; without it a path stays a path.

    Returns:
        ``/ok?a=b&error=X#c`` for ``/ok?a=b#c``; ``myapp://x?error=X`` for ``myapp://x``.
    """
    parsed = parse_url(f"{base}{url}" if base is not None and url.startswith("/") else url)
    if parsed is not None:
        url = parsed.href
    rest, number_sign, fragment = url.partition("#")
    head, _, query = rest.partition("?")
    pairs = _pairs(query)
    for name, value in params.items():
        first = next((at for at, pair in enumerate(pairs) if pair[0] == name), len(pairs))
        pairs = (
            [pair for pair in pairs[:first] if pair[0] != name]
            + [(name, value)]
            + [pair for pair in pairs[first + 1 :] if pair[0] != name]
        )
    text = "&".join(f"{_form(name)}={_form(value)}" for name, value in pairs)
    return f"{head}{'?' if text else ''}{text}{number_sign}{fragment}"


def append_query(url: str, params: Mapping[str, str]) -> str:
    """A URL with query parameters added behind what is there, which is left exactly as it is written.

    Args:
        url: Absolute URL or path.
        params: Names and raw values.

    Returns:
        ``https://app.example.com?error=X`` for ``https://app.example.com``; a fragment stays last.
    """
    rest, number_sign, fragment = url.partition("#")
    added = "&".join(f"{encode_uri_component(name)}={encode_uri_component(value)}" for name, value in params.items())
    if not added:
        return url
    return f"{rest}{'&' if '?' in rest else '?'}{added}{number_sign}{fragment}"


def append_form(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A URL with parameters, encoded as ``URLSearchParams`` does, added behind what is there; a fragment stays last."""
    added = form_encoded(pairs)
    if not added:
        return url
    rest, number_sign, fragment = url.partition("#")
    return f"{rest}{'&' if '?' in rest else '?'}{added}{number_sign}{fragment}"


def form_encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as ``URLSearchParams`` writes them."""
    return "&".join(f"{_form(name)}={_form(value)}" for name, value in pairs)


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=None)


def _form(text: str) -> str:
    return quote_plus(text, safe=_FORM_SAFE, errors="replace").replace("~", "%7E")
