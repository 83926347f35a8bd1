"""Password hashes that other systems made, for verification only: bcrypt, PBKDF2 and Werkzeug's scrypt.

Nothing here makes new hashes; a verified one is replaced at sign-in. Parameters are read from untrusted text, so each is
bounded before any work is done, and a malformed hash is simply not a match. These formats hash the password as typed:
no Unicode normalisation. Source: Provos and Mazières 1999 (bcrypt), RFC 8018 §5.2, Django ``PBKDF2PasswordHasher``
and Werkzeug ``generate_password_hash`` documentation.
"""

import binascii
import hashlib
import re

from gatewright.crypto.compare import same
from gatewright.crypto.hashing import utf8
from gatewright.crypto.libraries import MissingLibrary

__all__ = ("verify_bcrypt", "verify_pbkdf2", "verify_werkzeug_scrypt")

MOST_ITERATIONS = 2_000_000  # Django raises its default yearly and is near 1.2 million; about one second of work
MOST_BCRYPT_COST = 14  # about one second; each step doubles
MOST_SCRYPT_MEMORY = 64 * 1024 * 1024  # bytes, 128 * N * r; Werkzeug's default takes half
MOST_SCRYPT_LANES = 4

_BCRYPT = re.compile(r"\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}", re.ASCII)
_BCRYPT_BYTES = 72
_DJANGO = re.compile(r"pbkdf2_(sha1|sha256)\$([0-9]{1,7})\$([^$]{1,256})\$([A-Za-z0-9+/]{4,128}={0,2})", re.ASCII)
_WERKZEUG = re.compile(
    r"pbkdf2:(sha1|sha224|sha256|sha384|sha512):([0-9]{1,7})\$([^$]{1,256})\$((?:[0-9a-f]{2}){16,64})", re.ASCII
)
_SCRYPT = re.compile(
    r"scrypt:([0-9]{1,7}):([0-9]{1,2}):([0-9]{1,2})\$([^$]{1,256})\$((?:[0-9a-f]{2}){16,64})", re.ASCII
)


def verify_bcrypt(password: str, hashed: str) -> bool:
    """Whether ``password`` made a bcrypt hash.

    Args:
        password: As typed. More than 72 bytes, or a NUL, never match: bcrypt cannot tell such passwords apart.
        hashed: ``$2a$``, ``$2b$`` or ``$2y$`` form.

    Returns:
        True for a match; False otherwise, also for a corrupt hash or a cost beyond 14.

    Raises:
        MissingLibrary: A well-formed hash, but bcrypt is not installed.
    """
    match = _BCRYPT.fullmatch(hashed)
    data = utf8(password)
    if match is None or not 4 <= int(match[1]) <= MOST_BCRYPT_COST or len(data) > _BCRYPT_BYTES or b"\0" in data:
        return False
    try:
        import bcrypt  # noqa: PLC0415 - an optional library, loaded by the first hash that needs it
    except ImportError:
        raise MissingLibrary("bcrypt", extra="bcrypt", purpose="verify imported bcrypt password hashes") from None
    try:
        return bcrypt.checkpw(data, hashed.encode("ascii"))
    except ValueError:  # an impossible salt inside a hash of the right shape
        return False


def verify_pbkdf2(password: str, hashed: str) -> bool:
    """Whether ``password`` made a PBKDF2 hash.

    Args:
        password: As typed.
        hashed: Django's ``pbkdf2_sha256$iterations$salt$base64`` or Werkzeug's ``pbkdf2:sha256:iterations$salt$hex``.

    Returns:
        True for a match; False otherwise, also for a corrupt hash or more than two million iterations.
    """
    match = _DJANGO.fullmatch(hashed)
    try:
        if match is not None:
            expected = binascii.a2b_base64(match[4], strict_mode=True)
        else:
            match = _WERKZEUG.fullmatch(hashed)
            if match is None:
                return False
            expected = bytes.fromhex(match[4])
    except binascii.Error:
        return False
    digest, iterations = match[1], int(match[2])
    if not 1 <= iterations <= MOST_ITERATIONS or not 16 <= len(expected) <= 64:
        return False
    return same(hashlib.pbkdf2_hmac(digest, utf8(password), utf8(match[3]), iterations, len(expected)), expected)


def verify_werkzeug_scrypt(password: str, hashed: str) -> bool:
    """Whether ``password`` made a Werkzeug scrypt hash.

    Args:
        password: As typed.
        hashed: ``scrypt:N:r:p$salt$hex``.

    Returns:
        True for a match; False otherwise, also for a corrupt hash or one that asks for more than 64 MiB.
    """
    match = _SCRYPT.fullmatch(hashed)
    if match is None:
        return False
    n, r, p = int(match[1]), int(match[2]), int(match[3])
    if n < 2 or n & (n - 1) or r < 1 or not 1 <= p <= MOST_SCRYPT_LANES or 128 * n * r > MOST_SCRYPT_MEMORY:
        return False
    expected = bytes.fromhex(match[5])
    derived = hashlib.scrypt(
        utf8(password), salt=utf8(match[4]), n=n, r=r, p=p, maxmem=2 * MOST_SCRYPT_MEMORY, dklen=len(expected)
    )
    return same(derived, expected)
