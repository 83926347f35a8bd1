"""The keeper of signing keys: made when first needed, replaced in time, published until nobody needs them.

Rows are read for every token, so that all servers of a deployment agree; what is costly, opening a private key, is
remembered. Source: contract, crypto.json ``jwks``.
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
from gatewright.plugins.jwt.options import JwtOptions
from gatewright.wire.dates import from_wire

__all__ = ("KeyKeeper",)

_MOST_REMEMBERED = 64


class KeyKeeper:
    """Finds and makes keys.

    Args:
        options: Kinds, lifetimes and where keys are kept.
        cipher: Encrypts private keys.
    """

    __slots__ = ("_cipher", "_making", "_opened", "_options")

    def __init__(self, options: JwtOptions, cipher: Cipher) -> None:
        self._options = options
        self._cipher = cipher
        self._making = anyio.Lock()
        self._opened: dict[tuple[str, str], PrivateKey] = {}

    async def published(self, call: Call[Any]) -> list[Jwks]:
        """Keys that sign, and those that did until a while ago; oldest first."""
        grace = timedelta(seconds=self._options.jwks.grace_period)
        return [row for row in await self._all(call) if row.expires_at is None or row.expires_at + grace > call.now]

    async def signing(self, call: Call[Any]) -> tuple[Jwks, PrivateKey]:
        """The key to sign with; made if there is none.

        Raises:
            InternalServerError: It was stored under a secret that is no longer known.
        """
        row = self._newest(await self._all(call), call.now)
        if row is None:
            # One at a time in this process; servers that make one at the same time publish each other's.
            async with self._making:
                row = self._newest(await self._all(call), call.now) or await self._make(call)
        return row, self._open(row)

    def entry(self, row: Jwks) -> dict[str, str]:
        """What is published of a key."""
        public = msgspec.json.decode(row.public_key, type=dict[str, str])
        return jwks_entry(public, algorithm=self.algorithm(row), kid=str(row.id))

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

    def _newest(self, rows: Sequence[Jwks], now: datetime) -> Jwks | None:
        good = [row for row in rows if row.expires_at is None or row.expires_at > now]
        primary = self._options.jwks.key_pair_config.alg
        preferred = [row for row in good if (row.alg or primary) == primary]
        return max(preferred or good, key=lambda row: (row.created_at, str(row.id)), default=None)

    async def _all(self, call: Call[Any]) -> list[Jwks]:
        own = self._options.adapter.get_jwks
        if own is not None:
            return [_row(values) for values in await own(call) or ()]
        return await call.db.find_many(Jwks, order=(Jwks.created_at.ascending(),))

    async def _make(self, call: Call[Any]) -> Jwks:
        options = self._options.jwks
        kind = options.key_pair_config
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
