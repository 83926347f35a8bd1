"""What a function that verifies signatures is given. Source: contract, the argument of ``verifyMessage``; CAIP-74."""

from __future__ import annotations

from msgspec import field

from gatewright.wire.result import Result

__all__ = ("Cacao", "CacaoHeader", "CacaoPayload", "CacaoSignature", "SignedMessage")


class CacaoHeader(Result):
    """The kind of payload."""

    kind: str = field(name="t", default="caip122")


class CacaoPayload(Result):
    """Who asked for the signature."""

    domain: str
    aud: str
    nonce: str
    iss: str
    version: str = "1"


class CacaoSignature(Result):
    """The signature and its kind."""

    kind: str = field(name="t", default="eip191")
    signature: str = field(name="s")


class Cacao(Result):
    """The same as an object that can be passed on (CAIP-74)."""

    header: CacaoHeader = field(name="h")
    payload: CacaoPayload = field(name="p")
    signature: CacaoSignature = field(name="s")


class SignedMessage(Result):
    """A message, and what is said to be its signature by the wallet ``address``."""

    message: str
    signature: str
    address: str
    chain_id: int
    cacao: Cacao

    @classmethod
    def of(cls, message: str, signature: str, *, address: str, chain_id: int, domain: str, nonce: str) -> SignedMessage:
        """All of it."""
        payload = CacaoPayload(domain=domain, aud=domain, nonce=nonce, iss=domain)
        cacao = Cacao(header=CacaoHeader(), payload=payload, signature=CacaoSignature(signature=signature))
        return cls(message=message, signature=signature, address=address, chain_id=chain_id, cacao=cacao)
