"""The keeper of signing keys: made when first needed, replaced in time, published until nobody needs them.

Rows are remembered for a second, so that all servers of a deployment agree soon, and read again before a key is made or
a token with an unknown key is refused; opened private keys are remembered for as long as their rows are the same.
Source: contract, crypto.json ``jwks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import anyio
import msgspec
from anyio.to_thread import run_sync

from gatewright.contract.faults import InternalServerError
from gatewright.crypto.cipher import Cipher, CipherError
from gatewright.crypto.jwk import (
    JwkError,
    KeyAlgorithm,
    PrivateKey,
    PublicKey,
    curve_name,
    generate_key,
    import_private,
    import_public,
    jwks_entry,
    private_jwk,
    public_jwk,
    public_key,
)
from gatewright.pipeline.call import Call
from gatewright.plugins.jwt.model import Jwks
from gatewright.plugins.jwt.options import JwtOptions, KeyPairOptions
from gatewright.wire.dates import from_wire

__all__ = ("KeyKeeper",)

_MOST_REMEMBERED = 64
REMEMBERED = timedelta(seconds=1)
"""For how long rows are not read again."""


class KeyKeeper:
    """Finds and makes keys.

    Args:
        options: Kinds, lifetimes and where keys are kept.
        cipher: Encrypts private keys.
    """

    __slots__ = ("_cipher", "_entries", "_making", "_opened", "_options", "_read")

    def __init__(self, options: JwtOptions, cipher: Cipher) -> None:
        self._options = options
        self._cipher = cipher
        self._making = anyio.Lock()
        self._opened: dict[tuple[str, str], PrivateKey] = {}
        self._entries: dict[tuple[str, str], dict[str, str]] = {}
        self._read: tuple[datetime, Sequence[Jwks]] | None = None

    async def published(self, call: Call[Any]) -> list[Jwks]:
        """Keys that sign, and those that did until a while ago; oldest first."""
        return self._good(await self._all(call), call.now)

    async def named(self, call: Call[Any], kid: str) -> Jwks | None:
        """The published key of a name; another server may have made it just now."""
        for renewed in (False, True):
            for row in self._good(await self._all(call, renewed=renewed), call.now):
                if str(row.id) == kid:
                    return row
        return None

    async def signing(self, call: Call[Any], algorithm: KeyAlgorithm | None = None) -> tuple[Jwks, PrivateKey]:
        """The key to sign with; made if there is none.

        Args:
            call: For whom.
            algorithm: Of one of the kinds that the options name; by default the first.

        Raises:
            InternalServerError: It was stored under a secret that is no longer known.
        """
        kind = self._options.jwks.kind(algorithm)
        row = self._newest(await self._all(call), call.now, kind.alg, exactly=algorithm is not None)
        if row is None:
            # One at a time in this process; servers that make one at the same time publish each other's.
            async with self._making:
                rows = await self._all(call, renewed=True)
                row = self._newest(rows, call.now, kind.alg, exactly=algorithm is not None)
                row = row or await self._make(call, kind)
        return row, self._open(row)

    def entry(self, row: Jwks) -> dict[str, str]:
        """What is published of a key."""
        name = (str(row.id), row.public_key)
        found = self._entries.get(name)
        if found is None:
            public = msgspec.json.decode(row.public_key, type=dict[str, str])
            if len(self._entries) >= _MOST_REMEMBERED:
                self._entries.clear()
            found = self._entries[name] = jwks_entry(public, algorithm=self.algorithm(row), kid=str(row.id))
        return found

    def public(self, row: Jwks) -> PublicKey:
        """The public key of a row."""
        return import_public(msgspec.json.decode(row.public_key, type=dict[str, object]))

    def algorithm(self, row: Jwks) -> KeyAlgorithm:
        """The only algorithm that a key is used with.

        Raises:
            InternalServerError: The stored one is none that is known.
        """
        for known in get_args(KeyAlgorithm):
            if known == (row.alg or self._options.jwks.key_pair_config.alg):
                return known
        raise InternalServerError(because=f"key {row.id} is stored with an unknown algorithm")

    def _good(self, rows: Sequence[Jwks], now: datetime) -> list[Jwks]:
        grace = timedelta(seconds=self._options.jwks.grace_period)
        return [row for row in rows if row.expires_at is None or row.expires_at + grace > now]

    def _newest(self, rows: Sequence[Jwks], now: datetime, algorithm: str, *, exactly: bool) -> Jwks | None:
        """The key that signs: of the algorithm, or else, unless it must be ``exactly`` that one, of any other."""
        good = [row for row in rows if row.expires_at is None or row.expires_at > now]
        primary = self._options.jwks.key_pair_config.alg
        preferred = [row for row in good if (row.alg or primary) == algorithm]
        # A key of a kind that was the first one once signs until it ends; those of further kinds only when asked for.
        further = {each.alg for each in self._options.jwks.key_pair_configs}
        rest = [] if exactly else [row for row in good if row.alg not in further]
        return max(preferred or rest, key=lambda row: (row.created_at, str(row.id)), default=None)

    async def _all(self, call: Call[Any], *, renewed: bool = False) -> Sequence[Jwks]:
        own = self._options.adapter.get_jwks
        if own is not None:
            return [_row(values) for values in await own(call) or ()]
        known, now = self._read, call.now
        if known is not None and not renewed and timedelta(0) <= now - known[0] < REMEMBERED:
            return known[1]
        if known is not None:
            # Whoever asks while this one reads is answered with what is known.
            self._read = (now, known[1])
        rows = await call.db.find_many(Jwks, order=(Jwks.created_at.ascending(),))
        # What a transaction sees may never come to be; that there are none is soon wrong.
        self._read = (now, rows) if rows and call.db.adapter is call.services.database.adapter else None
        return rows

    async def _make(self, call: Call[Any], kind: KeyPairOptions) -> Jwks:
        options = self._options.jwks
        key = await run_sync(lambda: generate_key(kind.alg, rsa_bits=kind.modulus_length))
        text = msgspec.json.encode(private_jwk(key)).decode()
        if not options.disable_private_key_encryption:
            text = msgspec.json.encode(self._cipher.encrypt(text, random=call.services.random.bytes)).decode()
        now = call.now
        row = Jwks(
            public_key=msgspec.json.encode(public_jwk(public_key(key))).decode(),
            private_key=text,
            created_at=now,
            expires_at=None
            if options.rotation_interval is None
            else now + timedelta(seconds=options.rotation_interval),
            alg=kind.alg,
            crv=curve_name(key),
        )
        own = self._options.adapter.create_jwk
        self._read = None
        return await call.db.insert(row) if own is None else _row(await own(dict(row.raw), call))

    def _open(self, row: Jwks) -> PrivateKey:
        name = (str(row.id), row.private_key)
        key = self._opened.get(name)
        if key is not None:
            return key
        try:
            stored = msgspec.json.decode(row.private_key)
            if isinstance(stored, str):
                stored = msgspec.json.decode(self._cipher.decrypt(stored))
            key = import_private(msgspec.convert(stored, dict[str, object]))
        except (CipherError, JwkError, msgspec.MsgspecError):
            # A new key in its place would hide that the secret is wrong.
            raise InternalServerError(
                because=f"key {row.id} cannot be opened: it was stored with another secret"
            ) from None
        if len(self._opened) >= _MOST_REMEMBERED:
            self._opened.clear()
        self._opened[name] = key
        return key


def _row(values: Any) -> Jwks:
    dated = {name: from_wire(values[name]) for name in ("createdAt", "expiresAt") if isinstance(values.get(name), str)}
    return Jwks.seen({**values, **dated}, None)
