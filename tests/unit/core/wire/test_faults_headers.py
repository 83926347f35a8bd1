"""An error with more headers is another error: one that is shared must not grow."""

from gatewright.contract.faults import InvalidToken, TooManyRequests
from gatewright.wire.faults import ApiError, Instead, OAuthFault


def test_more_headers_make_another_error() -> None:
    errors = (
        ApiError(418, code="TEAPOT", message="m", extra={"a": 1}, headers=(("x-a", "1"),), because="why"),
        InvalidToken(headers=(("x-a", "1"),)),
        TooManyRequests(headers=(("x-a", "1"),)),
        OAuthFault("invalid_grant", "words", headers=(("x-a", "1"),)),
        Instead({"a": 1}, headers=(("x-a", "1"),)),
    )
    for error in errors:
        cause = ValueError()
        error.__cause__ = cause
        other = error.with_headers((("x-b", "2"),))
        assert type(other) is type(error)
        assert error.headers == (("x-a", "1"),)
        assert other.headers == (("x-a", "1"), ("x-b", "2"))
        assert (other.status, other.body, other.because, str(other)) == (
            error.status,
            error.body,
            error.because,
            str(error),
        )
        assert other.__cause__ is cause
