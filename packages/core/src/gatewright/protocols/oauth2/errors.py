"""What a provider says when it refuses: the error of an authorization or token response, read and bounded.

Source: RFC 6749 §4.1.2.1, §5.2; RFC 8628 §3.5.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ("OAuthErrorBody", "TokenError", "read_error")

_CODE = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]{1,128}")  # RFC 6749 §5.2: NQSCHAR
_LONGEST_DESCRIPTION = 500  # characters; the rest is cut


@dataclass(frozen=True, slots=True)
class OAuthErrorBody:
    """The members of an error response.

    Args:
        error: One code, such as ``invalid_grant``.
        description: The provider's own words for developers, at most 500 characters, untrusted.
    """

    error: str
    description: str | None = None


class TokenError(Exception):
    """A token endpoint did not give a usable answer; the text holds no secret and no provider text.

    Args:
        reason: What was wrong with the answer, in our words.
        status: HTTP status of the answer.
        body: The provider's error, when it named one.
    """

    def __init__(self, reason: str, *, status: int, body: OAuthErrorBody | None = None) -> None:
        super().__init__(f"{reason} (status {status})")
        self.reason = reason
        self.status = status
        self.body = body


def read_error(members: Mapping[str, object]) -> OAuthErrorBody | None:
    """The error a response names, or ``None`` when it names none.

    A provider whose ``error`` is not a code of RFC 6749 has still refused: it becomes ``invalid_error``.
    """
    code = members.get("error")
    if code is None or code == "":
        return None
    description = members.get("error_description")
    text = description[:_LONGEST_DESCRIPTION] if isinstance(description, str) and description else None
    return OAuthErrorBody(code if isinstance(code, str) and _CODE.fullmatch(code) else "invalid_error", text)
