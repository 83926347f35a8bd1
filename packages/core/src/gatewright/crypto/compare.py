"""Constant-time comparison of secrets; not a general equality.

Every token, code, signature and client secret that arrives from outside is compared here, so that the time taken says
nothing about where two values differ. Source: OWASP ASVS 5.0 §11.2.4.
"""

from hmac import compare_digest

__all__ = ("same",)


def same(a: str | bytes, b: str | bytes) -> bool:
    """Whether two values are the same bytes, in time that depends on their lengths only.

    Args:
        a: Text (compared as UTF-8) or bytes.
        b: Text (compared as UTF-8) or bytes.

    Returns:
        True for equal bytes. Text with lone surrogates is compared too and never raises.
    """
    return compare_digest(
        a.encode("utf-8", "surrogatepass") if isinstance(a, str) else a,
        b.encode("utf-8", "surrogatepass") if isinstance(b, str) else b,
    )
