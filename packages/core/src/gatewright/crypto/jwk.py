"""Key pairs, JSON Web Keys, key sets and thumbprints; signing is in ``jwt``.

A key is the cryptography library's object; a JWK is its JSON form with text members. Key material comes from the
operating system inside ``cryptography`` and cannot be injected. Source: RFC 7517, RFC 7518 §6, RFC 8037, RFC 7638,
contract ``crypto.json`` (``jwks``).
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gatewright.crypto.hashing import base64url, from_base64url, sha256

__all__ = (
    "Jwk",
    "JwkError",
    "KeyAlgorithm",
    "PrivateKey",
    "PublicKey",
    "curve_name",
    "find_jwk",
    "generate_key",
    "import_private",
    "import_public",
    "jwks",
    "jwks_entry",
    "private_jwk",
    "public_jwk",
    "public_key",
    "thumbprint",
)

KeyAlgorithm: TypeAlias = Literal["EdDSA", "ES256", "ES512", "PS256", "RS256"]
PrivateKey: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Jwk: TypeAlias = Mapping[str, str]

_CURVES: Mapping[str, type[ec.EllipticCurve]] = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}
_CURVE_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_LEAST_RSA_BITS = 2048  # RFC 7518 §3.3
_MOST_RSA_BITS = 8192  # a larger foreign key only costs us time
_THUMBPRINT_MEMBERS = {
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
    "RSA": ("e", "kty", "n"),
    "oct": ("k", "kty"),
}


class JwkError(ValueError):
    """A JWK that is malformed, weak or of an unsupported kind; the message holds no key material."""


def generate_key(algorithm: KeyAlgorithm, *, rsa_bits: int = 2048) -> PrivateKey:
    """A new private key.

    Args:
        algorithm: The signature algorithm it is for.
        rsa_bits: Modulus length for ``RS256`` and ``PS256``, 2048 to 8192.

    Returns:
        The key. RSA keys take a tenth of a second and more; make them off the event loop.

    Raises:
        ValueError: An algorithm outside of ``KeyAlgorithm``, or a modulus outside of the bounds.
    """
    if algorithm == "EdDSA":
        return Ed25519PrivateKey.generate()
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "ES512":
        return ec.generate_private_key(ec.SECP521R1())
    if algorithm not in get_args(KeyAlgorithm):
        raise ValueError("not a supported key algorithm")
    if not _LEAST_RSA_BITS <= rsa_bits <= _MOST_RSA_BITS:
        raise ValueError(f"an RSA modulus has {_LEAST_RSA_BITS} to {_MOST_RSA_BITS} bits")
    return rsa.generate_private_key(65537, rsa_bits)


def public_key(key: PrivateKey) -> PublicKey:
    """The public half of ``key``."""
    return key.public_key()


def curve_name(key: PrivateKey | PublicKey) -> str | None:
    """The ``crv`` of a key (``Ed25519``, ``P-256``, ``P-384``, ``P-521``), or ``None`` for RSA."""
    if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        return "Ed25519"
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return None
    return _CURVE_NAMES.get(key.curve.name)


def _number(value: int, size: int | None = None) -> str:
    return base64url(value.to_bytes(size or max(1, (value.bit_length() + 7) // 8), "big"))


def public_jwk(key: PublicKey) -> dict[str, str]:
    """The JWK of a public key, with its members in the order in which the contract stores them.

    Args:
        key: Ed25519, a NIST curve, or RSA.

    Returns:
        Text members without ``kid`` and ``alg``.

    Raises:
        JwkError: A curve without a JWK name.
    """
    if isinstance(key, Ed25519PublicKey):
        return {"crv": "Ed25519", "x": base64url(key.public_bytes(Encoding.Raw, PublicFormat.Raw)), "kty": "OKP"}
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    curve = curve_name(key)
    if curve is None:
        raise JwkError("an unsupported curve")
    size = (key.curve.key_size + 7) // 8  # RFC 7518 §6.2.1.2: "the full size of a coordinate"
    point = key.public_numbers()
    return {"kty": "EC", "x": _number(point.x, size), "y": _number(point.y, size), "crv": curve}


def private_jwk(key: PrivateKey) -> dict[str, str]:
    """The JWK of a private key: the public members and the secret ones.

    Args:
        key: Ed25519, a NIST curve, or RSA.

    Returns:
        Text members without ``kid`` and ``alg``. Encrypt it before it is stored.

    Raises:
        JwkError: A curve without a JWK name.
    """
    public = public_jwk(key.public_key())
    if isinstance(key, Ed25519PrivateKey):
        secret = base64url(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        return {"crv": public["crv"], "d": secret, "x": public["x"], "kty": public["kty"]}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        return public | {
            "d": _number(numbers.d),
            "p": _number(numbers.p),
            "q": _number(numbers.q),
            "dp": _number(numbers.dmp1),
            "dq": _number(numbers.dmq1),
            "qi": _number(numbers.iqmp),
        }
    return public | {"d": _number(key.private_numbers().private_value, (key.curve.key_size + 7) // 8)}


def _bytes_of(jwk: Mapping[str, object], member: str, size: int | None = None) -> bytes:
    value = jwk.get(member)
    if not isinstance(value, str):
        raise JwkError(f"the JWK has no {member}")
    data = from_base64url(value)
    if not data or (size is not None and len(data) != size):
        raise JwkError(f"the JWK's {member} has the wrong length")
    return data


def _int_of(jwk: Mapping[str, object], member: str, size: int | None = None) -> int:
    return int.from_bytes(_bytes_of(jwk, member, size), "big")


def _rsa_public(jwk: Mapping[str, object]) -> rsa.RSAPublicNumbers:
    n = _int_of(jwk, "n")
    if not _LEAST_RSA_BITS <= n.bit_length() <= _MOST_RSA_BITS:
        raise JwkError("the JWK's modulus is too short or too long")
    return rsa.RSAPublicNumbers(_int_of(jwk, "e"), n)


def _curve_of(jwk: Mapping[str, object]) -> tuple[ec.EllipticCurve, int]:
    name = jwk.get("crv")
    curve = _CURVES.get(name) if isinstance(name, str) else None
    if curve is None:
        raise JwkError("the JWK's curve is not supported")
    made = curve()
    return made, (made.key_size + 7) // 8


def import_public(jwk: Mapping[str, object]) -> PublicKey:
    """The public key of a JWK, as untrusted as it arrives; members that do not matter are ignored.

    Args:
        jwk: Decoded JSON object of type ``OKP`` (Ed25519), ``EC`` or ``RSA``.

    Returns:
        The key; private members, if any, are not looked at.

    Raises:
        JwkError: Anything that is not such a key: a missing member, a point off its curve, a short modulus.
    """
    try:
        match jwk.get("kty"):
            case "OKP" if jwk.get("crv") == "Ed25519":
                return Ed25519PublicKey.from_public_bytes(_bytes_of(jwk, "x", 32))
            case "EC":
                curve, size = _curve_of(jwk)
                point = ec.EllipticCurvePublicNumbers(_int_of(jwk, "x", size), _int_of(jwk, "y", size), curve)
                return point.public_key()
            case "RSA":
                return _rsa_public(jwk).public_key()
            case _:
                raise JwkError("the JWK's type is not supported")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _as_jwk_error(error) from None


def import_private(jwk: Mapping[str, object]) -> PrivateKey:
    """The private key of a JWK.

    Args:
        jwk: Decoded JSON object of type ``OKP`` (Ed25519), ``EC`` or ``RSA`` with its private members.

    Returns:
        The key, its two halves checked against each other.

    Raises:
        JwkError: Anything that is not such a key.
    """
    try:
        match jwk.get("kty"):
            case "OKP" if jwk.get("crv") == "Ed25519":
                key = Ed25519PrivateKey.from_private_bytes(_bytes_of(jwk, "d", 32))
                if key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) != _bytes_of(jwk, "x", 32):
                    raise JwkError("the JWK's halves do not belong together")
                return key
            case "EC":
                curve, size = _curve_of(jwk)
                point = ec.EllipticCurvePublicNumbers(_int_of(jwk, "x", size), _int_of(jwk, "y", size), curve)
                return ec.EllipticCurvePrivateNumbers(_int_of(jwk, "d", size), point).private_key()
            case "RSA":
                return rsa.RSAPrivateNumbers(
                    p=_int_of(jwk, "p"),
                    q=_int_of(jwk, "q"),
                    d=_int_of(jwk, "d"),
                    dmp1=_int_of(jwk, "dp"),
                    dmq1=_int_of(jwk, "dq"),
                    iqmp=_int_of(jwk, "qi"),
                    public_numbers=_rsa_public(jwk),
                ).private_key()
            case _:
                raise JwkError("the JWK's type is not supported")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _as_jwk_error(error) from None


def _as_jwk_error(error: Exception) -> JwkError:
    return error if isinstance(error, JwkError) else JwkError("the JWK is not a valid key")


def thumbprint(jwk: Mapping[str, object]) -> str:
    """The RFC 7638 SHA-256 thumbprint: 43 characters of base64url.

    Args:
        jwk: A key of type ``EC``, ``OKP``, ``RSA`` or ``oct``; only its required members count.

    Returns:
        The same text for the public and the private form of a key.

    Raises:
        JwkError: An unknown type, or a required member that is missing or not text.
    """
    kind = jwk.get("kty")
    members = _THUMBPRINT_MEMBERS.get(kind) if isinstance(kind, str) else None
    if members is None:
        raise JwkError("the JWK's type is not supported")
    found: dict[str, str] = {}
    for member in members:
        value = jwk.get(member)
        if not isinstance(value, str):
            raise JwkError(f"the JWK has no {member}")
        found[member] = value
    return base64url(sha256(msgspec.json.encode(found)))


def jwks_entry(public: Jwk, *, algorithm: str, kid: str) -> dict[str, str]:
    """One member of the ``keys`` that a server publishes, in the contract's order: alg, crv, the key, kid.

    Args:
        public: The public JWK; private members are left out whatever the caller passes.
        algorithm: Its signature algorithm.
        kid: Its name, the id of its row.

    Returns:
        The entry.
    """
    entry = {"alg": algorithm}
    if "crv" in public:
        entry["crv"] = public["crv"]
    entry |= {member: value for member, value in public.items() if member in {"kty", "n", "e", "x", "y", "crv"}}
    entry["kid"] = kid
    return entry


def jwks(entries: Sequence[Jwk]) -> dict[str, list[Jwk]]:
    """The key set that ``GET /jwks`` answers with."""
    return {"keys": list(entries)}


def find_jwk(key_set: Mapping[str, object], kid: str) -> Mapping[str, object] | None:
    """The key named ``kid`` in a decoded key set that may come from anywhere.

    Args:
        key_set: A decoded JSON object with ``keys``.
        kid: Name to look for.

    Returns:
        The first JWK of that name, or ``None``; malformed sets and entries hold no key.
    """
    try:
        keys = msgspec.convert(key_set.get("keys"), list[dict[str, object]])
    except msgspec.ValidationError:
        return None
    return next((key for key in keys if key.get("kid") == kid), None)
