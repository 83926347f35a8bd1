"""Unbiased random text over a named alphabet; the source of bytes belongs to the caller.

Bytes are mapped to symbols and those beyond the last whole multiple of the alphabet are dropped, so every symbol is
equally likely. Source: contract ``crypto.json`` (``random``).
"""

from collections.abc import Callable
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits

__all__ = (
    "BACKUP_CODE_ALPHABET",
    "DEFAULT_ALPHABET",
    "DIGITS",
    "ID_ALPHABET",
    "LETTERS",
    "LOWER",
    "LOWER_DIGITS",
    "UPPER",
    "USER_CODE_ALPHABET",
    "random_text",
)

LOWER = ascii_lowercase
UPPER = ascii_uppercase
DIGITS = digits  # one-time passwords sent by mail or message
LETTERS = LOWER + UPPER  # magic links, API keys, OAuth client ids and secrets
LOWER_DIGITS = LOWER + DIGITS  # WebAuthn user handles, account deletion tokens
ID_ALPHABET = LOWER + UPPER + DIGITS  # row ids, session tokens, reset tokens, authorization codes, device codes
DEFAULT_ALPHABET = LOWER + DIGITS + UPPER + "-_"  # OAuth state, PKCE verifiers, TOTP secrets, one-time tokens
BACKUP_CODE_ALPHABET = LOWER + DIGITS + UPPER
USER_CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like another symbol

_MOST_DRAWS = 256  # with a working source the chance of needing even ten is below 2**-40; a broken one must not hang us


@lru_cache(maxsize=64)
def _mapping(alphabet: str) -> tuple[bytes, bytes]:
    """The symbol of each byte value, and the byte values that must be dropped."""
    symbols = alphabet.encode("ascii")
    size = len(symbols)
    if size < 2 or len(set(symbols)) != size:
        raise ValueError("an alphabet needs two or more different symbols")
    usable = 256 - 256 % size
    return bytes(symbols[value % size] for value in range(256)), bytes(range(usable, 256))


def random_text(n: int, alphabet: str, draw: Callable[[int], bytes]) -> str:
    """Text of ``n`` symbols, each drawn independently and with equal chance.

    Args:
        n: Number of symbols, zero or more.
        alphabet: Two or more different ASCII symbols.
        draw: Gives that many random bytes; called once in most cases.

    Returns:
        The text.

    Raises:
        ValueError: A negative length, or an alphabet with repeated, non-ASCII or fewer than two symbols.
        RuntimeError: The source keeps giving bytes that cannot be used, so it is not random.
    """
    if n < 0:
        raise ValueError("a length cannot be negative")
    table, dropped = _mapping(alphabet)
    # Enough for one draw to do: the expected loss, and a margin for an unlucky run.
    amount = n if not dropped else n * 256 // (256 - len(dropped)) + n // 16 + 8
    found = draw(amount).translate(table, dropped)
    draws = 1
    while len(found) < n:
        if draws == _MOST_DRAWS:
            raise RuntimeError("the random source gives no usable bytes")
        found += draw(amount).translate(table, dropped)
        draws += 1
    return found[:n].decode("ascii")
