"""Values that a better-auth 1.7.1 server produced, as typed structures."""

from pathlib import Path

import msgspec

_DATA = Path(__file__).parents[3] / "data"


class Password(msgspec.Struct, frozen=True):
    password: str
    hash: str


class Encrypted(msgspec.Struct, frozen=True):
    key: str
    data: str
    encrypted: str


class Versioned(msgspec.Struct, frozen=True, rename="camel"):
    keys: dict[str, str]
    current_version: int
    data: str
    encrypted: str


class Signature(msgspec.Struct, frozen=True):
    value: str
    secret: str
    signature: str


class UrlSignature(msgspec.Struct, frozen=True):
    data: str
    secret: str
    signature: str


class Hs256(msgspec.Struct, frozen=True, rename="camel"):
    payload: dict[str, object]
    secret: str
    expires_in: int
    token: str


class Jwe(msgspec.Struct, frozen=True):
    payload: dict[str, object]
    secret: str
    salt: str
    token: str


class JwksRow(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    public_key: str
    private_key: str


class Jwks(msgspec.Struct, frozen=True):
    alg: str
    token: str
    jwks: dict[str, list[dict[str, str]]]
    row: JwksRow
    secret: str


class Hashed(msgspec.Struct, frozen=True):
    text: str
    hash: str


class Crypto(msgspec.Struct, frozen=True):
    secret: str
    password: list[Password]
    cipher: list[Encrypted]
    cipher_versioned: list[Versioned]
    hmac: list[Signature]
    hmac_url: list[UrlSignature]
    jwt_hs256: list[Hs256]
    email_verification: list[str]
    jwe: list[Jwe]
    jwks: list[Jwks]
    sha256_base64url: list[Hashed]


class Signed(msgspec.Struct, frozen=True):
    secret: str
    value: str
    signed: str


class JwtWithKey(msgspec.Struct, frozen=True):
    token: str
    public_key: dict[str, str]
    typ: str


class JweVersioned(msgspec.Struct, frozen=True):
    token: str
    secrets: list[tuple[int, str]]


class Cookies(msgspec.Struct, frozen=True):
    secret: str
    signing: list[Signed]
    compact: list[str]
    jwt: list[str]
    jwt_with_key: JwtWithKey
    jwe: list[str]
    jwe_versioned: JweVersioned


CRYPTO = msgspec.json.decode((_DATA / "crypto_vectors.json").read_bytes(), type=Crypto)
COOKIES = msgspec.json.decode((_DATA / "cookie_vectors.json").read_bytes(), type=Cookies)
JAVASCRIPT_JSON = msgspec.json.decode((_DATA / "javascript_json.json").read_bytes(), type=list[tuple[str, str]])
