"""Password hashing: argon2id for new hashes, the contract's scrypt beside it, imported schemes for verification.

Everything here is synchronous, costs tens of milliseconds and releases the GIL while it computes; which thread runs it
is decided elsewhere. Hashes come from storage, so their parameters are bounded before any work is done, and a corrupt
hash is a wrong password, never an exception. Source: contract ``crypto.json`` (``password``), RFC 9106, RFC 7914,
OWASP Password Storage Cheat Sheet.
"""

import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from hashlib import scrypt as stdlib_scrypt
from typing import Protocol
from unicodedata import normalize

from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret, verify_secret
from nacl.bindings import crypto_pwhash_scryptsalsa208sha256_ll, has_crypto_pwhash_scryptsalsa208sha256

from gatewright.crypto.compare import same
from gatewright.crypto.hashing import utf8
from gatewright.crypto.imported_passwords import verify_bcrypt, verify_pbkdf2, verify_werkzeug_scrypt

__all__ = ("Argon2id", "PasswordHash", "Passwords", "Scrypt")


class PasswordHash(Protocol):
    """A way to hash passwords. Implementations are synchronous, thread-safe and never raise for a corrupt hash."""

    def hash(self, password: str) -> str:
        """A new hash of ``password`` with a fresh salt, as text that names its own parameters."""
        ...

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002 - the name the contract's option has
        """Whether ``password`` made ``hash``; False for a hash of any other kind."""
        ...

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002 - the name the contract's option has
        """Whether a verified ``hash`` should be replaced: another scheme, or other parameters than the present ones."""
        ...


def _normalised(password: str) -> bytes:
    """NFKC, then UTF-8: the same password typed on two keyboards gives the same bytes (contract)."""
    return utf8(password if password.isascii() else normalize("NFKC", password))


_ARGON2 = re.compile(
    r"\$argon2(?:id|i)\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}",
    re.ASCII,
)
_OWN_TAIL = re.compile(r"[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}", re.ASCII)  # 16 bytes of salt, 32 of digest
_MOST_KIB = 131_072  # 128 MiB for one verification
_MOST_WORK = 655_360  # KiB times passes; about half a second
_MOST_LANES = 16


class Argon2id:
    """Argon2id in its PHC text form.

    The defaults are OWASP's minimum configuration: 19 MiB, two passes, one lane. One hash was measured at 20 to 22 ms of
    CPU, where the contract's scrypt takes 85 ms in Node.js, 92 ms in hashlib and 58 ms in libsodium: about a quarter
    of what the reference spends. RFC 9106's low-memory choice (64 MiB, three passes) took 146 ms. On that machine cost
    grew faster than memory beyond about 32 MiB (one pass: 9 ms for 19 MiB, 35 ms for 32 MiB, 51 ms for 46 MiB).

    Args:
        memory_kib: Memory in KiB.
        passes: Passes over the memory.
        lanes: Degree of parallelism; more than one starts that many native threads per hash.
        random: Gives that many unpredictable bytes; asked for a 16-byte salt per hash.
    """

    __slots__ = ("_lanes", "_memory_kib", "_parameters", "_passes", "_random")

    def __init__(
        self,
        *,
        memory_kib: int = 19_456,
        passes: int = 2,
        lanes: int = 1,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if not _within_argon2_bounds(memory_kib, passes, lanes):
            raise ValueError("these argon2id parameters are outside of what verification accepts")
        self._memory_kib, self._passes, self._lanes, self._random = memory_kib, passes, lanes, random
        self._parameters = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}$"

    def hash(self, password: str) -> str:
        """A new hash: ``$argon2id$v=19$m=..,t=..,p=..$salt$digest``."""
        return hash_secret(
            _normalised(password),
            self._random(16),
            time_cost=self._passes,
            memory_cost=self._memory_kib,
            parallelism=self._lanes,
            hash_len=32,
            type=Type.ID,
        ).decode("ascii")

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether ``password`` made this argon2id (or argon2i) hash, whatever its parameters within the bounds."""
        match = _ARGON2.fullmatch(hash)
        if match is None or not _within_argon2_bounds(int(match[1]), int(match[2]), int(match[3])):
            return False
        kind = Type.ID if hash.startswith("$argon2id$") else Type.I
        try:
            return verify_secret(hash.encode("ascii"), _normalised(password), kind)
        except VerificationError:  # a mismatch, or base64 that does not decode
            return False

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether ``hash`` is not argon2id with exactly these parameters."""
        return not hash.startswith(self._parameters) or _OWN_TAIL.fullmatch(hash, len(self._parameters)) is None

    def unmatched(self) -> str:
        """A well-formed hash of the present cost that no known password made; costs nothing to produce."""
        salt, digest = (_phc_base64(self._random(size)) for size in (16, 32))
        return f"{self._parameters}{salt}${digest}"


def _within_argon2_bounds(memory_kib: int, passes: int, lanes: int) -> bool:
    return (
        1 <= lanes <= _MOST_LANES
        and 8 * lanes <= memory_kib <= _MOST_KIB
        and passes >= 1
        and memory_kib * passes <= _MOST_WORK
    )


def _phc_base64(data: bytes) -> str:
    return b64encode(data).rstrip(b"=").decode("ascii")


_UPSTREAM = re.compile(r"([0-9a-fA-F]{2,128}):([0-9a-fA-F]{128})", re.ASCII)
_N, _R, _P, _KEY_LENGTH = 16384, 16, 1, 64
_SCRYPT_MEMORY = 128 * _N * _R * 2  # bytes; the contract's own limit


class Scrypt:
    """The contract's scrypt, ``salt:key`` in hex, which a TypeScript server on the same database reads and writes.

    N=16384, r=16, p=1 and 64 bytes, fixed: the text carries no parameters. The salt that scrypt sees is the UTF-8 of
    the salt's hex text. libsodium computes it in two thirds of OpenSSL's time (measured 58 against 92 ms); the
    standard library stands in where libsodium was built without it.

    Args:
        random: Gives that many unpredictable bytes; asked for a 16-byte salt per hash.
    """

    __slots__ = ("_random",)

    def __init__(self, *, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random = random

    def hash(self, password: str) -> str:
        """A new hash: 32 hex characters of salt, a colon, 128 hex characters of key."""
        salt = self._random(16).hex()
        return f"{salt}:{_derive(_normalised(password), salt.encode('ascii')).hex()}"

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether ``password`` made this ``salt:key`` hash."""
        match = _UPSTREAM.fullmatch(hash)
        if match is None:
            return False
        return same(_derive(_normalised(password), match[1].encode("ascii")), bytes.fromhex(match[2]))

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether ``hash`` is of another scheme; this one has a single set of parameters."""
        return _UPSTREAM.fullmatch(hash) is None

    def unmatched(self) -> str:
        """A well-formed hash that no known password made; costs nothing to produce."""
        return f"{self._random(16).hex()}:{self._random(_KEY_LENGTH).hex()}"


def _derive(password: bytes, salt: bytes) -> bytes:
    if has_crypto_pwhash_scryptsalsa208sha256:
        return crypto_pwhash_scryptsalsa208sha256_ll(
            password, salt, n=_N, r=_R, p=_P, dklen=_KEY_LENGTH, maxmem=_SCRYPT_MEMORY
        )
    return stdlib_scrypt(password, salt=salt, n=_N, r=_R, p=_P, dklen=_KEY_LENGTH, maxmem=_SCRYPT_MEMORY)


class Passwords:
    """Hashes with the preferred scheme and verifies every scheme this room knows.

    The scheme of a stored hash is read from its prefix. A scheme of the application's own is asked first, and hashes
    that it does not match are then tried as the known ones, so an existing table keeps working.

    Args:
        preferred: Scheme of new hashes; argon2id unless said otherwise.
    """

    __slots__ = ("_by_prefix", "_dummy", "_own", "_preferred", "_scrypt")

    def __init__(self, preferred: PasswordHash | None = None) -> None:
        self._preferred = Argon2id() if preferred is None else preferred
        self._own = not isinstance(self._preferred, (Argon2id, Scrypt))
        self._scrypt = Scrypt()
        self._by_prefix: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
            ("$argon2", Argon2id().verify),
            ("$2", verify_bcrypt),
            ("pbkdf2", verify_pbkdf2),
            ("scrypt:", verify_werkzeug_scrypt),
        )
        # The known schemes can write a hash nobody made without computing one; another scheme computes it when asked.
        self._dummy = self._preferred.unmatched() if isinstance(self._preferred, (Argon2id, Scrypt)) else None

    def hash(self, password: str) -> str:
        """A new hash of ``password`` in the preferred scheme."""
        return self._preferred.hash(password)

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether ``password`` made ``hash``, in whichever known scheme that is.

        Args:
            password: As typed; its length was checked before.
            hash: As stored.

        Returns:
            True for a match. False for a wrong password and for an unknown, corrupt or too costly hash.

        Raises:
            MissingLibrary: A bcrypt hash, but the extra ``bcrypt`` is not installed.
        """
        if self._own and self._preferred.verify(password, hash):
            return True
        for prefix, verify in self._by_prefix:
            if hash.startswith(prefix):
                return verify(password, hash)
        return self._scrypt.verify(password, hash)

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002 - the protocol's name
        """Whether a verified ``hash`` should be replaced by one of the preferred scheme and parameters."""
        return self._preferred.needs_rehash(hash)

    def dummy(self) -> str:
        """A hash that no password matches, to verify against for unknown users so that they cost the same work.

        Returns:
            The same text on every call. A scheme of the application's own computes it at the first call, so that call
            belongs at start-up or in a worker.
        """
        if self._dummy is None:
            self._dummy = self._preferred.hash(secrets.token_urlsafe(32))
        return self._dummy
