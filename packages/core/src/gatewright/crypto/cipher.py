"""Authenticated encryption of stored secrets, with key versions; not for tokens (see ``jwe``) or passwords.

XChaCha20-Poly1305 under SHA-256 of the secret, written as lower-case hex of nonce, ciphertext and tag; with versioned
secrets the text is prefixed ``$ba$<version>$``. Source: contract ``crypto.json`` (``symmetric_encryption``, ``secret``).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from gatewright.crypto.hashing import sha256, utf8

__all__ = ("Cipher", "CipherError", "Secrets")

_NONCE_LENGTH = 24
_TAG_LENGTH = 16
_ENVELOPE = re.compile(r"\$ba\$([0-9]{1,15})\$([0-9a-f]+)", re.ASCII)
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_VERSIONED_ENTRY = re.compile(r"([0-9]{1,15}):(.+)", re.ASCII | re.DOTALL)
_PURPOSE_INFO = b"gatewright encryption for "


class CipherError(ValueError):
    """A ciphertext that these secrets cannot open; the message holds neither secret nor text."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of one deployment: the one in use, and those that still open what they once closed.

    Attributes:
        current: Signs and encrypts everything new.
        version: Version of ``current``, or ``None`` when secrets are not versioned.
        older: Earlier ``(version, value)`` pairs, newest first. They decrypt only; signatures need ``current``.
        legacy: Opens ciphertexts without a version. Equal to ``current`` when secrets are not versioned.
    """

    current: str = field(repr=False)
    version: int | None = None
    older: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    legacy: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.version is None and self.older:
            raise ValueError("older secrets need versions, so the current one needs a version too")
        versions = [version for version, _ in self.numbered()]
        if any(version < 0 for version in versions) or len(set(versions)) != len(versions):
            raise ValueError("secret versions must be different non-negative integers")
        if not all(self.every()):
            raise ValueError("a secret cannot be empty")

    @classmethod
    def single(cls, secret: str) -> "Secrets":
        """One secret without a version, as most deployments have it."""
        return cls(secret, legacy=secret)

    @classmethod
    def versioned(cls, entries: Sequence[tuple[int, str]], *, legacy: str | None = None) -> "Secrets":
        """Secrets with versions.

        Args:
            entries: ``(version, value)`` pairs; the first is the current one.
            legacy: The secret from before versions were introduced, if there was one.

        Returns:
            The secrets.

        Raises:
            ValueError: No entry, a repeated or negative version, or an empty value.
        """
        if not entries:
            raise ValueError("at least one versioned secret is needed")
        (version, current), *older = entries
        return cls(current, version, tuple(older), legacy)

    @classmethod
    def parse(cls, text: str, *, legacy: str | None = None) -> "Secrets":
        """Secrets from the text of the ``BETTER_AUTH_SECRETS`` environment variable.

        Args:
            text: ``<version>:<secret>,<version>:<secret>``; spaces around an entry are ignored.
            legacy: The unversioned secret, if there is one.

        Returns:
            The secrets.

        Raises:
            ValueError: An entry that is not of that form, or what ``versioned`` refuses.
        """
        entries: list[tuple[int, str]] = []
        for entry in text.split(","):
            match = _VERSIONED_ENTRY.fullmatch(entry.strip())
            if match is None:
                raise ValueError("versioned secrets are written <version>:<secret>,<version>:<secret>")
            entries.append((int(match[1]), match[2].strip()))
        return cls.versioned(entries, legacy=legacy)

    def numbered(self) -> tuple[tuple[int, str], ...]:
        """Every versioned ``(version, value)`` pair, the current one first."""
        return () if self.version is None else ((self.version, self.current), *self.older)

    def every(self) -> tuple[str, ...]:
        """Each different secret once, in the order in which they should be tried: current, older, legacy."""
        found = [self.current, *(value for _, value in self.older)]
        if self.legacy is not None:
            found.append(self.legacy)
        return tuple(dict.fromkeys(found))


class Cipher:
    """Encrypts with the current secret and decrypts with whichever version closed the text.

    Args:
        secrets: The deployment's secrets.
    """

    __slots__ = ("_current", "_keys", "_legacy", "_prefix")

    def __init__(self, secrets: Secrets) -> None:
        self._current = sha256(utf8(secrets.current))
        self._keys = {version: sha256(utf8(value)) for version, value in secrets.numbered()}
        self._legacy = None if secrets.legacy is None else sha256(utf8(secrets.legacy))
        self._prefix = "" if secrets.version is None else f"$ba${secrets.version}$"

    def encrypt(self, text: str, *, random: Callable[[int], bytes], purpose: str | None = None) -> str:
        """The ciphertext of ``text`` under the current secret.

        Args:
            text: What to hide; encrypted as UTF-8.
            random: Gives that many unpredictable bytes; asked for 24 once.
            purpose: Name of the use. With one, the ciphertext opens only for the same purpose; without, it has the
                contract's key, which every server that shares the secret can open.

        Returns:
            Lower-case hex, or ``$ba$<version>$`` and lower-case hex when secrets are versioned.
        """
        nonce = random(_NONCE_LENGTH)
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(utf8(text), None, nonce, _key(self._current, purpose))
        return f"{self._prefix}{nonce.hex()}{sealed.hex()}"

    def decrypt(self, text: str, *, purpose: str | None = None) -> str:
        """The text inside a ciphertext.

        Args:
            text: What ``encrypt`` or another server of the contract returned.
            purpose: The purpose it was encrypted for.

        Returns:
            The plain text.

        Raises:
            CipherError: Not a ciphertext, an unknown version, another secret or purpose, or an altered text.
        """
        key, body = self._select(text)
        raw = bytes.fromhex(body)
        if len(raw) < _NONCE_LENGTH + _TAG_LENGTH:
            raise CipherError("the ciphertext is too short")
        nonce, sealed = raw[:_NONCE_LENGTH], raw[_NONCE_LENGTH:]
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, None, nonce, _key(key, purpose)).decode()
        except (CryptoError, UnicodeDecodeError):
            raise CipherError("the ciphertext was altered or made with another secret") from None

    def _select(self, text: str) -> tuple[bytes, str]:
        """The key that closed ``text``, and its hex part."""
        if envelope := _ENVELOPE.fullmatch(text):
            key = self._keys.get(int(envelope[1]))
            if key is None:
                raise CipherError("the ciphertext names an unknown secret version")
            body = envelope[2]
        elif _HEX.fullmatch(text):
            key = self._legacy
            if key is None:
                raise CipherError("the ciphertext has no version and no unversioned secret is set")
            body = text
        else:
            raise CipherError("not a ciphertext")
        if len(body) % 2:
            raise CipherError("not a ciphertext")
        return key, body


def _key(secret_key: bytes, purpose: str | None) -> bytes:
    """The contract's key, or one derived from it that serves a single purpose (RFC 5869)."""
    if purpose is None:
        return secret_key
    return HKDF(SHA256(), length=32, salt=None, info=_PURPOSE_INFO + utf8(purpose)).derive(secret_key)
